"""An amount stated in the text is blank in its table.

Checks: an amount of the three public expenses, of government funds or of the state capital budget that a sentence
states for the year: where the document has the table for it, the column is not blank throughout.
Why: a blank cell agrees with nothing and contradicts nothing; whoever reads the table alone takes it for none.
Fails: 正文 “三公”经费年初预算为 0.95万元; 表七 预算数 blank
Passes: 正文 “三公”经费年初预算为 0.95万元; 表七 预算数 0.95
Known gaps: tables whose items are rows are judged as a whole; other tables are held by their sums.
"""

from collections.abc import Iterator

from zhengwu.model.document import Place
from zhengwu.model.fact import Fact, Identity
from zhengwu.model.finding import Finding, Held, Outcome, Severity, Spot
from zhengwu.model.message import Message
from zhengwu.model.number import parse_number
from zhengwu.model.table import Column, Table
from zhengwu.rules.describe import amount, where
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "stated-amount-missing-in-table"
_FUNDS = ("government_fund", "state_capital")


@rule(
    title=("文字写明的数额表中空白", "An amount stated is blank in its table"),
    severity=Severity.ERROR,
    basis=(
        "财预〔2016〕143号：公开内容应真实、完整、前后一致",
        "Publication rules (2016) No. 143: contents are complete and agree throughout",
    ),
    mend=("在表中填列该数额，或改正文字。", "Print the amount in the table, or correct the sentence."),
)
def check(view: View) -> Iterator[Outcome]:
    """Stated amounts against the tables of their subject; the same blank table is one finding."""
    if view.disclosure.unread:
        return
    missing: dict[int, list[Fact]] = {}
    for fact in view.disclosure.facts:
        identity = fact.identity
        if fact.table >= 0 or identity is None or not fact.value:
            continue
        if identity.year != view.year or identity.aspect != "amount":
            continue
        index = _table_of(view, identity)
        if index is None:
            continue
        columns = _columns(view.disclosure.tables[index], identity, view.stage)
        if not columns:
            continue
        if _blank(view.disclosure.tables[index], columns):
            missing.setdefault(index, []).append(fact)
        else:
            yield Held(CODE)
    for index, facts in missing.items():
        yield _finding(view, index, facts)


def _table_of(view: View, identity: Identity) -> int | None:
    """The one table that prints amounts of this subject."""
    if identity.measure == "three_public":
        kinds = {"three_public"}
    elif identity.fund in _FUNDS and identity.measure == "expenditure":
        kinds = {identity.fund, f"{identity.fund}_summary"}
    else:
        return None
    found = [index for index, table in enumerate(view.disclosure.tables) if table.kind in kinds]
    return found[0] if len(found) == 1 else None


def _columns(table: Table, identity: Identity, stage: str) -> list[int]:
    """Positions of the columns in which the amount could stand."""
    amounts = [(position, column) for position, column in enumerate(table.columns) if column.role == "amount"]
    if not any("item" in dict(column.dims) for _, column in amounts):
        return [position for position, _ in amounts]
    return [position for position, column in amounts if _is_of(column, identity, stage)]


def _is_of(column: Column, identity: Identity, stage: str) -> bool:
    dims = dict(column.dims)
    own = dims.get("measure", identity.measure) == identity.measure and "year" not in dims
    return own and dims.get("item", "") == identity.item and dims.get("stage", stage) == identity.stage


def _blank(table: Table, columns: list[int]) -> bool:
    cells = [cell for row in table.rows for position in columns if (cell := row.cells[position])]
    return bool(cells) and not any(parse_number(cell.text) for cell in cells)


def _finding(view: View, index: int, facts: list[Fact]) -> Finding:
    table = view.disclosure.tables[index]
    shown = "、".join(f"{where(view.disclosure, fact)} {amount(fact)}" for fact in facts)
    shown_en = ", ".join(f"{where(view.disclosure, fact, 'en')} {amount(fact)}" for fact in facts)
    place: Place = table.place
    return Finding(
        CODE,
        Severity.ERROR,
        Message(
            f"{shown}，而表{table.number}《{table.title}》相应栏空白。",
            f"{shown_en}: the column for it in table {table.number} “{table.title}” is blank.",
        ),
        (*(Spot(fact.place, fact.quote) for fact in facts), Spot(place, table.title, index)),
        facts[0].quote,
    )
