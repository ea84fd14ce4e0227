"""Amounts: each source balances, totals keep within what they are part of, changes have a reason."""

from collections.abc import Iterator

from zhengwu.ledger.amounts import belongs
from zhengwu.ledger.books import Books
from zhengwu.ledger.problem import Problem, at, rows_alike
from zhengwu.ledger.schema import BOUND_NATURES, FUNDS, LAST_YEAR, NATURES, THREE_PUBLIC, Choice
from zhengwu.ledger.values import yuan


def sources(books: Books) -> Iterator[Problem]:
    """What a line is paid from stands in the sheet of income."""
    known = dict.fromkeys(row.fund for row in books.ledger.income)
    for fund, rows in books.rows_by(lambda line: line.fund).items():
        if fund not in known:
            zh, en = _name(FUNDS, fund)
            others = rows_alike(rows)
            listed_zh = "、".join(_name(FUNDS, one)[0] for one in known)
            listed_en = ", ".join(_name(FUNDS, one)[1] for one in known)
            yield at(
                "lines", rows[0], "fund",
                f"“{zh}”不在“收入”表中{others.zh}；“收入”表有：{listed_zh}。请改正，或在“收入”表补充。",
                f"“{en}” is not in the sheet of income{others.en}, which has {listed_en}; correct it or add the income",
            )  # fmt: skip


def own_money(books: Books) -> Iterator[Problem]:
    """What is remitted, spent on business or passed on is not paid from fiscal appropriation."""
    for (nature, fund), rows in books.rows_by(lambda line: (line.nature, line.fund)).items():
        if nature in BOUND_NATURES or not belongs(fund, "fiscal", True):
            continue
        kind, source, others = _name(NATURES, nature), _name(FUNDS, fund), rows_alike(rows)
        yield at(
            "lines", rows[0], "fund",
            f"“{kind[0]}”不能用“{source[0]}”安排{others.zh}：按规定用财政拨款以外的资金；请改资金来源或支出性质。",
            f"“{kind[1]}” cannot be paid from “{source[1]}”{others.en}: it is paid from other than fiscal appropriation; change the source or the nature",
        )  # fmt: skip


def balances(books: Books) -> Iterator[Problem]:
    """Of each source: income = expenditure + what is carried out."""
    for row in books.ledger.income:
        spent, carried = books.by_fund.get(row.fund, 0), row.carry_out or 0
        difference = row.amount - spent - carried
        if difference:
            zh, en = _name(FUNDS, row.fund)
            yield at(
                "income", row.row, "amount",
                f"{zh}收支不平：收入 {yuan(row.amount)} 元，支出明细合计 {yuan(spent)} 元＋结转下年 {yuan(carried)} 元＝{yuan(spent + carried)} 元，{'多' if difference > 0 else '少'} {yuan(abs(difference))} 元；请核对收入、支出明细或结转下年。",
                f"{en} does not balance: income {yuan(row.amount)}, lines {yuan(spent)} + carried out {yuan(carried)} = {yuan(spent + carried)}, a difference of {yuan(difference)} yuan; check the income, the lines or what is carried out",
            )  # fmt: skip


def control_figure(books: Books) -> Iterator[Problem]:
    """Basic and project expenditure keep within the finance bureau's control figure. What is remitted, spent on
    business or passed on is paid from own money (``own_money``): no control figure binds it."""
    control = books.ledger.budget.control
    bound = sum(line.amount for line in books.ledger.lines if line.nature in BOUND_NATURES)
    if control is not None and bound > control:
        yield at(
            "budget", books.ledger.budget.row, "control",
            f"基本支出和项目支出合计 {yuan(bound)} 元，超过控制数 {yuan(control)} 元，超出 {yuan(bound - control)} 元；请压减支出或核对控制数。",
            f"basic and project expenditure of {yuan(bound)} exceeds the control figure of {yuan(control)} by {yuan(bound - control)} yuan; cut expenditure or check the figure",
        )  # fmt: skip


def last_year(books: Books) -> Iterator[Problem]:
    """Last year's income = last year's expenditure, where both are given whole."""
    spent = {row.subject: row for row in books.ledger.last_year if row.subject != "operating"}
    income = books.ledger.income
    if not {"basic", "project"} <= spent.keys() or any(row.last is None for row in income if row.amount):
        return
    received = sum(row.last or 0 for row in income)
    total = sum(row.amount for row in spent.values())
    if received != total:
        first = min(spent.values(), key=lambda row: row.row)
        parts_zh = "＋".join(f"{_name(LAST_YEAR, row.subject)[0]} {yuan(row.amount)}" for row in spent.values())
        parts_en = " + ".join(f"{_name(LAST_YEAR, row.subject)[1]} {yuan(row.amount)}" for row in spent.values())
        yield at(
            "last_year", first.row, "amount",
            f"上年收支不等：“收入”表的上年预算合计 {yuan(received)} 元，{parts_zh}＝{yuan(total)} 元，相差 {yuan(abs(received - total))} 元；请核对上年数。",
            f"last year does not balance: income of {yuan(received)} against {parts_en} = {yuan(total)}, a difference of {yuan(abs(received - total))} yuan; check last year's figures",
        )  # fmt: skip


def three_public(books: Books) -> Iterator[Problem]:
    """One of the three public expenses that differs from last year's says why."""
    rows = {row.item: row for row in books.ledger.three_public}
    if not rows:
        return
    for item, zh, en in THREE_PUBLIC:
        amount = books.amounts.three_public(item)
        row = rows.get(item)
        if row is None and amount:
            yield at(
                "three_public", 0, "item",
                f"缺少{zh}：支出明细中有 {yuan(amount)} 元；请增加一行，填写上年预算和变动原因。",
                f"{en} is missing, while the lines have {yuan(amount)} yuan; add a row with last year's amount and the reason",
            )  # fmt: skip
        elif row is not None and row.last != amount and not row.reason:
            change = amount - row.last
            yield at(
                "three_public", row.row, "reason",
                f"没有填写：{zh}本年 {yuan(amount)} 元，上年 {yuan(row.last)} 元，{'增加' if change > 0 else '减少'} {yuan(abs(change))} 元，须说明原因。",
                f"is empty: {en} is {yuan(amount)} after {yuan(row.last)} last year, {'up' if change > 0 else 'down'} by {yuan(abs(change))} yuan, and needs a reason",
            )  # fmt: skip


def procurement(books: Books) -> Iterator[Problem]:
    """What of a project is procured is not more than the project."""
    found: dict[str, tuple[int, int]] = {}
    for row in books.ledger.procurement:
        first, amount = found.get(row.project, (row.row, 0))
        found[row.project] = first, amount + row.amount
    for project, (first, amount) in found.items():
        whole = books.by_project.get(project)
        if whole is not None and amount > whole:
            yield at(
                "procurement", first, "amount",
                f"项目“{project}”的采购预算合计 {yuan(amount)} 元，超过项目金额 {yuan(whole)} 元，超出 {yuan(amount - whole)} 元；请核对。",
                f"procurement of {yuan(amount)} for project “{project}” exceeds the project's {yuan(whole)} by {yuan(amount - whole)} yuan; check both",
            )  # fmt: skip


def small_enterprises(books: Books) -> Iterator[Problem]:
    """What is kept for small enterprises is part of what is procured."""
    for row in books.ledger.procurement:
        if row.small is not None and row.small > row.amount:
            yield at(
                "procurement", row.row, "small",
                f"面向中小企业 {yuan(row.small)} 元，超过采购预算 {yuan(row.amount)} 元；请核对。",
                f"{yuan(row.small)} for small enterprises exceeds the {yuan(row.amount)} yuan to be procured; check both",
            )  # fmt: skip


def _name(choices: tuple[Choice, ...], key: str) -> tuple[str, str]:
    return next(((one.zh, one.en) for one in choices if one.key == key), (key, key))
