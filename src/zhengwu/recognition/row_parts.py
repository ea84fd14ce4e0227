"""Which rows of a table are parts of which: codes below codes, items of a total, sources of an income."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from zhengwu.dialects import tree
from zhengwu.model.disclosure import Parts
from zhengwu.model.fact import Fact
from zhengwu.model.table import Row
from zhengwu.recognition.column_parts import frontier
from zhengwu.recognition.rows import LEVEL_CODE, LEVEL_TOTAL, Dims, RowMeaning

_PERSONNEL = ("301", "303")


class Item(NamedTuple):
    """A row of one column group: what it says and its amounts by column."""

    row: Row
    meaning: RowMeaning
    facts: dict[int, Fact]


Found = list[tuple[str, Fact, tuple[Fact, ...], str]]  # axis, whole, parts, what was not understood


class CodeTree(NamedTuple):
    """The rows of one column group as a tree of codes."""

    children: dict[int, list[int]]  # item -> items right below it
    roots: list[int]
    totals: list[int]
    blocks: dict[int, list[int]]  # subtotal -> roots of its block


def code_tree(items: Sequence[Item], listing: bool) -> CodeTree:
    """The tree that codes, units and totals make. In a list no line stands below another."""
    children: dict[int, list[int]] = defaultdict(list)
    stack: list[int] = []
    roots: list[int] = []
    totals: list[int] = []
    subtotals: list[tuple[int, int]] = []  # item, roots before it
    several = sum(1 for item in items if item.meaning.level == LEVEL_TOTAL) > 1
    for number, item in enumerate(items):
        meaning = item.meaning
        if meaning.level == LEVEL_TOTAL:
            if meaning.subtotal and several:
                subtotals.append((number, len(roots)))
            else:
                totals.append(number)
            stack = stack if several and meaning.subtotal else []
            continue
        if not item.facts and not meaning.codes:
            continue
        if listing:
            roots.append(number)
            continue
        while stack and not _is_below(meaning, items[stack[-1]].meaning):
            stack.pop()
        (children[stack[-1]] if stack else roots).append(number)
        stack.append(number)
    return CodeTree(children, roots, totals, _blocks(items, subtotals, roots))


def _blocks(items: Sequence[Item], subtotals: list[tuple[int, int]], roots: list[int]) -> dict[int, list[int]]:
    """The roots that each subtotal adds up: those before it, or those behind it when it leads its block."""
    if not subtotals:
        return {}
    ends = [end for _, end in subtotals]
    starts = [0, *ends[:-1]]
    if starts[0] == ends[0]:  # nothing before the first: they lead
        starts, ends = ends, [*ends[1:], len(roots)]
    return {
        number: roots[start:end] for (number, _), start, end in zip(subtotals, starts, ends, strict=True) if end > start
    }


def _is_below(lower: RowMeaning, upper: RowMeaning) -> bool:
    if lower.level <= upper.level:
        return False
    for axis, code in upper.codes.items():
        own = lower.codes.get(axis, "")
        if axis != "catalogue" and own and not own.startswith(code) and (upper.level >= LEVEL_CODE or axis == "unit"):
            return False
    return True


def code_parts(items: Sequence[Item], shape: CodeTree, position: int, with_totals: bool = True) -> Found:
    """A code equals the codes below it, a total the topmost rows: in one amount column."""
    found: Found = []
    for number, below in shape.children.items():
        _add("code", items, number, below, position, found)
    for number, block in shape.blocks.items():
        _add("total", items, number, block, position, found)
    if with_totals:
        for number in shape.totals:
            wanted = [n for n in shape.roots if _counts_for(items[number].meaning, items[n].meaning, {})]
            _add("total", items, number, wanted, position, found)
    return found


def _counts_for(total: RowMeaning, root: RowMeaning, column: Dims) -> bool:
    """Whether a root belongs to a total: 人员经费合计 holds the classes of personnel only."""
    nature = total.dims.get("nature")
    if not nature:
        return True
    code = root.codes.get("departmental", "")
    if code:
        return (nature == "personnel") == code.startswith(_PERSONNEL)
    return root.dims.get("nature", column.get("nature", "")) in ("", nature)


def folded_parts(groups: Sequence[tuple[Sequence[Item], CodeTree, int, Dims]]) -> Found:
    """The totals of one list that is printed in groups of columns side by side (301… left, 302… right)."""
    found: Found = []
    for items, shape, position, _ in groups:
        for number in shape.totals:
            whole = items[number].facts.get(position)
            parts = tuple(
                fact
                for others, other_shape, other_position, column in groups
                for n in other_shape.roots
                if _counts_for(items[number].meaning, others[n].meaning, column)
                and (fact := others[n].facts.get(other_position)) is not None
            )
            if whole is not None and parts:
                found.append(("total", whole, parts, ""))
    return found


def _add(axis: str, items: Sequence[Item], whole: int, parts: list[int], position: int, found: Found) -> None:
    fact = items[whole].facts.get(position)
    if fact is None:
        return
    below = tuple(items[n].facts[position] for n in parts if position in items[n].facts)
    if below:
        found.append((axis, fact, below, ""))


def side_parts(items: Sequence[Item], position: int, side: str) -> Found:
    """One side of a summary: totals and the sources or functions they are made of."""
    by_member: dict[str, list[Fact]] = defaultdict(list)
    present: dict[str, int] = {}
    of_which: set[str] = set()
    unknown = ""
    for number, item in enumerate(items):
        meaning = item.meaning
        fact = item.facts.get(position)
        if not meaning.known:
            unknown = meaning.label if fact and fact.value else unknown
            continue
        if not meaning.dims:
            continue
        member = _member(meaning.dims, side)
        present.setdefault(member, number)
        if meaning.of_which:
            of_which.add(member)
        if fact:
            by_member[member].append(fact)
    parts_of = _side_tree(side, set(present))
    found: Found = []
    later = _behind_the_total(parts_of, present)
    for member, facts in list(by_member.items()):
        below = frontier(member, parts_of, set(present))
        if member in ("current", "expenditure"):
            below = [part for part in below if part not in later]
        elif member in ("", "outflow"):
            below += later
        if below and below[0] in of_which and len(below) < 2 and not _adds_up(facts[0], below, by_member):
            continue
        parts = tuple(fact for part in below for fact in by_member.get(part, ()))
        if parts and len(facts) == 1:
            twice = next((part for part in below if side == "income" and len(by_member.get(part, ())) > 1), "")
            if twice:  # 其他资金 and, below it, 其他收入: which is the part cannot be told
                found.append(("total", facts[0], parts, by_member[twice][-1].label))
                continue
            top = member in ("", "current", "fiscal", "fiscal_all", "outflow", "expenditure")
            found.append(("total", facts[0], parts, unknown if top else ""))
    return found


def _behind_the_total(parts_of: dict[str, tuple[str, ...]], present: dict[str, int]) -> list[str]:
    """Sources and uses that stand behind the total of the year, where others stand before it: they are parts
    of the grand total only (上级补助收入 under 本年收入合计)."""
    for member in ("current", "expenditure"):
        if member in present:
            below = frontier(member, parts_of, set(present))
            if any(present[part] < present[member] for part in below):
                return [part for part in below if present[part] > present[member]]
    return []


def _adds_up(whole: Fact, below: list[str], by_member: dict[str, list[Fact]]) -> bool:
    return sum((fact.value for part in below for fact in by_member.get(part, ())), Decimal(0)) == whole.value


def _member(dims: Dims, side: str) -> str:
    if side == "income":
        return dims.get("fund", "")
    if dims.get("function"):
        return f"function:{dims['function']}"
    for dimension in ("departmental", "government"):
        if dims.get(dimension):
            nature = dims.get("nature", "")
            return f"{dimension}:{nature}:{dims[dimension]}" if nature else f"{dimension}:{dims[dimension]}"
    if dims.get("nature"):
        return f"nature:{dims['nature']}"
    return dims.get("measure", "")


def _side_tree(side: str, present: set[str]) -> dict[str, tuple[str, ...]]:
    if side == "income":
        parts = dict(tree("fund"))
        carried = tuple(sorted(m for m in present if m.startswith("carryover.") and m != "carryover.part"))
        parts["carryover"] = parts["fiscal_carryover"] = carried
        return parts
    functions = tuple(sorted(m for m in present if m.startswith("function:")))
    by_nature = {
        f"nature:{whole}" if whole else "natures": tuple(f"nature:{part}" for part in parts)
        for whole, parts in tree("nature").items()
    }
    classes = sorted(m for m in present if m.startswith(("departmental:", "government:")))
    economic = tuple(m for m in classes if m.count(":") == 1)
    for nature in ("basic", "project"):
        own = tuple(m for m in classes if m.split(":")[1] == nature)
        if own and not {f"nature:{part}" for part in tree("nature").get(nature, ())} & present:
            by_nature[f"nature:{nature}"] = own
    below = functions or tuple(frontier("natures", by_nature, present)) or economic
    return {"outflow": ("expenditure", "carry_out", "surplus"), "expenditure": below, **by_nature}


def item_parts(items: Sequence[Item], position: int) -> Found:
    """A table of items in words (the three public expenses): totals and wholes by the items' tree."""
    found: Found = []
    for dimension in ("item", "nature", "fund"):
        by_member: dict[str, Fact] = {}
        for item in items:
            fact = item.facts.get(position)
            member = item.meaning.dims.get(dimension, "")
            if fact and (member or item.meaning.level == LEVEL_TOTAL):
                by_member.setdefault(member, fact)
        for member, fact in by_member.items():
            parts = frontier(member, tree(dimension), set(by_member))
            if parts:
                found.append(("code" if member else "total", fact, tuple(by_member[part] for part in parts), ""))
    return found


def list_parts(items: Sequence[Item], position: int) -> Found:
    """A list of projects or purchases: its total is the sum of its lines, when all lines are of one kind."""
    totals = [item for item in items if item.meaning.level == LEVEL_TOTAL]
    lines = [item for item in items if item.meaning.level != LEVEL_TOTAL and item.facts]
    if len(totals) != 1 or position not in totals[0].facts or not lines:
        return []
    parts = tuple(item.facts[position] for item in lines if position in item.facts)
    return [("total", totals[0].facts[position], parts, "")] if parts else []


def as_parts(index: int, found: Found) -> list[Parts]:
    """Relations found in the table at ``index``."""
    return [Parts(axis, index, whole, parts, unknown) for axis, whole, parts, unknown in found]
