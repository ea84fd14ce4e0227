"""The tables of many units in one file: a summary of all, then each unit's own, as a people's congress gets them
(提交人代会审议的部门预算)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from zhengwu.publishing.cells import printed
from zhengwu.publishing.publication import (
    Block,
    Heading,
    PrintedCell,
    PrintedColumn,
    PrintedRow,
    PrintedTable,
    Publication,
    Run,
    Text,
)

DRAFT = "草案"


class Part(NamedTuple):
    """The tables of one unit. ``draft`` says that they were not approved yet: each heading then says so, too."""

    code: str
    name: str
    tables: tuple[PrintedTable, ...]
    draft: bool = False

    @property
    def title(self) -> str:
        """Code and name."""
        return f"{self.code} {self.name}{f'（{DRAFT}）' if self.draft else ''}"

    @property
    def marked(self) -> tuple[PrintedTable, ...]:
        """The tables, of a draft with its mark in their headings."""
        if not self.draft:
            return self.tables
        return tuple(one._replace(caption=f"{one.heading}（{DRAFT}）") for one in self.tables)


class Collection(NamedTuple):
    """Many units' tables. ``notes`` are sentences of the first page: what was left out, and why."""

    title: str
    publisher: str
    year: int
    summary: tuple[PrintedTable, ...]
    notes: tuple[str, ...]
    parts: tuple[Part, ...]


class Total(NamedTuple):
    """A unit in the summary, in 分; ``last`` is None where last year's budget is not known."""

    code: str
    name: str
    basic: int
    project: int
    other: int
    last: int | None
    draft: bool = False

    @property
    def total(self) -> int:
        """All of it."""
        return self.basic + self.project + self.other


def joined(collection: Collection) -> Publication:
    """All of it as one publication, for the writers of pages: the parts are its chapters."""
    blocks: list[Block] = []
    if collection.summary:
        blocks = [Heading(1, "汇总"), *(Text((Run(note),)) for note in collection.notes), *collection.summary]
    for part in collection.parts:
        blocks.append(Heading(1, part.title))
        blocks += part.marked
    return Publication(
        collection.title, collection.publisher, "", collection.year, "budget", "",
        (collection.title, collection.publisher), tuple(blocks),
    )  # fmt: skip


def units_table(year: int, totals: Sequence[Total]) -> PrintedTable:
    """Each unit's expenditure against last year's, and their sum."""
    labels = ("部门代码", "部门名称", "支出总计", "基本支出", "项目支出", "其他支出", "上年预算", "增减额", "增减（%）")
    roles = ("code", "name", *["amount"] * 7)
    rows = [_unit_row("item", one) for one in totals]
    known = [one.last for one in totals if one.last is not None]
    whole = Total(
        "", "合计", sum(one.basic for one in totals), sum(one.project for one in totals),
        sum(one.other for one in totals), sum(known) if len(known) == len(totals) and known else None,
    )  # fmt: skip
    rows.append(_unit_row("total", whole))
    return _table("表1", f"{year}年部门预算支出汇总表", labels, roles, (1.0, 3.0, *[1.6] * 6, 1.0), rows)


def _unit_row(kind: str, one: Total) -> PrintedRow:
    amounts = [_money(fen) for fen in (one.total, one.basic, one.project, one.other)]
    name = f"{one.name}（{DRAFT}）" if one.draft else one.name
    return PrintedRow(kind, (PrintedCell(one.code), PrintedCell(name), *amounts, *_against(one.total, one.last)))


def _against(amount: int, last: int | None) -> tuple[PrintedCell, PrintedCell, PrintedCell]:
    """Last year's, the change in money and in per cent."""
    change = None if last is None else amount - last
    share = PrintedCell("—", align="right")
    if change is not None and last:
        rate = round(Decimal(change * 100) / last, 2) + 0  # no −0.00
        share = PrintedCell(f"{rate:.2f}", rate)
    return _money(last), _money(change), share


class Source(NamedTuple):
    """Income from a source in 分, what of it is carried out; ``last`` is None where last year's is not known."""

    name: str
    amount: int
    carry_out: int
    last: int | None


def income_table(number: str, title: str, sources: Sequence[Source]) -> PrintedTable:
    """Income of all units by source against last year's, and its sum."""
    labels = ("资金来源", "收入预算", "其中：结转下年", "上年预算", "增减额", "增减（%）")
    known = [one.last for one in sources if one.last is not None]
    whole = Source(
        "合计", sum(one.amount for one in sources), sum(one.carry_out for one in sources),
        sum(known) if len(known) == len(sources) else None,
    )  # fmt: skip
    rows = [
        PrintedRow(kind, (PrintedCell(one.name), _money(one.amount), _money(one.carry_out), *_against(one.amount, one.last)))
        for kind, one in (*(("item", one) for one in sources), ("total", whole))
    ]  # fmt: skip
    return _table(number, title, labels, ("name", *["amount"] * 5), (3.0, *[1.8] * 4, 1.0), rows)


def classes_table(number: str, title: str, first: str, rows: Sequence[tuple[str, str, int, int, int]]) -> PrintedTable:
    """Expenditure of all units by classes: (code, name, basic, project, other) in 分."""
    labels = (first, "名称", "支出总计", "基本支出", "项目支出", "其他支出")
    made = [
        PrintedRow("item", (PrintedCell(code), PrintedCell(name), *map(_money, (sum(parts), *parts))))
        for code, name, *parts in rows
    ]
    sums = [sum(row[n] for row in rows) for n in (2, 3, 4)]  # type: ignore[misc]
    made.append(PrintedRow("total", (PrintedCell(""), PrintedCell("合计"), *map(_money, (sum(sums), *sums)))))
    return _table(number, title, labels, ("code", "name", *["amount"] * 4), (1.0, 3.0, *[1.8] * 4), made)


def _money(fen: int | None) -> PrintedCell:
    if fen is None:
        return PrintedCell("—", align="right")
    text, value = printed(fen, "元")
    return PrintedCell(text, value)


def _table(
    number: str, title: str, labels: Sequence[str], roles: Sequence[str], widths: Sequence[float], rows: Sequence[PrintedRow]
) -> PrintedTable:  # fmt: skip
    columns = tuple(PrintedColumn(role, width) for role, width in zip(roles, widths, strict=True))
    header = (tuple(PrintedCell(label, align="center") for label in labels),)
    return PrintedTable(
        "", number, title, "元", columns, header, tuple(rows), ("", "单位：元"), wide=True, caption=f"{number}：{title}"
    )
