"""The platform under load: 200 departments × 5 years × 500 lines in the database, 50 visitors at once.

Of each main page: the median and the 95th percentile of an answer's time, its size, its number of queries; then the
throughput of a closed loop; then a PDF's way from upload to findings. ``python -m bench platform`` measures this part
alone; ``--departments 20`` and so on make it smaller, ``--processes`` says how many serve, ``--sqlite`` takes
the embedded database.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, median
from typing import Any

from bench.platform import running, upload, visitors

AIM = 200  # ms, the 95th percentile of each page
_PDF_LINES, _PDF_PROJECTS = 90, 3  # a budget of 30 pages
_CLOSED = 20.0  # seconds


def report(arguments: Sequence[str] = ()) -> str:
    """Load, serve, visit, as a text table."""
    options = _options(arguments)
    size = {name: getattr(options, name) for name in ("departments", "years", "lines")}
    lines = []
    with (
        running.database(sqlite=options.sqlite) as database,
        tempfile.TemporaryDirectory(prefix="zhengwu-bench-") as folder,
    ):
        home = Path(folder)
        words = [part for name, value in size.items() for part in (f"--{name}", str(value))]
        data = _inside(home, database.url, ["fill", *words, "--reviewers", str(options.users * 2 // 5)])
        counts = ", ".join(f"{count:,} {name}" for name, count in data["counts"].items())
        lines.append(f"platform on {database.name}: {counts}")
        lines.append(f"  loaded in {data['first'] + data['copies']:.0f} s")
        chance = random.Random(1)
        pages = {page: visitors.address(page, data, chance) for page in visitors.PAGES}
        queries = _inside(home, database.url, ["queries"], {"pages": pages, "reviewer": data["reviewers"][0]})
        with running.platform(home, database.url, options.processes) as ports:
            reviewers = len(data["reviewers"])
            plan = visitors.Plan(ports, data, options.users - reviewers, reviewers, seconds=options.seconds)
            found = _visited(plan)
            who = f"{options.users} visitors at once ({reviewers} signed in), {plan.think[0]:.0f} to {plan.think[1]:.0f} s of thought between pages"
            lines += _table(f"{who}, {len(ports)} process(es), {options.seconds:.0f} s:", found, queries)
            closed = _visited(plan._replace(think=(0, 0), warm=2, seconds=min(_CLOSED, options.seconds)))
            lines += _table("the same without thought, as fast as they are answered:", closed, {})
            pdf, count = _pdf(home, database.url)
            lines += upload.table(upload.uploads(ports[0], data, pdf), count, len(pdf) / 1000)
    return "\n".join(lines)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench platform")
    for name, default in (("departments", 200), ("years", 5), ("lines", 500), ("users", 50), ("processes", 2)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--sqlite", action="store_true", help="on SQLite, whatever else is there")
    return parser.parse_args(arguments)


def _table(title: str, found: dict[str, Any], queries: dict[str, int]) -> list[str]:
    lines = [
        title,
        f"  {'page':12} {'answers':>8} {'p50 ms':>8} {'p95 ms':>8} {'kB':>8}" + (f" {'queries':>8}" if queries else ""),
    ]
    count = 0
    for page, seconds in found["seconds"].items():
        count += len(seconds)
        if not seconds:
            lines.append(f"  {page:12} {'none':>8}")
            continue
        high = 1000 * percentile(seconds, 0.95)
        late = "" if high < AIM or not queries else f"  over {AIM} ms"
        asked = f" {queries[page]:8}" if queries else ""
        kilobytes = mean(found["bytes"][page]) / 1000
        lines.append(
            f"  {page:12} {len(seconds):8} {1000 * median(seconds):8.0f} {high:8.0f} {kilobytes:8.1f}{asked}{late}"
        )
    lines.append(f"  {count / found['measured']:.1f} answers a second, failures: {found['failures'] or 'none'}")
    return lines


def percentile(values: Sequence[float], share: float) -> float:
    """The least of the values that so great a share of them does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(100 * share) // 100) - 1)]


def _visited(plan: visitors.Plan) -> dict[str, Any]:
    """The visitors have a process of their own: their work is not the servers'."""
    return _asked([sys.executable, "-m", "bench.platform.visitors"], None, plan._asdict())


def _inside(home: Path, url: str, words: list[str], given: object = None) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.platform.inside", *words]
    return _asked(command, running.environment_of(home, url), given)


def _pdf(home: Path, url: str) -> tuple[bytes, int]:
    """A faulty budget as a PDF, and its number of pages."""
    import pypdfium2

    path = home / "upload.pdf"
    _inside(home, url, ["pdf", str(path), "--lines", str(_PDF_LINES), "--projects", str(_PDF_PROJECTS)])
    with pypdfium2.PdfDocument(path) as document:
        return path.read_bytes(), len(document)


def _asked(command: list[str], environment: dict[str, str] | None, given: object) -> dict[str, Any]:
    """What a process answers. What it says besides (a line for each request) is shown where it fails."""
    done = subprocess.run(command, env=environment, input=json.dumps(given).encode(), capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr[-4000:].decode(errors='replace')}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found
