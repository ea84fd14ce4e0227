"""All departments' tables of a year in one workbook and one PDF, for the people's congress (人代会).

A reviewer asks for it; a worker takes it up under a lease, reads the budgets, and has the files made by
``export_process``. A worker that dies leaves a lease that runs out.
"""

import json
import logging
import secrets
import sys
import tempfile
import threading
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import Q
from django.utils import timezone

from zhengwu.ledger.amounts import Amounts
from zhengwu.ledger.store import plain
from zhengwu.model.message import Message, RefusedError
from zhengwu.web.budgets.bureau import budgets_of, departments_of
from zhengwu.web.budgets.departments import Split, department_of, in_force, split_by
from zhengwu.web.budgets.models import Budget, BudgetYear, Export, ExportState
from zhengwu.web.common.models import Unit, User
from zhengwu.web.common.permissions import require
from zhengwu.web.common.trail import record
from zhengwu.web.reviews.process import ProcessError, ask

log = logging.getLogger(__name__)

SECONDS = 600  # of one file, or one part of it
LEASE = timedelta(seconds=SECONDS + 60)  # longer than a step may take; renewed at each
MOST_ATTEMPTS = 2
MOST_ROWS = 8_000  # of tables that are set at once: some 700 MB of memory
COMMAND = (sys.executable, "-P", "-m", "zhengwu.web.budgets.export_process")
_KEPT = 3  # exports of a year whose files are kept
_PAUSE = 2.0  # seconds between two looks at an empty queue
_SHOWN = 20  # departments left out that the first page names
_DIED = Message(
    "生成程序中途结束（超出时间或内存，或出错）；请稍后再试，仍不成功请联系系统管理员。",
    "What makes the files ended before it was done (out of time or memory, or an error); try again later, and tell "
    "whoever runs the platform if it fails again.",
)
_new = threading.Event()


def export_start(*, actor: User, year: BudgetYear, drafts: bool, now: datetime) -> Export:
    """Ask for an export. While one of the same kind is being made, that one is returned."""
    require(actor, "budget.export")
    with transaction.atomic():
        year = BudgetYear.objects.select_for_update(no_key=True).get(pk=year.pk)
        working = Export.objects.filter(year=year, drafts=drafts, state__in=(ExportState.QUEUED, ExportState.RUNNING))
        there = working.first()
        if there is not None:
            return there
        made = Export.objects.create(year=year, drafts=drafts, made_by=actor, made_at=now)
        record(actor=actor, action="budget.export", subject=made, data={"year": year.year, "drafts": drafts})
    transaction.on_commit(_new.set)
    return made


def take(now: datetime) -> Export | None:
    """The oldest export that nobody works at, now leased to the caller; None when there is none. One that ended its
    workers MOST_ATTEMPTS times is given up."""
    while True:
        with transaction.atomic():
            queue = Export.objects.select_for_update(skip_locked=True, of=("self",), no_key=True).filter(_waiting(now))
            found = queue.select_related("year").order_by("pk").first()
            if found is None:
                return None
            if found.attempts < MOST_ATTEMPTS:
                found.state, found.attempts, found.lease_until = ExportState.RUNNING, found.attempts + 1, now + LEASE
                found.done = 0
                found.save(update_fields=["state", "attempts", "lease_until", "done"])
                return found
            _end(found, str(ExportState.FAILED), [_DIED])


def _waiting(now: datetime) -> Q:
    return Q(state=ExportState.QUEUED) | Q(state=ExportState.RUNNING, lease_until__lt=now)


def export_make(one: Export) -> bool:
    """Make an export that ``take`` has leased. True when this call wrote its end."""
    try:
        with tempfile.TemporaryDirectory(prefix="zhengwu-export-") as folder:
            said, workbook, pdf = _Maker(one, Path(folder)).made()
    except RefusedError as error:
        return _end(one, str(ExportState.FAILED), [error.message])
    except ProcessError as error:
        log.warning("export %s, attempt %s: %s", one.pk, one.attempts, error)
        return _end(one, str(ExportState.FAILED), [_DIED])
    return _end(one, str(ExportState.DONE), said, workbook, pdf)


def _end(one: Export, state: str, said: list[Message], workbook: bytes = b"", pdf: bytes = b"") -> bool:
    with transaction.atomic():
        mine = Export.objects.select_for_update(no_key=True).filter(
            pk=one.pk, state=ExportState.RUNNING, attempts=one.attempts
        )
        found = mine.first()
        if found is None:  # the lease ran out, and another worker has it
            return False
        for field, data, suffix in ((found.workbook, workbook, "xlsx"), (found.pdf, pdf, "pdf")):
            if data:
                field.save(f"{secrets.token_hex(16)}.{suffix}", ContentFile(data), save=False)
        found.state, found.ended_at, found.lease_until = state, timezone.now(), None
        found.said = [[message.zh, message.en] for message in said]
        found.done = found.total if workbook else found.done
        found.save()
        old = Export.objects.filter(year=found.year, state__in=(ExportState.DONE, ExportState.FAILED)).order_by("-pk")
        for gone in old[_KEPT:]:
            names = [field.name for field in (gone.workbook, gone.pdf) if field]
            gone.delete()
            transaction.on_commit(lambda storage=found.workbook.storage, names=names: [storage.delete(name) for name in names])  # fmt: skip
    return True


def _with_versions(budgets: list[Budget]) -> list[Budget]:
    found = Budget.objects.select_related("unit", "year", "approved").in_bulk([one.pk for one in budgets])
    return [found[one.pk] for one in budgets]


class _Maker:
    """One export on its way: the ledgers as files in a folder, then the files that are made of them."""

    def __init__(self, one: Export, folder: Path) -> None:
        self._one, self._folder, self._year = one, folder, one.year.year
        self._said: list[Message] = []
        self._parts: list[dict[str, Any]] = []
        self._totals: list[list[Any]] = []
        self._classes: dict[str, Counter[tuple[str, str]]] = {"functions": Counter(), "economic": Counter()}
        self._income: dict[str, list[tuple[int, int, int | None]]] = defaultdict(list)  # by source

    def made(self) -> tuple[list[Message], bytes, bytes]:
        """(what was left out, the workbook, the PDF). Raises RefusedError, ProcessError."""
        departments = departments_of(budgets_of(self._one.year))
        tops = Unit.objects.in_bulk(departments)
        self._total(len(departments) + 3)
        for key in sorted(departments, key=lambda key: tops[key].code):
            self._department(tops[key], departments[key])
            self._step()
        self._write()
        rows, headings = self._measured()
        if not self._parts:
            raise RefusedError("nothing", "没有可以导出的部门：" + "".join(f"\n{one.zh}" for one in self._said[:_SHOWN]),
                               "There is no department to export:" + "".join(f"\n{one.en}" for one in self._said[:_SHOWN]))  # fmt: skip
        places = list(range(len(self._parts)))
        _, workbook = self._ask("workbook", places=places, summary=True)
        self._step()
        return self._said, workbook, self._pdf(places, rows, headings)

    def _department(self, top: Unit, budgets: list[Budget]) -> None:
        waiting = [one for one in budgets if not in_force(one)]
        if waiting and not self._one.drafts:
            self._leave_out(
                top, Message(f"{len(waiting)} 份预算尚未批复", f"{len(waiting)} budget(s) not approved yet")
            )
            return
        # Versions are large: those of one department at a time.
        made = department_of(top, _with_versions(budgets))
        if made.rolled is None:
            self._leave_out(top, made.problem or Message("", ""))
            return
        ledger, name = made.rolled.ledger, f"{len(self._parts)}.json"
        (self._folder / name).write_text(json.dumps(plain(ledger), ensure_ascii=False))
        self._parts.append({"code": top.code, "name": top.name, "draft": bool(waiting), "file": name})
        split: dict[str, Split] = split_by(ledger, "nature")
        basic, project = split.get("basic", Split(0, 0, 0)).total, split.get("project", Split(0, 0, 0)).total
        other = sum(one.other for one in split.values())
        last = Amounts(ledger).spent_last() if ledger.last_year else None
        self._totals.append([top.code, top.name, basic, project, other, last, bool(waiting)])
        for row in ledger.income:
            self._income[row.fund].append((row.amount, row.carry_out or 0, row.last))
        for key, column in (("functions", "function"), ("economic", "government")):
            for code, one in split_by(ledger, column, 3).items():
                for nature, amount in zip(Split._fields, one, strict=True):
                    self._classes[key][code, nature] += amount

    def _leave_out(self, top: Unit, why: Message) -> None:
        self._said.append(Message(f"{top.code} {top.name} 未列入：{why.zh}", f"{top.code} {top.name} is left out: {why.en}"))  # fmt: skip

    def _write(self) -> None:
        publisher = "（含未批复的草案）" if self._one.drafts else ""
        notes = [one.zh for one in self._said[:_SHOWN]]
        if len(self._said) > _SHOWN:
            notes.append(f"另有 {len(self._said) - _SHOWN} 个部门未列入。")
        classes = {
            key: [[code, *(found[code, nature] for nature in Split._fields)] for code in sorted({code for code, _ in found})]
            for key, found in self._classes.items()
        }  # fmt: skip
        given = {
            "title": f"{self._year}年部门预算{publisher}", "publisher": settings.BUREAU, "year": self._year, "notes": notes,
            "totals": self._totals, "parts": self._parts, **classes,
            "income": [[key, *map(_sum, zip(*rows, strict=True))] for key, rows in self._income.items()],
        }  # fmt: skip
        (self._folder / "collection.json").write_text(json.dumps(given, ensure_ascii=False))

    def _measured(self) -> tuple[list[int], int]:
        """The rows of each part's tables, and how many headings all have. What the format cannot print is left out,
        and said."""
        answer, _ = self._ask("measure")
        refused = {place: Message(zh, en) for place, zh, en in answer["refused"]}
        if refused:
            # Of what has no tables the sums stay: the summary is of all.
            for place, why in refused.items():
                part = self._parts[place]
                self._said.append(Message(
                    f"{part['code']} {part['name']} 的表未列入（汇总表含其金额）：{why.zh}",
                    f"The tables of {part['code']} {part['name']} are left out (the summary has its amounts): {why.en}",
                ))  # fmt: skip
            self._parts = [part for place, part in enumerate(self._parts) if place not in refused]
            self._write()
        self._step()
        kept = [place for place in range(len(answer["rows"])) if place not in refused]
        return [answer["rows"][place] for place in kept], sum(answer["tables"][place] + 1 for place in kept)

    def _pdf(self, places: list[int], rows: list[int], headings: int) -> bytes:
        if sum(rows) <= MOST_ROWS:
            return self._ask("pages", places=places, summary=True)[1]
        chapters: list[list[int]] = [[]]
        filled = 0
        for place in places:
            if chapters[-1] and filled + rows[place] > MOST_ROWS:
                chapters.append([])
                filled = 0
            chapters[-1].append(place)
            filled += rows[place]
        self._total(self._one.total + len(chapters))
        # The pages of the contents count, too; how many they are does not hang on the pages that they name.
        front, _ = self._ask("front", places=[], summary=False, entries=[[1, "—", 1]] * (headings + 5))
        first = front["pages"]  # the cover has no number, the page behind it is the first
        files, entries = [], []
        for number, chosen in enumerate(chapters):
            answer, data = self._ask("chapters", places=chosen, summary=not number, first=first)
            files.append(str(self._folder / f"chapter-{number}.pdf"))
            Path(files[-1]).write_bytes(data)
            entries += answer["entries"]
            first += answer["pages"]
            self._step()
        _, data = self._ask("front", places=[], summary=False, entries=entries)
        name = self._folder / "front.pdf"
        name.write_bytes(data)
        return self._ask("bind", files=[str(name), *files])[1]

    def _ask(self, task: str, **more: Any) -> tuple[dict[str, Any], bytes]:
        return ask({"task": task, "folder": str(self._folder), **more}, SECONDS, COMMAND)

    def _total(self, total: int) -> None:
        self._one.total = total
        self._save()

    def _step(self) -> None:
        self._one.done += 1
        self._save()

    def _save(self) -> None:
        mine = Export.objects.filter(pk=self._one.pk, state=ExportState.RUNNING, attempts=self._one.attempts)
        mine.update(done=self._one.done, total=self._one.total, lease_until=timezone.now() + LEASE)


def _sum(amounts: tuple[int | None, ...]) -> int | None:
    """None where one of them is not known."""
    known = [one for one in amounts if one is not None]
    return sum(known) if len(known) == len(amounts) else None


def run_pending(most: int = 100) -> int:
    """Make what is asked for until there is nothing; how many. For tests and commands."""
    for count in range(most):
        one = take(timezone.now())
        if one is None:
            return count
        export_make(one)
    return most


def work(stop: threading.Event) -> None:
    """Make exports until told to stop, whatever goes wrong with one of them or with the database."""
    while not stop.is_set():
        _new.clear()
        one = None
        try:
            close_old_connections()
            # To take is to write, which on SQLite keeps everybody else from it: a look comes first.
            if Export.objects.filter(_waiting(timezone.now())).exists():
                one = take(timezone.now())
            if one is not None:
                export_make(one)
        except DatabaseError as error:
            log.warning("export worker: %s", error)
            connection.close()
            stop.wait(_PAUSE)
        except Exception:
            log.exception("export worker: export %s", one.pk if one else None)
            stop.wait(_PAUSE)
        if one is None:
            _new.wait(_PAUSE)
    connection.close()
