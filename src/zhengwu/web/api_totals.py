"""The sums of a year as the bureau reads them: the board of all departments, totals, a department rolled up."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from zhengwu.dialects.classifications import functional, government_economic
from zhengwu.ledger.rollup_transfers import Transfer, Unpaired
from zhengwu.ledger.schema import FUNDS
from zhengwu.model.message import Message
from zhengwu.web.api_budget_shapes import NoteOut, StateKey, money, note_shape, one_budget, one_year
from zhengwu.web.api_common import ACTOR, DESK, Listed, Paging, actor_of, answers, clean, listed
from zhengwu.web.budgets import bureau, departments, years
from zhengwu.web.common.errors import sentence
from zhengwu.web.common.permissions import require

router = Router(tags=["budget bureau"], auth=ACTOR)
_FUNDS = {one.key: Message(one.zh, one.en) for one in FUNDS}
_DEPARTMENT = Field("", max_length=40, description="the code of a unit: it and all below it")


class AmountsOut(Schema):
    """Expenditure by nature; ``other``: remitted, passed on, business."""

    total: str
    basic: str
    projects: str
    other: str


class GroupsOut(Schema):
    """Expenditure by groups of sources; what is no appropriation stands together as ``other``."""

    general: str
    government_fund: str
    state_capital: str
    other: str


class SumsOut(AmountsOut):
    """Expenditure and what the bureau gives for it. ``control`` is null where no figure was set; ``left`` is negative
    where too much is spent; ``used``: of the control figure in whole per cent, rounded down."""

    funds: GroupsOut
    control: str | None
    left: str | None
    used: int | None


class BoardUnitOut(Schema):
    """A unit's budget on the board. ``days`` until it is due: negative when it is overdue, null where nothing is."""

    budget: int
    unit: str
    unit_name: str
    depth: int
    state: StateKey
    sums: SumsOut
    remarks: int
    due: date | None
    days: int | None


class BoardDepartmentOut(Schema):
    """A department with the budgets of its units, its own first. ``sums``: without what passes between them, which is
    ``taken_out``; ``unpaired``: how many transfers did not pair; ``states``: how many budgets are in which state."""

    unit: str
    unit_name: str
    sums: SumsOut
    taken_out: str
    unpaired: int
    remarks: int
    states: dict[str, int]
    units: list[BoardUnitOut]


class YearBoard(Listed):
    """A piece of the board. The sums are of all departments that pass, not of the piece; ``steps``: how many budgets
    stand at each step of the cycle."""

    budgets: int
    steps: dict[str, int]
    sums: SumsOut
    taken_out: str
    unpaired: int
    items: list[BoardDepartmentOut]


class YearBoardFilter(Schema):
    """Which budgets. ``q``: a part of a unit's name, or the beginning of its code."""

    department: str = _DEPARTMENT
    state: Literal[""] | StateKey = ""
    q: str = Field("", max_length=100)


class ClassOut(AmountsOut):
    """Expenditure on a class."""

    code: str
    name: str


class ClassTotalOut(ClassOut):
    """Expenditure on a class, by groups of sources too."""

    funds: GroupsOut


class SourceOut(Schema):
    """Expenditure paid from a source of the ledger."""

    fund: str
    name: str
    total: str


class TransferOut(Schema):
    """Money that one unit pays to another, taken out on both sides. ``rule``: how the two sides were paired."""

    kind: Literal["subsidy", "remit"]
    payer: str
    receiver: str
    amount: str
    rule: Literal["named", "amount", "whole"]
    message: str


class UnpairedOut(Schema):
    """Money whose other side was not found: it stays in the sums. ``named``: the unit that the line names, or ""."""

    kind: Literal["subsidy", "remit"]
    side: Literal["paid", "received"]
    unit: str
    amount: str
    named: str
    message: str


class InternalOut(Schema):
    """What passes between the units of a department."""

    taken_out: str
    transfers: list[TransferOut]
    unpaired: list[UnpairedOut]


class DepartmentInternalOut(InternalOut):
    """The same, with the department."""

    unit: str
    unit_name: str


class TotalsFilter(Schema):
    """Of which department; of all of them without."""

    department: str = _DEPARTMENT


class TotalsOut(Schema):
    """All departments together, what passes between their units taken out: by function (类), by the government's
    economic class and by source. ``given_basic``, ``given_projects``: the control figures that were set;
    ``adjusted``: what approved adjustments have added since. ``departments``: those in which something was taken out or did not pair."""

    sums: AmountsOut
    groups: GroupsOut
    given_basic: str | None
    given_projects: str | None
    adjusted: str
    taken_out: str
    functions: list[ClassTotalOut]
    economic: list[ClassTotalOut]
    funds: list[SourceOut]
    departments: list[DepartmentInternalOut]


class PartOut(Schema):
    """A unit's part of its department. ``in_force``: an approved version counts, not the draft."""

    budget: int
    unit: str
    unit_name: str
    state: StateKey
    total: str
    in_force: bool


class RollupOut(Listed):
    """A department from the budgets of its units. ``whole``: with what passes between them; ``net``: without. Where
    they cannot be put together ``problem`` says why, and what follows is empty. ``items``: a piece of what is to be
    known or decided."""

    unit: str
    unit_name: str
    year: int
    parts: list[PartOut]
    whole: str
    net: str | None
    problem: str | None
    internal: InternalOut | None
    functions: list[ClassOut]
    economic: list[ClassOut]
    funds: list[SourceOut]
    items: list[NoteOut]


@router.get("/budget-years/{int:year}/board", response=answers(YearBoard, DESK), summary="The board of a year")
def year_board(request: HttpRequest, year: int, asked: Query[YearBoardFilter], paging: Query[Paging]) -> Any:
    """Departments by code: how far each of their budgets is, what it sums up to, what is left of its control figures."""
    require(actor_of(request, "read"), "board.view")
    made = bureau.board(
        one_year(year), timezone.localdate(), clean(asked.department), asked.state, clean(asked.q).strip()
    )
    return {
        **listed(request, made.departments, paging, _department), "budgets": made.budgets, "steps": dict(made.steps),
        "sums": _sums(made.sums), "taken_out": money(made.taken_out), "unpaired": made.unpaired,
    }  # fmt: skip


@router.get("/budget-years/{int:year}/totals", response=answers(TotalsOut, DESK), summary="The totals of a year")
def year_totals(request: HttpRequest, year: int, asked: Query[TotalsFilter]) -> Any:
    """Over all departments, or over one: drafts among them, as they now are."""
    require(actor_of(request, "read"), "board.view")
    made = bureau.totals(one_year(year), clean(asked.department))
    books = (("functions", made.functions, functional()), ("economic", made.economic, government_economic()))
    classes = {
        key: [{**_class(one.code, one, book, year), "funds": _groups(one.funds)} for one in found]
        for key, found, book in books
    }
    departments_ = [
        {"unit": unit.code, "unit_name": unit.name, **_internal(one.transfers, one.unpaired)} for unit, one in made.unpaired
    ]  # fmt: skip
    return {
        "sums": _amounts(made.whole), "groups": _groups(made.whole.by_fund), "given_basic": money(made.given_basic),
        "given_projects": money(made.given_projects), "adjusted": money(made.adjusted), "taken_out": money(made.taken_out), **classes,
        "funds": [_source(key, total) for key, total in made.funds], "departments": departments_,
    }  # fmt: skip


@router.get("/budgets/{int:pk}/rollup", response=answers(RollupOut, DESK), summary="A department rolled up")
def budget_rollup(request: HttpRequest, pk: int, paging: Query[Paging]) -> Any:
    """The budget and those of the units below it, without what passes between them: each as it is in force, or else as
    it is being compiled."""
    item = one_budget(actor_of(request, "read"), pk)
    year, made = item.year.year, departments.department_of(item.unit, departments.units_of(item))
    found: dict[str, Any] = {"internal": None, "functions": [], "economic": [], "funds": []}
    if made.rolled is not None:
        ledger = made.rolled.ledger
        for key, column, book in (("functions", "function", functional()), ("economic", "government", government_economic())):  # fmt: skip
            split = departments.split_by(ledger, column, 3)
            found[key] = [_class(code, one, book, year) for code, one in split.items()]
        found["funds"] = [_source(key, one.total) for key, one in departments.split_by(ledger, "fund").items()]
        found["internal"] = _internal(made.rolled.transfers, made.rolled.unpaired)
    parts = [
        {"budget": one.budget.pk, "unit": one.budget.unit.code, "unit_name": one.budget.unit.name,
         "state": one.budget.state, "total": money(one.total), "in_force": one.in_force}
        for one in made.parts
    ]  # fmt: skip
    return {
        **listed(request, made.notes, paging, lambda one: note_shape(years.note_of(one))),
        "unit": item.unit.code, "unit_name": item.unit.name, "year": year, "parts": parts, "whole": money(made.whole),
        "net": money(made.total), "problem": sentence(made.problem) if made.problem else None, **found,
    }  # fmt: skip


def _amounts(one: bureau.Sums | bureau.ClassTotal | departments.Split) -> dict[str, Any]:
    return {
        "total": money(one.total), "basic": money(one.basic), "projects": money(one.project), "other": money(one.other)
    }  # fmt: skip


def _groups(amounts: Sequence[int]) -> dict[str, Any]:
    return {one.key: money(amount) for one, amount in zip(bureau.FUND_GROUPS, amounts, strict=True)}


def _sums(one: bureau.Sums) -> dict[str, Any]:
    given = {"control": money(one.control), "left": money(one.left), "used": one.used}
    return {**_amounts(one), "funds": _groups(one.by_fund), **given}


def _department(one: bureau.DepartmentRow) -> dict[str, Any]:
    return {
        "unit": one.unit.code, "unit_name": one.unit.name, "sums": _sums(one.sums),
        "taken_out": money(one.internal.taken_out), "unpaired": len(one.internal.unpaired), "remarks": one.remarks,
        "states": dict(one.states), "units": [_unit(each) for each in one.units],
    }  # fmt: skip


def _unit(one: bureau.UnitRow) -> dict[str, Any]:
    return {
        "budget": one.budget.pk, "unit": one.budget.unit.code, "unit_name": one.budget.unit.name, "depth": one.depth,
        "state": one.budget.state, "sums": _sums(one.sums), "remarks": one.remarks, "due": one.due, "days": one.days,
    }  # fmt: skip


def _class(code: str, one: bureau.ClassTotal | departments.Split, book: Any, year: int) -> dict[str, Any]:
    return {"code": code, "name": book.name_of(code, year) or "", **_amounts(one)}


def _source(key: str, total: int) -> dict[str, Any]:
    return {"fund": key, "name": sentence(_FUNDS[key]) if key in _FUNDS else key, "total": money(total)}


def _internal(transfers: Sequence[Transfer], unpaired: Sequence[Unpaired]) -> Mapping[str, Any]:
    return {
        "taken_out": money(sum(one.amount for one in transfers)),
        "transfers": [
            {"kind": one.kind, "payer": one.payer, "receiver": one.receiver, "amount": money(one.amount),
             "rule": one.rule, "message": sentence(one.message)}
            for one in transfers
        ],
        "unpaired": [
            {"kind": one.kind, "side": one.side, "unit": one.unit, "amount": money(one.amount), "named": one.named,
             "message": sentence(one.message)}
            for one in unpaired
        ],
    }  # fmt: skip
