"""Target forms for tests: the money at the top, the cost indicators below."""

from tests.support.documents import table


def form(project="网站内容运维", total="304.80", fiscal="304.80", other="", cost="", unit="元", extra="", number="1"):
    """A project's target form with one cost indicator (several: joined by ";")."""
    rows = f"""
项目名称 | {project} | |
项目资金 | 年度资金总额 | {total} |
 | 其中：财政拨款 | {fiscal} |
 | 其他资金 | {other} |{extra}
一级指标 | 二级指标 | 三级指标 | 指标值
"""
    for value in filter(None, cost.split(";")):
        rows += f"产出指标 | 成本指标 | 成本控制 | {value}\n"
    return f"表十三-{number}\n" + table("项目支出绩效目标申报表", rows, unit)


def directory(*projects):
    rows = "序号 | 项目名称\n" + "\n".join(f"{number} | {name}" for number, name in enumerate(projects, 1))
    return "表十三\n" + table("项目支出绩效目标申报表目录", rows)
