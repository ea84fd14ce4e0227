"""A comparison names the wrong year.

Checks: "比N年…": N is the year before the document's; a comparison with the document's own year, or a later
one, cannot be.
Why: last year's sentence was kept: the commonest slip of all.
Fails: (budget of 2025) 比2025年预算减少
Passes: (budget of 2025) 比2024年预算减少
Known gaps: a comparison with an earlier year is a hint only: it may be meant.
"""

from collections.abc import Iterator

from zhengwu.model.disclosure import Claim
from zhengwu.model.finding import Finding, Outcome, Severity, Spot
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "compared-with-wrong-year"


@rule(
    title=("比较的基年有误", "A comparison names the wrong year"),
    severity=Severity.ERROR,
    basis=(
        "财预〔2016〕143号：与上年对比说明增减变化",
        "Publication rules (2016) No. 143: compare with the year before",
    ),
    mend=("把比较的年份改为上一年度。", "Compare with the year before."),
)
def check(view: View) -> Iterator[Outcome]:
    """Base years of comparisons."""
    if not view.disclosure.year:
        return
    seen: set[tuple[str, int]] = set()
    proper = {_matter(claim) for claim in view.disclosure.claims if claim.base_year == view.year - 1}
    for claim in view.disclosure.claims:
        year = claim.base_year
        if claim.kind not in ("change", "rate", "flat") or year is None or year == view.year - 1:
            continue
        later = year >= view.year
        if (claim.quote, year) in seen or (not later and _matter(claim) in proper):
            continue  # a further comparison, with the year before the epidemic: meant
        seen.add((claim.quote, year))
        yield Finding(
            CODE,
            Severity.ERROR if later else Severity.WARNING,
            Message(
                f"“{claim.quote[:60]}”与 {year} 年比较，本文件是 {view.year} 年的，应与 {view.year - 1} 年比较。",
                f"“{claim.quote[:60]}” compares with {year}; a document of {view.year} compares with {view.year - 1}.",
            ),
            (Spot(claim.place, claim.quote),),
            str(view.year - 1),
            str(year),
        )


def _matter(claim: Claim) -> tuple[object, ...]:
    """What is compared: one amount of one paragraph. Where it is not known, all of the paragraph."""
    return claim.place, claim.this.span if claim.this else None
