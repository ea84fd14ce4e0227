"""--with, --dialect and zhengwu dialect on the command line."""

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import EXAMPLE, run

BUDGET = """<html><body><p>{unit}{year}年部门预算</p><p>{words}</p>
<p>支出预算总表</p><p>单位：元</p><table><tr><td>科目编码</td><td>科目名称</td><td>合计</td></tr>
<tr><td>201</td><td>一般公共服务支出</td><td>{amount}</td></tr><tr><td>合计</td><td></td><td>{amount}</td></tr>
</table></body></html>"""


def budget(folder: Path, name: str, year: int, amount: str, words: str = "", unit: str = "某某局") -> str:
    path = folder / name
    path.write_text(BUDGET.format(unit=unit, year=year, amount=amount, words=words), encoding="utf-8")
    return str(path)


@pytest.fixture
def two(tmp_path: Path) -> tuple[str, str]:
    """This year's budget with a base that last year's did not print."""
    words = "2021年支出预算80.00元，比2020年支出预算70.00元增加10.00元。"
    return budget(tmp_path, "new.html", 2021, "80.00", words), budget(tmp_path, "old.html", 2020, "75.00")


def test_with_names_the_document_of_each_place_in_text_and_json(two: tuple[str, str]) -> None:
    result = run("audit", two[0], "--with", two[1], "--fail-on", "warning")
    assert result.returncode == 1
    assert "《old.html》" in result.stdout.decode()
    report = json.loads(run("audit", two[0], "--with", two[1], "--format", "json").stdout)
    (finding,) = (one for one in report["findings"] if one["rule"] == "last-year-differs-from-its-document")
    assert [spot.get("document") for spot in finding["at"]] == [None, "old.html"]
    assert finding["at"][1]["quote"] == "75.00"


def test_audit_alone_names_no_document(two: tuple[str, str]) -> None:
    report = json.loads(run("audit", two[0], "--format", "json").stdout)
    assert "document" not in json.dumps(report["findings"])
    assert not [one for one in report["findings"] if one["rule"].startswith("last-year")]


def test_with_takes_several_files_and_says_which_do_not_belong(two: tuple[str, str], tmp_path: Path) -> None:
    stranger = budget(tmp_path, "x.html", 2021, "1.00", unit="别的局")
    for words in (["--with", two[1], stranger], ["--with", two[1], "--with", stranger]):
        report = json.loads(run("audit", two[0], *words, "--format", "json", "--lang", "en").stdout)
        assert any("x.html was not compared" in gap["reason"] for gap in report["not_evaluated"])


@pytest.mark.parametrize("form", ["html", "annotated", "sarif", "form"])
def test_reports_of_one_document_work_with_others(two: tuple[str, str], tmp_path: Path, form: str) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    result = run("audit", two[0], "--with", two[1], "--format", form, "-o", str(folder))
    assert result.returncode == 0, result.stderr.decode()
    assert list(folder.iterdir())


@pytest.mark.parametrize("name", ["gone.html", "empty.html", "letter.txt"])
def test_with_a_file_that_cannot_be_read_is_refused(two: tuple[str, str], tmp_path: Path, name: str) -> None:
    (tmp_path / "empty.html").write_text("")
    (tmp_path / "letter.txt").write_text("Dear all,\n\nthis is a letter.\n")
    result = run("audit", two[0], "--with", str(tmp_path / name))
    assert result.returncode == 2
    assert b"--with" in result.stderr
    assert not result.stdout


def test_dialect_new_check_and_use_go_together(tmp_path: Path) -> None:
    path = tmp_path / "new.toml"
    assert run("dialect", "new", str(EXAMPLE), "-o", str(path)).returncode == 0
    result = run("dialect", "check", str(path), str(EXAMPLE))
    assert result.returncode == 0, result.stdout.decode()
    assert "格式文件正确" in result.stdout.decode()
    report = json.loads(run("dialect", "check", str(path), str(EXAMPLE), "--format", "json", "--lang", "en").stdout)
    assert report["problems"] == []
    assert report["documents"][0]["missing"] == []
    assert report["documents"][0]["coverage"]["identified"] > 0
    read = json.loads(run("read", str(EXAMPLE), "--dialect", str(path), "--format", "json").stdout)
    assert read["dialect"] == "new"
    assert run("audit", str(EXAMPLE), "--dialect", str(path)).returncode == 1


def test_dialect_new_gives_json(tmp_path: Path) -> None:
    draft = json.loads(run("dialect", "new", str(EXAMPLE), "--format", "json").stdout)
    assert draft["document"] == "budget"
    assert draft["table"][0]["kind"] == "summary"


def test_wrong_dialect_file_is_said_by_check_and_refused_by_use(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text('title = "x"\ndocument = "budget"\nmoney_unit = "镑"\n', encoding="utf-8")
    result = run("dialect", "check", str(path))
    assert result.returncode == 1
    assert "第3行" in result.stdout.decode()
    assert b"Traceback" not in result.stderr
    for command in ("read", "audit"):
        result = run(command, str(EXAMPLE), "--dialect", str(path), "--lang", "en")
        assert result.returncode == 2
        assert b"wrong.toml, line 3" in result.stderr
        assert not result.stdout


def test_missing_required_table_makes_check_exit_1(tmp_path: Path) -> None:
    path = tmp_path / "new.toml"
    run("dialect", "new", str(EXAMPLE), "-o", str(path))
    text = path.read_text(encoding="utf-8") + '\n[[table]]\nkind = "detail"\nnumber = "九十九"\ntitle = "没有的表"\n'
    path.write_text(text, encoding="utf-8")
    result = run("dialect", "check", str(path), str(EXAMPLE))
    assert result.returncode == 1
    assert "没有的表" in result.stdout.decode()


@pytest.mark.parametrize("words", [("dialect",), ("dialect", "check", "gone.toml"), ("dialect", "new", "gone.pdf")])
def test_wrong_use_of_dialect_is_one_sentence_and_exit_2(words: tuple[str, ...]) -> None:
    result = run(*words)
    assert result.returncode == 2
    assert len(result.stderr.decode().strip().splitlines()) == 1


@pytest.mark.parametrize("more", [[], ["again"]], ids=["one", "several"])
def test_documents_given_with_the_audited_one_are_never_overwritten(two: tuple[str, str], more: list[str]) -> None:
    before = Path(two[1]).read_bytes()
    result = run(
        "audit", two[0], *([str(EXAMPLE)] if more else []), "--with", two[1], "-o", two[1], "--fail-on", "never"
    )
    assert result.returncode == 2
    assert Path(two[1]).read_bytes() == before


def test_dialect_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "new.toml"
    run("dialect", "new", str(EXAMPLE), "-o", str(path))
    before = path.read_bytes()
    for words in (["read", str(EXAMPLE), "--dialect", str(path)], ["dialect", "check", str(path)]):
        assert run(*words, "-o", str(path)).returncode == 2
    assert path.read_bytes() == before
