"""Header rows found, and each column's meaning read from its header path."""

import re
from functools import lru_cache

from zhengwu.dialects import member_of
from zhengwu.model.document import Cell
from zhengwu.model.number import parse_number
from zhengwu.model.table import Column
from zhengwu.recognition.words import is_total, label_of, squeeze

# A header cell is made of such words; an item's name is not.
_HEADER_WORDS = re.compile(
    r"项目|科目|编码|代码|名称|金额|预算|决算|执行|合计|总计|小计|收入|支出|拨款|基本|经费|资金|结转|结余|序号|"
    r"单位|备注|栏次|行次|年度|文号|指标|类别|分类|费$|数$|补助|上缴|三公|比例|增减|说明|内容|数量|目录|部门|方式"
)
_CODE_LEVEL = ("类", "款", "项")
_YEAR = re.compile(r"(20\d\d)年")
_LAST_YEAR = re.compile(r"上年(?!结转|结余)|去年")
_ITEM_ROW = re.compile(r"^\s*(?:[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[、.．])")
MAX_HEADER_ROWS = 6


def header_height(rows: list[tuple[Cell, ...]]) -> int:
    """How many of the first rows are header rows."""
    height = 0
    reach = 0  # rows still covered by a header cell that spans downwards
    for index, row in enumerate(rows[:MAX_HEADER_ROWS]):
        if not _is_header(row) and not (index < reach and not _has_amount(row)):
            break
        height = index + 1
        reach = max([reach, *(index + cell.rowspan for cell in row if cell.rowspan < MAX_HEADER_ROWS)])
    return height


def _has_amount(row: tuple[Cell, ...]) -> bool:
    return any(parse_number(cell.text) is not None for cell in row)


def _is_header(row: tuple[Cell, ...]) -> bool:
    texts = [squeeze(cell.text) for cell in row]
    filled = [text for text in texts if text]
    if not filled:
        return False
    if filled[0] in ("栏次", "行次"):
        return True
    if any(parse_number(text) is not None or _ITEM_ROW.match(text) for text in filled):
        return False
    if len(filled) == 1 and (is_total(filled[0]) or len(row) > 1):
        return bool(row[0].colspan > 1 and not is_total(filled[0])) or filled[0] in _CODE_LEVEL
    if is_total(label_of(filled[0])) and not any(_is_amount_word(text) for text in filled[1:]):
        return False
    known = sum(1 for text in filled if text in _CODE_LEVEL or _HEADER_WORDS.search(text))
    return known * 2 > len(filled) or known == len(filled)


def _is_amount_word(text: str) -> bool:
    return bool(_HEADER_WORDS.search(text))


def columns_of(header: list[list[Cell | None]], body: list[list[Cell | None]], width: int) -> tuple[Column, ...]:
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
        dims = _dims(path) if role == "amount" else ()
        columns.append(Column(f"c{index + 1}", path, role, axis, dims, group))
    return _with_keys(_with_levels(columns))


def _path(header: list[list[Cell | None]], index: int) -> tuple[str, ...]:
    path: list[str] = []
    for line in header:
        cell = line[index]
        text = squeeze(cell.text) if cell else ""
        if text and (not path or path[-1] != text):
            path.append(text)
    return tuple(path)


def _values(body: list[list[Cell | None]], index: int) -> tuple[int, int]:
    """(filled cells, cells that are numbers) of a column's first rows."""
    filled = numbers = 0
    for line in body[:40]:
        cell = line[index]
        text = cell.text.strip() if cell else ""
        if text:
            filled += 1
            numbers += parse_number(text) is not None
    return filled, numbers


@lru_cache(maxsize=1024)
def _code_axis(joined: str) -> str:
    if "功能" in joined:
        return "function"
    if "政府" in joined and "经济" in joined and "部门" not in joined:
        return "government"
    if "经济" in joined:
        return "departmental"
    return ""


def _role(path: tuple[str, ...], values: tuple[int, int]) -> tuple[str, str]:
    filled, numbers = values
    leaf = path[-1] if path else ""
    joined = ">".join(path)
    if leaf in _CODE_LEVEL:
        return "code", _code_axis(joined)
    if "项目名称" in leaf or leaf == "项目(名称)":
        return "project", ""
    if leaf in ("序号", "行次", "栏次", "备注", "说明") or "文号" in leaf or "单位代码" in leaf or "单位名称" in leaf:
        return "text", ""
    if "编码" in leaf or "代码" in leaf:
        if "(" in leaf and leaf.startswith(("编码", "代码")):
            return "code", "catalogue"
        return "code", _code_axis(joined)
    if "名称" in leaf:
        return ("project", "") if "项目名称" in leaf and "目录" not in leaf else ("name", _code_axis(joined))
    if leaf.endswith(("项目", "类别", "科目")) and not any(w in leaf for w in ("金额", "预算数", "决算数")):
        return ("text", "") if leaf.endswith("分类科目") and filled and not numbers else ("label", "")
    if numbers * 2 > filled and filled:
        return "amount", ""
    if not filled and (_is_amount_leaf(leaf)):
        return "amount", ""
    return ("amount", "") if filled and numbers and _is_amount_leaf(leaf) else ("text", "")


def _is_amount_leaf(leaf: str) -> bool:
    return bool(
        leaf.endswith(("金额", "数", "合计", "总计", "小计", "支出", "收入", "费", "拨款", "预算", "经费", "结余", "资金"))
        or member_of(leaf, "fund")
        or member_of(leaf, "nature")
        or member_of(leaf, "item")
    )


@lru_cache(maxsize=2048)
def _dims(path: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The members an amount column stands for; a deeper label is more exact than the one above it."""
    dims: dict[str, str] = {}
    for label in path:
        for dimension in ("fund", "nature", "item"):
            member = member_of(label, dimension)
            if member:
                dims[dimension] = member
        year = _YEAR.search(label)
        if year:
            dims["year"] = year.group(1)
        elif _LAST_YEAR.search(label):
            dims["year"] = "last"
        if "决算" in label:
            dims["stage"] = "final"
        elif label.startswith(("年初预算", "预算数")):
            dims["stage"] = "budget"
        if "年末结转" in label or "结转下年" in label:
            dims.pop("fund", None)
            dims["measure"] = "carry_out"
        elif label.startswith("本年收入"):
            dims["measure"] = "income"
        elif label.startswith("本年支出"):
            dims["measure"] = "expenditure"
        if "机关运行经费" in label and "三公" not in label:
            dims["measure"] = "operating"
            dims.pop("item", None)
        if re.search(r"增减|增加|变动|比例|占比|±|%|完成", label):
            dims["aspect"] = "derived"
    return tuple(dims.items())


def _with_levels(columns: list[Column]) -> list[Column]:
    """A code printed in several columns (类, 款, 项): all of one axis; the axis of 款 and 项 is that of 类."""
    out: list[Column] = []
    for column in columns:
        if column.role == "code" and not column.axis and out and out[-1].role == "code":
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
    for dimension in ("item", "nature", "fund"):
        if dims.get(dimension):
            return dims[dimension]
    return dims.get("measure") or _KEYS.get(leaf, "amount")
