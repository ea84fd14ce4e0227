"""The tables of the open data: what their columns are, and their rows as texts."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from zhengwu.dialects.classifications import Classification, departmental_economic, functional, government_economic
from zhengwu.ledger.model import Ledger
from zhengwu.ledger.schema import FUNDS, NATURES, Choice, Column, sheet
from zhengwu.model.disclosure import Disclosure
from zhengwu.model.fact import Fact
from zhengwu.model.number import CENT, YUAN_IN

_SHEETS = ("income", "projects", "department_targets", "targets", "indicators")
_TYPES = {"amount": "number", "score": "number", "count": "integer", "year": "integer", "yes": "boolean"}


class Field(NamedTuple):
    """A column: its name, its type in Table Schema (string, integer, number, boolean), what it is called in
    Chinese, what fiscal concept it holds (a ColumnType of the Fiscal Data Package), what its cells keep to."""

    name: str
    type: str = "string"
    title: str = ""
    concept: str = ""
    required: bool = False
    enum: tuple[str, ...] = ()
    minimum: int | None = None
    pattern: str = ""
    description: str = ""


class DataTable(NamedTuple):
    """A table: ``rows`` hold texts, "" where there is nothing. ``key`` are the fields that together name a row."""

    name: str
    title: str
    description: str
    fields: tuple[Field, ...]
    rows: tuple[tuple[str, ...], ...]
    key: tuple[str, ...] = ()


class _Codes(NamedTuple):
    """A classification's levels as columns."""

    axis: str
    title: str
    classification: Callable[[], Classification]
    concept: str  # the beginning of its ColumnTypes
    levels: tuple[tuple[str, str, int], ...]  # name, Chinese name, digits


_CLASS, _GROUP, _ITEM = ("class", "类", 3), ("group", "款", 5), ("item", "项", 7)
_CLASSIFICATIONS = (
    _Codes("function", "支出功能分类", functional, "functional-classification:generic", (_CLASS, _GROUP, _ITEM)),
    # The taxonomy has one economic classification and China two: the government's is declared in the package.
    _Codes(
        "government",
        "政府预算支出经济分类",
        government_economic,
        "economic-classification:government",
        (_CLASS, _GROUP),
    ),
    _Codes(
        "departmental",
        "部门预算支出经济分类",
        departmental_economic,
        "economic-classification:generic",
        (_CLASS, _GROUP),
    ),
)


def tables_of(ledger: Ledger, disclosure: Disclosure) -> tuple[DataTable, ...]:
    """The ledger's lines, the publication's facts, and those other sheets of the ledger that have rows."""
    sheets = (sheet_table(ledger, key) for key in _SHEETS if getattr(ledger, key))
    return lines_table(ledger), facts_table(disclosure), *sheets


# --- lines ---


def lines_table(ledger: Ledger) -> DataTable:
    """A row a line of expenditure, with its codes at each level and their names of that year. Codes above the
    lines are not rows: the amounts add up to total expenditure."""
    fields = (
        Field("line", "string", "行号", "budget-line-id", True, description="从 1 起的序号"),
        Field("year", "integer", "年度", "date:fiscal-year", True),
        Field("unit", "string", "单位代码", "administrative-classification:generic:level2:code", True),
        Field("unit_name", "string", "单位名称", "administrative-classification:generic:level2:label"),
        *(field for codes in _CLASSIFICATIONS for field in _code_fields(codes)),
        _choice("nature", "支出性质", NATURES, "expenditure-type:code"),
        Field("nature_name", "string", "支出性质名称", "expenditure-type:label"),
        Field("project", "string", "项目", "activity:generic:project:code"),
        _choice("fund", "资金来源", FUNDS, "fin-source:generic:code"),
        Field("fund_name", "string", "资金来源名称", "fin-source:generic:label"),
        Field("amount", "number", "金额（元）", "value", True, minimum=0),
    )
    units = {unit.code: unit.name for unit in ledger.units}
    natures, funds = _names(NATURES), _names(FUNDS)
    rows = tuple(
        (
            str(number),
            str(ledger.budget.year),
            line.unit,
            units.get(line.unit, ""),
            *(
                text
                for codes in _CLASSIFICATIONS
                for text in _code_cells(codes, getattr(line, codes.axis), ledger)
            ),
            line.nature,
            natures.get(line.nature, ""),
            line.project,
            line.fund,
            funds.get(line.fund, ""),
            yuan(line.amount),
        )
        for number, line in enumerate(ledger.lines, 1)
    )  # fmt: skip
    return DataTable("lines", "支出明细", "每行一笔支出，各行之和为支出总计。", fields, rows, ("line",))


def _code_fields(codes: _Codes) -> Iterator[Field]:
    for number, (name, title, digits) in enumerate(codes.levels, 1):
        concept = f"{codes.concept}:level{number}"
        yield Field(
            f"{codes.axis}_{name}", "string", f"{codes.title}（{title}）编码", f"{concept}:code",
            pattern=f"[0-9]{{{digits}}}",
        )  # fmt: skip
        yield Field(f"{codes.axis}_{name}_name", "string", f"{codes.title}（{title}）名称", f"{concept}:label")


def _code_cells(codes: _Codes, code: str, ledger: Ledger) -> Iterator[str]:
    for _, _, digits in codes.levels:
        part = code[:digits] if len(code) >= digits else ""
        yield part
        yield _name(codes, part, ledger) if part else ""


def _name(codes: _Codes, code: str, ledger: Ledger) -> str:
    """The code's name in the ledger's year: the official one, or what the ledger adds."""
    official = codes.classification().name_of(code, ledger.budget.year)
    added = (extra.name for extra in ledger.codes if (extra.classification, extra.code) == (codes.axis, code))
    return official or next(added, "")


# --- facts ---


def money_facts(disclosure: Disclosure) -> Iterator[Fact]:
    """The document's own amounts of money that were understood: no percentages, no counts."""
    return (
        fact for fact in disclosure.facts if fact.identity is not None and fact.unit in YUAN_IN and fact.document == 0
    )


def facts_table(disclosure: Disclosure) -> DataTable:
    """A row a printed amount. Wholes stand beside their parts and one amount may be printed several times: they do
    not add up, so the columns are not marked as fiscal concepts."""
    whole = "空 = 全部 / empty: the whole"
    fields = (
        Field("fact", "integer", "序号", required=True),
        Field("measure", "string", "指标", required=True),
        Field("year", "integer", "年度", required=True),
        Field("stage", "string", "阶段", required=True, enum=("budget", "final")),
        Field("function", "string", "支出功能分类", description=whole),
        Field("government", "string", "政府预算支出经济分类", description=whole),
        Field("departmental", "string", "部门预算支出经济分类", description=whole),
        Field("fund", "string", "资金来源", description=whole),
        Field("nature", "string", "支出性质", description=whole),
        Field(
            "item", "string", "事项", description=f"{whole}；#表.行 区分清单中的各行 / #table.row: the line of a list"
        ),
        Field("aspect", "string", "方面", required=True, enum=("amount", "change")),
        Field("value", "number", "金额（元）", required=True),
        Field("decimals", "integer", "精度", required=True, description="xBRL decimals: 2 = 0.01元, -2 = 100元"),
        Field("table", "integer", "表序", minimum=1, description="空 = 说明文字 / empty: in the narrative"),
        Field("table_title", "string", "表名"),
        Field("row", "integer", "行", minimum=1, description="含表头 / counted with the header"),
        Field("column", "integer", "列", minimum=1),
        Field("quote", "string", "原文"),
        Field("label", "string", "名称"),
    )
    rows = tuple(_fact_row(number, fact, disclosure) for number, fact in enumerate(money_facts(disclosure), 1))
    return DataTable("facts", "公开文件中的金额", "公开文件中印出的每个金额及其含义。", fields, rows, ("fact",))


def _fact_row(number: int, fact: Fact, disclosure: Disclosure) -> tuple[str, ...]:
    identity = fact.identity
    assert identity is not None  # money_facts gives no other
    table = disclosure.tables[fact.table] if 0 <= fact.table < len(disclosure.tables) else None
    return (
        str(number),
        identity.measure,
        str(identity.year),
        *identity[2:],
        plain(fact.value),
        str(decimals(fact)),
        str(fact.table + 1) if table else "",
        table.title if table else "",
        *("" if place is None else str(place) for place in (fact.place.row, fact.place.column)),
        fact.quote,
        fact.label,
    )


def plain(value: Decimal) -> str:
    """An amount in yuan without an exponent, with two decimals or as many more as it needs."""
    exact = value.normalize()
    exponent = exact.as_tuple().exponent
    return f"{exact:f}" if isinstance(exponent, int) and exponent < -2 else f"{value.quantize(CENT):f}"


def decimals(fact: Fact) -> int:
    """The precision as xBRL counts it: how many digits behind the point of a yuan are right."""
    return -fact.last_place.adjusted()


# --- the other sheets ---


def sheet_table(ledger: Ledger, key: str) -> DataTable:
    """A sheet of the ledger as it is. It has a key where its rows keep to it."""
    found = sheet(key)
    fields = tuple(_field(column) for column in found.columns)
    rows = tuple(
        tuple(_text(column, getattr(row, column.key)) for column in found.columns) for row in getattr(ledger, key)
    )
    places = [index for index, column in enumerate(found.columns) if column.key in found.unique]
    names = [tuple(row[place] for place in places) for row in rows]
    keyed = places and len(set(names)) == len(names) and all(all(name) for name in names)
    return DataTable(key, found.zh, found.help_zh, fields, rows, found.unique if keyed else ())


def _field(column: Column) -> Field:
    type_ = _TYPES.get(column.type, "string")
    title = f"{column.zh}（元）" if column.type == "amount" else column.zh
    minimum = 0 if column.type in ("amount", "count") else None
    enum = tuple(choice.key for choice in column.choices)
    description = "；".join(f"{choice.key} = {choice.zh}" for choice in column.choices) or column.help_zh
    return Field(column.key, type_, title, "", column.required, enum, minimum, "", description)


def _text(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if column.type == "amount":
        return yuan(value)
    return ("false", "true")[value] if column.type == "yes" else str(value)


def yuan(fen: int) -> str:
    """分 as yuan: "1234.50"."""
    return f"{Decimal(fen).scaleb(-2):.2f}"


def _choice(name: str, title: str, choices: Iterable[Choice], concept: str) -> Field:
    return Field(name, "string", title, concept, True, tuple(choice.key for choice in choices))


def _names(choices: Iterable[Choice]) -> dict[str, str]:
    return {choice.key: choice.zh for choice in choices}
