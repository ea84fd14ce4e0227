"""A dialect file drafted from a document of an unknown dialect, for a person to complete."""

import json
import re
from typing import Any

from zhengwu.dialects import kinds
from zhengwu.model.disclosure import Disclosure
from zhengwu.model.table import Column, Table

Draft = dict[str, Any]

_REGION = re.compile(r"^(?:.{2,8}?(?:省|自治区|市))?(?:.{2,6}?(?:自治州|市|区|县|旗))?")
_YEAR = re.compile(r"(?:20\d\d年?|[×xX〇*]{2,4}年)度?")
_NOISE = re.compile(r"[\s　]+")
_PUBLISHER = re.compile(r"^(?:预算单位|部门|单位)")  # a department and its units print the same tables
_REPEATED = ("target_form",)  # one for each project
_HEAD = {
    "zh": (
        "由 zhengwu dialect new 从《{name}》起草。请逐表核对后保存，再用",
        "zhengwu dialect check 本文件 文件… 检查，--dialect 本文件 使用。说明见 docs/dialects.md。",
    ),
    "en": (
        "Drafted by zhengwu dialect new from “{name}”. Go through it table by table, then try it with",
        "zhengwu dialect check THIS DOCUMENT... and use it with --dialect THIS. See docs/dialects.md.",
    ),
}
_WORDS = {
    "zh": {
        "kind": "未识别：填一种，或删去这张表。可选", "columns": "列", "unknown": "不认识的列",
        "meaning": "写明含义后去掉行首的 #", "required": "不是每份文件都有的表写 required = false",
        "basic": "明细表中属于基本支出的项目名称怎样开头", "untitled": "第 {} 张表没有读到标题，未列入",
        "again": "同名的表还有 {} 张",
    },
    "en": {
        "kind": "not recognised: fill one in, or remove the table. One of", "columns": "columns",
        "unknown": "columns not understood", "meaning": "say what they mean and remove the # in front",
        "required": "a table that not every document has gets required = false",
        "basic": "how the names of projects that are basic expenditure begin in the detail table",
        "untitled": "table {} has no title that could be read and is left out", "again": "{} more tables of this title",
    },
}  # fmt: skip


def draft_of(disclosure: Disclosure) -> Draft:
    """What a document tells about its dialect: title, kind, money unit, and its tables in order, each with its
    columns and the members understood. ``kind`` is "" and ``unknown`` lists columns where nothing was."""
    tables: list[Draft] = []
    untitled: list[int] = []
    by_title: dict[str, Draft] = {}
    for position, table in enumerate(disclosure.tables, 1):
        title = title_of(table, disclosure.unit)
        if not title:
            untitled.append(position)
            continue
        if title in by_title or (table.kind in _REPEATED and any(one["kind"] == table.kind for one in tables)):
            known = by_title.get(title) or next(one for one in tables if one["kind"] == table.kind)
            known["repeated"] = known.get("repeated", 0) + 1
            continue
        one: Draft = {
            "kind": table.kind,
            "number": table.number,
            "title": title,
            "money_unit": table.money_unit,
            "columns": [_column(column) for column in table.columns if column.label],
            "unknown": [column.label[-1] for column in table.columns if is_unknown(column)],
        }
        by_title[title] = one
        tables.append(one)
    units = [one["money_unit"] for one in tables]
    region = _REGION.match(disclosure.unit)
    what = "部门决算" if disclosure.kind == "final" else "部门预算"
    return {
        "source": disclosure.source.name,
        "title": (region.group() if region else "") + what,
        "document": disclosure.kind or "budget",
        "money_unit": max(dict.fromkeys(units), key=units.count, default="万元"),
        "table": tables,
        "untitled": untitled,
    }


def title_of(table: Table, unit: str) -> str:
    """A table's title without year, unit and blanks: what the tables of all units of a province share."""
    title = _YEAR.sub("", _NOISE.sub("", table.title))
    title = title.replace(_NOISE.sub("", unit), "") if unit else title
    return _PUBLISHER.sub("", title)


def is_unknown(column: Column) -> bool:
    """Whether a column holds amounts that nobody knows the meaning of."""
    return column.role == "amount" and bool(column.label) and dict(column.dims).get("aspect") == "unknown"


def _column(column: Column) -> Draft:
    meaning = {key: value for key, value in column.dims if key != "aspect" or value != "unknown"}
    found: Draft = {"label": ">".join(column.label), "role": column.role}
    if column.axis:
        found["axis"] = column.axis
    if meaning:
        found["members"] = meaning
    return found


def toml_of(draft: Draft, language: str) -> str:
    """The draft as a dialect file, with comments on what a person must decide."""
    words = _WORDS["en" if language == "en" else "zh"]
    lines = [f"# {line.format(name=draft['source'])}" for line in _HEAD["en" if language == "en" else "zh"]]
    lines += [f"# {words['required']}"]
    lines += [f"{key} = {_text(draft[key])}" for key in ("title", "document", "money_unit")]
    if any(table["kind"] == "detail" for table in draft["table"]):
        lines += [f"# {words['basic']}:", '# basic_projects = ["人员支出", "日常公用支出"]']
    lines += [f"# {words['untitled'].format(position)}" for position in draft["untitled"]]
    for table in draft["table"]:
        lines += ["", "[[table]]"]
        choice = "" if table["kind"] else f"  # {words['kind']}: {', '.join(kind_names())}"
        lines.append(f"kind = {_text(table['kind'])}{choice}")
        lines += [f"number = {_text(table['number'])}", f"title = {_text(table['title'])}"]
        if table["money_unit"] != draft["money_unit"]:
            lines.append(f"money_unit = {_text(table['money_unit'])}")
        if table.get("repeated"):
            lines.append(f"# {words['again'].format(table['repeated'])}")
        if table["kind"] in _REPEATED:
            lines.append("required = false")
        if table["columns"]:
            lines += [f"# {words['columns']}:", *(f"#   {_said(column)}" for column in table["columns"])]
        if table["unknown"]:
            members = ", ".join(f'{_text(label)} = {{ nature = "" }}' for label in dict.fromkeys(table["unknown"]))
            lines += [f"# {words['unknown']} ({words['meaning']}):", f"# columns = {{ {members} }}"]
    return "\n".join(lines) + "\n"


def kind_names() -> list[str]:
    """All kinds of tables, each once, in the vocabulary's order."""
    return list(dict.fromkeys(entry.key for entry in kinds()))


def _said(column: Draft) -> str:
    meaning = column.get("axis") or ", ".join(f"{key} {value}" for key, value in column.get("members", {}).items())
    return _comment(f"{column['label']} = {column['role']}{f' ({meaning})' if meaning else ''}")


def _comment(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)


def _text(value: str) -> str:
    """A TOML basic string: JSON's escapes are TOML's, and nothing that is not printable is left as it is."""
    return json.dumps(_comment(value), ensure_ascii=False)
