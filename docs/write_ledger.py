"""Writes docs/ledger.md from the ledger's own description (src/zhengwu/ledger/schema.py).

Run it after a change: make docs. A test holds that the page is what this writes.
"""

from pathlib import Path

from zhengwu.ledger.schema import SHEETS, Column, Sheet

TYPES = {
    "text": "文字 text", "long": "多行文字 sentences", "code": "代码 code", "function": "功能分类科目 functional code",
    "government": "政府经济分类科目 government economic code", "departmental": "部门经济分类科目 departmental economic code",
    "amount": "金额（元） amount in yuan", "count": "整数 whole number", "year": "年度 year", "score": "得分 score",
    "choice": "选项 choice", "yes": "是/否 yes/no",
}  # fmt: skip

HEAD = """# 台账 · The ledger

台账是一个 `.xlsx`（`zhengwu ledger new budget.xlsx`），每个主题一张表；也可以是一个文件夹，每张表一个 CSV 文件，栏目相同。
表名、栏目名、选项可以写中文、英文或代号；栏目的先后不限；空行略过。每个数只填一次，能由其他数得出的一律不填。
有一处不对就不导入，每处问题都写明表、行、列、填的是什么、可以填什么。

A ledger is an `.xlsx` (`zhengwu ledger new budget.xlsx`) with one sheet a subject, or a folder with one CSV file a sheet
and the same columns. Sheets, columns and choices may be named in Chinese, in English or by their key; columns come in
any order; blank rows are skipped. Each figure is typed once; what follows from others is not typed at all. Nothing is
imported in part: each mistake is named with its sheet, row, column, what was found and what is allowed.

`*` 必填 required
"""


def page() -> str:
    """The whole page."""
    return HEAD + "".join(_sheet(sheet) for sheet in SHEETS)


def _sheet(sheet: Sheet) -> str:
    lines = [
        f"\n## {sheet.zh} · {sheet.en} (`{sheet.key}.csv`){' *' if sheet.required else ''}\n",
        f"{sheet.help_zh} {sheet.help_en}\n",
        "| 栏目 column | 内容 content | 说明 notes |",
        "|---|---|---|",
        *(_column(column) for column in sheet.columns),
    ]
    return "\n".join(lines) + "\n"


def _column(column: Column) -> str:
    star = " *" if column.required else ""
    content = TYPES[column.type]
    if column.choices:
        content = "、".join(choice.zh for choice in column.choices)
        content += "<br>" + ", ".join(choice.en for choice in column.choices)
    notes = "<br>".join(text for text in (column.help_zh, column.help_en) if text)
    return f"| {column.zh} · {column.en}{star} | {content} | {notes} |"


if __name__ == "__main__":
    (Path(__file__).parent / "ledger.md").write_text(page(), encoding="utf-8")
