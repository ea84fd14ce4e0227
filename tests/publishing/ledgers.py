"""Random ledgers that are valid: codes of the year's classifications, pairs that map, money that balances."""

from collections import defaultdict
from functools import cache

from hypothesis import strategies as st

from zhengwu.dialects.classifications import (
    departmental_economic,
    economic_pairs,
    functional,
    functional_name,
    government_economic,
)
from zhengwu.ledger import model
from zhengwu.ledger.amounts import THREE_PUBLIC, Amounts, belongs
from zhengwu.ledger.schema import REASONS

YEARS = (2021, 2022, 2023, 2024, 2025)
FUNDS = {
    "beijing-xicheng-budget": (
        "general", "government_fund", "state_capital", "superior", "institution", "business", "affiliated", "other",
        "special_account_funds", "education_fees", "fund_balance",
        "carryover.general", "carryover.government_fund",
    ),
    "shanghai-putuo-budget": ("general", "government_fund", "state_capital", "institution", "business", "other"),
}  # fmt: skip
NATURES = {
    "beijing-xicheng-budget": ("basic", "project", "remit", "business", "subsidy"),
    "shanghai-putuo-budget": ("basic", "project"),
}
CARRIES = ("beijing-xicheng-budget",)  # dialects with a place for what is carried to the next year
_AMOUNT = st.one_of(st.just(0), st.integers(1, 99), st.integers(100, 10**9), st.integers(10**9, 10**12))
_POSITIVE = st.integers(1, 10**11)
_WORDS = ("大厅", "热线", "网站", "机房", "档案", "培训", "宣传", "设备", "巡检", "数据")


@cache
def functions(year: int) -> tuple[str, ...]:
    """Functional items that are vouched for in a year, with the groups and classes above them."""
    return tuple(
        code
        for code in functional().codes()
        if len(code) == 7 and all(functional_name(code[:length], year) for length in (3, 5, 7))
    )


@cache
def pairs(kind: str, year: int) -> tuple[tuple[str, str], ...]:
    """Government and departmental economic codes that map for a kind of unit."""
    return tuple(
        (pair.government, pair.departmental)
        for pair in economic_pairs()
        if pair.kind in (kind, "both") and pair.certain
        and len(pair.government) == 5 and len(pair.departmental) == 5
        and government_economic().name_of(pair.government, year)
        and departmental_economic().name_of(pair.departmental, year)
        and departmental_economic().name_of(pair.departmental[:3], year)
    )  # fmt: skip


@st.composite
def ledgers(draw, dialect: str, most_lines: int = 40):
    """A valid ledger: one to five units, one to ``most_lines`` lines, any funds and natures of the dialect."""
    year = draw(st.sampled_from(YEARS))
    units = tuple(
        model.Unit(f"99{n:03d}", f"示例区第{'一二三四五'[n]}服务中心", draw(st.sampled_from(("agency", "institution"))))
        for n in range(draw(st.integers(1, 5)))
    )
    funds = draw(st.lists(st.sampled_from(FUNDS[dialect]), min_size=1, max_size=4, unique=True))
    items = draw(st.lists(st.sampled_from(functions(year)), min_size=1, max_size=8, unique=True))
    names = draw(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=5, unique=True))
    lines: dict[tuple[str, ...], model.Line] = {}
    for _ in range(draw(st.integers(1, most_lines))):
        unit = draw(st.sampled_from(units))
        government, departmental = draw(st.sampled_from(pairs(unit.kind, year)))
        nature = draw(st.sampled_from(NATURES[dialect]))
        if departmental[:3] not in ("301", "302", "303"):
            nature = "project" if nature == "basic" else nature
        project = "" if nature == "basic" else f"{draw(st.sampled_from(names))}项目"
        # What is remitted, earned or passed on is by definition not paid from fiscal appropriation.
        own = (
            [fund for fund in funds if not belongs(fund, "fiscal", True)]
            if nature not in ("basic", "project")
            else funds
        )
        if not own:
            nature, own = "project", funds
        function, fund = draw(st.sampled_from(items)), draw(st.sampled_from(own))
        key = (unit.code, function, government, departmental, nature, project, fund)
        lines[key] = model.Line(*key, draw(_AMOUNT))
    return _around(draw, year, dialect, units, tuple(lines.values()))


def _around(draw, year, dialect, units, lines):
    """All that follows from the lines or stands beside them."""
    spent: dict[str, int] = defaultdict(int)
    projects: dict[str, int] = defaultdict(int)
    for line in lines:
        spent[line.fund] += line.amount
        if line.nature == "project":
            projects[line.project] += line.amount
    with_targets = [name for name in projects if projects[name] and draw(st.booleans())]
    last_basic, last_project = draw(_AMOUNT), draw(_AMOUNT)
    last_other = {nature: draw(_AMOUNT) for nature in NATURES[dialect][2:] if draw(st.integers(0, 4)) == 0}
    received = last_basic + last_project + sum(last_other.values())
    funds = sorted(spent)
    carried = {fund: draw(_POSITIVE) for fund in funds if dialect in CARRIES and draw(st.integers(0, 9)) == 0}
    income = tuple(
        model.Income(fund, spent[fund] + carried.get(fund, 0), received if n == 0 else 0, carried.get(fund))
        for n, fund in enumerate(funds)
    )
    bought = [name for name in projects if projects[name] and draw(st.booleans())][:3]
    ledger = model.Ledger(
        "random",
        model.Budget(year, "99000", "示例区政务服务管理局", "department", dialect),
        units,
        income=income,
        lines=lines,
        last_year=(
            model.LastYear("basic", last_basic),
            model.LastYear("project", last_project),
            model.LastYear("operating", draw(_AMOUNT)),
            *(model.LastYear(nature, amount) for nature, amount in last_other.items()),
        ),
        projects=tuple(model.Project(name, name in with_targets) for name in projects),
        targets=tuple(model.Target(name, annual_goal=f"完成{name}的年度任务") for name in with_targets),
        indicators=tuple(model.Indicator(name, "annual", "quantity", "完成数量", "10件") for name in with_targets),
        procurement=tuple(model.Procurement(name, "services", projects[name]) for name in bought),
        catalogue=(model.Catalogue("A", "基本公共服务"), model.Catalogue("A01", "公共信息服务")) if bought else (),
        purchased=tuple(model.Purchased(f"2021990{n:05d}", "A01", name) for n, name in enumerate(bought)),
        reasons=tuple(model.Reason(choice.key, "工作任务调整") for choice in REASONS),
    )
    amounts = Amounts(ledger)
    same = draw(st.booleans())
    return ledger._replace(
        three_public=tuple(
            model.ThreePublic(item, amounts.three_public(item) if same else draw(_POSITIVE), 0, 0, "工作任务调整")
            for item in THREE_PUBLIC
        )
    )
