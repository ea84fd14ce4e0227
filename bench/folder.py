"""A folder of 200 documents, the example and the real ones in all their formats: how fast, in how much memory."""

import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from bench.speed import REAL, ROOT

DOCUMENTS = 200


def report() -> str:
    """Documents a second with one and two jobs, and peaks of memory, as a text table."""
    with tempfile.TemporaryDirectory(prefix="zhengwu-bench-") as name:
        folder = Path(name)
        sources = sorted([*ROOT.glob("examples/faulty-budget.*"), *REAL.glob("*.*")])
        for number in range(DOCUMENTS):
            source = sources[number % len(sources)]
            shutil.copyfile(source, folder / f"{number:03}{source.suffix}")
        lines = [f"folder of {DOCUMENTS} documents ({len(sources)} different), JSON, whole command:"]
        seconds = {jobs: _lines(folder, jobs, lines) for jobs in (1, 2)}
        lines.append(f"  2 jobs are {seconds[1] / seconds[2]:.2f} x as fast as 1")
    return "\n".join(lines)


def _lines(folder: Path, jobs: int, lines: list[str]) -> float:
    command = [str(Path(sys.executable).parent / "zhengwu"), "audit", str(folder), "--format", "json"]
    words = [*command, "--jobs", str(jobs), "-o", str(folder / "report")]
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    with subprocess.Popen(words, stderr=subprocess.PIPE) as process:
        peaks: dict[int, int] = {}
        watcher = threading.Thread(target=_watch, args=(process, peaks))
        watcher.start()
        _, said = process.communicate()
        seconds = time.perf_counter() - begun
        watcher.join()
    (folder / "report").unlink()
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    each = 1000 * (now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime) / DOCUMENTS
    refused = len(said.splitlines())
    parent = peaks.pop(process.pid, 0)
    memory = f"parent {parent} MB, largest worker {max(peaks.values(), default=0)} MB" if parent else "memory not known"
    lines.append(
        f"  {jobs} job(s) {DOCUMENTS / seconds:8.1f} documents a second, {seconds:.1f} s, {each:.0f} ms of processor each, "
        f"{refused} refused; {memory}"
    )
    return seconds


def _watch(process: "subprocess.Popen[bytes]", peaks: dict[int, int]) -> None:
    """Peak memory in MB of the process and its children, where /proc says it."""
    while process.poll() is None:
        for pid in (process.pid, *_children(process.pid)):
            try:
                status = Path(f"/proc/{pid}/status").read_text()
            except OSError:
                continue
            peak = next((int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0)
            peaks[pid] = max(peak, peaks.get(pid, 0))
        time.sleep(0.05)


def _children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
