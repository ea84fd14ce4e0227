"""Which projects of a ledger go on in the next year."""

import re
from typing import NamedTuple

from zhengwu.ledger.model import Ledger, Project, Target
from zhengwu.ledger.note import Note
from zhengwu.ledger.values import yuan
from zhengwu.model.message import Message

_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_GOES_ON = ("延续", "经常", "长期", "常年", "持续")
_ONCE = ("一次性",)
_ONE_YEAR = re.compile(r"(?:1|一|壹)(?:个)?(?:年|年度)|当年|本年度?|12个月")


class Course(NamedTuple):
    """How a project goes on: ``carried``; ``midterm`` says whether its mid-term does; a note where there is
    something to say."""

    carried: bool
    midterm: bool
    note: Note | None = None


def course(ledger: Ledger, project: Project, target: Target | None) -> Course:
    """Whether ``project`` goes on in the year after the ledger's.

    Its last year is the latest of: the end of the mid-term, the last year named in its period, and, where the period
    is one year or the attribute says 一次性, the budget year itself. A project whose last year is over ends, unless its
    attribute or period says that it goes on (延续, 经常, 长期); then it is carried, and only a mid-term that is over is
    not. Where nothing tells (no period, or "3年" from an unknown start) it is carried; the latter with a note.
    """
    year = ledger.budget.year
    ends = [int(one) for one in _YEAR.findall(project.period)]
    midterm = target.midterm_to if target else None
    if midterm is not None:
        ends.append(midterm)
    said = f"{project.attribute}{project.period}"
    if not ends and (any(word in said for word in _ONCE) or _ONE_YEAR.fullmatch(project.period.strip())):
        ends.append(year)
    over = bool(ends) and max(ends) <= year
    midterm_over = midterm is not None and midterm <= year
    goes_on = any(word in said for word in _GOES_ON)
    if over and not goes_on:
        return Course(False, False, _ended(ledger, project, max(ends)))
    if midterm_over and target is not None:
        note = Note(
            "midterm_over", "targets", (), (target.row,), "midterm_to", str(midterm),
            Message(
                f"项目“{project.name}”的中期目标到 {midterm} 年为止，项目延续；中期起止年、资金、目标和中期指标未结转，请重新填写或留空。",
                f"the mid-term of project “{project.name}” ended in {midterm} while the project goes on: its years, money, goal and mid-term indicators were not carried; fill them in anew or leave them empty",
            ),
        )  # fmt: skip
        return Course(True, False, note)
    if not ends and project.period and not goes_on:
        note = Note(
            "period_unclear", "projects", (), (project.row,), "period", project.period,
            Message(
                f"项目“{project.name}”的项目期“{project.period}”看不出何时结束；已结转，已结束的请删除。",
                f"the period “{project.period}” of project “{project.name}” does not tell when it ends; it was carried: delete it if it is over",
            ),
        )  # fmt: skip
        return Course(True, True, note)
    return Course(True, True)


def _ended(ledger: Ledger, project: Project, end: int) -> Note:
    year = ledger.budget.year
    # A period that is over may have been left as it was while the project got money once more.
    stale = Message(f"（项目期只写到 {end} 年）", f" (its period names only {end})") if end < year else Message("", "")
    lines = [line for line in ledger.lines if line.nature == "project" and line.project == project.name]
    amount = sum(line.amount for line in lines)
    others = sum(
        row.project == project.name
        for rows in (ledger.procurement, ledger.purchased, ledger.transfers, ledger.targets, ledger.indicators)
        for row in rows
    )
    return Note(
        "project_ended", "projects", (), (project.row,), "name", project.name,
        Message(
            f"项目“{project.name}”到 {year} 年为止{stale.zh}，未结转：支出明细 {len(lines):,} 行 {yuan(amount)} 元，采购、购买服务、转移支付、绩效目标和指标 {others:,} 行；仍要继续的请从上年复制。",
            f"project “{project.name}” ended in {year}{stale.en} and was not carried: {len(lines):,} lines of {yuan(amount)} yuan, {others:,} rows of procurement, services, transfers, targets and indicators; copy it from last year if it goes on",
        ),
    )  # fmt: skip
