"""Income and lines of expenditure from a published document: what its tables tell of each line's codes and source."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from zhengwu.dialects import tree
from zhengwu.ledger.amounts import FISCAL
from zhengwu.ledger.model import Income, Line
from zhengwu.ledger.rebuild_facts import Told, Unknown, fen, named
from zhengwu.ledger.schema import FUNDS, NATURES
from zhengwu.model.disclosure import Line as PrintedLine
from zhengwu.model.message import RefusedError
from zhengwu.model.number import CENT

_LEAVES = {choice.key: choice for choice in FUNDS}
_NATURES = tuple(choice.key for choice in NATURES)
# Where what a whole has beyond its named parts belongs most likely.
_REST = {
    "fiscal": "general", "special_account": "special_account_funds", "carryover": "carryover.other",
    "fiscal_carryover": "carryover.general", "own": "other",
}  # fmt: skip
_LINES = 14  # of one item, beyond which the ways to share them out are too many to try
_TABLES = {"general": "general_expenditure", "government_fund": "government_fund", "state_capital": "state_capital"}


def income_of(told: Told, spoken: int | None, unknown: Unknown) -> tuple[Income, ...]:
    """Income by source in the order of the schema, with last year's and what is carried out, in 分. ``spoken`` is last
    year's income as a sentence names it."""
    found = {fund: amount for fund in _LEAVES if (amount := told.amount("income", fund=fund))}
    for whole, rest in _REST.items():
        printed = told.amount("income", fund=whole)
        if printed is None:
            continue
        known = sum(amount for fund, amount in found.items() if _under(fund, whole))
        if printed > known:
            if known or whole not in ("fiscal", "carryover"):
                _said_rest(unknown, whole, rest, printed - known)
            found[rest] = found.get(rest, 0) + printed - known
    total = told.amount("income")
    if total is not None and not found and total:
        found["general"] = total
        unknown.say(
            f"收入 {named(total)} 元没有按资金来源列示，暂记为一般公共预算拨款；各来源的金额要从收入预算取得。",
            f"Income of {named(total)} yuan is not split by source and is put under the general public budget; the "
            "amounts by source would have to come from the income budget.",
        )
    elif total is not None and total != sum(found.values()):
        unknown.say(
            f"收入合计印为 {named(total)} 元，各来源之和为 {named(sum(found.values()))} 元；缺的来源要从收入预算取得。",
            f"Income is printed as {named(total)} yuan and its sources add up to {named(sum(found.values()))}; the "
            "missing source would have to come from the income budget.",
        )
    last = _last_income(told, list(found), spoken, unknown)
    out = _carried_out(told, list(found), unknown)
    return tuple(Income(fund, found.get(fund, 0), last.get(fund), out.get(fund)) for fund in _LEAVES if fund in found or last.get(fund))  # fmt: skip


def _said_rest(unknown: Unknown, whole: str, rest: str, amount: int) -> None:
    name = _LEAVES[rest]
    unknown.say(
        f"收入中 {named(amount)} 元没有列到最细的来源，暂记为“{name.zh}”；确切来源要从收入预算取得。",
        f"{named(amount)} yuan of income are not printed by their finest source ({whole}) and are put under “{name.en}”; "
        "the source would have to come from the income budget.",
    )


def _under(fund: str, whole: str) -> bool:
    if whole == "carryover":
        return fund.startswith("carryover.")
    return any(fund == part or _under(fund, part) for part in tree("fund").get(whole, ()))


def _last_income(told: Told, funds: Sequence[str], spoken: int | None, unknown: Unknown) -> dict[str, int]:
    """Last year's income by source. Budgets balance: a sentence on expenditure from a fund tells of its income."""
    found: dict[str, int] = {}
    for fund in _LEAVES:
        for measure in ("income", "expenditure"):
            amount = told.last(measure, fund=fund)
            if amount is not None and (amount or fund in funds):
                found.setdefault(fund, amount)
    total = told.last("income")
    if total is None:
        total = spoken
    fiscal = told.last("income", fund="fiscal")
    if total is not None and len(funds) == 1 and not found:
        return {funds[0]: total}
    known = [fund for fund in funds if fund in FISCAL]
    if fiscal is not None and len(known) == 1 and not any(fund in found for fund in FISCAL):
        found[known[0]] = fiscal
    missing = [_LEAVES[fund] for fund in funds if fund not in found]
    if missing:
        rest = f"（合计 {named(total)} 元）" if total is not None else ""
        unknown.say(
            f"上年收入{rest}没有按来源印出，缺：{'、'.join(one.zh for one in missing)}；要从上年的公开预算取得。",
            f"Last year's income {'of ' + named(total) + ' yuan ' if total is not None else ''}is not printed by source; missing: "
            f"{', '.join(one.en for one in missing)}. It would have to come from last year's published budget.",
        )
    return found


def _carried_out(told: Told, funds: Sequence[str], unknown: Unknown) -> dict[str, int]:
    amounts = [told.amount("carry_out"), told.amount("carry_out", fund="fiscal")]
    amount = next((one for one in amounts if one), None)
    if not amount:
        return {}
    if len(funds) > 1:
        unknown.say(
            f"结转下年 {named(amount)} 元没有按来源印出，暂记在金额最大的来源；要从收支预算取得。",
            f"{named(amount)} yuan carried to the next year are not printed by source and are put under the largest; the "
            "source would have to come from the department's own budget.",
        )
    largest = max(funds, key=lambda fund: told.amount("income", fund=fund) or 0)
    return {largest: amount}


def lines_of(told: Told, unit: str, income: Sequence[Income], unknown: Unknown) -> tuple[Line, ...]:
    """The lines of expenditure: from the detail table, else from the tables by function. Raises RefusedError when
    the document has neither."""
    tables = told.disclosure.tables
    detail = [line for line in told.disclosure.lines if tables[line.fact.table].kind == "detail"]
    funds = _Funds(told, income)
    lines = _from_detail(told, unit, detail, funds, unknown) if detail else _from_functions(told, unit, funds, unknown)
    if not lines:
        raise RefusedError(
            "no-expenditure-tables",
            "文件中没有按功能分类或明细列示的支出预算表，无法重建台账；请提供完整的预算公开文件。",
            "The document has no table of expenditure, neither by function nor line by line, so no ledger can be rebuilt; "
            "give the complete published budget.",
        )
    if funds.guessed:
        codes = "、".join(sorted(funds.guessed))
        unknown.say(
            f"以下功能科目有几种资金来源，没有逐行印出，暂记在金额最大的来源：{codes}；要从部门的支出明细取得。",
            f"These functional items are paid from several sources that are not printed line by line; the largest is taken: "
            f"{', '.join(sorted(funds.guessed))}. The sources would have to come from the department's own lines.",
        )
    _coarse(told, detail, unknown)
    total = told.amount("expenditure")
    summed = sum(line.amount for line in lines)
    if total is not None and total != summed:
        unknown.say(
            f"支出合计印为 {named(total)} 元，各行之和为 {named(summed)} 元；缺的或多的行要从部门的支出明细取得。",
            f"Expenditure is printed as {named(total)} yuan and its lines add up to {named(summed)}; what is missing or too "
            "much would have to come from the department's own lines.",
        )
    return tuple(lines)


def _coarse(told: Told, detail: Sequence[PrintedLine], unknown: Unknown) -> None:
    """Amounts in 万元 are rounded."""
    facts = [line.fact for line in detail]
    if not facts:
        facts = [fact for fact in told.disclosure.facts if fact.table >= 0 and fact.identity and len(fact.identity.function) == 7]  # fmt: skip
    if any(fact.last_place > CENT for fact in facts):
        unknown.say(
            "支出表的金额印为万元，只准确到印出的小数位；到分的金额要从部门的支出明细取得。",
            "The tables of expenditure are in ten thousand yuan, exact to the printed decimals only; amounts to the cent "
            "would have to come from the department's own lines.",
        )


class _Funds:
    """Which source pays what, as far as the tables tell."""

    def __init__(self, told: Told, income: Sequence[Income]) -> None:
        self._told = told
        self.amounts = {row.fund: row.amount for row in income if row.amount}
        self._carried = [fund for fund in self.amounts if fund.startswith("carryover.")]
        self._by_function: dict[str, dict[str, int]] = defaultdict(dict)
        self._unclear: set[str] = set()  # items under a column that several sources share
        for identity, amount in told.by_function("income"):
            if not amount or not identity.fund:
                continue
            below = [fund for fund in self.amounts if fund == identity.fund or _under(fund, identity.fund)]
            if len(below) == 1:
                self._by_function[identity.function][below[0]] = amount
            elif below and identity.fund != "fiscal":  # which has tables of its own
                self._unclear.add(identity.function)
                self._by_function[identity.function][max(below, key=lambda fund: self.amounts[fund])] = amount
        self._printed = {fund for fund, kind in _TABLES.items() if any(told.tables(kind))}
        self.guessed: set[str] = set()

    def of(self, function: str, nature: str) -> dict[str, int]:
        """The sources that may pay for an item, with their amounts in 分."""
        if len(self.amounts) == 1:
            return dict(self.amounts)
        found = dict(self._by_function.get(function, {}))
        table = {fund: self._told.amount("expenditure", function=function, fund=fund, nature=nature) or 0 for fund in FISCAL}  # fmt: skip
        if not any(fund in FISCAL for fund in found) and not any(fund in self._carried for fund in found):
            found |= {fund: amount for fund, amount in table.items() if amount}
        elif not any(fund in self._carried for fund in found):
            found = {fund: amount for fund, amount in found.items() if fund not in self._printed or table[fund]}
        return found or {self.largest: self.amounts.get(self.largest, 0)}

    @property
    def largest(self) -> str:
        """The source of most income."""
        return max(self.amounts, key=lambda fund: self.amounts[fund], default="general")

    def shared_out(self, function: str, nature: str, amounts: Sequence[int]) -> list[str]:
        """The source of each line of an item. Where several pay, the lines are told apart if they add up to what each
        source gives in one way only; else all get the largest, and the item is remembered as ``guessed``."""
        candidates = self.of(function, nature)
        if len(candidates) == 1 and function not in self._unclear:
            return [next(iter(candidates))] * len(amounts)
        ways = (
            list(islice(_ways(list(amounts), dict(candidates)), 2))
            if len(amounts) <= _LINES and function not in self._unclear
            else []
        )
        if len(ways) == 1:
            return ways[0]
        self.guessed.add(function)
        return [max(candidates, key=lambda fund: candidates[fund])] * len(amounts)


def _ways(amounts: list[int], left: dict[str, int]) -> Iterator[list[str]]:
    """The ways to give each amount a source so that every source is used up."""
    if not amounts:
        if not any(left.values()):
            yield []
        return
    if sum(amounts) != sum(left.values()):
        return
    first, *rest = amounts
    for fund, amount in left.items():
        if first <= amount:
            for way in _ways(rest, {**left, fund: amount - first}):
                yield [fund, *way]


def _from_detail(told: Told, unit: str, detail: Sequence[PrintedLine], funds: _Funds, unknown: Unknown) -> list[Line]:
    natures = _natures(told)
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    found_natures = []
    for n, line in enumerate(detail):
        nature, project = _nature(line, natures.get(line.function, {}))
        found_natures.append((nature, project))
        groups[line.function, nature].append(n)
    sources = [""] * len(detail)
    for (function, nature), members in groups.items():
        shared = funds.shared_out(function, nature, [fen(detail[n].fact.value) for n in members])
        for n, fund in zip(members, shared, strict=True):
            sources[n] = fund
    lines = [
        Line(unit, line.function, line.government, line.departmental, nature, project, fund, fen(line.fact.value))
        for line, (nature, project), fund in zip(detail, found_natures, sources, strict=True)
    ]
    _said_natures(lines, natures, unknown)
    return lines


def _said_natures(lines: Sequence[Line], printed: dict[str, dict[str, int]], unknown: Unknown) -> None:
    """Say where the natures that the lines were given do not add up to those that the table by function prints."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for line in lines:
        sums[line.function, line.nature] += line.amount
    functions = {line.function for line in lines} & printed.keys()
    wrong = sorted(code for code in functions if any(sums[code, nature] != amount for nature, amount in printed[code].items()))  # fmt: skip
    if wrong:
        unknown.say(
            f"以下功能科目各行的支出性质与支出表不能对上，按项目名称判断：{'、'.join(wrong)}；要从部门的支出明细取得。",
            f"The natures of the lines of these items, judged by their projects' names, do not agree with the table of "
            f"expenditure: {', '.join(wrong)}; they would have to come from the department's own lines.",
        )


def _nature(line: PrintedLine, printed: dict[str, int]) -> tuple[str, str]:
    """A line's nature and its project's name: as its project tells, else as the table by function does. What is
    neither basic nor a project is printed with its nature before the name (上缴上级支出_…)."""
    for choice in NATURES:
        head, _, rest = line.project.partition("_")
        if head == choice.zh and choice.key not in ("basic", "project"):
            return choice.key, rest
    others = [nature for nature, amount in printed.items() if amount and nature != "basic"]
    if line.basic or (line.basic is None and printed.get("basic") and not (others and line.project)):
        return "basic", line.project
    return (others[0] if len(others) == 1 else "project"), line.project


def _natures(told: Told) -> dict[str, dict[str, int]]:
    """Expenditure by functional code and nature, of all sources together."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for identity, amount in told.by_function("expenditure"):
        if not identity.fund and identity.nature:
            found[identity.function][identity.nature] = amount
    return {code: _basic_whole(amounts) for code, amounts in found.items()}


def _basic_whole(amounts: dict[str, int]) -> dict[str, int]:
    """Some tables print basic expenditure by its two parts only."""
    parts = amounts.get("personnel", 0) + amounts.get("public", 0)
    whole = amounts.get("basic") or parts
    return {nature: whole if nature == "basic" else amounts.get(nature, 0) for nature in _NATURES}


def _from_functions(told: Told, unit: str, funds: _Funds, unknown: Unknown) -> list[Line]:
    """A line for each functional item, nature and source; economic codes and projects stay empty."""
    natures = _natures(told)
    by_fund: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for identity, amount in told.by_function("expenditure"):
        if identity.fund in FISCAL and identity.nature and amount:
            nature = "basic" if identity.nature in ("personnel", "public") else identity.nature
            known = by_fund[identity.function, nature]
            if identity.nature == nature:
                known[identity.fund] = amount
            else:
                known.setdefault(identity.fund, 0)
                if told.amount("expenditure", function=identity.function, fund=identity.fund, nature="basic") is None:
                    known[identity.fund] += amount
    codes = {code for code in natures if any(natures[code].values())} | {code for code, _ in by_fund}
    lines: list[Line] = []
    for code in sorted(codes):
        if any(other != code and other.startswith(code) for other in codes):
            continue
        for nature in _NATURES:
            parts = {fund: amount for fund, amount in by_fund.get((code, nature), {}).items() if amount}
            rest = natures.get(code, {}).get(nature, 0) - sum(parts.values())
            if rest > 0:
                others = {fund: amount for fund, amount in funds.of(code, nature).items() if fund not in parts}
                if len(others) != 1 and len(funds.amounts) > 1:
                    funds.guessed.add(code)
                fund = max(others, key=lambda one: others[one]) if others else funds.largest
                parts[fund] = parts.get(fund, 0) + rest
            lines += [Line(unit, code, "", "", nature, "", fund, amount) for fund, amount in parts.items()]
    if lines:
        _said_functions_only(told, lines, unknown)
    return lines


def _said_functions_only(told: Told, lines: Sequence[Line], unknown: Unknown) -> None:
    split = []
    for identity, amount in _economic(told):
        split.append((identity, named(amount)))
    basic = (
        "；基本支出合计按部门经济分类为 " + "、".join(f"{code} {amount} 元" for code, amount in split) if split else ""
    )
    basic_en = "; basic expenditure as a whole is " + ", ".join(f"{code}: {amount}" for code, amount in split) + " yuan" if split else ""  # fmt: skip
    unknown.say(
        f"支出只按功能分类列示，每行的政府经济分类和部门经济分类没有印出，留空{basic}；要从部门的支出明细取得。",
        f"Expenditure is printed by function only: the government and the departmental economic code of each line stay "
        f"empty{basic_en}. They would have to come from the department's own lines.",
    )
    projects = sum(line.amount for line in lines if line.nature == "project")
    if projects:
        unknown.say(
            f"项目支出 {named(projects)} 元没有逐个项目列示，项目名称留空；要从部门的项目库取得。",
            f"Project expenditure of {named(projects)} yuan is not printed by project: the names stay empty and would have "
            "to come from the department's list of projects.",
        )


def _economic(told: Told) -> list[tuple[str, int]]:
    """Basic expenditure by class of the departmental classification, as far as printed."""
    found: dict[str, int] = {}
    for fact in told.disclosure.facts:
        one = fact.identity
        if (
            one and one.measure == "expenditure" and one.year == told.year and one.nature == "basic"
            and len(one.departmental) == 3 and not one.function and not one.government
        ):  # fmt: skip
            found.setdefault(one.departmental, fen(fact.value))
    return sorted(found.items())
