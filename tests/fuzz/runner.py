"""Shards started, watched, and started again after the input that ended one."""

import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.fuzz.pipeline import inputs

ROOT = Path(__file__).parents[2]


class Failure(NamedTuple):
    """An input that was neither audited nor refused. ``seed``, ``count`` and ``index`` make it again."""

    form: str
    seed: int
    count: int
    index: int
    trace: str

    def last(self) -> str:
        """The last line of the trace that says something, with the place in our code where one is named."""
        lines = [line.strip() for line in self.trace.splitlines() if line.strip()]
        places = re.findall(r'File ".*?/zhengwu/(\S+?)", line (\d+)', self.trace)
        place = "{}:{} ".format(*(places[0] if self.trace.startswith("Fatal") else places[-1])) if places else ""
        return place + (lines[-1] if lines else "ended without a word")


class Ran(NamedTuple):
    """What a shard gave."""

    form: str
    outcomes: Counter[str]
    failures: list[Failure]
    slowest: float  # seconds of processor time
    memory: int  # MB, at most


def shard(form: str, seed: int, count: int, real: bool) -> Ran:
    """Run one shard to its end."""
    ran = Ran(form, Counter(), [], 0.0, 0)
    start = 0
    while start < count:
        with tempfile.TemporaryFile("w+", encoding="utf-8") as errors:
            words = [form, str(seed), str(count), str(start), "real" if real else "built"]
            process = subprocess.run(
                [sys.executable, "-m", "tests.fuzz.pipeline", *words],
                stdout=subprocess.PIPE, stderr=errors, cwd=ROOT, text=True, check=False,
            )  # fmt: skip
            errors.seek(0)
            said = errors.read()
        begun = -1
        traces = dict(re.findall(r"^input (\d+): (.*?)(?=^input \d+: |\Z)", said, re.M | re.S))
        for line in process.stdout.splitlines():
            word, index, *rest = line.split()
            if word == "begun":
                begun = int(index)
                continue
            outcome, seconds, memory = rest
            ran.outcomes[outcome] += 1
            ran = ran._replace(slowest=max(ran.slowest, float(seconds)), memory=max(ran.memory, int(memory)))
            if outcome == "FAILED":
                ran.failures.append(Failure(form, seed, count, int(index), traces.get(index, "")))
            begun = -1
            start = int(index) + 1
        if process.returncode == 0:
            break
        if begun < 0:
            raise RuntimeError(f"the shard {words} did not begin: {said[-2000:]}")
        ran.outcomes["FAILED"] += 1
        ran.failures.append(Failure(form, seed, count, begun, f"exit {process.returncode}\n{said[-6000:]}"))
        start = begun + 1
    return ran


def fuzz(forms: tuple[str, ...], count: int, seed: int, real: bool, size: int = 125, jobs: int = 2) -> list[Ran]:
    """``count`` inputs of each format in shards of ``size``."""
    todo = [(form, seed + first // size, min(size, count - first)) for first in range(0, count, size) for form in forms]
    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(lambda one: _told(shard(*one, real), one), todo))


def _told(ran: Ran, one: tuple[str, int, int]) -> Ran:
    for failure in ran.failures:
        sys.stderr.write(f"{one[0]} {one[1]} input {failure.index}: {failure.last()}\n")
    return ran


def saved(failures: Sequence[Failure], folder: Path, real: bool) -> list[Path]:
    """Write the failing inputs and their traces into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    made = cache(inputs)
    paths = []
    for failure in failures:
        data = made(failure.form, failure.seed, failure.count, real)[failure.index]
        path = folder / f"{failure.form}-{failure.seed}-{failure.count}-{failure.index}.{failure.form}"
        path.write_bytes(data)
        path.with_suffix(".trace").write_text(failure.trace, encoding="utf-8")
        paths.append(path)
    return paths
