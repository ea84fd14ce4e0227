"""20 departments of 5 units compile at once for a minute: an officer a unit; then again with a second officer on each
department's own budget, so that two meet on one line. ``python -m bench officers`` measures this part alone."""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from bench.platform import running
from bench.platform.report import percentile

AIM = 150  # ms, the 95th percentile of saving a cell
_THINK = (1.0, 4.0)  # seconds between two things that an officer does


def report(arguments: Sequence[str] = ()) -> str:
    """Fill, serve, work, judge, as a text table."""
    parser = argparse.ArgumentParser(prog="python -m bench officers")
    for name, default in (("departments", 20), ("units", 5), ("lines", 40), ("second", 20), ("processes", 2)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--seconds", type=float, default=60.0)
    given = parser.parse_args(arguments)
    lines = [line for second in dict.fromkeys((0, given.second)) for line in _crowd(given, second)]
    for part in ("grid", "screen"):
        done = subprocess.run([sys.executable, "-m", f"bench.officers.{part}"], capture_output=True, check=True)
        lines.append(done.stdout.decode().rstrip())
    return "\n".join(lines)


def _crowd(given: argparse.Namespace, second: int) -> list[str]:
    """What so many officers see, on a database of their own."""
    with running.database() as database, tempfile.TemporaryDirectory(prefix="zhengwu-bench-") as folder:
        environment = running.environment_of(Path(folder), database.url)
        size = [part for name in ("departments", "units", "lines") for part in (f"--{name}", str(getattr(given, name)))]
        made = _asked(["bench.officers.inside", "fill", *size, "--second", str(second)], environment)
        with running.platform(Path(folder), database.url, given.processes) as ports:
            sampler = _started(["bench.officers.inside", "sample", "--seconds", str(given.seconds)], environment)
            plan = {"ports": ports, "officers": made["officers"], "seconds": given.seconds, "think": _THINK, "seed": 7}
            told = _asked(["bench.officers.crowd"], None, plan)
            sampled = json.loads(sampler.communicate()[0])
        judged = _asked(["bench.officers.inside", "judge"], environment, told)
    lines = [
        f"budget desk on {database.name}: {given.departments} departments × {given.units} units, "
        f"{len(made['officers'])} officers at once, {given.seconds:.0f} s, {_THINK[0]:.0f} to {_THINK[1]:.0f} s of thought, {len(ports)} process(es)",
        f"  {'':28} {'answers':>8} {'p50 ms':>8} {'p95 ms':>8}",
    ]
    for name, seconds in sorted(told["seconds"].items()):
        high = 1000 * percentile(seconds, 0.95)
        late = f"  over {AIM} ms" if name == "save a cell" and high >= AIM else ""
        lines.append(f"  {name:28} {len(seconds):8} {1000 * median(seconds):8.0f} {high:8.0f}{late}")
    lines += [
        f"  accepted edits {judged['edits']:,}, told of another's edit {told['conflicts']:,}, failures: {dict(told['failures']) or 'none'}",
        f"  lost updates, sums: {judged['wrong'][:5] or 'none lost'}; {sampled['looks']:,} budgets sampled while they worked, {len(sampled['wrong'])} wrong",
        f"  audit trail: {judged['trail']}; deadlocks: {judged['deadlocks']}",
    ]
    return lines


def _started(words: Sequence[str], environment: dict[str, str] | None) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", *words],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _asked(words: Sequence[str], environment: dict[str, str] | None, given: object = None) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", *words],
        env=environment,
        input=json.dumps(given).encode(),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr[-4000:].decode(errors='replace')}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found
