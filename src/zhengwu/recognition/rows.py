"""What a row says: its codes, its item in words, its level in the table's tree."""

import re
from typing import NamedTuple

from zhengwu.dialects import member_of
from zhengwu.dialects.classifications import departmental_economic, functional
from zhengwu.model.document import Cell
from zhengwu.model.table import Column, Row, Table
from zhengwu.recognition.words import is_total, label_of, numbering_level, squeeze

_CODE = re.compile(r"\d{2,15}|[A-Z]\d{0,8}")
_LENGTHS = {"function": (3, 5, 7), "government": (3, 5), "departmental": (3, 5)}
_FIRST_DIGIT = {"2": "function", "1": "function", "3": "departmental", "5": "government"}
LEVEL_TOTAL, LEVEL_UNIT, LEVEL_CODE = 0, 1, 2

Dims = dict[str, str]


class RowMeaning(NamedTuple):
    """What a row of one column group says. ``level`` orders the tree: a total over units over codes, a
    longer code below a shorter. ``known`` is false for an item in words that is not understood."""

    level: int
    label: str
    dims: Dims
    codes: Dims  # axis -> code
    known: bool = True


def axis_of(column: Column, table: Table) -> str:
    """The classification of a code column: by its header, else by what its codes begin with."""
    if column.axis or column.role != "code":
        return column.axis
    index = table.columns.index(column)
    for row in table.rows:
        cell = row.cells[index]
        text = cell.text.strip() if cell else ""
        if text.isdecimal() and len(text) >= 3:
            return _FIRST_DIGIT.get(text[0], "")
    return ""


class RowReader:
    """Reads the rows of one column group from the top down, keeping what a row leaves to the one above:
    the parent codes in three-column codes, the section that items belong to."""

    def __init__(self, table: Table, columns: list[tuple[int, Column]], side: str, year: int) -> None:
        self.table = table
        self.side = side
        self.year = year
        self.code_columns = [
            (index, axis_of(column, table)) for index, column in columns if column.role == "code"
        ]
        self.axes = list(dict.fromkeys(axis for _, axis in self.code_columns))
        self.name_columns = [i for i, c in columns if c.role in ("name", "label", "project")]
        self.text_columns = [i for i, c in columns if c.role != "amount"]
        self.last_codes: dict[str, tuple[str, ...]] = {}
        self.carry_level: int | None = None
        self.in_carry = False

    def read(self, row: Row) -> RowMeaning:
        """The meaning of the next row."""
        codes = {axis: code for axis in self.axes if (code := self._code(row, axis))}
        label = self._label(row)
        if codes:
            return RowMeaning(self._code_level(codes), label, self._code_dims(codes), codes)
        if self.code_columns:
            if is_total(label) or self._any_total(row):
                return RowMeaning(LEVEL_TOTAL, label, {}, {})
            return RowMeaning(LEVEL_UNIT, label, {}, {}, known=not label)
        return self._in_words(row, label)

    def _label(self, row: Row) -> str:
        for index in self.name_columns or self.text_columns:
            cell = row.cells[index]
            if cell and cell.text.strip():
                return label_of(cell.text)
        for index in self.text_columns:
            cell = row.cells[index]
            if cell and cell.text.strip():
                return label_of(cell.text)
        return ""

    def _any_total(self, row: Row) -> bool:
        return any(
            is_total(label_of(cell.text)) for index in self.text_columns if (cell := row.cells[index]) is not None
        )

    def _code(self, row: Row, axis: str) -> str:
        """The row's code on an axis; printed in several columns (类, 款, 项) it is put together."""
        texts = []
        for index, own_axis in self.code_columns:
            if own_axis == axis:
                cell = row.cells[index]
                texts.append(squeeze(cell.text) if cell else "")
        filled = [text for text in texts if text]
        if not filled or not all(_CODE.fullmatch(text) for text in filled):
            return ""
        if len(texts) == 1:
            return filled[0]
        before = self.last_codes.get(axis, ())
        levels = []
        for index, text in enumerate(texts):
            if text:
                levels.append(text)
            elif any(texts[index + 1 :]) and index < len(before):
                levels.append(before[index])  # a parent left blank is the one above
            else:
                break
        self.last_codes[axis] = tuple(levels)
        code = ""
        for text in levels:
            code = text if code and text.startswith(code) else code + text
        return code

    def _code_level(self, codes: Dims) -> int:
        if len(codes) == 1:
            axis, code = next(iter(codes.items()))
            if axis == "catalogue":
                return _catalogue_level(code)
            lengths = _LENGTHS.get(axis)
            if lengths and len(code) not in lengths:
                return LEVEL_UNIT
        return LEVEL_CODE + sum(len(code) for code in codes.values())

    def _code_dims(self, codes: Dims) -> Dims:
        dims: Dims = {}
        for axis, code in codes.items():
            if axis == "catalogue":
                dims["item"] = code
            elif axis and len(code) in _LENGTHS[axis]:
                dims[axis] = code
        return dims

    def _in_words(self, row: Row, label: str) -> RowMeaning:
        if not label:
            return RowMeaning(LEVEL_CODE, "", {}, {}, known=True)
        if self.side == "income":
            return self._income(row, label)
        if self.side == "expenditure":
            return self._expenditure(label)
        item = member_of(label, "item")
        if item:
            return RowMeaning(LEVEL_CODE, label, {"item": item}, {})
        if is_total(label) or "三公" in label:
            return RowMeaning(LEVEL_TOTAL, label, {}, {})
        for dimension in ("nature", "fund"):
            member = member_of(label, dimension)
            if member:
                return RowMeaning(LEVEL_CODE, label, {dimension: member}, {})
        code = _code_named(label, self.year)
        return RowMeaning(LEVEL_CODE, label, {"function": code} if code else {}, {}, known=bool(code))

    def _income(self, row: Row, label: str) -> RowMeaning:
        fiscal = self.table.kind == "fiscal_summary"
        whole, current, carry = ("fiscal_all", "fiscal", "fiscal_carryover") if fiscal else ("", "current", "carryover")
        level = numbering_level(self._printed(row))
        if label.startswith("本年") and (is_total(label) or label in ("本年收入", "本年预算")):
            self.in_carry = False
            return RowMeaning(LEVEL_TOTAL + 1, label, {"fund": current}, {})
        if is_total(label):
            self.in_carry = False
            return RowMeaning(LEVEL_TOTAL, label, {"fund": whole}, {})
        member = member_of(label, "fund")
        if self.in_carry and self.carry_level is not None and level is not None and level <= self.carry_level:
            self.in_carry = False
        if member == "carryover":
            if self.in_carry:  # "财政拨款结转" under "上年结转": a part of what is carried over already
                return RowMeaning(LEVEL_CODE, label, {"fund": "carryover.part"}, {})
            self.in_carry, self.carry_level = True, level
            return RowMeaning(LEVEL_CODE, label, {"fund": carry}, {})
        if member and self.in_carry:
            return RowMeaning(LEVEL_CODE, label, {"fund": f"carryover.{member}"}, {})
        return RowMeaning(LEVEL_CODE, label, {"fund": member or ""}, {}, known=bool(member))

    def _printed(self, row: Row) -> str:
        for index in self.name_columns:
            cell: Cell | None = row.cells[index]
            if cell and cell.text.strip():
                return cell.text
        return ""

    def _expenditure(self, label: str) -> RowMeaning:
        if label.startswith("本年") and (is_total(label) or label in ("本年支出", "本年预算")):
            return RowMeaning(LEVEL_TOTAL + 1, label, {"measure": "expenditure"}, {})
        if is_total(label):
            return RowMeaning(LEVEL_TOTAL, label, {"measure": "outflow"}, {})
        if re.search(r"结转下年|年末.*(?:结转|结余)|年终结", label):
            return RowMeaning(LEVEL_TOTAL + 1, label, {"measure": "carry_out"}, {})
        if "结余分配" in label:
            return RowMeaning(LEVEL_TOTAL + 1, label, {"measure": "surplus"}, {})
        code = _code_named(label, self.year)
        if code:
            return RowMeaning(LEVEL_CODE, label, {"measure": "expenditure", "function": code}, {})
        member = member_of(label, "nature")
        if member:
            return RowMeaning(LEVEL_CODE, label, {"measure": "expenditure", "nature": member}, {})
        economic = [c for c in departmental_economic().codes_named(label) if len(c) == 3]
        if economic:
            return RowMeaning(LEVEL_CODE, label, {"measure": "expenditure", "departmental": economic[0]}, {})
        return RowMeaning(LEVEL_CODE, label, {}, {}, known=False)


def _code_named(label: str, year: int) -> str:
    """The 类 that a label names, in the year's classification or an older one."""
    names = functional()
    codes = [c for c in names.codes_named(label, year) if len(c) == 3]
    codes = codes or [c for c in names.codes_named(label) if len(c) == 3]
    return codes[0] if codes else ""


def _catalogue_level(code: str) -> int:
    """Unit over catalogue letter over its digits over the project's own long number."""
    if code[0].isalpha():
        return LEVEL_CODE + len(code)
    return LEVEL_CODE + 20 if len(code) >= 8 else LEVEL_UNIT
