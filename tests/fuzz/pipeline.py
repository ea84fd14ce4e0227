"""One input through the whole way, and a shard of inputs in a process of its own with bounds.

``python -m tests.fuzz.pipeline FORMAT SEED COUNT START real|built`` prints a line for each input of the shard
from START on; what ends the process early is the failure of the input that it had begun.
"""

import faulthandler
import logging
import random
import resource
import signal
import sys
import traceback
from collections.abc import Sequence

SECONDS = 10  # processor time of one input
WALL_SECONDS = 90  # a machine under load
MEMORY = 1 << 30  # address space of the process


class Crashes(logging.Handler):
    """Rules that crash are caught by the engine and logged: here they are failures."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what was said."""
        self.seen.append(logging.Formatter().format(record))


def inputs(form: str, seed: int, count: int, real: bool) -> list[bytes]:
    """``count`` inputs: three of four are sound documents broken, one of four is generated."""
    from tests.fuzz.generation import generated
    from tests.fuzz.mutation import broken
    from tests.fuzz.seeds import seeds

    sound = seeds(form, real)
    chance = random.Random(f"{form} {seed}")
    strange = generated(form, count - count * 3 // 4, seed)
    return [broken(form, sound, chance) for _ in range(count * 3 // 4)] + strange


def through(data: bytes, language: str) -> str:
    """Read, understand, audit, report as text and JSON, encoded: "audited" or the code of the refusal."""
    from zhengwu.audit import audit_document
    from zhengwu.model.message import RefusedError
    from zhengwu.reading import read
    from zhengwu.recognition.understand import understand
    from zhengwu.reporting import as_json, as_text

    style = as_text.Style(language, 100, False)
    try:
        document = read(data, "input")
        disclosure = understand(document)
        as_text.read_text(disclosure, style).encode()
        as_json.dumps(as_json.read_report(disclosure, language)).encode()
        audit = audit_document(document)
        as_text.audit_text(audit, style).encode()
        as_json.dumps(as_json.audit_report(audit, language)).encode()
    except RefusedError as error:
        if isinstance(error.__cause__, MemoryError | RecursionError):
            raise error.__cause__ from error
        if not error.message.zh.strip() or "\n" in error.message.zh + error.message.en:
            raise AssertionError(f"{error.code} is no single sentence") from error
        return error.code
    return "audited"


def run(todo: Sequence[bytes], start: int) -> None:
    """Each input in turn, one line for each; a failure's trace goes to standard error."""
    crashes = Crashes()
    logging.getLogger("zhengwu").addHandler(crashes)
    logging.getLogger("zhengwu").propagate = False
    for index in range(start, len(todo)):
        print("begun", index, flush=True)
        used = resource.getrusage(resource.RUSAGE_SELF)
        spent = int(used.ru_utime + used.ru_stime)
        resource.setrlimit(resource.RLIMIT_CPU, (spent + SECONDS, resource.RLIM_INFINITY))
        faulthandler.dump_traceback_later(WALL_SECONDS, exit=True)
        try:
            outcome = through(todo[index], "en" if index % 2 else "zh")
        except BaseException:  # a panic of a library in Rust is no Exception
            outcome = "FAILED"
            sys.stderr.write(f"input {index}: {traceback.format_exc()}\n")
        if crashes.seen:
            outcome = "FAILED"
            sys.stderr.write(f"input {index}: {crashes.seen[0]}\n")
            crashes.seen.clear()
        now = resource.getrusage(resource.RUSAGE_SELF)
        seconds = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
        print("ended", index, outcome, f"{seconds:.3f}", now.ru_maxrss // 1024, flush=True)


def main() -> None:
    """One shard, bounded. The inputs are made before the bounds hold."""
    form, seed, count, start, which = sys.argv[1:6]
    todo = inputs(form, int(seed), int(count), which == "real")
    from zhengwu.reading import office

    office.installed = lambda: None  # type: ignore[assignment]
    faulthandler.enable()
    faulthandler.register(signal.SIGXCPU, chain=True)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    run(todo, int(start))


if __name__ == "__main__":
    main()
