"""Accepted findings: left out, reported, said when they no longer apply."""

from pathlib import Path

import pytest

from tests.support.documents import HEAD, audited
from zhengwu.acceptance import Acceptance, chosen, honoured, load, path_beside, with_entry
from zhengwu.model.message import RefusedError
from zhengwu.rules.fingerprint import fingerprint

FAULTY = HEAD + "2021年基本支出预算24.00万元，占2021年支出预算100.00万元的25%。"


def test_accepted_finding_is_left_out_and_kept_with_its_reason(tmp_path: Path) -> None:
    audit = audited(FAULTY)
    (finding,) = audit.findings
    path = path_beside(tmp_path / "budget.docx")
    path.write_text(with_entry((), audit, finding, '按“口径”\n另计 "25"', "审核员", "2026-11-23"), encoding="utf-8")
    result = honoured(audit, load(path))
    assert result.findings == ()
    ((accepted, reason),) = result.accepted
    assert accepted is finding
    assert reason.zh == '按“口径”\n另计 "25"（审核员，2026-11-23）'
    assert result.stale == ()


def test_acceptance_survives_moved_lines_and_not_a_changed_number() -> None:
    name = fingerprint(audited(FAULTY).findings[0], audited(FAULTY).disclosure)
    moved = audited(HEAD + "编制说明。\n\n" + FAULTY.removeprefix(HEAD))
    changed = audited(FAULTY.replace("25%", "26%"))
    entry = Acceptance(name, "stated-share-differs", "25%", "另计")
    assert honoured(moved, (entry,)).findings == ()
    result = honoured(changed, (entry,))
    assert len(result.findings) == 1
    assert name in result.stale[0].zh


def test_second_acceptance_of_a_finding_replaces_the_first() -> None:
    audit = audited(FAULTY)
    first = Acceptance(fingerprint(audit.findings[0], audit.disclosure), "", "", "旧")
    text = with_entry((first,), audit, audit.findings[0], "新", "", "")
    assert "新" in text
    assert "旧" not in text


def test_absent_file_holds_no_acceptances(tmp_path: Path) -> None:
    assert load(tmp_path / "none.toml") == ()


@pytest.mark.parametrize(
    "text", ["[[accepted]\n", '[[accepted]]\nfinding = "1"\n', '[[accepted]]\nfinding = "1"\nreason = "r"\nwhy = "x"\n']
)
def test_wrong_file_is_refused_with_its_name(text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.accepted.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RefusedError) as refusal:
        load(path)
    assert str(path) in refusal.value.message.zh
    assert str(path) in refusal.value.message.en


def test_unknown_name_is_refused() -> None:
    with pytest.raises(RefusedError):
        chosen(audited(FAULTY), "ffffffffff")
