"""Folders and many files: order, what is skipped, bad and deadly files, output, interruption, memory."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.test_commands import COMMAND, EXAMPLE, run
from zhengwu.cli.folders import listing
from zhengwu.cli.pool import CrashedError, in_order
from zhengwu.model.message import RefusedError

TEXT = EXAMPLE.read_bytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three documents in two folders, with what lies beside documents."""
    top = tmp_path / "in"
    (top / "b").mkdir(parents=True)
    (top / ".git").mkdir()
    for name in ("a.txt", "b/a.txt", "c.txt", ".hidden.txt", "~$a.docx", "photo.JPG", ".git/x.txt"):
        (top / name).write_bytes(TEXT)
    return top


def test_listing_of_a_folder_is_sorted_and_counts_what_it_skips(folder: Path) -> None:
    found = listing([str(folder)])
    assert [(Path(one.name).relative_to(folder).as_posix(), one.below) for one in found.documents] == [
        ("a.txt", ""), ("c.txt", ""), ("b/a.txt", "b"),
    ]  # fmt: skip
    assert found.skipped == {"hidden": 2, "lock": 1, ".jpg": 1}
    message = found.skipped_message()
    assert message
    assert "4" in message.en


def test_listing_of_a_folder_without_documents_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as caught:
        listing([str(tmp_path)])
    assert caught.value.code == "no-documents"


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes")
def test_listing_never_opens_pipes_and_follows_no_folder_links(folder: Path) -> None:
    os.mkfifo(folder / "pipe.pdf")
    (folder / "again").symlink_to(folder)
    found = listing([str(folder)])
    assert len(found.documents) == 3
    assert found.skipped["link"] == 2


def test_folder_gives_an_array_in_order_and_says_what_was_skipped(folder: Path) -> None:
    result = run("audit", str(folder), "--format", "json", "--lang", "en")
    reports = json.loads(result.stdout)
    assert [report["source"]["name"] for report in reports] == ["a.txt", "c.txt", "a.txt"]
    assert result.returncode == 1
    assert result.stderr.decode().strip().startswith("zhengwu: skipped 4 entries")


def test_array_of_many_equals_the_report_of_each(folder: Path) -> None:
    one = json.loads(run("audit", str(folder / "a.txt"), "--format", "json").stdout)
    assert json.loads(run("audit", str(folder), "--format", "json").stdout)[0] == one
    assert run("audit", str(folder)).stdout.count(run("audit", str(folder / "c.txt")).stdout) >= 1


def test_bad_files_among_many_are_said_and_do_not_stop_the_rest(folder: Path) -> None:
    (folder / "bad.docx").write_bytes(b"PK\3\4 broken")
    result = run("audit", str(folder), str(folder / "missing.txt"), "--format", "json")
    assert result.returncode == 2
    assert len(json.loads(result.stdout)) == 3
    said = result.stderr.decode()
    assert "bad.docx" in said
    assert "missing.txt" in said
    assert "Traceback" not in said


def test_output_folder_takes_one_report_for_each_document(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (folder / "a.html").write_text("<p>2021年部门预算</p><table><tr><td>收入合计<td>1.00</table>", encoding="utf-8")
    result = run("audit", str(folder), "--format", "json", "-o", str(out))
    assert result.stdout == b""
    made = sorted(path.relative_to(out).as_posix() for path in out.rglob("*.json"))
    assert made == ["a-2.json", "a.json", "b/a.json", "c.json"]
    assert json.loads((out / "b" / "a.json").read_text(encoding="utf-8"))["year"] == 2021


def test_output_folder_that_is_the_input_folder_is_never_overwritten(folder: Path) -> None:
    result = run("audit", str(folder), "-o", str(folder))
    assert result.returncode == 2
    assert len(result.stderr.decode().strip().splitlines()) == 2
    assert (folder / "a.txt").read_bytes() == TEXT


def test_output_file_of_many_appears_whole(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "all.json"
    assert run("audit", str(folder), "--format", "json", "-o", str(target)).stdout == b""
    assert len(json.loads(target.read_text(encoding="utf-8"))) == 3
    assert {path.name for path in tmp_path.iterdir()} == {"in", "all.json"}


def test_standard_input_may_be_one_of_several(folder: Path) -> None:
    result = run("audit", str(folder / "a.txt"), "-", "--format", "json", stdin=TEXT)
    assert [report["source"]["name"] for report in json.loads(result.stdout)] == ["a.txt", "stdin"]


@pytest.mark.parametrize("jobs", ["0", "-1", "two", "²"])
def test_jobs_that_are_no_count_are_refused_in_one_sentence(jobs: str) -> None:
    result = run("audit", str(EXAMPLE), "--jobs", jobs)
    assert result.returncode == 2
    assert len(result.stderr.decode().strip().splitlines()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="names of files are bytes elsewhere")
def test_name_in_the_bytes_of_gb18030_is_shown_as_text(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + "/预算.txt".encode("gb18030"))).write_bytes(TEXT)
    except OSError:
        pytest.skip("this file system takes only names in UTF-8")
    reports = json.loads(run("audit", str(tmp_path), "--format", "json").stdout)
    assert reports[0]["source"]["name"] == "预算.txt"


def test_refused_document_of_with_is_said_once(folder: Path) -> None:
    result = run("audit", str(folder), "--with", str(folder / "none.txt"), "--lang", "en")
    assert result.returncode == 2
    assert result.stderr.decode().count("none.txt") == 1
    assert result.stdout == b""


def _prepare(kind: str) -> Callable[[str], str]:
    """What the workers of these tests do with an item."""

    def work(item: str) -> str:
        if item == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if item == "slow":
            time.sleep(0.5)
        return f"{kind} {item} {os.getpid()}"

    return work


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_pool_with_a_killed_worker_loses_one_item_and_keeps_the_order() -> None:
    items = ["slow", "a", "die", "b", "die", *"cdefgh"]
    results = list(in_order(_prepare, ("did",), items, 2))
    assert [item for item, _ in results] == items
    assert [isinstance(result, CrashedError) for _, result in results] == [item == "die" for item in items]
    assert results[2][1].args[0] == -signal.SIGKILL


def test_pool_worker_is_replaced_after_its_items() -> None:
    results = list(in_order(_prepare, ("did",), ["x"] * 70, 1))
    assert len({result.split()[-1] for _, result in results}) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="signals of a group")
def test_interruption_ends_at_once_without_traceback_and_leaves_nothing(tmp_path: Path) -> None:
    top = tmp_path / "in"
    top.mkdir()
    (top / "0.txt").write_bytes(TEXT)
    for number in range(1, 10_000):  # minutes of work
        (top / f"{number}.txt").hardlink_to(top / "0.txt")
    target = tmp_path / "report.json"
    process = subprocess.Popen(
        [*COMMAND, "audit", str(top), "--format", "json", "-o", str(target)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    while not any(path.name.startswith(".zhengwu-") and path.stat().st_size for path in tmp_path.iterdir()):
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    begun = time.monotonic()
    _, said = process.communicate(timeout=300)  # until the last worker, which has standard error too, is gone
    assert time.monotonic() - begun < 60
    assert process.returncode == 130
    assert said == b""
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory in KiB")
def test_parent_of_many_documents_stays_small(tmp_path: Path) -> None:
    for number in range(200):
        (tmp_path / f"{number}.txt").write_bytes(TEXT)
    code = (
        "import sys; from zhengwu.cli.main import main; "
        f"main(['audit', {str(tmp_path)!r}, '--format', 'json', '-o', '/dev/null']); "
        # The peak of this process alone: ru_maxrss would keep that of the process it was forked from.
        "peak = next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')); "
        "print(int(peak) // 1024, *sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=600)
    peak, *modules = result.stdout.split()
    assert int(peak) < 150
    assert "lxml" not in modules
    assert "zhengwu.rules" not in modules


def test_single_file_starts_no_processes() -> None:
    code = (
        "import sys; from zhengwu.cli.main import main; "
        f"main(['audit', {str(EXAMPLE)!r}, '-o', {os.devnull!r}]); print(*sys.modules)"
    )
    names = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"multiprocessing", "zhengwu.cli.batch"} & set(names)
