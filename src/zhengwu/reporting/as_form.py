"""The inspection form (部门预算公开情况检查表) filled: a workbook of one sheet, with pictures of the problems.

"是" says only that nothing was found. What a machine cannot know (及时性) and what the document does
not have stay blank for the inspector.
"""

import io
import re
from contextlib import ExitStack
from datetime import datetime
from typing import Any, NamedTuple

import xlsxwriter

from zhengwu.model.disclosure import Disclosure
from zhengwu.model.finding import Finding
from zhengwu.reporting.audited import Audited, Made, grouped, in_order, is_placed, spots_to_mark
from zhengwu.reporting.crops import Crop, crops
from zhengwu.reporting.form_items import FormItem, form_items
from zhengwu.reporting.notes import clean
from zhengwu.reporting.page_places import OnPages, on_pages
from zhengwu.reporting.pdf_pages import Pages, Shown
from zhengwu.reporting.width import width
from zhengwu.rules.registry import rule_named

_COLUMNS = (9.0, 13.0, 17.0, 9.0, 82.0)  # widths in characters of the sheet's font
_PROBLEM_COLUMN = 4
_PROBLEM_PIXELS = 570
_LINE_HEIGHT = 15.0  # points
_MAX_ROW_HEIGHT = 400.0  # points: a sheet allows 409
_POINTS_A_PIXEL = 0.75
_MAX_PICTURES = 3  # of one problem
_MARGIN = 6  # pixels around a picture
_EPOCH = datetime(1980, 1, 1)
# The district in a unit's name: 某市甲区某局.
_DISTRICT = re.compile(r"(?:^|[市省州])([^市省州]{1,8}?[区县])")
_UNSEEN = ("文件中未见此部分，请人工核对是否应有。", "Not seen in the document: check whether it should be there.")
_HINTS = (
    "另有 {} 条提示（如末位四舍五入之差）未列入本表。",
    "{} hints (such as rounding of the last digit) are not listed here.",
)
_FOOT = (
    "“是”只表示核对程序没有发现问题；及时性、留空各项和公开网址由检查人填写。",
    "“是” only says that the program found nothing; timeliness, blank items and the address are for the inspector.",
)


class _Problem(NamedTuple):
    text: str
    pictures: list[Crop]


class _Sheet:
    """Writes the rows of the form from the top down."""

    def __init__(self, book: Any, language: str) -> None:
        self.language = language
        self.sheet = book.add_worksheet("检查表")
        base = {"font_name": "宋体", "font_size": 11, "text_wrap": True, "valign": "vcenter", "border": 1}
        self.center = book.add_format({**base, "align": "center"})
        self.left = book.add_format({**base, "align": "left"})
        self.head = book.add_format({**base, "align": "center", "bold": True, "bg_color": "#EDEDED"})
        self.title = book.add_format({**base, "border": 0, "align": "center", "bold": True, "font_size": 16})
        self.wrong = book.add_format({**base, "align": "center", "bold": True, "font_color": "#C00000"})
        self.top = book.add_format({**base, "valign": "top", "bottom": 0})
        self.pictures = book.add_format({**base, "top": 0, "bottom": 0})
        self.last = book.add_format({**base, "top": 0, "valign": "top"})
        self.dim = book.add_format({**base, "font_color": "#7F7F7F"})
        self.note = book.add_format({**base, "border": 0, "font_size": 9, "font_color": "#595959"})
        self.row = 0
        for column, characters in enumerate(_COLUMNS):
            self.sheet.set_column(column, column, characters)
        self.sheet.set_paper(9)  # A4
        self.sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.center_horizontally()
        self.sheet.set_footer("&C&P / &N")

    def across(self, text: str, form: Any, height: float, first: int = 0, last: int = 4) -> None:
        """A text over several columns of the present row."""
        self.sheet.set_row(self.row, height)
        self.sheet.merge_range(self.row, first, self.row, last, text, form)

    def item(self, name: str, verdict: str, problems: list[_Problem], remark: str) -> None:
        """An item: its name and verdict beside its problems, each followed by its pictures."""
        first = self.row
        least = self._height(name, _COLUMNS[1] + _COLUMNS[2])  # no name is cut, however long
        if not problems:
            self._line(remark, self.dim, least)
        numbered = len(problems) > 1
        for number, problem in enumerate(problems, 1):
            text = f"{number}. {problem.text}" if numbered else problem.text
            ends = number == len(problems)
            if not problem.pictures and ends:
                form = self.last if numbered else self.left
            else:
                form = self.top if number == 1 else self.pictures
            self._line(text, form, 0 if problem.pictures or numbered else least)
            for index, picture in enumerate(problem.pictures):
                final = ends and index == len(problem.pictures) - 1
                self._picture(picture, self.last if final else self.pictures, text)
        self._span(first, 1, 2, name, self.center)
        self._span(first, 3, 3, verdict, self.wrong if verdict == "否" else self.center)

    @staticmethod
    def _height(text: str, characters: float) -> float:
        """Points that a text takes in a column so many characters wide."""
        lines = sum(max(1, -(-width(line) // int(characters - 3))) for line in text.split("\n"))
        return min(max(lines * _LINE_HEIGHT + 8, 26), _MAX_ROW_HEIGHT)

    def _line(self, text: str, form: Any, least: float) -> None:
        self.sheet.set_row(self.row, max(least, self._height(text, _COLUMNS[_PROBLEM_COLUMN])))
        self.sheet.write_string(self.row, _PROBLEM_COLUMN, text, form)
        self.row += 1

    def _picture(self, crop: Crop, form: Any, about: str) -> None:
        natural = 96 / crop.dots_per_inch
        scale = min(1.0, (_PROBLEM_PIXELS - 2 * _MARGIN) / (crop.width * natural))
        high = crop.height * natural * scale
        scale *= min(1.0, (_MAX_ROW_HEIGHT / _POINTS_A_PIXEL - 2 * _MARGIN) / high)
        high = crop.height * natural * scale
        self.sheet.set_row(self.row, high * _POINTS_A_PIXEL + 2 * _MARGIN)
        self.sheet.write_blank(self.row, _PROBLEM_COLUMN, None, form)
        self.sheet.insert_image(
            self.row, _PROBLEM_COLUMN, f"p{self.row}.png",
            {"image_data": io.BytesIO(crop.data), "x_offset": _MARGIN, "y_offset": _MARGIN, "x_scale": scale,
             "y_scale": scale, "object_position": 1, "description": about[:200]},
        )  # fmt: skip
        self.row += 1

    def _span(self, first: int, left: int, right: int, text: str, form: Any) -> None:
        last = self.row - 1
        if first == last and left == right:
            self.sheet.write(first, left, text or None, form)
        else:
            self.sheet.merge_range(first, left, last, right, text, form)


def form_report(audited: Audited, language: str, made: datetime | None = None) -> Made:
    """The form as .xlsx. ``made`` is the creation time to write into it, as the caller's clock says."""
    disclosure = audited.audit.disclosure
    findings = in_order(audited.audit)
    items = form_items(disclosure, findings)
    where, notes = on_pages(audited) if any(item.findings for item in items) else (OnPages(None, audited), ())
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": form_title(disclosure), "created": (made or _EPOCH).replace(tzinfo=None)})
    sheet = _Sheet(book, language)
    with ExitStack() as stack:
        pages = stack.enter_context(Pages(where.pdf)) if where.pdf else None
        _write(sheet, audited, items, where, pages)
    book.close()
    return Made(".xlsx", stream.getvalue(), notes)


def form_title(disclosure: Disclosure) -> str:
    """{年}年度{区}部门（单位）预算公开情况检查表, as far as year and district are known."""
    year = f"{disclosure.year}年度" if disclosure.year else ""
    cover = disclosure.sections[0].text if disclosure.sections else ""
    district = _DISTRICT.search(disclosure.unit) or _DISTRICT.search(cover)
    kind = "决算" if disclosure.kind == "final" else "预算"
    return f"{year}{district[1] if district else ''}部门（单位）{kind}公开情况检查表"


def _write(sheet: _Sheet, audited: Audited, items: list[FormItem], where: OnPages, pages: Pages | None) -> None:
    disclosure = audited.audit.disclosure
    kind = "决算" if disclosure.kind == "final" else "预算"
    sheet.across(form_title(disclosure), sheet.title, 34)
    sheet.row += 1
    sheet.across(f"单位名称：{disclosure.unit}", sheet.left, 24, 0, 3)
    sheet.sheet.write_string(sheet.row, _PROBLEM_COLUMN, "单位编码：", sheet.left)
    sheet.row += 1
    sheet.across("公开网址：", sheet.left, 24)
    sheet.row += 1
    sheet.across("检查内容", sheet.head, 24, 0, 2)
    sheet.sheet.write_string(sheet.row, 3, "符合要求", sheet.head)
    sheet.sheet.write_string(sheet.row, _PROBLEM_COLUMN, "问题截图", sheet.head)
    sheet.row += 1
    sheet.sheet.repeat_rows(sheet.row - 1)
    sheet.sheet.freeze_panes(sheet.row, 0)
    sheet.sheet.write_string(sheet.row, 0, "及时性", sheet.center)
    sheet.item(f"及时公开部门（单位）{kind}", "", [], "")
    first = sheet.row
    english = sheet.language == "en"
    for item in items:
        problems = [_problem(finding, audited, where, pages, sheet.language) for finding in item.findings]
        verdict = "否" if problems else "是" if item.present else ""
        sheet.item(item.name, verdict, problems, "" if item.present else _UNSEEN[english])
    sheet.sheet.merge_range(first, 0, sheet.row - 1, 0, "内容规范性", sheet.center)
    hints = len(audited.audit.findings) - sum(len(item.findings) for item in items)
    notes = [_FOOT[english]] + ([_HINTS[english].format(hints)] if hints else [])
    sheet.across("\n".join(notes), sheet.note, 14.0 * len(notes) + 6)


def _problem(finding: Finding, audited: Audited, where: OnPages, pages: Pages | None, language: str) -> _Problem:
    """A finding as an inspector would type it, and its pictures."""
    shown: list[Shown] = []
    if pages is not None:
        for spot in spots_to_mark(finding):
            there = where.place(spot)
            shown += pages.shown(there) if there else ()
    found = crops(pages, list(dict.fromkeys(shown)))[:_MAX_PICTURES] if pages is not None and shown else []
    return _Problem(clean(_typed(finding, language)), found)


def _typed(finding: Finding, language: str) -> str:
    """The message, where it stands, and what it should be where the message does not say so."""
    english = language == "en"
    text = finding.message.in_language(language).strip()
    pages = sorted({spot.place.page for spot in finding.at if is_placed(spot) and spot.place.page})
    if pages:
        listed = ("、" if not english else ", ").join(str(page) for page in pages[:6])
        text = f"(page {listed}) {text}" if english else f"（第{listed}页）{text}"
    expected = finding.expected
    if expected and expected not in text and grouped(expected) not in text:
        return f"{text} It should be {grouped(expected)}." if english else f"{text}应为 {grouped(expected)}。"
    if not expected:
        mend = rule_named(finding.rule).mend.in_language(language)
        return f"{text} {mend}" if english else f"{text}{mend}"
    return text
