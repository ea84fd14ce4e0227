"""A classification's name is not the name of its code.

Checks: every code printed with a name: the name is the code's in the classification of the document's year.
Why: names of an older year are left in; a name shifted by a row puts money under the wrong head.
Fails: (2021) 210 医疗卫生与计划生育支出
Passes: (2021) 210 卫生健康支出
Known gaps: codes and years that our data does not vouch for are not evaluated.
"""

from collections.abc import Iterator

from zhengwu.dialects.classifications import Classification, departmental_economic, functional, government_economic
from zhengwu.model.fact import Fact
from zhengwu.model.finding import Finding, Outcome, Relation, Severity, Spot, Term
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "name-does-not-match-code"


@rule(
    title=("科目名称与编码不符", "The name is not that of the code"),
    severity=Severity.ERROR,
    basis=("财政部《政府收支分类科目》（当年）", "Government budget classification of the year, Ministry of Finance"),
    mend=("按当年政府收支分类科目改正名称或编码。", "Correct name or code by the classification of the year."),
)
def RULE(view: View) -> Iterator[Outcome]:
    """Names printed against names of the year; the same slip in several tables is one finding."""
    if not view.disclosure.year:
        return
    books: dict[str, Classification] = {
        "function": functional(), "government": government_economic(), "departmental": departmental_economic(),
    }  # fmt: skip
    wrong: dict[tuple[str, str, str], list[Spot]] = {}
    for use in view.disclosure.names:
        verdict = books[use.axis].accepts(use.code, use.name, view.year)
        if verdict is None:
            continue
        if verdict:
            yield _held(use.place, use.name, use.table)
        else:
            wrong.setdefault((use.axis, use.code, use.name), []).append(Spot(use.place, use.name, use.table))
    for (axis, code, name), spots in wrong.items():
        expected = books[axis].name_of(code, view.year) or ""
        yield Finding(
            CODE,
            Severity.ERROR,
            Message(
                f"科目编码 {code} 在 {view.year} 年的名称是“{expected}”，印为“{name}”。",
                f"Code {code} is “{expected}” in {view.year}; “{name}” is printed.",
            ),
            tuple(spots),
            expected,
            name,
        )


def _held(place: object, name: str, table: int) -> Relation:
    from decimal import Decimal

    one = Fact(Decimal(1), Decimal(1), None, place, name, table)  # type: ignore[arg-type]
    return Relation(CODE, (Term(-1, one), Term(1, one)), Message("名称 = 编码", "name fits code"))
