"""The command line as other programs rely on it: outputs, exit codes, one clear sentence for errors."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "faulty-budget.txt"
COMMAND = [sys.executable, "-m", "zhengwu.cli.main"]


def run(*words: str, stdin: bytes | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command line as its own process."""
    return subprocess.run(
        [*COMMAND, *words],
        input=stdin,
        capture_output=True,
        env={**os.environ, **environment},
        check=False,
        timeout=300,
    )


def test_audit_with_errors_exits_1_and_prints_text_without_colour() -> None:
    result = run("audit", str(EXAMPLE))
    assert result.returncode == 1
    assert not result.stderr
    text = result.stdout.decode()
    assert "占比与数额不符" in text
    assert "\x1b[" not in text


@pytest.mark.parametrize(("level", "code"), [("never", 0), ("error", 1), ("warning", 1), ("info", 1)])
def test_audit_fail_on_sets_the_exit_code(level: str, code: int) -> None:
    assert run("audit", str(EXAMPLE), "--fail-on", level).returncode == code


def test_audit_json_has_the_promised_shape() -> None:
    report = json.loads(run("audit", str(EXAMPLE), "--format", "json").stdout)
    assert report["source"]["name"] == "faulty-budget.txt"
    assert report["source"]["format"] == "txt"
    assert len(report["source"]["sha256"]) == 64
    assert (report["kind"], report["year"]) == ("budget", 2021)
    finding = next(f for f in report["findings"] if f["rule"] == "stated-share-differs")
    assert finding["severity"] == "error"
    assert (finding["expected"], finding["actual"]) == ("24.47", "24.74")
    assert finding["at"][0]["quote"] == "24.74%"
    assert {rule["state"] for rule in report["rules"]} <= {
        "held",
        "broken",
        "not-applicable",
        "not-evaluated",
    }
    assert report["coverage"]["tied"] <= report["coverage"]["amounts"]
    in_table = next(f for f in report["findings"] if f["rule"] == "unit-label-contradicts-amount")
    assert in_table["at"][0]["table"] == "九"
    assert {"row", "column", "line"} <= set(in_table["at"][0])


def test_read_json_lines_cells_up_with_columns() -> None:
    report = json.loads(run("read", str(EXAMPLE), "--format", "json").stdout)
    assert [table["key"] for table in report["tables"]][:4] == [
        "summary",
        "income",
        "expenditure",
        "fiscal_summary",
    ]
    assert report["dialect"] == "shanghai-putuo-budget"
    for table in report["tables"]:
        assert all(len(row["cells"]) == len(table["columns"]) for row in table["rows"])
        assert {row["kind"] for row in table["rows"]} <= {"item", "total", "blank"}
    total = report["tables"][2]["rows"][-1]
    assert total["kind"] == "total"
    assert total["cells"][2]["value"] == "63234665.44"
    assert total["cells"][2]["text"] == "63,234,665.44"
    assert report["unread"] == []


def test_several_files_give_a_list_and_a_bad_one_does_not_stop_the_rest(tmp_path: Path) -> None:
    bad = tmp_path / "bad.docx"
    bad.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    result = run("audit", str(bad), str(EXAMPLE), "--format", "json")
    assert result.returncode == 2
    assert len(json.loads(result.stdout)) == 1
    assert str(bad) in result.stderr.decode()


def test_standard_input_is_read(tmp_path: Path) -> None:
    result = run("audit", "-", "--format", "json", stdin=EXAMPLE.read_bytes())
    assert result.returncode == 1
    assert json.loads(result.stdout)["source"]["format"] == "txt"


def test_output_file_appears_whole_and_standard_output_stays_empty(tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    result = run("audit", str(EXAMPLE), "--format", "json", "-o", str(target))
    assert result.stdout == b""
    assert json.loads(target.read_text(encoding="utf-8"))["year"] == 2021
    assert list(tmp_path.iterdir()) == [target]


def test_output_folder_takes_the_name_of_the_input(tmp_path: Path) -> None:
    run("read", str(EXAMPLE), "-o", str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["faulty-budget.txt"]


@pytest.mark.parametrize(
    "words",
    [
        ("audit",),
        ("audit", "no-such-file.docx"),
        ("audit", str(EXAMPLE), "--format", "poem"),
        ("audit", str(EXAMPLE), "--wrong"),
        ("audit", str(EXAMPLE), "-o", "no/such/folder/report.txt"),
        ("read", str(ROOT)),
        ("rules", "no-such-rule"),
        ("frobnicate",),
        (),
    ],
)
def test_wrong_use_exits_2_with_one_sentence(words: tuple[str, ...]) -> None:
    result = run(*words)
    assert result.returncode == 2
    assert result.stdout == b""
    sentence = result.stderr.decode().strip()
    assert sentence.startswith("zhengwu")
    assert len(sentence.splitlines()) == 1
    assert "Traceback" not in sentence


def test_a_document_that_is_no_budget_is_refused_in_one_sentence(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("各位同事：\n\n周五下午三点在二楼会议室开会，请准时参加。\n", encoding="utf-8")
    result = run("audit", str(letter), "--lang", "en")
    assert result.returncode == 2
    assert "no budget" in result.stderr.decode()
    assert len(result.stderr.decode().strip().splitlines()) == 1


def test_messages_in_english_are_complete() -> None:
    text = run("audit", str(EXAMPLE), "--lang", "en").stdout.decode()
    assert "errors," in text
    assert "应为" not in text
    assert "改法" not in text


def test_rules_lists_all_and_shows_one() -> None:
    listed = run("rules").stdout.decode()
    assert "stated-share-differs" in listed
    one = run("rules", "stated-share-differs", "--lang", "en").stdout.decode()
    assert "Fails:" in one
    assert "Passes:" in one
    data = json.loads(run("rules", "--format", "json").stdout)
    assert all(rule["basis"]["zh"] and rule["mend"]["en"] for rule in data)


def test_a_closed_pipe_is_no_error() -> None:
    command = " ".join([*COMMAND, "read", str(EXAMPLE), "|", "head", "-1"])
    result = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, check=False, timeout=300)
    assert b"Traceback" not in result.stderr


def test_help_needs_no_heavy_import() -> None:
    code = "import sys; from zhengwu.cli.main import parser; parser().format_help(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"lxml", "pypdfium2", "zhengwu.rules", "zhengwu.recognition", "decimal"} & set(loaded)
