"""A document given with the audited one has nothing to do with it.

Checks: each document given with ``--with`` is of a unit of the department (or of its department), of the same unit
a year before or after, or its budget or final accounts of the same year.
Why: a wrong file would silently compare nothing; no finding would look like a pass.
Fails: (audited: 某某局 2025) with: 另一局 2024
Passes: (audited: 某某局 2025) with: 某某局 2024
Known gaps: unit, year and kind are those that titles and captions print; a unit that the department does not list
and that does not name its department is not recognised as its unit.
"""

from collections.abc import Iterator

from zhengwu.model.finding import Gap, Held, Outcome, Severity
from zhengwu.rules.registry import rule
from zhengwu.rules.set_view import SetView

CODE = "documents-do-not-belong-together"


@rule(
    title=("一并给出的文件与本文件没有关系", "A document given with it is not related to it"),
    severity=Severity.INFO,
    basis=(
        "财预〔2016〕143号：部门与单位、预算与决算分别公开",
        "Publication rules (2016) No. 143: departments and units, budgets and final accounts are published apart",
    ),
    mend=(
        "给出本部门的单位、上年或同年预决算文件；单位名称、年度要在标题中写明。",
        "Give documents of its units, of last year, or the budget of the same year; titles must name unit and year.",
    ),
)
def check(view: SetView) -> Iterator[Outcome]:
    """Documents that nothing relates to the audited one are said."""
    if not view.disclosure.others:
        return
    related = len(view.disclosure.others)
    for _, reason in view.unrelated:
        related -= 1
        yield Gap(CODE, reason)
    if related:
        yield Held(CODE, related)
