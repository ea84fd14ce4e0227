"""``ledger``, ``publish`` and ``compare`` from the command line: files whole or none, one clear sentence for mistakes."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.test_commands import ROOT, run

LEDGER = ROOT / "examples" / "xicheng-2021"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A copy of the example to spoil."""
    return Path(shutil.copytree(LEDGER, tmp_path / "台账 2021"))


def edited(folder: Path, name: str, old: str, new: str) -> Path:
    path = folder / name
    text = path.read_text(encoding="utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8-sig")
    return folder


def test_publish_writes_every_format_and_its_own_audit(tmp_path: Path) -> None:
    result = run("publish", str(LEDGER), "-o", str(tmp_path / "published"))
    assert (result.returncode, result.stderr) == (0, b"")
    made = sorted(path.relative_to(tmp_path / "published").as_posix() for path in (tmp_path / "published").rglob("*.*"))
    assert {"budget-2021.docx", "budget-2021.xlsx", "budget-2021.pdf", "budget-2021.html"} < set(made)
    assert {"data/lines.csv", "data/facts.parquet", "data/datapackage.json", "data/facts.xbrl.json"} < set(made)
    assert "自查：0 个问题" in result.stdout.decode()


def test_publish_only_and_dialect_choose_what_is_written(tmp_path: Path) -> None:
    words = ["publish", str(LEDGER), "-o", str(tmp_path), "--only", "html", "--dialect", "shanghai-putuo-budget"]
    result = run(*words, "--format", "json", "--lang", "en")
    assert result.returncode == 0
    report = json.loads(result.stdout)
    assert [Path(name).name for name in report["written"]] == ["budget-2021.html"]
    assert report["audit"]["dialect"] == "shanghai-putuo-budget"
    assert [path.name for path in tmp_path.iterdir()] == ["budget-2021.html"]


def test_publish_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert run("publish", str(LEDGER), "-o", str(tmp_path / name)).returncode == 0
    for path in (tmp_path / "one").rglob("*.*"):
        assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes(), path.name


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("lines.csv", "2010301", "2010377", "“支出明细”表第 2 行“功能分类”列：“2010377”不在 2021 年"),
        ("lines.csv", "50101", "50205", "与部门经济分类"),
        ("lines.csv", "1865088.00", "-1865088.00", "“支出明细”表第 2 行“金额”列"),
        ("lines.csv", "1865088.00", "#REF!", "#REF!"),
        ("lines.csv", "1865088.00", "1865088.005", "两位小数"),
        ("lines.csv", "1865088.00", "1865089.00", "收支不平"),
        ("budget.csv", ",,2020年12月31日", ",63000000.00,2020年12月31日", "超过控制数"),
        ("targets.csv", "运维服务,", "运维,", "运维服务"),
        ("reasons.csv", "项目支出,", "机关,", "机关"),
    ],
)  # fmt: skip
def test_bad_ledger_is_one_sentence_with_its_place_and_nothing_is_written(
    ledger: Path, tmp_path: Path, name: str, old: str, new: str, said: str
) -> None:
    result = run("publish", str(edited(ledger, name, old, new)), "-o", str(tmp_path / "out"))
    assert result.returncode == 2
    assert said in result.stderr.decode()
    assert "Traceback" not in result.stderr.decode()
    assert not (tmp_path / "out").exists()


def test_missing_reasons_are_all_named_at_once(ledger: Path, tmp_path: Path) -> None:
    reasons = ledger / "reasons.csv"
    reasons.write_text(reasons.read_text(encoding="utf-8-sig").splitlines()[0] + "\n", encoding="utf-8-sig")
    result = run("publish", str(ledger), "-o", str(tmp_path / "out"), "--lang", "en")
    assert result.returncode == 2
    assert result.stderr.decode().count("gives no reason for") == 4
    assert not (tmp_path / "out").exists()


def test_ledger_that_contradicts_its_own_words_is_not_published(ledger: Path, tmp_path: Path) -> None:
    spoilt = edited(ledger, "indicators.csv", "20475780元", "20475790元")
    refused = run("publish", str(spoilt), "-o", str(tmp_path / "out"))
    assert refused.returncode == 1
    assert "form-costs-differ-from-funds" in refused.stdout.decode()
    assert "没有发布" in refused.stdout.decode()
    assert not (tmp_path / "out").exists()
    draft = run("publish", str(spoilt), "-o", str(tmp_path / "out"), "--fail-on", "never", "--only", "html")
    assert draft.returncode == 0
    assert (tmp_path / "out" / "budget-2021.html").exists()


@pytest.mark.parametrize("dialect", ["nowhere", "central-budget", "none.toml"])
def test_dialect_that_cannot_publish_is_one_sentence(tmp_path: Path, dialect: str) -> None:
    result = run("publish", str(LEDGER), "-o", str(tmp_path / "out"), "--dialect", dialect)
    assert result.returncode == 2
    assert dialect in result.stderr.decode()
    assert not (tmp_path / "out").exists()


def test_output_that_cannot_be_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    result = run("publish", str(LEDGER), "-o", str(tmp_path / "file"), "--only", "html")
    assert result.returncode == 2
    assert (tmp_path / "file").read_text() == "x"


def test_new_ledger_is_a_workbook_or_a_folder_and_never_overwrites(tmp_path: Path) -> None:
    book, folder = tmp_path / "台账.xlsx", tmp_path / "csv"
    assert run("ledger", "new", str(book)).returncode == 0
    assert run("ledger", "new", str(folder), "--lang", "en").returncode == 0
    assert book.read_bytes()[:2] == b"PK"
    assert (folder / "lines.csv").read_text(encoding="utf-8-sig").startswith("unit,functional") or (
        folder / "lines.csv"
    ).exists()
    for target in (book, folder):
        again = run("ledger", "new", str(target))
        assert again.returncode == 2
        assert "不会被覆盖" in again.stderr.decode()


def test_empty_new_ledger_says_what_it_needs(tmp_path: Path) -> None:
    assert run("ledger", "new", str(tmp_path / "new.xlsx")).returncode == 0
    result = run("ledger", "check", str(tmp_path / "new.xlsx"), "--lang", "en")
    assert result.returncode == 2
    assert "sheet “budget”" in result.stderr.decode()


def test_check_of_a_sound_ledger_says_so() -> None:
    result = run("ledger", "check", str(LEDGER))
    assert result.returncode == 0
    assert "可以发布" in result.stdout.decode()
    assert json.loads(run("ledger", "check", str(LEDGER), "--format", "json").stdout)["problems"] == []


def test_ledger_from_a_published_file_says_what_it_could_not_know(tmp_path: Path) -> None:
    assert run("publish", str(LEDGER), "-o", str(tmp_path), "--only", "docx").returncode == 0
    result = run(
        "ledger", "from", str(tmp_path / "budget-2021.docx"), "-o", str(tmp_path / "again"), "--format", "json"
    )
    assert result.returncode == 0
    assert len(json.loads(result.stdout)["unknown"]) > 0
    amounts = [
        line.rpartition(",")[2] for line in (LEDGER / "lines.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    ]
    again = [
        line.rpartition(",")[2]
        for line in (tmp_path / "again" / "lines.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    ]
    assert again == amounts


def test_compare_of_two_ledgers_names_what_changed(ledger: Path) -> None:
    edited(ledger, "lines.csv", "1865088.00", "1965088.00")
    edited(ledger, "income.csv", "63234665.44", "63334665.44")
    text = run("compare", str(LEDGER), str(ledger))
    assert text.returncode == 0
    assert "100,000.00" in text.stdout.decode()
    found = json.loads(run("compare", str(LEDGER), str(ledger), "--format", "json").stdout)
    assert json.dumps(found).count('"100000.00"') > 3
    page = run("compare", str(LEDGER), str(ledger), "--format", "html").stdout.decode()
    assert "<svg" in page
    assert "<script" not in page


def test_compare_takes_a_rebuilt_ledger_with_gaps(ledger: Path) -> None:
    lines = ledger / "lines.csv"
    text = lines.read_text(encoding="utf-8-sig").replace(",50101,30101,", ",,,", 1)
    lines.write_text(text, encoding="utf-8-sig")
    assert run("ledger", "check", str(ledger)).returncode == 2
    result = run("compare", str(ledger), str(LEDGER))
    assert (result.returncode, result.stderr) == (0, b"")


@pytest.mark.parametrize("words", [("publish", "nowhere", "-o", "x"), ("compare", "nowhere", "nowhere"), ("ledger", "from", "nowhere", "-o", "x.xlsx"), ("ledger", "check", "nowhere")])  # fmt: skip
def test_missing_input_is_one_sentence(tmp_path: Path, words: tuple[str, ...]) -> None:
    result = run(*[str(tmp_path / word) if word in ("nowhere", "x", "x.xlsx") else word for word in words])
    assert result.returncode == 2
    assert result.stderr.decode().count("\n") == 1
    assert "nowhere" in result.stderr.decode()
    assert list(tmp_path.iterdir()) == []
