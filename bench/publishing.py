"""Publishing: the example in every format, 500 lines and 50 projects, and all tables of 100,000 lines.

There is no peer that compiles such a document; what the formats cost is set against writing nothing but the same
tables with the libraries underneath (XlsxWriter, Typst).
"""

import random
import statistics
import time
from collections.abc import Callable

from bench.speed import ROOT
from zhengwu.dialects import dialect_named
from zhengwu.dialects.classifications import economic_pairs, functional, functional_name
from zhengwu.ledger import model

ROUNDS = 5
YEAR = 2021
_THREE_PUBLIC = ("30212", "30217", "30231")  # their amounts would need last year's


def report() -> str:
    """Wall seconds, medians, as a text table."""
    from zhengwu.ledger.load import load
    from zhengwu.publishing.publish import FORMATS, draft_of, files_of

    example = load(ROOT / "examples" / "xicheng-2021")
    large = ledger(500, 50)
    dialect = dialect_named("beijing-xicheng-budget")
    lines = [f"publishing, wall seconds, median of {ROUNDS}, in turn:"]
    tasks: dict[str, Callable[[], object]] = {
        "example: read the ledger": lambda: load(ROOT / "examples" / "xicheng-2021")
    }
    for name, one in (("example", example), ("500 lines, 50 projects", large)):
        draft = draft_of(one, dialect)
        tasks[f"{name}: compose and audit"] = lambda one=one: draft_of(one, dialect)  # type: ignore[misc]
        for kind in FORMATS:
            tasks[f"{name}: {kind}"] = lambda draft=draft, kind=kind: files_of(draft, [kind])  # type: ignore[misc]
        tasks[f"{name}: all of it"] = lambda one=one: files_of(draft_of(one, dialect))  # type: ignore[misc]
    found = in_turn(tasks)
    lines += [f"  {name:42} {seconds:7.3f}" for name, seconds in found.items()]
    lines.append(_derivation(dialect))
    return "\n".join([*lines, *_mutation()])


def _mutation() -> list[str]:
    """Every amount of the published example changed by one digit, one at a time."""
    from tests.publishing.test_example_mutation import mutated

    lines = ["the published example, each amount changed by one digit, one at a time:"]
    for dialect in ("beijing-xicheng-budget", "shanghai-putuo-budget"):
        missed, untied, tried = mutated(dialect, 1)
        lines.append(
            f"  {dialect:24} {tried - len(missed)} of {tried} found at their place; missed {missed or 'none'}; "
            f"stated nowhere else: {untied or 'none'}"
        )
    return lines


def _derivation(dialect: object) -> str:
    """All tables of 100,000 lines, from typed rows."""
    from zhengwu.ledger.amounts import Amounts
    from zhengwu.publishing.tables import Context, tables_of

    huge = ledger(100_000, 50)

    def derive() -> int:
        context = Context(Amounts(huge), dialect, YEAR, huge.budget.name, "部门")  # type: ignore[arg-type]
        return sum(len(table.rows) for table in tables_of(context))

    times = []
    for _ in range(3):
        begun = time.perf_counter()
        rows = derive()
        times.append(time.perf_counter() - begun)
    return f"  all tables of 100,000 lines ({rows:,} rows)  {statistics.median(times):7.3f}"


def in_turn(tasks: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Median wall seconds of each task, run in turn after one warm-up."""
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for number in range(ROUNDS + 1):
        for name, task in tasks.items():
            begun = time.perf_counter()
            task()
            if number:
                times[name].append(time.perf_counter() - begun)
    return {name: statistics.median(values) for name, values in times.items()}


def ledger(count: int, projects: int, year: int = YEAR) -> model.Ledger:
    """A valid ledger of so many lines and projects with target forms, another one each year."""
    chance = random.Random(count + year - YEAR)
    items = [
        code
        for code in functional().codes()
        if len(code) == 7 and all(functional_name(code[:n], year) for n in (3, 5, 7))
    ]
    pairs = [(one.government, one.departmental) for one in economic_pairs() if one.certain and one.kind == "agency"]
    pairs = [pair for pair in pairs if pair[1][:3] in ("301", "302", "303") and pair[1] not in _THREE_PUBLIC]
    names = [f"示例项目{n:03d}" for n in range(projects)]
    lines = []
    for n in range(count):
        government, departmental = pairs[n % len(pairs)]
        basic = n >= projects and n % 3 != 0
        project = "" if basic else names[n % projects]
        nature = "basic" if basic else "project"
        lines.append(
            model.Line("99001", chance.choice(items[:60]), government, departmental, nature, project, "general",
                       chance.randrange(1, 10**9))
        )  # fmt: skip
    total = sum(line.amount for line in lines)
    kinds = ("quantity", "quality", "timeliness", "cost", "benefit", "satisfaction")
    return model.Ledger(
        "bench",
        model.Budget(year, "99000", "示例区政务服务管理局", "department", "beijing-xicheng-budget"),
        units=(model.Unit("99001", "示例区政务服务管理局本级", "agency"),),
        income=(model.Income("general", total, total),),
        lines=tuple(lines),
        last_year=(
            model.LastYear("basic", total // 2),
            model.LastYear("project", total - total // 2),
            model.LastYear("operating", total // 9),
        ),
        three_public=tuple(
            model.ThreePublic(item, 0) for item in ("abroad", "reception", "car_purchase", "car_operation")
        ),
        projects=tuple(model.Project(name, True, "办公室", "延续性", "1年") for name in names),
        targets=tuple(model.Target(name, annual_goal=f"完成{name}的年度任务") for name in names),
        indicators=tuple(
            model.Indicator(name, "annual", kind, f"指标{n}", "完成")
            for name in names
            for n, kind in enumerate(kinds * 2)
        ),
        reasons=tuple(
            model.Reason(key, "工作任务调整")
            for key in ("income", "basic", "project", "operating", "three_public", "fiscal")
        ),
    )
