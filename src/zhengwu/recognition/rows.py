"""What a row says: its codes, its item in words, its level in the table's tree."""

import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from zhengwu.dialects import member_of
from zhengwu.dialects.classifications import departmental_economic, functional, government_economic
from zhengwu.model.document import Cell
from zhengwu.model.table import Column, Row, Table
from zhengwu.recognition.words import is_total, label_of, numbering_level, squeeze

_CODE = re.compile(r"\d{1,15}|[A-Z]\d{0,8}")
_PARTED_CODE = re.compile(r"(\d{3})[-.](\d{2})(?:[-.](\d{2}))?")
_CODED_NAME = re.compile(r"^[\[(]?([1-5]\d{2}(?:\d{2}){0,2})[\])]?[-—_.:]?(?=[^\d\s年月日、.．)个项人%-])(.+)")
_LENGTHS = {"function": (3, 5, 7), "government": (3, 5), "departmental": (3, 5)}
_FIRST_DIGIT = {"2": "function", "1": "function", "3": "departmental", "5": "government"}
_YEAR_ROW = re.compile(r"(?:(20\d\d)年|上年|去年|本年)度?(?:年初)?(?:财政拨款)?(?:预算|决算|执行|批复)?(?:安排)?数?")
_DERIVED_ROW = re.compile(r"增减|增长|变动|比例|占比|%")
# A row's place in the table's tree: a total over units over codes over projects that stand under a code.
LEVEL_TOTAL, LEVEL_UNIT, LEVEL_CODE, LEVEL_BELOW = 0, 10, 30, 60

Dims = dict[str, str]


class RowMeaning(NamedTuple):
    """What a row of one column group says. ``level`` orders the tree: a total over units over codes, a
    longer code below a shorter. ``known`` is false for an item in words that is not understood."""

    level: int
    label: str
    dims: Dims
    codes: Dims  # axis -> code
    known: bool = True
    subtotal: bool = False
    of_which: bool = False  # printed after 其中: perhaps not all parts are named


def axis_of(column: Column, table: Table) -> str:
    """The classification of a code column: by its header, else by what most of its codes begin with."""
    if column.axis or column.role != "code":
        return column.axis
    index = table.columns.index(column)
    votes: Counter[str] = Counter()
    for row in table.rows:
        cell = row.cells[index]
        text = squeeze(cell.text) if cell else ""
        match = _CODED_NAME.match(text)
        code = match[1] if match else text
        if code.isdecimal() and len(code) in (3, 5, 7):
            votes[_FIRST_DIGIT.get(code[0], "")] += 1
    return votes.most_common(1)[0][0] if votes else ""


class RowReader:
    """Reads the rows of one column group from the top down, keeping what a row leaves to the one above:
    the parent codes in three-column codes, the section that items belong to."""

    def __init__(self, table: Table, columns: list[tuple[int, Column]], side: str, year: int) -> None:
        self.table = table
        self.side = side
        self.year = year
        coded = [(index, axis_of(column, table)) for index, column in columns if column.role == "code"]
        self.unit_columns = [index for index, axis in coded if axis == "unit"]
        self.code_columns: list[tuple[int, str]] = []
        for index, axis in coded:
            if axis != "unit":  # 款 and 项 hold two digits: they are of the classification of their 类
                before = self.code_columns[-1][1] if self.code_columns else ""
                self.code_columns.append((index, axis or before))
        self.name_columns = [i for i, c in columns if c.role in ("name", "label", "project")]
        self.project_columns = [i for i, c in columns if c.role == "project"]
        self.text_columns = [i for i, c in columns if c.role != "amount"]
        self.named_axis = "" if self.code_columns or side else self._axis_of_names()
        self.axes = list(dict.fromkeys(axis for _, axis in self.code_columns)) or (
            [self.named_axis] if self.named_axis else []
        )
        self.last_codes: dict[str, tuple[str, ...]] = {}
        self.carry_level: int | None = None
        self.in_carry = False
        self.nature = ""  # of the section that a summary's economic classes stand in
        self.above: Dims = {}  # the codes of the last coded row
        self.codes_seen = False
        self.last_unit = ""  # the code of the unit whose rows are being read
        self.no_code_is_unit: bool | None = None
        self.only_unit = self._only_unit()

    def _only_unit(self) -> str:
        """The code of the one unit over a catalogue's entries: its row is the whole. It stands first, an entry by
        letter follows, and no other such code does so."""
        codes = [
            squeeze(cell.text)
            for index, axis in self.code_columns
            if axis == "catalogue"
            for row in self.table.rows
            if (cell := row.cells[index]) and cell.text.strip()
        ]
        if len(codes) < 2 or not codes[0].isdecimal():
            return ""
        heads = [
            code
            for code, below in pairwise(codes)
            if code.isdecimal() and len(code) == len(codes[0]) and below[:1].isalpha()
        ]
        return codes[0] if heads == codes[:1] else ""

    @property
    def coded(self) -> bool:
        """Whether the rows are told by codes (in columns of their own or before their names) or by units."""
        return bool(self.code_columns or self.named_axis or self.unit_columns)

    def _axis_of_names(self) -> str:
        """The classification, where names begin with their codes: "2010301 行政运行"."""
        votes: Counter[str] = Counter()
        others = 0
        for row in self.table.rows:
            text = squeeze(self._printed(row))
            match = _CODED_NAME.match(text)
            if match:
                votes[_FIRST_DIGIT.get(match[1][0], "")] += 1
            elif text and not is_total(label_of(text)):
                others += 1
        if votes and votes.total() > others:
            return votes.most_common(1)[0][0]
        return ""

    def read(self, row: Row) -> RowMeaning:
        """The meaning of the next row."""
        label = self._label(row)
        if self.named_axis:
            match = _CODED_NAME.match(squeeze(self._printed(row)))
            codes = {self.named_axis: match[1]} if match else {}
            label = match[2] if match else label
        else:
            codes = {axis: code for axis in self.axes if (code := self._code(row, axis))}
        if codes:
            self.codes_seen = True
            meaning = RowMeaning(self._code_level(codes), label, self._code_dims(codes), codes)
            self.above = meaning.dims
            return meaning
        if self.coded:
            return self._without_code(row, label)
        meaning = self._in_words(row, label)
        return meaning._replace(of_which=True) if self._printed(row).lstrip(" 　").startswith("其中") else meaning

    def _without_code(self, row: Row, label: str) -> RowMeaning:
        """A total, a unit above its codes, or a unit or project below a code."""
        unit = self._unit_code(row)
        total = label if is_total(label) else self._any_total(row)
        if total and not unit:
            nature = member_of(total, "nature") if "经费" in total else None
            return RowMeaning(LEVEL_TOTAL, total, {"nature": nature} if nature else {}, {}, subtotal="小计" in total)
        if not label and not unit:
            return RowMeaning(LEVEL_UNIT, label, {}, {})
        if _CARRIED_OUT.fullmatch(label):  # income that is not spent this year stands under no code
            return RowMeaning(LEVEL_CODE, label, {"measure": "carry_out"}, {})
        if not self.code_columns and not self.named_axis:  # a list of units
            return RowMeaning(LEVEL_UNIT + len(unit), label, {"item": f"unit:{unit or label}"}, {"unit": unit})
        if self.no_code_is_unit is None:
            self.no_code_is_unit = not self.codes_seen
        own = not self.unit_columns or (bool(unit) and unit != self.last_unit)
        if self.no_code_is_unit and own:
            self.last_unit = unit
            codes = {"unit": unit} if unit else {}
            return RowMeaning(LEVEL_UNIT + min(len(unit), 15), label, {"item": f"unit:{unit or label}"}, codes)
        return RowMeaning(LEVEL_BELOW, label, {**self.above, "item": label or unit}, {})

    def _unit_code(self, row: Row) -> str:
        for index in self.unit_columns:
            cell = row.cells[index]
            text = squeeze(cell.text) if cell else ""
            if text.isdecimal():
                return text
        return ""

    def _label(self, row: Row) -> str:
        for index in self.name_columns or self.text_columns:
            cell = row.cells[index]
            if cell and cell.text.strip():
                return label_of(cell.text)
        for index in self.text_columns:
            cell = row.cells[index]
            if cell and cell.text.strip():
                return label_of(cell.text)
        return self._total_from_left(row)

    def _total_from_left(self, row: Row) -> str:
        """The name of a total that is merged over the columns of the groups before this one."""
        first = self.text_columns[0] if self.text_columns else 0
        for index in range(first - 1, -1, -1):
            cell = row.cells[index]
            if cell and cell.text.strip():
                label = label_of(cell.text)
                return label if is_total(label) else ""
        return ""

    def _any_total(self, row: Row) -> str:
        for index in self.text_columns:
            cell = row.cells[index]
            label = label_of(cell.text) if cell else ""
            if is_total(label):
                return label
        return ""

    def _code(self, row: Row, axis: str) -> str:
        """The row's code on an axis; printed in several columns (类, 款, 项) it is put together."""
        texts = []
        for index, own_axis in self.code_columns:
            if own_axis == axis:
                cell = row.cells[index]
                text = squeeze(cell.text) if cell else ""
                match = _CODED_NAME.match(text) or _PARTED_CODE.fullmatch(text)
                if match and match.re is _PARTED_CODE:
                    text = "".join(filter(None, match.groups()))
                elif match:
                    text = match[1]
                texts.append(text)
        filled = [text for text in texts if text]
        if not filled or not all(_CODE.fullmatch(text) for text in filled):
            return ""
        if len(texts) == 1:
            return filled[0] if len(filled[0]) > 1 or filled[0].isalpha() else ""
        before = self.last_codes.get(axis, ())
        levels: list[str] = []
        for index, text in enumerate(texts):
            if text:
                levels.append(text.zfill(2) if index else text)
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
                return LEVEL_UNIT if code == self.only_unit else _catalogue_level(code)
            lengths = _LENGTHS.get(axis)
            if lengths and len(code) not in lengths:
                return LEVEL_UNIT
        return LEVEL_CODE + sum(len(code) for code in codes.values())

    def _code_dims(self, codes: Dims) -> Dims:
        dims: Dims = {}
        for axis, code in codes.items():
            if axis == "catalogue":
                if code != self.only_unit:
                    dims["item"] = code
            elif axis and len(code) in _LENGTHS[axis]:
                dims[axis] = code
            elif len(codes) == 1:
                dims["item"] = f"unit:{code}"
        return dims

    def _in_words(self, row: Row, label: str) -> RowMeaning:
        if not label:
            return RowMeaning(LEVEL_CODE, "", {}, {}, known=True)
        if self.side == "income":
            return self._income(row, label)
        if self.side == "expenditure":
            return self._expenditure(label)
        year = _YEAR_ROW.fullmatch(label)
        if year:
            dims = {"year": year[1] or ("" if label.startswith("本年") else "last")}
            if "决算" in label or "执行" in label:
                dims["stage"] = "final" if "决算" in label else "execution"
            return RowMeaning(LEVEL_CODE, label, dims, {})
        if _DERIVED_ROW.search(label):
            return RowMeaning(LEVEL_CODE, label, {}, {}, known=False)
        item = member_of(label, "item") or self._project(row)
        if item:
            return RowMeaning(LEVEL_CODE, label, {"item": item}, {})
        if is_total(label) or "三公" in label:
            return RowMeaning(LEVEL_TOTAL, label, {}, {}, subtotal="小计" in label)
        for dimension in ("nature", "fund"):
            member = member_of(label, dimension)
            if member:
                return RowMeaning(LEVEL_CODE, label, {dimension: member}, {})
        code = _code_named(label, self.year)
        return RowMeaning(LEVEL_CODE, label, {"function": code} if code else {}, {}, known=bool(code))

    def _project(self, row: Row) -> str:
        """The project that a line of a list is about, or ""."""
        for index in self.project_columns:
            cell = row.cells[index]
            if cell and cell.text.strip():
                name = squeeze(cell.text)
                return "" if is_total(name) else name
        return ""

    def _income(self, row: Row, label: str) -> RowMeaning:
        fiscal = self.table.kind == "fiscal_summary"
        whole, current, carry = ("fiscal_all", "fiscal", "fiscal_carryover") if fiscal else ("", "current", "carryover")
        level = numbering_level(self._printed(row))
        if label.startswith(("本年", "当年")) and (is_total(label) or _CURRENT_INCOME.fullmatch(label)):
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
        if label.startswith(("本年", "当年")) and (is_total(label) or _CURRENT_EXPENDITURE.fullmatch(label)):
            return RowMeaning(LEVEL_TOTAL + 1, label, {"measure": "expenditure"}, {})
        if is_total(label):
            return RowMeaning(LEVEL_TOTAL, label, {"measure": "outflow"}, {})
        if re.search(r"结转下年|下年结转|结转(?:到|至)?下年|年末.*(?:结转|结余)|年终结|结转结余支出", label):
            return RowMeaning(LEVEL_TOTAL + 1, label, {"measure": "carry_out"}, {})
        if "结余分配" in label:
            return RowMeaning(LEVEL_TOTAL + 1, label, {"measure": "surplus"}, {})
        match = _CODED_NAME.match(label)
        code = match[1] if match and len(match[1]) == 3 else _code_named(label, self.year)
        if code and code[0] == "2":
            return RowMeaning(LEVEL_CODE, label, {"measure": "expenditure", "function": code}, {})
        member = member_of(label, "nature")
        if member:
            self.nature = member if member in ("basic", "project") else ""
            return RowMeaning(LEVEL_CODE, label, {"measure": "expenditure", "nature": member}, {})
        for axis, book in (("departmental", departmental_economic()), ("government", government_economic())):
            economic = [c for c in book.codes_named(match[2] if match else label) if len(c) == 3]
            if economic:
                dims = {"measure": "expenditure", axis: economic[0]}
                return RowMeaning(LEVEL_CODE, label, {**dims, "nature": self.nature} if self.nature else dims, {})
        return RowMeaning(LEVEL_CODE, label, {}, {}, known=False)


_CARRIED_OUT = re.compile(r"结转(?:到|至)?下年|下年结转|年末结转(?:和结余)?")
_CURRENT_INCOME = re.compile(r"[本当]年(?:财政拨款)?(?:收入|预算|拨款)(?:预算)?")
_CURRENT_EXPENDITURE = re.compile(r"[本当]年(?:财政拨款)?(?:支出|预算)(?:预算)?")


@lru_cache(maxsize=4096)
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
