"""Header rows found, and each column's role read from its header path."""

import re
from functools import lru_cache
from itertools import pairwise

from zhengwu.dialects.classifications import functional, government_economic
from zhengwu.model.document import Cell
from zhengwu.model.table import Column
from zhengwu.recognition.columns import dims_of_path
from zhengwu.recognition.layout import Line
from zhengwu.recognition.words import is_total, label_of, number_in, squeeze

# A header cell is made of such words; an item's name is not.
_HEADER_WORDS = re.compile(
    r"项目|科目|编码|代码|名称|金额|预算|决算|执行|合计|总计|小计|收入|支出|拨款|基本|经费|资金|结转|结余|序号|"
    r"单位|备注|栏次|行次|年度|文号|指标|类别|分类|费$|数$|补助|上缴|三公|比例|增减|说明|内容|数量|目录|部门|方式|"
    r"类型|品目|占比|年份|上年|本年|财政专户|教育收费|弥补"
)
_CODE_LEVEL = ("类", "款", "项")
_NUMBERING_LABELS = ("栏次", "行次", "", *_CODE_LEVEL, "甲", "乙", "丙", "丁", "—", "-")
_COLUMN_NUMBER = re.compile(r"[(]?(\d{1,2})[)]?(?:=[\d+\-()]+)?")
_ITEM_ROW = re.compile(
    r"^\s*(?:[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[、.．]"
    r"|[\[(（]?[1-5]\d{2}(?:\d{2}){0,2}[\])）]?[\s　-]*[一-鿿])"
)
_YEAR_HEAD = re.compile(r"20\d\d年")
_NO_IDENTITY = ("序号", "行次", "栏次", "备注", "说明", "年份", "年度", "类型", "数量", "单价", "计量单位", "人数")
MAX_HEADER_ROWS = 6
_ENOUGH = 20  # filled cells that tell what a column holds


def header_height(rows: list[tuple[Cell, ...]]) -> int:
    """How many of the first rows are header rows, a row of column numbers among them."""
    height = 0
    reach = 0  # rows still covered by a header cell that spans downwards
    for index, row in enumerate(rows[: MAX_HEADER_ROWS + 1]):
        if index and is_numbering(row):
            return index + 1
        if index and _is_class_row(row):
            break
        if not _is_header(row) and not (index < reach and not _has_amount(row) and not _is_item(row)):
            break
        height = index + 1
        reach = max([reach, *(index + cell.rowspan for cell in row if cell.rowspan < MAX_HEADER_ROWS)])
    return height


def is_numbering(row: tuple[Cell, ...]) -> bool:
    """Whether a row only numbers the columns: 栏次 | 1 | 2 | 3, or 1 | 2 | 3, or 类 | 款 | 项 | 栏次 | 1."""
    numbers: list[int] = []
    for cell in row:
        text = squeeze(cell.text)
        if text in _NUMBERING_LABELS:
            continue
        match = _COLUMN_NUMBER.fullmatch(text)
        if match is None:
            return False
        numbers.append(int(match[1]))
    if not numbers or any(b - a != 1 for a, b in pairwise(numbers)):
        return False
    words = {squeeze(cell.text) for cell in row}
    return numbers[0] in (0, 1) and (len(numbers) > 2 or bool(words & {"栏次", "行次"}))


def without_numbering(row: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """A header row without the numbers of columns, if it is the row that gives them."""
    if not is_numbering(row):
        return row
    return tuple(cell if squeeze(cell.text) in _CODE_LEVEL else cell._replace(text="") for cell in row)


def code_levels(row: tuple[Cell, ...]) -> tuple[Cell, ...] | None:
    """The header's last row in templates that begin the row of totals with 类 | 款 | 项."""
    texts = [squeeze(cell.text) for cell in row]
    if texts[:2] != ["类", "款"]:
        return None
    return tuple(cell if text in _CODE_LEVEL else cell._replace(text="") for cell, text in zip(row, texts, strict=True))


def _has_amount(row: tuple[Cell, ...]) -> bool:
    return any(number_in(cell.text) is not None for cell in row)


def _is_item(row: tuple[Cell, ...]) -> bool:
    filled = [squeeze(cell.text) for cell in row if cell.text.strip()]
    return bool(filled) and (is_total(label_of(filled[0])) or bool(_ITEM_ROW.match(filled[0]))) and len(filled) == 1


def _is_header(row: tuple[Cell, ...]) -> bool:
    texts = [squeeze(cell.text) for cell in row]
    filled = [text for text in texts if text]
    if not filled:
        return False
    if filled[0] in ("栏次", "行次"):
        return True
    if any(number_in(text) is not None or (_ITEM_ROW.match(text) and not _YEAR_HEAD.match(text)) for text in filled):
        return False
    if len(filled) == 1 and (is_total(filled[0]) or len(row) > 1):
        return bool(row[0].colspan > 1 and not is_total(filled[0])) or filled[0] in _CODE_LEVEL
    if is_total(label_of(filled[0])) and not any(_HEADER_WORDS.search(text) for text in filled[1:]):
        return False
    known = sum(1 for text in filled if text in _CODE_LEVEL or _HEADER_WORDS.search(text))
    return known * 2 > len(filled) or known == len(filled)


_LABEL_WORDS = re.compile(r"科目|编码|代码|合计|小计|总计|金额|单位|名称|预算数|决算数|年$")


def _is_class_row(row: tuple[Cell, ...]) -> bool:
    """The first row of a summary whose first amounts are blank: one functional class by its name, beside blank cells
    and no word of a header. Several classes are a header of columns by class."""
    texts = [squeeze(cell.text) for cell in row]
    filled = [text for text in texts if text]
    if len(filled) == len(texts) or any(_LABEL_WORDS.search(text) for text in filled):
        return False
    return sum(_names_class(text) for text in filled) == 1


@lru_cache(maxsize=1024)
def _names_class(text: str) -> bool:
    """Whether a label names a functional class and nothing else: 债务还本支出 is an economic class too, 其他支出 and a
    whole budget may be a column's words."""
    label = label_of(text)
    if label == "其他支出" or "预算" in label or government_economic().codes_named(label):
        return False
    return any(len(code) == 3 for code in functional().codes_named(label))


def columns_of(header: list[Line], body: list[Line], width: int) -> tuple[Column, ...]:
    """The leaf columns with role, axis, members and group."""
    columns: list[Column] = []
    group = 0
    amount_seen = False
    for index in range(width):
        path = _path(header, index)
        role, axis = _role(path, _values(body, index))
        if role in ("label", "code") and amount_seen:
            group += 1
            amount_seen = False
        amount_seen = amount_seen or role == "amount"
        dims = dims_of_path(path) if role == "amount" else ()
        columns.append(Column(f"c{index + 1}", path, role, axis, dims, group))
    return _with_keys(_with_levels(columns))


def _path(header: list[Line], index: int) -> tuple[str, ...]:
    path: list[str] = []
    for line in header:
        cell = line[index]
        text = squeeze(cell.text) if cell else ""
        if text and (not path or path[-1] != text):
            path.append(text)
    return tuple(path)


def _values(body: list[Line], index: int) -> tuple[int, int, int]:
    """(filled cells, cells that are numbers, cells that are a code with its name) of a column's first rows."""
    filled = numbers = coded = 0
    for line in body[:40]:
        if filled == _ENOUGH:
            break
        cell = line[index]
        text = cell.text.strip() if cell else ""
        if text and text not in _NOTHING:
            filled += 1
            if number_in(text.rstrip("%％")) is not None:
                numbers += 1
            elif _ITEM_ROW.match(text) and text.lstrip("[(（")[:1].isdigit():
                coded += 1
    return filled, numbers, coded


_NOTHING = ("-", "—", "－", "--", "——", "/")  # ways to print that there is nothing


@lru_cache(maxsize=1024)
def _code_axis(joined: str) -> str:
    if "功能" in joined:
        return "function"
    if "政府" in joined and "经济" in joined and "部门" not in joined:
        return "government"
    if "经济" in joined:
        return "departmental"
    return ""


_UNIT_CODE = re.compile(r"^(?:预算)?(?:部门|单位|机构)(?:[(/]?(?:单位|部门)[)]?)?(?:代码|编码)")
_UNIT_NAME = re.compile(r"^(?:预算|项目|主管)?(?:部门|单位|机构)(?:[(/]?(?:单位|部门)[)]?)?(?:名称)?$")


def _role(path: tuple[str, ...], values: tuple[int, int, int]) -> tuple[str, str]:
    filled, numbers, coded = values
    leaf = path[-1] if path else ""
    if not leaf:
        return ("amount", "") if filled and numbers * 2 > filled else ("text", "")
    role = _named_role(path)
    if role is not None:
        if role[0] == "label" and leaf.endswith("分类科目") and filled and not numbers and coded * 2 < filled:
            return "text", ""
        return role
    if numbers * 2 > filled and filled:
        return "amount", ""
    if (not filled or numbers) and _is_amount_leaf(path):
        return "amount", ""
    return "text", ""


@lru_cache(maxsize=2048)
def _named_role(path: tuple[str, ...]) -> tuple[str, str] | None:
    """The role that a column's own words give it, or None where its cells must tell."""
    leaf = path[-1]
    joined = ">".join(path)
    if leaf in _CODE_LEVEL:
        return "code", _code_axis(joined)
    if "项目名称" in leaf or leaf == "项目(名称)":
        return "project", ""
    if leaf in _NO_IDENTITY or "文号" in leaf:
        return "text", ""
    if _UNIT_CODE.match(leaf) and "科目" not in leaf:
        return "code", "unit"
    if _UNIT_NAME.match(leaf):
        return "text", ""
    if "编码" in leaf or "代码" in leaf:
        if "(" in leaf and leaf.startswith(("编码", "代码")):
            return "code", "catalogue"
        return "code", _code_axis(joined)
    if "名称" in leaf:
        return "name", _code_axis(joined)
    if leaf.endswith(("项目", "类别", "科目", "事项")) and not any(w in leaf for w in ("金额", "预算数", "决算数")):
        return "label", ""
    if leaf.startswith(("项目(", "支出功能分类", "支出经济分类", "功能分类", "经济分类", "支出项目(", "功能科目")) and (
        not leaf.endswith(("数", "额", "计"))
    ):
        return "label", ""
    return None


@lru_cache(maxsize=2048)
def _is_amount_leaf(path: tuple[str, ...]) -> bool:
    leaf = path[-1]
    ends = ("金额", "数", "合计", "总计", "小计", "支出", "收入", "费", "费用", "拨款", "预算", "决算", "经费", "结余",
            "结转", "资金", "补助", "额", "%", "率")  # fmt: skip
    return leaf.endswith(ends) or bool(dims_of_path((leaf,)))


def _with_levels(columns: list[Column]) -> list[Column]:
    """A code printed in several columns (类, 款, 项): all of one axis; the axis of 款 and 项 is that of 类."""
    out: list[Column] = []
    for column in columns:
        if column.role == "code" and not column.axis and out and out[-1].role == "code" and out[-1].axis != "unit":
            column = column._replace(axis=out[-1].axis)
        out.append(column)
    return out


_KEYS = {
    "合计": "total", "总计": "total", "小计": "total", "基本支出": "basic", "项目支出": "project",
    "人员经费": "personnel", "公用经费": "public", "预算金额": "amount", "预算数": "amount", "决算数": "amount",
}  # fmt: skip


def _with_keys(columns: list[Column]) -> tuple[Column, ...]:
    """Stable keys by meaning; a repeated one is numbered."""
    seen: dict[str, int] = {}
    out = []
    for column in columns:
        key = column.role if column.role != "amount" else _amount_key(column)
        seen[key] = seen.get(key, 0) + 1
        out.append(column._replace(key=key if seen[key] == 1 else f"{key}_{seen[key]}"))
    return tuple(out)


def _amount_key(column: Column) -> str:
    leaf = column.label[-1] if column.label else ""
    dims = dict(column.dims)
    if dims.get("aspect"):
        return dims["aspect"]
    for dimension in ("item", "nature", "fund"):
        if dims.get(dimension):
            return dims[dimension]
    return dims.get("measure") or _KEYS.get(leaf, "amount")
