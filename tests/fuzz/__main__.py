"""``make fuzz``: 1,000 inputs of each format through the whole way; failures are written into a folder."""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.fuzz.runner import Ran, fuzz, saved
from tests.fuzz.seeds import FORMATS, SHARED, seeds


def main() -> int:
    """Run, print a line for each format, and say each kind of failure once."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20211123)
    parser.add_argument("--formats", default=",".join(FORMATS))
    parser.add_argument("--keep", type=Path, help="folder for the inputs that failed")
    arguments = parser.parse_args()
    forms = tuple(arguments.formats.split(","))
    print(f"seed {arguments.seed}, {arguments.count} inputs a format", flush=True)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as shared:
        os.environ[SHARED] = shared
        for form in forms:
            seeds(form)
        results = fuzz(forms, arguments.count, arguments.seed, real=True, jobs=os.cpu_count() or 1)
        return _said(forms, results, begun, arguments.keep)


def _said(forms: tuple[str, ...], results: list[Ran], begun: float, keep: Path | None) -> int:
    for form in forms:
        ran = [one for one in results if one.form == form]
        outcomes = sum((one.outcomes for one in ran), Counter[str]())
        refused = outcomes.total() - outcomes["audited"] - outcomes["FAILED"]
        print(
            f"{form:5} {outcomes.total():5} inputs: {outcomes['audited']} audited, {refused} refused, "
            f"{outcomes['FAILED']} failed; slowest {max(one.slowest for one in ran):.1f} s, "
            f"at most {max(one.memory for one in ran)} MB"
        )
    print(f"{time.monotonic() - begun:.0f} s")
    failures = [failure for one in results for failure in one.failures]
    if not failures:
        return 0
    folder = keep or Path(tempfile.mkdtemp(prefix="zhengwu-fuzz-"))
    kinds: dict[str, list[str]] = {}
    for failure, path in zip(failures, saved(failures, folder, real=True), strict=True):
        kinds.setdefault(failure.last(), []).append(str(path))
    for kind, paths in sorted(kinds.items(), key=lambda item: -len(item[1])):
        print(f"{len(paths)} x {kind}\n    {paths[0]}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
