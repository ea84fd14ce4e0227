"""Work on many items in processes of their own: results in order, a crash costs one item, memory stays flat.

The standard pools do not serve here: one gives up all items when a worker is killed, the other waits for it forever.
Processes are spawned, so that nothing of the parent is copied; each is replaced when it has worked or grown enough.
"""

import multiprocessing
import pickle  # for its error alone: between our own processes  # nosec B403
import signal
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any

_ITEMS = 64  # a worker's life
_GROWN = 512 * 1024 * 1024  # bytes of memory after which it ends early
_AHEAD = 8  # items begun before their turn, for each worker: what bounds the results that wait

Work = Callable[[str], Any]


class CrashedError(Exception):
    """The process that worked on an item ended. ``args[0]`` is its exit code, negative for a signal."""


class _Worker:
    def __init__(self, prepare: Callable[..., Work], given: tuple[Any, ...]) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, prepare, given), daemon=True)
        self.index = -1
        if sys.platform == "win32":
            self.process.start()
        else:
            # Ctrl-C reaches the whole group; it is the parent's to answer, also while a child is still importing.
            from multiprocessing import resource_tracker

            resource_tracker.ensure_running()  # would otherwise be started below, and unblock the signal
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            try:
                self.process.start()
            finally:
                signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        theirs.close()

    def begin(self, index: int, item: str) -> None:
        self.index = index
        with suppress(OSError):  # it may have ended: seen when its answer is awaited
            self.connection.send(item)

    def answer(self) -> tuple[Any, bool]:
        """What it gave for its item (CrashedError when it ended instead), and whether it ends now."""
        try:
            result, ends = self.connection.recv()
        except (EOFError, OSError, pickle.UnpicklingError):
            self.process.join(5)
            return CrashedError(self.process.exitcode), True
        return result, ends


def in_order(
    prepare: Callable[..., Work], given: tuple[Any, ...], items: Sequence[str], jobs: int
) -> Generator[tuple[str, Any]]:
    """(item, what ``prepare(*given)`` gives for it) in the order of the items; CrashedError for one that crashed.

    ``prepare`` is called once in each worker; it and ``given`` are pickled. Close the generator to end all workers.
    """
    workers: list[_Worker] = []
    waiting: dict[int, Any] = {}
    begun = shown = 0
    try:
        while shown < len(items):
            while begun < min(len(items), shown + _AHEAD * jobs):
                worker = next((one for one in workers if one.index < 0), None)
                if worker is None:
                    if len(workers) >= jobs:
                        break
                    worker = _Worker(prepare, given)
                    workers.append(worker)
                worker.begin(begun, items[begun])
                begun += 1
            busy = {one.connection: one for one in workers if one.index >= 0}
            for connection in wait(list(busy)) if shown not in waiting else ():
                worker = busy[connection]  # type: ignore[index]
                waiting[worker.index], ends = worker.answer()
                worker.index = -1
                if ends:
                    worker.connection.close()
                    workers.remove(worker)
            while shown in waiting:
                yield items[shown], waiting.pop(shown)
                shown += 1
    finally:
        _end(workers)


def _end(workers: list[_Worker]) -> None:
    """End all: at once those that work, with a little time to end what they started (LibreOffice)."""
    for worker in workers:
        if worker.index >= 0:
            worker.process.terminate()
        worker.connection.close()
    for worker in workers:
        worker.process.join(2)
        if worker.process.is_alive():
            worker.process.kill()


def _serve(connection: Connection, prepare: Callable[..., Work], given: tuple[Any, ...]) -> None:
    """A worker's life: an item comes, its result goes, until the parent is gone or enough is done."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    work: Work | None = None
    for count in range(1, _ITEMS + 1):
        try:
            item = connection.recv()
        except (EOFError, OSError):
            return
        work = work or prepare(*given)
        result = work(item)
        ends = count == _ITEMS or _memory() > _GROWN
        try:
            connection.send((result, ends))
        except OSError:
            return
        if ends:
            return


def _memory() -> int:
    """Bytes that this process has taken at most; 0 where the system does not say."""
    if sys.platform == "win32":
        return 0
    import resource

    try:  # the peak of this process alone: ru_maxrss keeps that of the process it was forked from
        with open("/proc/self/status", encoding="ascii", errors="replace") as status:
            return 1024 * next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        pass
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
