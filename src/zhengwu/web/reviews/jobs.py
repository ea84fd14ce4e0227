"""The work in the background: queued rounds, taken under a lease, audited in a process of their own.

The queue is the table of rounds itself, on both databases. A worker that dies leaves a lease that runs out; the
round is then taken up again, and the number of its attempt keeps a late worker from writing a second result.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db import close_old_connections, connection, transaction
from django.db.models import Count, Min, Q
from django.db.utils import DatabaseError, OperationalError
from django.utils import timezone

from zhengwu.model.message import Message, RefusedError
from zhengwu.web.reviews import process
from zhengwu.web.reviews.models import JobState, Round
from zhengwu.web.reviews.results import failed, stored

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=process.SECONDS + 30)  # longer than a process may live
MOST_ATTEMPTS = 3
_PAUSE = 1.0  # seconds after something went wrong
# Seconds between two looks into an empty queue. On SQLite the workers are woken, and a look locks out who writes; on
# PostgreSQL they run elsewhere, and whoever uploads waits for the look.
_LOOK = {"postgresql": 0.2}
_DIED = Message(
    "核对这个文件的程序三次中途结束（超出时间或内存，或出错）；请检查文件是否完好，或拆分后重新上传。",
    "The program that audits this file ended three times before it was done (out of time or memory, or an error); "
    "check that the file is sound, or split it, and upload it again.",
)
_SLOW = Message(
    f"核对这个文件超过 {process.SECONDS} 秒；请拆分后重新上传。",
    f"The audit of this file took more than {process.SECONDS} seconds; split the file and upload it again.",
)
_LIGHT = ("pk", "attempts", "file", "name", "document_id", "number")
_new = threading.Event()
_loops: dict[str, Callable[[threading.Event], None]] = {}  # other work in the background, by name
_running: list[threading.Event] = []  # what ends the workers of this process


def register_loop(name: str, loop: Callable[[threading.Event], None]) -> None:
    """An app above has work of its own for workers: ``loop`` does it in a thread of each process that has workers,
    until its event is set."""
    _loops[name] = loop
    for stop in _running:  # the workers were started before that app was ready
        _start(name, loop, stop)


def _start(name: str, loop: Callable[[threading.Event], None], stop: threading.Event) -> None:
    threading.Thread(target=loop, args=(stop,), name=f"zhengwu-{name}", daemon=True).start()


def wake_up() -> None:
    """Tell the workers of this process that there is something to do; those of others look for themselves."""
    _new.set()


def take(now: datetime) -> Round | None:
    """The oldest round that nobody works at, now leased to the caller; None when there is none. A round that killed
    its workers MOST_ATTEMPTS times is given up."""
    while True:
        with transaction.atomic():
            waiting = Q(job=JobState.QUEUED) | Q(job=JobState.RUNNING, lease_until__lt=now)
            found = (
                Round.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
                .filter(waiting)
                .only(*_LIGHT)
                .order_by("pk")
                .first()
            )
            if found is None:
                return None
            if found.attempts < MOST_ATTEMPTS:
                found.job, found.attempts, found.lease_until = JobState.RUNNING, found.attempts + 1, now + LEASE
                found.save(update_fields=["job", "attempts", "lease_until"])
                return found
            found.job = JobState.RUNNING
            found.lease_until = now + LEASE
            found.save(update_fields=["job", "lease_until"])
        failed(round_id=found.pk, attempt=found.attempts, reason=_DIED)


def round_audit(one: Round) -> bool:
    """Audit a round that ``take`` has leased. True when this call wrote the result, or that there is none."""
    try:
        result, _ = process.ask({"task": "audit", "path": one.file.path, "name": one.name})
    except RefusedError as error:
        return failed(round_id=one.pk, attempt=one.attempts, reason=error.message)
    except process.ProcessError as error:
        log.warning("round %s, attempt %s: %s", one.pk, one.attempts, error)
        if one.attempts >= MOST_ATTEMPTS:
            return failed(round_id=one.pk, attempt=one.attempts, reason=_SLOW if error.timed_out else _DIED)
        mine = Round.objects.filter(pk=one.pk, job=JobState.RUNNING, attempts=one.attempts)
        mine.update(job=JobState.QUEUED, lease_until=None)
        return False
    try:
        return stored(round_id=one.pk, attempt=one.attempts, result=result)
    except OperationalError as error:
        # The connection went away while the file was read: a new one stores the result, unless the old one did.
        log.warning("round %s, attempt %s: %s", one.pk, one.attempts, error)
        connection.close()
        return stored(round_id=one.pk, attempt=one.attempts, result=result)


def run_pending(most: int = 1000) -> int:
    """Work at the queue until it is empty; how many rounds were worked at. For tests and commands."""
    for count in range(most):
        one = take(timezone.now())
        if one is None:
            return count
        round_audit(one)
    return most


def work(stop: threading.Event) -> None:
    """Work at the queue until told to stop. Whatever goes wrong with one round or with the database, the worker
    goes on."""
    while not stop.is_set():
        _new.clear()
        one = None
        try:
            close_old_connections()
            one = take(timezone.now())
            if one is not None:
                round_audit(one)
        except DatabaseError as error:  # it went away, or is locked: the lease brings the round back
            log.warning("worker: %s", error)
            connection.close()
            stop.wait(_PAUSE)
        except Exception:
            log.exception("worker: round %s", one.pk if one else None)
            stop.wait(_PAUSE)
        if one is None:
            _new.wait(_LOOK.get(connection.vendor, 1.0))
    connection.close()


def start_in_process(count: int) -> threading.Event:
    """Start ``count`` workers as threads of this process, and one for each other kind of work; setting the event that
    is returned ends them."""
    stop = threading.Event()
    _running.append(stop)
    for name, loop in _loops.items():
        _start(name, loop, stop)
    for number in range(count):
        threading.Thread(target=work, args=(stop,), name=f"zhengwu-worker-{number + 1}", daemon=True).start()
    return stop


def states() -> Mapping[str, int]:
    """How many rounds are in each state, for /healthz and /metrics."""
    found = dict(Round.objects.order_by().values_list("job").annotate(count=Count("pk")))
    return {state: found.get(state, 0) for state in JobState.values}


def lag() -> float:
    """Seconds that the oldest queued round has waited; 0 for none."""
    oldest = Round.objects.filter(job=JobState.QUEUED).aggregate(oldest=Min("uploaded_at"))["oldest"]
    return max((timezone.now() - oldest).total_seconds(), 0.0) if oldest else 0.0
