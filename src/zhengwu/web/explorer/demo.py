"""Example ledgers for the demonstration: the example bureau over three years and a made-up department.

The later years are derived from the first one with figures that balance: every line is scaled and rounded to the 分,
income follows from the lines, last year's figures from the year before.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, cast

from zhengwu.ledger.amounts import Amounts
from zhengwu.ledger.model import (
    Income,
    LastYear,
    Ledger,
    Line,
    ThreePublic,
    Unit,
)

FICTIONAL = "示例区政务服务管理局"
FICTIONAL_CODE = "999001"
_SHORTEN = {"北京市西城区": "示例区", "西城区": "示例区"}


_EXAMPLE = (("北京市西城区", "示例城区"), ("西城区", "示例城区"), ("西城", "示例城区"))


def as_example(ledger: Ledger) -> Ledger:
    """The ledger under a name that nobody bears: its later years are made up, and must not be taken for those of a
    real department."""

    def renamed(value: object) -> object:
        if isinstance(value, str):
            for old, new in _EXAMPLE:
                value = value.replace(old, new)
            return value
        if isinstance(value, tuple):
            items: list[Any] = [renamed(item) for item in value]
            return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
        return value

    return cast(Ledger, renamed(ledger))


def later(before: Ledger, factor: Callable[[Line], Decimal]) -> Ledger:
    """The ledger of the year after: lines scaled, what follows from them made anew, dated texts left out."""
    year = before.budget.year + 1
    earlier = Amounts(before)
    lines = tuple(
        line._replace(
            # Receptions stay as they are: a change would need a reason that nobody can give for figures made up.
            amount=line.amount if line.departmental == "30217" else int(line.amount * factor(line)),
            project=_dated(line.project, year),
        )
        for line in before.lines
    )
    procured = tuple(
        one._replace(
            project=_dated(one.project, year),
            amount=sum(line.amount for line in lines if line.project == _dated(one.project, year)),
            small=None,
        )
        for one in before.procurement
    )
    ledger = before._replace(
        budget=before.budget._replace(year=year, asset_date=f"{year - 1}年12月31日", control=None),
        lines=lines,
        procurement=procured,
        purchased=tuple(one._replace(project=_dated(one.project, year)) for one in before.purchased),
        transfers=(),
        projects=tuple(
            one._replace(name=_dated(one.name, year), period=_dated(one.period, year), targets=False)
            for one in before.projects
        ),
        targets=(),
        indicators=(),
        evaluations=(),
        department_targets=before.department_targets,
    )
    totals = {fund: sum(line.amount for line in lines if line.fund == fund) for fund in {line.fund for line in lines}}
    income = tuple(
        Income(one.fund, totals.get(one.fund, 0) + (one.carry_out or 0), one.amount, one.carry_out)
        for one in before.income
    )
    last = tuple(LastYear(one.subject, _last(earlier, one)) for one in before.last_year)
    three = tuple(
        ThreePublic(one.item, earlier.three_public(one.item), one.number, one.number, one.reason)
        for one in before.three_public
    )
    return ledger._replace(income=income, last_year=last, three_public=three)


def _last(earlier: Amounts, one: LastYear) -> int:
    return earlier.operating() if one.subject == "operating" else earlier.spent(nature=one.subject)


def _dated(name: str, year: int) -> str:
    """A project's name or period with the year in it moved on."""
    for one in (year - 1, year - 2):
        name = name.replace(str(one), str(year))
    return name


def elsewhere(ledger: Ledger) -> Ledger:
    """The same kind of budget of a department that does not exist: names and figures altered."""

    def named(text: str) -> str:
        for old, new in _SHORTEN.items():
            text = text.replace(old, new)
        return text

    factor = Decimal("0.6")
    lines = tuple(
        line._replace(
            unit=line.unit.replace(ledger.budget.code, FICTIONAL_CODE),
            project=named(line.project),
            amount=int(line.amount * factor),
        )
        for line in ledger.lines
    )
    scaled = {one.project: int(one.amount * factor) for one in ledger.procurement}
    income = tuple(
        one._replace(
            amount=sum(line.amount for line in lines if line.fund == one.fund),
            last=None if one.last is None else int(one.last * factor),
        )
        for one in ledger.income
    )
    last = tuple(one._replace(amount=int(one.amount * factor)) for one in ledger.last_year)
    natures = sum(one.amount for one in last if one.subject != "operating")
    income = (income[0]._replace(last=natures), *income[1:])
    return ledger._replace(
        budget=ledger.budget._replace(code=FICTIONAL_CODE, name=FICTIONAL, control=None),
        units=tuple(
            Unit(one.code.replace(ledger.budget.code, FICTIONAL_CODE), named(one.name), *one[2:])
            for one in ledger.units
        ),
        duties=tuple(one._replace(text=named(one.text)) for one in ledger.duties),
        divisions=tuple(one._replace(duties=named(one.duties)) for one in ledger.divisions),
        lines=lines,
        income=income,
        last_year=last,
        three_public=tuple(one._replace(last=int(one.last * factor)) for one in ledger.three_public),
        procurement=tuple(
            one._replace(project=named(one.project), amount=scaled[one.project], small=None)
            for one in ledger.procurement
        ),
        purchased=tuple(one._replace(project=named(one.project)) for one in ledger.purchased),
        projects=tuple(one._replace(name=named(one.name), targets=False) for one in ledger.projects),
        targets=(),
        indicators=(),
        evaluations=tuple(one._replace(project=named(one.project)) for one in ledger.evaluations),
    )
