"""A small consistent budget as published text, rendered from its detail lines."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from tests.support.documents import HEAD, table
from zhengwu.dialects.classifications import departmental_economic, functional, government_economic

YEAR = 2021


class Line(NamedTuple):
    """One line of the detail table; the amount is in yuan."""

    function: str
    government: str
    departmental: str
    project: str
    amount: Decimal

    @property
    def basic(self) -> bool:
        return self.project in ("人员支出", "日常公用支出")

    @property
    def personnel(self) -> bool:
        return self.departmental.startswith("30") and self.departmental[2] in "13"


def line(function: str, government: str, departmental: str, project: str, amount: str) -> Line:
    return Line(function, government, departmental, project, Decimal(amount))


LINES = (
    line("2010301", "50101", "30101", "人员支出", "610.25"),
    line("2010301", "50201", "30201", "日常公用支出", "72.40"),
    line("2010301", "50206", "30217", "日常公用支出", "5.13"),
    line("2010302", "50205", "30227", "网站内容运维", "304.80"),
    line("2010302", "50205", "30227", "热线服务外包", "1290.00"),
    line("2080505", "50102", "30108", "人员支出", "88.64"),
    line("2210201", "50103", "30113", "人员支出", "140.07"),
)


def shown(amount: Decimal) -> str:
    return f"{amount:,.2f}" if amount else ""


def total(lines: Sequence[Line]) -> Decimal:
    return sum((one.amount for one in lines), Decimal(0))


def function_name(code: str) -> str:
    return functional().name_of(code, YEAR) or ""


def classes(lines: Sequence[Line]) -> list[str]:
    return sorted({one.function[:3] for one in lines})


def codes(lines: Sequence[Line], lengths: tuple[int, ...] = (3, 5, 7)) -> list[str]:
    return sorted({one.function[:length] for one in lines for length in lengths})


def basic(lines: Sequence[Line]) -> list[Line]:
    return [one for one in lines if one.basic]


def projects(lines: Sequence[Line]) -> list[Line]:
    return [one for one in lines if not one.basic]


def under(lines: Sequence[Line], code: str) -> list[Line]:
    return [one for one in lines if one.function.startswith(code)]


def summary(lines: Sequence[Line]) -> str:
    rows = ["收入项目 | 收入金额 | 支出项目 | 支出金额"]
    all_of_it = shown(total(lines))
    left = [f"财政拨款收入 | {all_of_it}", "其他收入 | 0.00"]
    right = [f"{function_name(code)} | {shown(total(under(lines, code)))}" for code in classes(lines)]
    for position in range(max(len(left), len(right))):
        pair = [side[position] if position < len(side) else " | " for side in (left, right)]
        rows.append(" | ".join(pair))
    rows.append(f"收入总计 | {all_of_it} | 支出总计 | {all_of_it}")
    return table("部门收支总体情况表", "\n".join(rows))


def income(lines: Sequence[Line]) -> str:
    rows = ["科目编码 | 科目名称 | 合计 | 一般公共预算拨款收入 | 其他收入"]
    for code in codes(lines):
        amount = shown(total(under(lines, code)))
        rows.append(f"{code} | {function_name(code)} | {amount} | {amount} | ")
    rows.append(f"合计 | | {shown(total(lines))} | {shown(total(lines))} | ")
    return table("部门收入总体情况表", "\n".join(rows))


def expenditure(lines: Sequence[Line], title: str = "部门支出总体情况表") -> str:
    rows = ["科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出"]
    for code in codes(lines):
        rows.append(f"{code} | {function_name(code)} | {_split(under(lines, code))}")
    rows.append(f"合计 | | {_split(lines)}")
    return table(title, "\n".join(rows))


def _split(lines: Sequence[Line]) -> str:
    return " | ".join(shown(total(part)) for part in (lines, basic(lines), projects(lines)))


def fiscal_summary(lines: Sequence[Line]) -> str:
    rows = ["收入项目 | 预算金额 | 支出项目 | 预算金额"]
    all_of_it = shown(total(lines))
    left = [f"一、本年收入 | {all_of_it}", f"一般公共预算拨款 | {all_of_it}"]
    right = [f"{function_name(code)} | {shown(total(under(lines, code)))}" for code in classes(lines)]
    for position in range(max(len(left), len(right))):
        pair = [side[position] if position < len(side) else " | " for side in (left, right)]
        rows.append(" | ".join(pair))
    rows.append(f"收入总计 | {all_of_it} | 支出总计 | {all_of_it}")
    return table("财政拨款收支总体情况表", "\n".join(rows))


def general(lines: Sequence[Line]) -> str:
    return expenditure(lines, "一般公共预算支出情况表")


def general_basic(lines: Sequence[Line]) -> str:
    rows = ["政府经济科目编码 | 政府经济科目名称 | 部门经济科目编码 | 部门经济科目名称 | 合计 | 人员经费 | 公用经费"]
    pairs = sorted({(one.government, one.departmental) for one in basic(lines)})
    for government, departmental in pairs:
        own = [one for one in basic(lines) if (one.government, one.departmental) == (government, departmental)]
        names = (government_economic().name_of(government, YEAR), departmental_economic().name_of(departmental, YEAR))
        rows.append(f"{government} | {names[0]} | {departmental} | {names[1]} | {_natures(own)}")
    rows.append(f"合计 | | | | {_natures(basic(lines))}")
    return table("一般公共预算基本支出情况表", "\n".join(rows))


def _natures(lines: Sequence[Line]) -> str:
    personnel = [one for one in lines if one.personnel]
    public = [one for one in lines if not one.personnel]
    return " | ".join(shown(total(part)) for part in (lines, personnel, public))


def three_public(lines: Sequence[Line]) -> str:
    reception = shown(total([one for one in lines if one.departmental == "30217"])) or "0.00"
    rows = f"""
项目 | 2021年预算数
因公出国（境）费用 | 0.00
公务接待费 | {reception}
公务用车购置及运行维护费 | 0.00
合计 | {reception}
"""
    return table("一般公共预算“三公”经费支出情况表", rows)


def no_funds() -> str:
    return table("政府性基金预算支出情况表", "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n无 | | | |")


def detail(lines: Sequence[Line]) -> str:
    rows = ["功能科目编码 | 功能科目名称 | 政府经济科目编码 | 部门经济科目编码 | 项目名称 | 金额"]
    for one in lines:
        rows.append(
            f"{one.function} | {function_name(one.function)} | {one.government} | {one.departmental} | "
            f"{one.project} | {shown(one.amount)}"
        )
    rows.append(f"合计 | | | | | {shown(total(lines))}")
    return table("部门预算明细表", "\n".join(rows))


def sentences(lines: Sequence[Line]) -> str:
    return (
        f"2021年收入预算{total(lines):.2f}元，其中：财政拨款收入{total(lines):.2f}元。\n"
        f"2021年基本支出预算{total(basic(lines)):.2f}元。\n"
        f"2021年项目支出预算{total(projects(lines)):.2f}元。\n"
    )


def tables(lines: Sequence[Line] = LINES) -> dict[str, str]:
    """The tables of the budget by name, in their order."""
    return {
        "summary": summary(lines), "income": income(lines), "expenditure": expenditure(lines),
        "fiscal_summary": fiscal_summary(lines), "general": general(lines),
        "general_basic": general_basic(lines), "three_public": three_public(lines), "no_funds": no_funds(),
        "detail": detail(lines),
    }  # fmt: skip


def budget(lines: Sequence[Line] = LINES, *, leave_out: tuple[str, ...] = (), **instead: str) -> str:
    """The whole document; tables named in ``instead`` are put in place of the rendered ones or added."""
    made = {**tables(lines), **instead}
    return HEAD + sentences(lines) + "".join(text for name, text in made.items() if name not in leave_out)


def with_cell(text: str, row: str, old: str, new: str) -> str:
    """A table's text with one amount of the row that begins with ``row`` replaced."""
    out = []
    done = False
    for line_ in text.split("\n"):
        if not done and line_.startswith(row) and old in line_:
            line_, done = line_.replace(old, new, 1), True
        out.append(line_)
    assert done, (row, old)
    return "\n".join(out)
