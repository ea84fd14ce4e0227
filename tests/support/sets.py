"""Small documents of a department, its units, last year and the final accounts, audited together."""

from tests.support.documents import document, table
from zhengwu.audit import named_apart
from zhengwu.recognition.understand import understand
from zhengwu.rules.engine import Audit, audit


def audited_with(text: str, *others: str) -> Audit:
    """The audit of a small document together with others."""
    own = document(text)
    return audit(understand(own)._replace(others=named_apart(own, [understand(document(one)) for one in others])))


def expenditure(rows: dict[str, tuple[str, str]], unit: str = "元") -> str:
    """A table of expenditure by function: code -> (basic, project); the totals are added up."""
    names = {"201": "一般公共服务支出", "20103": "政府办公厅（室）及相关机构事务", "2010301": "行政运行",
             "2010302": "一般行政管理事务", "208": "社会保障和就业支出"}  # fmt: skip
    lines = ["科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出"]
    for code, (basic, project) in rows.items():
        lines.append(f"{code} | {names[code]} | {_sum(basic, project)} | {basic} | {project}")
    tops = [values for code, values in rows.items() if len(code) == 3]
    basic, project = (_sum(*(values[side] for values in tops)) for side in (0, 1))
    lines.append(f"合计 | | {_sum(basic, project)} | {basic} | {project}")
    return table("支出预算总表", "\n".join(lines), unit)


def _sum(*amounts: str) -> str:
    decimals = max((len(amount.partition(".")[2]) for amount in amounts), default=0)
    return f"{sum(float(amount or 0) for amount in amounts):.{decimals}f}"


def department(
    rows: dict[str, tuple[str, str]], units: tuple[str, ...] = ("某某局本级", "某某中心"), more: str = ""
) -> str:
    """A department's budget that lists its units."""
    listed = "".join(f"{number}.{name}。\n" for number, name in enumerate(units, 1))
    head = "某某局2021年部门预算\n某某局机构设置\n"
    listing = f"本部门预算单位包括（列示至基层预算单位）：\n{listed}" if units else ""
    return f"{head}{listing}2021年部门预算编制说明\n{more}{expenditure(rows)}"


def unit(name: str, rows: dict[str, tuple[str, str]], year: int = 2021) -> str:
    """A unit's budget."""
    return f"{name}{year}年单位预算\n预算单位：{name}\n{expenditure(rows)}"
