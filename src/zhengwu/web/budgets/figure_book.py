"""Control figures as a workbook (.xlsx): out to be filled in by hand, and in again, all or nothing."""

import io
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xlsxwriter
from django.db import transaction

from zhengwu.ledger.cells import Book, Row, letters
from zhengwu.ledger.problem import LedgerError, Problem
from zhengwu.ledger.schema import Column
from zhengwu.ledger.values import REQUIRED, BadValueError, converter, empty_value
from zhengwu.model.message import Message, RefusedError
from zhengwu.reading.detect import detect_workbook
from zhengwu.reading.limits import check_size
from zhengwu.web.budgets.bureau import budgets_of
from zhengwu.web.budgets.figures import UNBOUND, requests_of
from zhengwu.web.budgets.models import Budget, BudgetYear, ControlFigure
from zhengwu.web.budgets.years import Figure, figures_set
from zhengwu.web.common.models import User
from zhengwu.web.common.permissions import require
from zhengwu.web.common.trail import record

SHEET = Message("控制数", "control figures")
COLUMNS = (
    Column("unit", "单位代码", "unit code", "code", True),
    Column("name", "单位名称", "unit name", "text"),  # for people; not read
    Column("project", "项目名称", "project", "text", False, "空：基本支出", "empty: basic expenditure"),
    Column("request", "单位申报数", "request", "text"),  # for people; not read
    Column("amount", "控制数", "control figure", "amount", False, "元；空：没有控制数", "yuan; empty: no figure"),
    Column("staff", "人数", "staff", "count"),
    Column("standard", "人均标准", "standard", "amount", False, "元", "yuan"),
    Column("remark", "备注", "remark", "text"),
)
_READ = tuple(one for one in COLUMNS if one.key not in ("name", "request"))
_WIDTHS = {"unit": 14, "name": 34, "project": 44, "request": 18, "amount": 18, "staff": 8, "standard": 14, "remark": 40}
_EPOCH = datetime(1980, 1, 1)
MOST_PROBLEMS = 200


def figures_book(year: BudgetYear, budgets: Sequence[Budget], language: str) -> bytes:
    """Every figure that was set, and a row for each project that is asked for and has none yet."""
    requests = requests_of(budgets)
    given: dict[int, dict[str, ControlFigure]] = defaultdict(dict)
    for one in ControlFigure.objects.filter(budget__in=[one.pk for one in budgets]):
        given[one.budget_id][one.project] = one
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": f"{year.year} {SHEET.zh}", "created": _EPOCH})
    page = book.add_worksheet(SHEET.in_language(language))
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#DDEBF7", "text_wrap": True})
    money, text = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "@"})
    for place, column in enumerate(COLUMNS):
        page.set_column(place, place, _WIDTHS[column.key], money if column.type == "amount" else text)
        page.write_string(0, place, column.en if language == "en" else column.zh, head)
    page.freeze_panes(1, 0)
    row = 0
    for budget in budgets:
        request = requests[budget.pk]
        asked = {"": request.basic, **request.projects}
        for project in sorted({*asked, *given[budget.pk]}):
            row += 1
            one = given[budget.pk].get(project)
            page.write_string(row, 0, budget.unit.code, text)
            page.write_string(row, 1, budget.unit.name, text)
            page.write_string(row, 2, project, text)
            if project in asked:
                page.write_number(row, 3, asked[project] / 100, money)
            if one is not None:
                page.write_number(row, 4, one.amount / 100, money)
                if one.staff is not None:
                    page.write_number(row, 5, one.staff)
                if one.standard is not None:
                    page.write_number(row, 6, one.standard / 100, money)
                page.write_string(row, 7, one.remark, text)
    page.autofilter(0, 0, max(row, 1), len(COLUMNS) - 1)
    book.close()
    return stream.getvalue()


def figures_take(*, actor: User, year: BudgetYear, data: bytes, name: str, now: datetime) -> int:
    """Set the figures of every unit that the workbook names, in place of those before: rows without an amount give
    none. How many units. Raises LedgerError with every problem by row and column; then nothing is set."""
    require(actor, "budget.control")
    wanted = _read(data, {one.unit.code: one for one in budgets_of(year)})
    with transaction.atomic():
        for budget, figures in wanted:
            figures_set(actor=actor, budget=budget, figures=figures, now=now)
        record(actor=actor, action="budget.figures-import", subject=year, data={"name": name[:200], "units": len(wanted)})  # fmt: skip
    return len(wanted)


def _read(data: bytes, budgets: dict[str, Budget]) -> list[tuple[Budget, list[Figure]]]:
    check_size(len(data))
    if detect_workbook(data) != "xlsx":
        raise RefusedError("not-a-workbook", "请选择 .xlsx 工作簿。", "Choose an .xlsx workbook.")
    sheets = list(Book(data).sheets())
    chosen = next((one for one in sheets if one.name in SHEET), sheets[0] if sheets else None)
    rows = iter(chosen.rows) if chosen else iter(())
    places = _header(next(rows, (1, {})))
    problems: list[Problem] = []
    found: dict[str, dict[str, Figure]] = defaultdict(dict)
    numbers: dict[tuple[str, str], int] = {}
    for number, cells in rows:
        made = _row(number, cells, places, problems)
        if made is None:
            continue
        unit, project = str(made["unit"]), " ".join(str(made["project"]).split())
        where = _title(places, "unit")
        if unit not in budgets:
            problems.append(Problem(SHEET.zh, number, where, Message(f"没有代码为“{unit}”的单位，或这个年度没有它的预算。", f"there is no unit “{unit}” with a budget of this year")))  # fmt: skip
        elif budgets[unit].state in UNBOUND:
            problems.append(Problem(SHEET.zh, number, where, Message(f"“{unit}”的预算已经批复或并入其他单位，不能再改控制数。", f"the budget of “{unit}” is approved or merged; its figures are fixed")))  # fmt: skip
        elif (unit, project) in numbers:
            problems.append(Problem(SHEET.zh, number, _title(places, "project"), Message(f"与第 {numbers[unit, project]} 行重复。", f"is the same as in row {numbers[unit, project]}")))  # fmt: skip
        numbers.setdefault((unit, project), number)
        figures = found[unit]  # a unit that is named has its figures set, if to none
        amount, staff, standard = made["amount"], made["staff"], made["standard"]
        if amount is None:
            continue
        if staff is not None and standard is not None and amount < staff * standard:
            problems.append(Problem(SHEET.zh, number, _title(places, "amount"), Message("小于人数乘人均标准。", "is less than staff times the standard")))  # fmt: skip
        figures[project] = Figure(project, amount, staff, standard, str(made["remark"])[:200])
        if len(problems) >= MOST_PROBLEMS:
            break
    if not numbers and not problems:
        problems.append(Problem(SHEET.zh, 0, "", Message("没有数据。", "has no rows")))
    if problems:
        raise LedgerError(problems)
    return [(budgets[unit], list(figures.values())) for unit, figures in found.items()]


def _header(row: Row) -> dict[str, tuple[int, str]]:
    """Where each column that is read stands: (number, title with its letter)."""
    titles = {cell.text.strip().casefold(): (place, cell.text.strip()) for place, cell in row[1].items()}
    found: dict[str, tuple[int, str]] = {}
    for column in _READ:
        for name in (column.zh, column.en, column.key):
            if name.casefold() in titles:
                place, title = titles[name.casefold()]
                found[column.key] = place, f"{letters(place)} {title}"
                break
    for key in ("unit", "project", "amount"):
        if key not in found:
            column = next(one for one in COLUMNS if one.key == key)
            raise LedgerError([Problem(SHEET.zh, row[0], "", Message(f"没有“{column.zh}”这一列。", f"has no column “{column.en}”"))])  # fmt: skip
    return found


def _row(number: int, cells: dict[int, Any], places: dict[str, tuple[int, str]], problems: list[Problem]) -> dict[str, Any] | None:  # fmt: skip
    made: dict[str, Any] = {}
    before = len(problems)
    if not any(cells.get(place) for place, _ in places.values()):
        return None
    for column in _READ:
        place, title = places.get(column.key, (0, column.zh))
        cell = cells.get(place)
        if cell is None:
            if column.required:
                problems.append(Problem(SHEET.zh, number, title, REQUIRED))
            made[column.key] = empty_value(column)
            continue
        try:
            made[column.key] = converter(column)(cell)
        except BadValueError as error:
            problems.append(Problem(SHEET.zh, number, title, error.message))
    return made if len(problems) == before else None


def _title(places: dict[str, tuple[int, str]], key: str) -> str:
    return places[key][1]
