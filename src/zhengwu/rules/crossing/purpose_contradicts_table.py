"""The purpose stated for a class contradicts the column its money stands in.

Checks: a paragraph about one functional class that says it is mainly for basic (or project) expenditure: the table
prints basic (or project) expenditure for its code, and not only the other.
Why: the purpose is copied from another class; basic and project money are approved and judged apart.
Fails: 2010602 主要用于…基本支出; 表五 2010602 基本支出 blank, 项目支出 10.00
Passes: 2010602 主要用于…项目支出; 表五 2010602 基本支出 blank, 项目支出 10.00
Known gaps: paragraphs about several classes, and classes that the tables do not divide, are left alone.
"""

import re
from collections.abc import Iterator

from zhengwu.model.fact import Fact
from zhengwu.model.finding import Finding, Held, Outcome, Severity, Spot
from zhengwu.model.message import Message
from zhengwu.rules.describe import amount, spot, where
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "purpose-contradicts-table"
_PURPOSE = re.compile(r"用于[^。；;]*?(?P<nature>基本支出|项目支出)(?!以外|之外)(?=[^。；;]{0,4}(?:[。；;]|$))")
_NATURES = {"基本支出": "basic", "项目支出": "project"}
_OTHER = {"基本支出": "项目支出", "项目支出": "基本支出"}
_FUNDS = ("general", "fiscal", "")


@rule(
    title=("用途与表中支出性质不符", "The purpose contradicts the table"),
    severity=Severity.WARNING,
    basis=(
        "财预〔2016〕143号：公开内容应真实、前后一致",
        "Publication rules (2016) No. 143: contents agree throughout",
    ),
    mend=("按表中的基本支出、项目支出改写用途。", "Word the purpose by the column in which the money stands."),
)
def check(view: View) -> Iterator[Outcome]:
    """Purposes by paragraph."""
    codes: dict[object, set[str]] = {}
    for fact in view.disclosure.facts:
        if fact.table < 0 and fact.identity is not None and fact.identity.function:
            codes.setdefault(fact.place, set()).add(fact.identity.function)
    for section in view.disclosure.sections:
        here = codes.get(section.place, set())
        match = _PURPOSE.search(section.text) if len(here) == 1 else None
        if match is None:
            continue
        (code,) = here
        own = _printed(view, code, _NATURES[match["nature"]])
        other = _printed(view, code, _NATURES[_OTHER[match["nature"]]])
        if own is not None and own.value:
            yield Held(CODE)
        elif other is not None and other.value:
            said, there = match["nature"], _OTHER[match["nature"]]
            yield Finding(
                CODE,
                Severity.WARNING,
                Message(
                    f"{code} 的用途写的是“{said}”，而{where(view.disclosure, other)} {amount(other)}全部是{there}。",
                    f"The purpose of {code} says “{said}”; {where(view.disclosure, other, 'en')} {amount(other)} is all “{there}”.",
                ),
                (Spot(section.place, said), spot(other)),
                there,
                said,
            )


def _printed(view: View, code: str, nature: str) -> Fact | None:
    """What a table prints for the code as basic or project expenditure."""
    for fund in _FUNDS:
        fact = view.found("expenditure", function=code, nature=nature, fund=fund)
        if fact is not None and fact.table >= 0:
            return fact
    return None
