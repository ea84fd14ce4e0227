"""A project's history, as its page tells it: the events of the audit trail in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from zhengwu.ledger.schema import INDICATORS, Column, sheet
from zhengwu.ledger.values import yuan
from zhengwu.model.message import Message
from zhengwu.web.budgets import books
from zhengwu.web.budgets.library import LISTS
from zhengwu.web.budgets.models import Project, ProjectState
from zhengwu.web.common.models import AuditEvent
from zhengwu.web.common.trail import subject_of

_BUDGETS = ("budget.project-enter", "budget.project-leave")
_FIELDS = {
    "name": Message("项目名称", "name"), "starts": Message("开始年", "first year"), "ends": Message("结束年", "last year"),
    "amount": Message("年度金额", "money"), "goal": Message("年度目标", "annual goal"), "from": Message("状态", "state"),
}  # fmt: skip
_COLUMNS = {one.key: one for key in ("projects", "targets") for one in sheet(key).columns}
_AMOUNT = next(one for one in sheet("lines").columns if one.key == "amount")
_KINDS = {one.key: one.zh for one in INDICATORS}


class Told(NamedTuple):
    """An event with what changed, a sentence each."""

    event: AuditEvent
    changes: tuple[Message, ...]


def history(project: Project, most: int = 50) -> list[Told]:
    """What happened to a project, the newest first."""
    return told(events(project)[:most])


def events(project: Project) -> "QuerySet[AuditEvent]":
    """The events of a project in the audit trail, the newest first."""
    own = Q(subject=subject_of(project)) | Q(action__in=_BUDGETS, unit=project.unit_id, data__project=project.pk)
    return AuditEvent.objects.filter(own).select_related("actor").order_by("-sequence")


def told(found: Iterable[AuditEvent]) -> list[Told]:
    """Events of a project in words."""
    return [Told(one, tuple(_changes(one.action, one.data))) for one in found]


def _changes(action: str, data: Mapping[str, Any]) -> Iterator[Message]:
    if action == "project.change":
        for field, (before, after) in data.items():
            if field in ("values", "midterm"):
                yield from _columns(before, after)
            else:
                yield _changed(_FIELDS[field], before, after)
    elif action == "project.state":
        yield _changed(_FIELDS["from"], ProjectState(data["from"]).label, ProjectState(data["to"]).label)
    elif action in ("project.year", "project.adjust"):
        yield _year(data)
        if "adjustment" in data:
            yield Message(f"调剂 {data['adjustment']}", f"adjustment {data['adjustment']}")
        for field in ("amount", "goal"):
            if field in data:
                before, after = (_said(_AMOUNT, one) if field == "amount" else one for one in data[field])
                yield _changed(_FIELDS[field], before, after)
        for key in LISTS:
            if key in data:
                found = sheet(key)
                before, after = ("；".join(_row(key, row) for row in rows) for rows in data[key])
                yield _changed(Message(found.zh, found.en), before, after)
        if "midterm" in data:
            yield from _columns(*data["midterm"])
        for field in ("indicators", "midterm_indicators"):
            if field in data:
                yield from _indicators(*data[field])
    elif action == "project.indicators":
        yield _year(data)
        yield from _indicators(data["before"], data["after"])
    elif action in ("project.attach", "project.detach"):
        for name in [one["name"] for one in data.get("files", ())] or [data["name"]]:
            yield Message(name, name)
    elif action in (*_BUDGETS, "project.take-over"):
        yield _year(data)
        if isinstance(data.get("amount"), int):
            money = yuan(data["amount"])
            yield Message(f"{_FIELDS['amount'].zh}：{money} 元", f"{_FIELDS['amount'].en}: {money} yuan")


def _columns(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Message]:
    for key in after:
        if before.get(key) != after[key]:
            column = _COLUMNS[key]
            yield _changed(Message(column.zh, column.en), _said(column, before.get(key)), _said(column, after[key]))


def _year(data: Mapping[str, Any]) -> Message:
    year = data.get("year")
    return Message(f"{year} 年", str(year)) if year else Message("中期", "mid-term")


def _indicators(before: Sequence[Sequence[str]], after: Sequence[Sequence[str]]) -> Iterator[Message]:
    old, new = ({(kind, name): value for kind, name, value in rows} for rows in (before, after))
    for key in {**old, **new}:
        if old.get(key) != new.get(key):
            title = f"{_KINDS.get(key[0], key[0])} · {key[1]}"
            yield _changed(Message(title, title), old.get(key), new.get(key))


def _row(key: str, row: Mapping[str, Any]) -> str:
    return " ".join(_said(column, row[column.key]) for column in sheet(key).columns if row.get(column.key) not in (None, ""))  # fmt: skip


def _said(column: Column, value: Any) -> str:
    if column.type == "amount" and isinstance(value, int):
        return yuan(value)
    choice = next((one for one in column.choices if one.key == value), None)
    return choice.zh if choice else books.shown(column, value)


def _changed(title: Message, before: Any, after: Any) -> Message:
    # In full: two goals of which the 61st character differs are not the same.
    old, new = ("—" if one in (None, "") else str(one) for one in (before, after))
    return Message(f"{title.zh}：{old} → {new}", f"{title.en}: {old} → {new}")
