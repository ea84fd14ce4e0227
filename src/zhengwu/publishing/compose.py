"""A publication composed from a ledger: cover, narrative, tables, as the dialect orders them."""

from zhengwu.dialects import Dialect, TableSpec
from zhengwu.ledger.amounts import Amounts, belongs
from zhengwu.ledger.model import Ledger
from zhengwu.ledger.schema import FUNDS, NATURES, SCOPES, sheet
from zhengwu.model.message import RefusedError
from zhengwu.publishing.narrative import narrative_of
from zhengwu.publishing.publication import Block, Heading, MissingError, PrintedTable, Publication, Typed
from zhengwu.publishing.tables import Context, tables_of


def publication_of(ledger: Ledger, dialect: Dialect, gaps: bool = False) -> Publication:
    """The publication of a ledger in a dialect. Raises RefusedError when the dialect cannot print it: it has no
    layouts, no place for a source or a nature of the ledger; MissingError when the ledger lacks a reason, unless
    ``gaps`` are to stand in their places: that is a preview."""
    context = _context(ledger, dialect)
    scope = context.scope
    before, after, missing = _texts(context)
    if missing and not gaps:
        raise MissingError(ledger.source, missing)
    blocks = before
    if dialect.tables_heading:
        blocks.append(Heading(1, context.words(dialect.tables_heading)))
    blocks += [*tables_of(context), *after]
    title = f"{ledger.budget.year}年{scope}预算"
    cover = tuple(context.words(line) for line in dialect.cover) or (title, ledger.budget.name)
    return Publication(
        title,
        ledger.budget.name,
        ledger.budget.code,
        ledger.budget.year,
        dialect.document,
        dialect.key,
        cover,
        tuple(blocks),
        missing,
    )


def missing_of(ledger: Ledger, dialect: Dialect) -> tuple[Typed, ...]:
    """What the publication of a ledger demands and the ledger lacks: no tables are made for that. Raises RefusedError
    when the dialect cannot print it."""
    return _texts(_context(ledger, dialect))[2]


def _texts(context: Context) -> tuple[list[Block], list[Block], tuple[Typed, ...]]:
    """(what stands before the tables, what stands after them, what both lack)."""
    made: list[list[Block]] = []
    missing: dict[Typed, None] = {}
    for template in (context.dialect.narrative, context.dialect.appendix):
        blocks, lacking = narrative_of(context, template) if template else ([], ())
        made.append(list(blocks))
        missing |= dict.fromkeys(lacking)
    return made[0], made[1], tuple(missing)


def tables_for(ledger: Ledger, dialect: Dialect) -> tuple[PrintedTable, ...]:
    """Only the tables, which need no reasons. Raises RefusedError when the dialect cannot print the ledger."""
    return tuple(tables_of(_context(ledger, dialect)))


def _context(ledger: Ledger, dialect: Dialect) -> Context:
    if not any(spec.layout for spec in dialect.tables):
        raise RefusedError(
            "dialect-cannot-publish",
            f"格式 {dialect.key} 只有读取所需的内容，没有版式（layout），不能用来编制公开文件；请换一种格式或补充版式。",
            f"The dialect {dialect.key} describes reading only and has no layouts to publish with; choose another or add them.",
        )
    amounts = Amounts(ledger)
    scope = next(choice.zh for choice in SCOPES if choice.key == ledger.budget.scope)
    context = Context(amounts, dialect, ledger.budget.year, ledger.budget.name, scope)
    _fits(context)
    return context


def _fits(context: Context) -> None:
    """Refuse what the dialect's tables have no place for: it would be in a total and in none of its parts."""
    ledger = context.amounts.ledger
    sides = [_members(spec, "fund") for spec in context.dialect.tables if spec.kind in ("summary", "income")]
    for row in ledger.income:
        if row.amount and not all(
            any(fund and fund != "current" and belongs(row.fund, fund, False) for fund in funds)
            for funds in sides
            if funds
        ):
            name = next(choice for choice in FUNDS if choice.key == row.fund)
            page = sheet("income")
            raise RefusedError(
                "fund-has-no-place",
                f"{ledger.source}：工作表“{page.zh}”第 {row.row} 行：格式 {context.dialect.key} 的收入表没有“{name.zh}”这一来源的位置；请换来源或换格式。",
                f"{ledger.source}: sheet “{page.en}”, row {row.row}: the income tables of the dialect {context.dialect.key} "
                f"have no place for the source “{name.en}”; change the source or the dialect.",
            )
    carried = next((row for row in ledger.income if row.carry_out), None)
    if carried is not None and not any("carry_out" in _members(spec, "measure") for spec in context.dialect.tables):
        page = sheet("income")
        raise RefusedError(
            "carry-out-has-no-place",
            f"{ledger.source}：工作表“{page.zh}”第 {carried.row} 行：格式 {context.dialect.key} 的表没有“结转下年”的位置；请换格式，或把全部收入安排支出。",
            f"{ledger.source}: sheet “{page.en}”, row {carried.row}: the tables of the dialect {context.dialect.key} have no "
            "place for what is carried to the next year; change the dialect or plan all income.",
        )
    natures = {
        nature for spec in context.dialect.tables if spec.kind == "expenditure" for nature in _members(spec, "nature")
    }
    prefixes = context.dialect.basic_projects
    for line in ledger.lines:
        if natures and line.nature not in natures:
            nature = next(choice for choice in NATURES if choice.key == line.nature)
            raise _line_refused(
                context, line.row, "nature-has-no-place",
                f"格式 {context.dialect.key} 的支出表没有“{nature.zh}”一列；请改支出性质或换格式",
                f"the expenditure tables of the dialect {context.dialect.key} have no column for “{nature.en}”; "
                "change the nature or the dialect",
            )  # fmt: skip
        if prefixes and line.project and (line.nature == "basic") != line.project.startswith(prefixes):
            wanted = "、".join(prefixes)
            raise _line_refused(
                context, line.row, "project-name-contradicts-nature",
                f"项目名称“{line.project}”与支出性质不符：在格式 {context.dialect.key} 中，以“{wanted}”开头的是基本支出，其余是项目支出；请改名称或性质",
                f"the project name “{line.project}” contradicts the nature: in the dialect {context.dialect.key} names that "
                f"begin with {wanted} are basic expenditure, all others projects; change the name or the nature",
            )  # fmt: skip


def _line_refused(context: Context, row: int, code: str, zh: str, en: str) -> RefusedError:
    page, source = sheet("lines"), context.amounts.ledger.source
    return RefusedError(
        code, f"{source}：工作表“{page.zh}”第 {row} 行：{zh}。", f"{source}: sheet “{page.en}”, row {row}: {en}."
    )


def _members(spec: TableSpec, dimension: str) -> list[str]:
    """The members of a dimension that a table has rows or columns for."""
    layout = spec.layout
    if layout is None:
        return []
    rows = [*layout.left, *layout.right, *layout.items, *(row for pair in layout.foot for row in pair)]
    members = [*(column.members for column in layout.columns), *(row.members for row in rows)]
    found = [dict(one).get(dimension, "") for one in members]
    return [member for member in found if member]
