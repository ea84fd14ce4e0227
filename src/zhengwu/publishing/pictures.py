"""The pictures of a budget: where the money comes from, what it is for, what has changed."""

from zhengwu.ledger.amounts import Amounts
from zhengwu.ledger.schema import FUNDS, NATURES
from zhengwu.publishing.charts import (
    Change,
    Chart,
    Slice,
    flow_chart,
    natures_chart,
    treemap_chart,
    years_chart,
)


def pictures_of(amounts: Amounts) -> list[Chart]:
    """Flow, treemap, natures and the year before; pictures without any amount are left out."""
    classes = _classes(amounts)
    sources = [Slice(choice.zh, fen) for choice in FUNDS if (fen := amounts.income(choice.key))]
    charts = []
    if classes and sources:
        uses = [Slice(one.name, one.amount) for one in classes]
        charts.append(
            flow_chart("钱从哪里来，到哪里去", sources, amounts.ledger.budget.name, uses, carried=amounts.carry_out())
        )
        charts.append(treemap_chart("支出按功能分类", classes))
        charts.append(natures_chart("基本支出和项目支出", _natures(amounts)))
    changes = _changes(amounts)
    if any(change.last is not None for change in changes):
        charts.append(years_chart("与上年相比", changes, amounts.year))
    return charts


def _classes(amounts: Amounts) -> list[Slice]:
    """Functional classes with the groups below them, the largest first."""
    found = amounts.rolled_up("function", [{"measure": "expenditure"}])
    slices = []
    for code, (fen,) in found.items():
        if len(code) == 3 and fen:
            below = [
                Slice(amounts.name("function", one), part)
                for one, (part,) in sorted(found.items())
                if len(one) == 7 and one.startswith(code) and part
            ]
            slices.append(Slice(amounts.name("function", code), fen, tuple(sorted(below, key=_largest))))
    return sorted(slices, key=_largest)


def _largest(one: Slice) -> int:
    return -one.amount


def _natures(amounts: Amounts) -> list[Slice]:
    slices = []
    for choice in NATURES:
        fen = amounts.spent(nature=choice.key)
        if not fen:
            continue
        parts: tuple[Slice, ...] = ()
        if choice.key == "basic":
            named = (("人员经费", "personnel"), ("公用经费", "public"))
            parts = tuple(Slice(name, part) for name, key in named if (part := amounts.spent(nature=key)))
        slices.append(Slice(choice.zh, fen, parts))
    return slices


def _changes(amounts: Amounts) -> list[Change]:
    """This year against last, of what last year is known of."""
    ledger = amounts.ledger
    given = {row.subject for row in ledger.last_year}
    changes = []
    if any(row.last is not None for row in ledger.income):
        changes.append(Change("收入", last=amounts.income(last=True), this=amounts.income()))
    for key, name in (("basic", "基本支出"), ("project", "项目支出")):
        if key in given:
            changes.append(Change(name, last=amounts.spent_last(key), this=amounts.spent(nature=key)))
    if ledger.three_public:
        changes.append(Change("“三公”经费", last=amounts.three_public(last=True), this=amounts.three_public()))
    return changes
