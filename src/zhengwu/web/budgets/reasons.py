"""Why figures differ from last year's: typed once into the ledger, also beside the preview of the text that says them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from zhengwu.ledger.model import Ledger, Reason
from zhengwu.ledger.schema import REASONS, THREE_PUBLIC, Choice
from zhengwu.model.message import Message
from zhengwu.publishing.publication import Typed
from zhengwu.web.budgets.models import Budget, Row
from zhengwu.web.budgets.rows import Change, locked, rows_take
from zhengwu.web.common.models import User
from zhengwu.web.common.permissions import require


class _Sheet(NamedTuple):
    """A sheet of the ledger that has reasons: the column that names a row, that of the reason, what rows there are."""

    named: str
    column: str
    choices: tuple[Choice, ...]


_SHEETS = {"reasons": _Sheet("subject", "text", REASONS), "three_public": _Sheet("item", "reason", THREE_PUBLIC)}


class Field(NamedTuple):
    """A reason as it stands; ``missing`` says why one is demanded where none does."""

    sheet: str
    key: str
    title: Message
    text: str
    missing: Message | None

    @property
    def name(self) -> str:
        """How forms call it, and the preview its place."""
        return f"{self.sheet}-{self.key}"


class Given(NamedTuple):
    """What was typed, and what stood there when the person began."""

    text: str
    seen: str


class Left(NamedTuple):
    """Why a reason was not taken, and what stands there."""

    message: Message
    text: str


def fields_of(budget: Budget, missing: Sequence[Typed]) -> list[Field]:
    """The reasons that are demanded and those that are typed already, in the order of the sheets. A missing figure of
    last year is none: that is typed into its sheet first."""
    rows, lacking = _rows(budget), {(one.sheet, one.key): one.missing for one in missing}
    made = []
    for sheet, found in _SHEETS.items():
        for one in found.choices:
            text, why = _text(rows.get((sheet, one.key)), found), lacking.get((sheet, one.key))
            if text or (why and (sheet == "reasons" or _there(rows.get((sheet, one.key))))):
                made.append(Field(sheet, one.key, Message(one.zh, one.en), text, None if text else why))
    return made


def given_in(values: Mapping[str, str]) -> dict[str, Given]:
    """What a form sent: by the name of the field."""
    names = [f"{sheet}-{one.key}" for sheet, found in _SHEETS.items() for one in found.choices]
    return {
        name: Given(_line(values[f"text-{name}"]), _line(values.get(f"seen-{name}", "")))
        for name in names
        if f"text-{name}" in values
    }


def reasons_set(*, actor: User, budget: Budget, given: Mapping[str, Given], now: datetime) -> dict[str, Left]:
    """Type reasons into the ledger, by the names of fields; an empty one is taken out. What somebody else has typed
    meanwhile stays, and is returned by the name of the field. Raises RefusedError as ``rows_take``."""
    require(actor, "budget.edit", budget.unit)
    left: dict[str, Left] = {}
    with transaction.atomic():
        budget = locked(budget)
        rows = _rows(budget)
        for sheet, found in _SHEETS.items():
            changes = list(_changes(sheet, found, rows, given))
            if not changes:
                continue
            saved = rows_take(actor=actor, budget=budget, sheet_key=sheet, changes=changes, now=now)
            for one in saved.outcomes:
                for message in one.wrong.values():
                    left[one.name] = Left(message, given[one.name].seen)
                if one.theirs:
                    left[one.name] = _against(str(one.theirs.get(found.column) or ""))
    return left


def with_reasons(ledger: Ledger, given: Mapping[str, Given]) -> Ledger:
    """A ledger as it would be with what was typed: for a preview, nothing is kept."""
    typed = {tuple(name.split("-", 1)): one.text for name, one in given.items()}
    others = [one for one in ledger.reasons if ("reasons", one.subject) not in typed]
    ours = [Reason(key, text, 0) for (sheet, key), text in typed.items() if sheet == "reasons" and text]
    items = [one._replace(reason=typed.get(("three_public", one.item), one.reason)) for one in ledger.three_public]
    return ledger._replace(reasons=(*others, *ours), three_public=tuple(items))


def _rows(budget: Budget) -> dict[tuple[str, str], Row]:
    """The rows by sheet and what names them; what was taken out counts where nothing else is there."""
    found = Row.objects.filter(budget=budget, sheet__in=_SHEETS).order_by("-gone", "-position", "-pk")
    return {(one.sheet, one.values.get(_SHEETS[one.sheet].named) or ""): one for one in found}


def _there(row: Row | None) -> bool:
    return row is not None and not row.gone


def _text(row: Row | None, found: _Sheet) -> str:
    return str(row.values.get(found.column) or "") if row is not None and not row.gone else ""


def _changes(
    sheet: str, found: _Sheet, rows: Mapping[tuple[str, str], Row], given: Mapping[str, Given]
) -> Iterator[Change]:
    for one in found.choices:
        name, row = f"{sheet}-{one.key}", rows.get((sheet, one.key))
        typed = given.get(name)
        if typed is None or typed.text == typed.seen:
            continue
        cells = {found.column: typed.text}
        if row is not None and not row.gone:
            stands = _text(row, found)
            seen = {found.column: stands if _line(stands) == typed.seen else typed.seen}  # lines and blanks aside
            yield Change(name, row.pk, cells, seen, True if sheet == "reasons" and not typed.text else None)
        elif typed.text and sheet == "reasons":
            whole = {found.named: one.key, **cells}
            yield Change(name, row.pk, whole, {}, False) if row else Change(name, None, whole)


def _against(text: str) -> Left:
    return Left(
        Message(
            f"别人刚刚填写了“{text}”；再保存一次，就以您填写的为准。",
            f"Somebody else has just typed “{text}”: save once more to put yours in its place.",
        ),
        text,
    )


def _line(text: str) -> str:
    """A reason stands inside a sentence: on one line."""
    return " ".join(text.split())
