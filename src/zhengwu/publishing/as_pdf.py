"""A publication as a PDF: tagged, with bookmarks, a contents page and the repeated headers of its tables.

It is set by Typst. The look is in ``publication.typ``; here the content becomes the data that it shows.
"""

import json
import re
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from zhengwu.model.message import RefusedError
from zhengwu.publishing import pages
from zhengwu.publishing.publication import Block, Heading, PrintedTable, Publication, Text

if TYPE_CHECKING:
    from typst import Fonts

# For each face of official documents the families that have it, the prescribed one first.
_FACES: Final = {
    "title": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", "方正小标宋_GBK", "STZhongsong"),
    "fangsong": ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong"),
    "hei": ("SimHei", "黑体", "Heiti SC", "STHeiti", "Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC"),
    "kai": ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti", "Kaiti SC"),
    "song": ("SimSun", "宋体", "NSimSun", "STSong", "Songti SC"),
}
_SONG: Final = ("Noto Serif SC", "Noto Serif CJK SC", "Source Han Serif SC")
_LATIN: Final = ("Times New Roman", "Liberation Serif", "Tinos")
_SIDES: Final = {"left": "l", "center": "c", "right": "r"}
# Typst sets no bold face that a font does not have; a title without its own face is made heavier by its outline.
_THICKEN: Final = 0.02
# How Typst names a character that none of the fonts has.
_UNDISPLAYED: Final = re.compile(r'text `"(.+?)"` could not be displayed')


def pdf_of(publication: Publication, *, fit: bool = True) -> bytes:
    """The publication as a PDF that meets PDF/UA-1, the same bytes for the same content and fonts. Without ``fit``
    no table is set closer to save a nearly empty page: a long document then takes half the memory.

    Raises RefusedError when the machine has no Chinese font, or none with a character of the publication: a
    published document must not show an empty box in its place.
    """
    return _compiled({**_data(publication), "fit": fit})


def chapters_of(publication: Publication, first: int) -> bytes:
    """The blocks of a publication without its cover and contents, their pages numbered from ``first``: a part of a
    document that is too long to be set at once. Errors as in ``pdf_of``."""
    data = _data(publication)
    return _compiled(
        {**data, "fit": False, "cover": None, "contents": {**data["contents"], "title": ""}, "first": first}
    )


def front_of(publication: Publication, entries: Sequence[tuple[int, str, int]]) -> bytes:
    """The cover and the contents alone; ``entries`` are (level from 1, title, page). Errors as in ``pdf_of``."""
    listed = [[level, _one_line(title), page] for level, title, page in entries]
    data = _data(publication._replace(blocks=()))
    pitch = pages.contents_pitch(len(listed))
    contents = {**data["contents"], "title": pages.CONTENTS, "entries": listed, "pitch": pitch}
    return _compiled({**data, "contents": contents})


def _compiled(data: dict[str, Any]) -> bytes:
    import typst

    fonts, families = _fonts()
    source = resources.files("zhengwu.publishing").joinpath("publication.typ").read_bytes()
    shown = json.dumps({**data, "fonts": _faces(families)}, ensure_ascii=False)
    compiler = typst.Compiler(font_paths=fonts, sys_inputs={"publication": shown})
    try:
        made = compiler.compile(source, format="pdf", pdf_standards="ua-1")
    except typst.TypstError as error:
        if unknown := _UNDISPLAYED.search(error.message):
            raise _no_font_for(unknown[1]) from error
        raise
    assert isinstance(made, bytes)
    return made


def _no_font_for(text: str) -> RefusedError:
    return RefusedError(
        "character-without-font",
        f"没有一种已安装的字体含有“{text}”，无法生成 PDF；请改用其他字符，或安装含有它的字体后再试。",
        f"no installed font has “{text}”, so no PDF was made; use another character or install a font that has it",
    )


@cache
def _fonts() -> "tuple[Fonts, frozenset[str]]":
    """The fonts of the machine and of the fonts' package, and the names of their families."""
    import typst

    folders: list[str] = []
    try:
        import pylopdf_fonts_zh_cn
    except ImportError:  # the fonts of the system may do
        pass
    else:
        folders.append(str(Path(pylopdf_fonts_zh_cn.__file__).parent))
    fonts = typst.Fonts(font_paths=folders)
    return fonts, frozenset(fonts.families())


def _faces(families: frozenset[str]) -> dict[str, Any]:
    """For each face the installed families, the best first, and how much heavier the title is made."""
    songs = [name for name in (*_FACES["song"], *_SONG) if name in families]
    known = [name for names in (*_FACES.values(), _SONG) for name in names if name in families]
    if not known:
        raise RefusedError(
            "no-chinese-font",
            "没有找到中文字体，无法生成 PDF；请安装 Python 包 pylopdf-fonts-zh-cn，或在系统中安装仿宋、宋体等字体。",
            "no Chinese font was found to make a PDF; install the Python package pylopdf-fonts-zh-cn or a Chinese font",
        )
    latin = [{"name": name, "covers": "latin-in-cjk"} for name in _LATIN if name in families][:1]
    faces: dict[str, Any] = {}
    for face, names in _FACES.items():
        faces[face] = [*latin, *dict.fromkeys([*(name for name in names if name in families), *songs, *known])]
    own_title = any(name in families for name in _FACES["title"])
    faces["thicken"] = 0 if own_title else _THICKEN
    return faces


def _data(publication: Publication) -> dict[str, Any]:
    """What ``publication.typ`` shows."""
    title, *lines = publication.cover or (publication.title,)
    size, width = pages.cover_title(title)
    headed = sum(map(pages.in_contents, publication.blocks))
    return {
        "title": pages.clean(publication.title),
        "unit": pages.clean(publication.unit),
        "cover": {"title": pages.clean(title), "size": size, "width": width, "lines": [*map(pages.clean, lines)]},
        "contents": {
            "title": pages.CONTENTS if headed else "",
            "size": pages.CONTENTS_SIZE,
            "pitch": pages.contents_pitch(headed),
            "entries": [],
        },
        "first": 1,
        "fit": True,
        "page": pages.PAGE,
        "margins": pages.MARGINS,
        "wide-margins": pages.WIDE_MARGINS,
        "body": pages.BODY,
        "line": pages.LINE,
        "pitch": pages.PITCH,
        "inset": pages.INSET,
        "note": pages.NOTE,
        "sheets": [
            {
                "wide": sheet.wide,
                "items": [
                    {**item, "break": entry.new_page}
                    for entry in sheet.entries
                    for item in _items(entry.block, entry.level)
                ],
            }
            for sheet in pages.sheets(publication.blocks)
        ],
    }


def _items(block: Block, level: int) -> list[dict[str, Any]]:
    if isinstance(block, Text):
        width = pages.text_width(False)
        return [
            {"kind": "text", "text": pages.pieces(line, width, pages.BODY)}
            for line in pages.clean(block.text).split("\n")
        ]
    named = {"level": level, "contents": pages.in_contents(block)}
    if isinstance(block, Heading):
        return [{**named, "kind": "heading", "look": str(block.level), "text": _one_line(block.text)}]
    return [{**named, **_table(block)}]


def _one_line(text: str) -> str:
    return pages.clean(text).replace("\n", " ")


def _table(table: PrintedTable) -> dict[str, Any]:
    layout = pages.fit(table)
    header = pages.placed(table.header, len(table.columns))
    body = pages.body(table)
    tall = [pages.is_tall(table, layout, places) for places in body]
    return {
        "kind": "table",
        "look": "table",
        "text": _one_line(table.heading),
        "captions": [*map(_one_line, table.captions)],
        "notes": [pages.pieces(_one_line(note), pages.text_width(table.wide), pages.NOTE) for note in table.notes],
        "size": layout.size,
        "widths": layout.widths,
        "short": pages.is_short(table),
        "header": [_cell(table, layout, place, "header", False) for row in header for place in row if not place.above],
        "rows": [
            _cell(table, layout, place, row.kind, _may_break(place.cell.rowspan, tall[number:]))
            for number, (row, places) in enumerate(zip(table.rows, body, strict=True))
            for place in places
            if not place.above
        ],
    }


def _may_break(rowspan: int, tall: Sequence[bool]) -> bool:
    """Whether a cell and the rows that it spans may stand on two pages; ``tall`` are they and the rows below."""
    return rowspan > pages.KEPT_ROWS or any(tall[:rowspan])


def _cell(table: PrintedTable, layout: pages.Fit, place: pages.Placed, kind: str, breakable: bool) -> list[Any]:
    """Text, side, spans, indent, whether it is emphasised and whether it may break over the end of a page."""
    column, cell, _ = place
    width = sum(layout.widths[column : column + cell.colspan]) - 2 * pages.INSET - cell.indent * layout.size
    lines = [pages.pieces(line, width, layout.size) for line in pages.clean(cell.text).split("\n")]
    text: Any = lines
    if len(lines) == 1 and len(lines[0]) == 1:
        text = lines[0][0]
    side = _SIDES[pages.align_of(table, place, kind)]
    return [text, side, cell.colspan, cell.rowspan, cell.indent, kind != "item", breakable]
