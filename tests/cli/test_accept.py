"""Accepting a finding from the command line, and what the next audits make of it."""

import json
import shutil
from pathlib import Path

from tests.cli.test_commands import EXAMPLE, run


def _audit(path: Path) -> dict:
    return json.loads(run("audit", str(path), "--format", "json").stdout)


def test_accepted_finding_is_left_out_of_the_next_audit_and_reported(tmp_path: Path) -> None:
    path = tmp_path / "budget.txt"
    shutil.copy(EXAMPLE, path)
    before = _audit(path)
    name = before["findings"][0]["id"]
    result = run("accept", str(path), name, "--reason", "口径另有说明", "--by", "复核")
    assert result.returncode == 0
    assert Path(result.stdout.decode().strip()) == path.with_name("budget.txt.accepted.toml")
    after = _audit(path)
    assert len(after["findings"]) == len(before["findings"]) - 1
    (accepted,) = after["accepted"]
    assert accepted["id"] == name
    assert accepted["reason"].startswith("口径另有说明（复核，")
    assert "口径另有说明" in run("audit", str(path)).stdout.decode()


def test_acceptance_that_no_longer_applies_is_said(tmp_path: Path) -> None:
    path = tmp_path / "budget.txt"
    shutil.copy(EXAMPLE, path)
    share = next(one for one in _audit(path)["findings"] if one["rule"] == "stated-share-differs")
    run("accept", str(path), share["id"], "--reason", "已知")
    path.write_text(path.read_text(encoding="utf-8").replace("24.74%", "24.47%"), encoding="utf-8")
    assert share["id"] in _audit(path)["acceptances_that_no_longer_apply"][0]


def test_wrong_use_exits_2_with_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "budget.txt"
    shutil.copy(EXAMPLE, path)
    for words in (("0000000000", "--reason", "x"), ("0", "--reason", " "), ("0",)):
        result = run("accept", str(path), *words)
        assert result.returncode == 2
        assert len(result.stderr.decode().strip().splitlines()) == 1
    assert [one.name for one in tmp_path.iterdir()] == ["budget.txt"]


def test_damaged_acceptances_are_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "budget.txt"
    shutil.copy(EXAMPLE, path)
    path.with_name("budget.txt.accepted.toml").write_text("[[accepted]", encoding="utf-8")
    result = run("audit", str(path))
    assert result.returncode == 2
    assert "accepted.toml" in result.stderr.decode()
