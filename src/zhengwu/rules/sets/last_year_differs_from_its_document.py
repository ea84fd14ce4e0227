"""Last year's amount differs from what last year's document printed.

Checks: with the document of the same unit and kind of the year before (``--with``): last year's amounts as printed
now (columns of last year, amounts named in comparisons), and those that follow from "比上年增加 N" and 持平, are the
ones printed then.
Why: a base that was changed afterwards makes any increase look small; the two documents stand in different years'
lists and nobody lays them side by side.
Fails: 2024: 公务接待费 28.50; 2025: 2024年预算 公务接待费 30.00
Passes: 2024: 公务接待费 28.50; 2025: 2024年预算 公务接待费 28.50
Known gaps: a base restated after a reform of offices or classifications is reported too; what was executed last
year is no budget and is not compared with it.
"""

from collections.abc import Iterator

from zhengwu.model.disclosure import Claim
from zhengwu.model.fact import Identity
from zhengwu.model.finding import Gap, Outcome, Relation, Severity, Term
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.set_amounts import is_comparable
from zhengwu.rules.set_view import Member, SetView

CODE = "last-year-differs-from-its-document"
_SAME = Message("上年数 = 上年文件所印的数", "last year's amount is what last year's document printed")
_DERIVED = Message("本年数 − 增减额 = 上年文件所印的数", "this year − difference = what last year's document printed")


@rule(
    title=("上年数与上年公开文件不符", "Last year's amount differs from last year's document"),
    severity=Severity.WARNING,
    basis=(
        "财预〔2016〕143号：与上年对比说明增减变化，数据应真实",
        "Publication rules (2016) No. 143: changes against the year before, from true figures",
    ),
    mend=(
        "按上年公开的数改正；口径有调整的，写明调整的原因。",
        "Take the amount published last year; where its scope was changed, state why.",
    ),
)
def check(view: SetView) -> Iterator[Outcome]:
    """Printed and derived base amounts against the older document."""
    for newer, older in view.years:
        found = list(_printed(newer, older)) + list(_derived(newer, older))
        yield from found
        if not found:
            yield Gap(
                CODE,
                Message(
                    f"《{newer.name}》没有印出可与《{older.name}》核对的 {older.year} 年数。",
                    f"{newer.name} prints no amount of {older.year} that could be compared with {older.name}.",
                ),
            )


def _printed(newer: Member, older: Member) -> Iterator[Relation]:
    then = older.view.agreed
    for identity, fact in newer.view.agreed.items():
        same_kind = identity.year == older.year and identity.stage == older.view.stage
        if same_kind and identity in then and is_comparable(identity):
            yield Relation(CODE, (Term(-1, fact), Term(1, then[identity])), _SAME)


def _derived(newer: Member, older: Member) -> Iterator[Relation]:
    """Of a change whose base is not printed: this year's amount less the difference."""
    seen: set[tuple[object, ...]] = set()
    for claim in newer.view.disclosure.claims:
        this = claim.this
        if this is None or this.identity is None or claim.base_year != older.year:
            continue
        if not _of_year(claim, this.identity, newer):
            continue
        base = this.identity._replace(year=older.view.year)
        if not is_comparable(base) or base not in older.view.agreed or base in newer.view.agreed:
            continue  # a printed base is compared itself
        last = older.view.agreed[base]
        change = claim.stated if claim.kind == "change" else None
        key = (base, this.value, change.value if change else None)
        if key not in seen:
            seen.add(key)
            terms = (Term(-1, this), Term(1, last), *([Term(1, change)] if change else []))
            yield Relation(CODE, terms, _DERIVED if change else _SAME)


def _of_year(claim: Claim, identity: Identity, newer: Member) -> bool:
    """Whether a claim compares an amount of the newer document with that of the same stage a year before."""
    if identity.year != newer.year or identity.stage != newer.view.stage:
        return False
    if claim.kind == "flat":
        return not (newer.kind == "budget" and ("决算" in claim.quote or "执行" in claim.quote))
    stated = claim.stated.identity if claim.kind == "change" and claim.stated is not None else None
    return stated is not None and stated.aspect == "change"
