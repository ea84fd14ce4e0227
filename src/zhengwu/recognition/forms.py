"""Target forms: a project's money by period and source, and what its cost indicators promise."""

import re
from itertools import pairwise

from zhengwu.model.disclosure import TargetForm
from zhengwu.model.document import Cell, Place
from zhengwu.model.fact import Fact, Identity
from zhengwu.model.number import YUAN_IN, last_place, number_of, parse_number
from zhengwu.model.table import Table
from zhengwu.recognition.words import label_of, squeeze

MONEY = re.compile(r"(?<![\d.,])(\d[\d,]*(?:\.\d+)?)\s*(亿元|万元|千元|元)")
_FUND_LABELS = (
    ("total", re.compile(r"资金总额|预算总额|年度预算|项目总额")),
    ("fiscal", re.compile(r"财政拨款|财政资金|一般公共预算|当年财政")),
    ("other", re.compile(r"其他资金|其他$|自筹")),
    ("basic", re.compile(r"^基本支出")),
    ("project", re.compile(r"^项目支出")),
    ("rest", re.compile(r"^其他支出")),
)
_MIDTERM = re.compile(r"中期|总体|实施期")


def form_of(index: int, table: Table, year: int, stage: str) -> tuple[TargetForm, list[Fact]]:
    """The form at table ``index`` and all its facts."""
    project, place = _project(table)
    funds = _funds(index, table, project, year, stage)
    costs = _costs(index, table)
    facts = [*funds.values(), *(fact for period in costs.values() for fact in period)]
    return TargetForm(index, project, place, funds, costs), facts


def _project(table: Table) -> tuple[str, Place]:
    for row in table.rows[:6]:
        cells = [cell for cell in row.cells if cell]
        for cell, value in pairwise(cells):
            if label_of(cell.text) in ("项目名称", "部门(单位)名称", "单位名称", "部门名称", "项目"):
                return "".join(value.text.split()), value.place
    return "", table.place


def _amount(cell: Cell, table: Table) -> tuple[str, str, tuple[int, int] | None] | None:
    """(digits, unit, span) of the amount in a cell: with its own unit, else in the form's."""
    match = MONEY.search(cell.text)
    if match:
        return match.group(1), match.group(2), match.span()
    if parse_number(cell.text) is not None:
        return squeeze(cell.text), table.money_unit, None
    return None


def _fact(cell: Cell, table: Table, index: int, identity: Identity | None, label: str) -> Fact | None:
    found = _amount(cell, table)
    if found is None:
        return None
    digits, unit, span = found
    number = number_of(digits)
    worth = YUAN_IN[unit]
    quote = cell.text[slice(*span)] if span else cell.text.strip()
    return Fact(
        number.value * worth,
        last_place(number.decimals, worth),
        identity,
        cell.place,
        quote,
        index,
        span,
        label,
        unit,
    )


def _funds(index: int, table: Table, project: str, year: int, stage: str) -> dict[tuple[str, str], Fact]:
    funds: dict[tuple[str, str], Fact] = {}
    periods: list[str] = []
    for row in table.rows[:14]:
        cells = [cell for cell in row.cells if cell]
        seen = 0
        for cell, value in pairwise(cells):
            label = label_of(cell.text)
            key = next((key for key, pattern in _FUND_LABELS if pattern.search(label)), "")
            if not key or len(label) > 16:
                continue
            if key == "total":
                periods = periods if seen else []
                periods.append("midterm" if _MIDTERM.search(label) else "annual")
            period = periods[seen] if seen < len(periods) else "annual"
            seen += 1
            fact = _fact(value, table, index, _identity(table, key, period, project, year, stage), label)
            if fact and (period, key) not in funds:
                funds[period, key] = fact
    return funds


def _identity(table: Table, key: str, period: str, project: str, year: int, stage: str) -> Identity | None:
    if table.kind == "whole_target":
        nature = {"total": "", "basic": "basic", "project": "project"}.get(key)
        return Identity("expenditure", year, stage, nature=nature) if nature is not None else None
    return Identity("target_funds", year, stage, item=f"{project}|{period}|{key}")


def _costs(index: int, table: Table) -> dict[str, tuple[Fact, ...]]:
    """Amounts promised by cost indicators, by period."""
    groups: list[tuple[int, int]] = []  # (column of the second level, column of the value)
    costs: dict[str, list[Fact]] = {}
    current: list[str] = []
    for row in table.rows:
        texts = [squeeze(cell.text) if cell else "" for cell in row.cells]
        if "指标值" in texts and any(text.startswith("三级指标") for text in texts):
            seconds = [n for n, text in enumerate(texts) if text.startswith("二级指标")]
            values = [n for n, text in enumerate(texts) if text == "指标值"]
            groups = list(zip(seconds, values, strict=False))
            current = [""] * len(groups)
            continue
        for number, (second, value) in enumerate(groups):
            if second < len(texts) and texts[second]:
                current[number] = texts[second]
            cell = row.cells[value] if value < len(row.cells) else None
            if cell is None or "成本" not in current[number]:
                continue
            period = "annual" if number == len(groups) - 1 else "midterm"
            if MONEY.search(cell.text):
                fact = _fact(cell, table, index, None, current[number])
                if fact:
                    costs.setdefault(period, []).append(fact)
    return {period: tuple(facts) for period, facts in costs.items()}
