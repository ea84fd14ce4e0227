"""How a publication is laid out on paper, for the formats that have pages (``as_docx``, ``as_pdf``).

Both ask here which blocks share a sheet, where a page begins, how wide columns are and how large their print
is, so that the two look the same. Lengths are in points.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import ceil
from typing import Final, NamedTuple

from zhengwu.publishing.publication import Block, Heading, PrintedCell, PrintedTable

MM: Final = 72 / 25.4
# A4, with the margins of GB/T 9704 (党政机关公文格式): its text field is 156 mm by 225 mm.
PAGE: Final = (210 * MM, 297 * MM)
MARGINS: Final = (37 * MM, 26 * MM, 35 * MM, 28 * MM)  # top, right, bottom, left
# A landscape page is for tables only.
WIDE_MARGINS: Final = (28 * MM, 20 * MM, 26 * MM, 20 * MM)

BODY: Final = 16.0  # 三号
LINE: Final = 28.0  # 22 lines on a page, as the standard asks
NOTE: Final = 10.5
INSET: Final = 3.5  # between text and ruling, left and right
PITCH: Final = 1.35  # distance of lines in a cell, in its print's size

# A longer table begins its own page; a shorter one is kept whole.
SHORT_TABLE: Final = 12
# Rows that one cell spans are kept together up to so many.
KEPT_ROWS: Final = 4
# A row that fills more than this share of a page may break over the end of one.
_TALL_ROW: Final = 0.3
_LONG_TEXT: Final = 80
# Print in cells: as large as its amounts allow, no larger than suits the number of columns.
_SIZES: Final = (10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0)
_LARGEST: Final = ((5, 10.5), (8, 10.0))
_USUAL: Final = 9.0  # 小五
_READABLE: Final = 8.0  # smaller only where amounts would not fit
# A name had better stand on so many lines, or in a column of so many ems.
_LINES_OF_A_NAME: Final = 3
_ENOUGH: Final = 10.0
_LABEL: Final = 4.2  # four characters, as most labels have, stand on one line
_NARROWEST: Final = 2.2  # in ems: a column of Chinese words holds two characters side by side
# Digits and capitals of the fonts in use are at most so wide, in ems.
_LATIN: Final = 0.56
CONTENTS: Final = "目录"
CONTENTS_SIZE: Final = 14.0  # 四号
_CONTENTS_PITCH: Final = (18.0, 25.0)
_TITLE_SIZES: Final = (36.0, 32.0, 26.0, 24.0, 22.0)


class Entry(NamedTuple):
    """A block with its place: whether a new page begins with it, and the level of its heading in the outline
    (0 for a sentence)."""

    block: Block
    new_page: bool
    level: int


class Sheet(NamedTuple):
    """Blocks on pages of one orientation."""

    wide: bool
    entries: list[Entry]


class Placed(NamedTuple):
    """A place of a row: a cell that begins there, or (``above``) its continuation in a later row.

    ``column`` counts from 0; ``cell`` has spans cut to the table.
    """

    column: int
    cell: PrintedCell
    above: bool = False


class Fit(NamedTuple):
    """The size of print in a table and its columns' widths, which sum to the text's width."""

    size: float
    widths: tuple[float, ...]


def text_width(wide: bool) -> float:
    """The width of the text field of a page."""
    return PAGE[1] - WIDE_MARGINS[1] - WIDE_MARGINS[3] if wide else PAGE[0] - MARGINS[1] - MARGINS[3]


def text_height(wide: bool) -> float:
    """The height of the text field of a page."""
    return PAGE[0] - WIDE_MARGINS[0] - WIDE_MARGINS[2] if wide else PAGE[1] - MARGINS[0] - MARGINS[2]


def sheets(blocks: Sequence[Block]) -> list[Sheet]:
    """The blocks by orientation. Headings directly over a landscape table stand on its page."""
    wide = [isinstance(block, PrintedTable) and block.wide for block in blocks]
    for index in range(len(blocks) - 1, 0, -1):
        if wide[index] and isinstance(blocks[index - 1], Heading):
            wide[index - 1] = True
    breaks = _breaks(blocks)
    found: list[Sheet] = []
    for index, (block, level) in enumerate(zip(blocks, _levels(blocks), strict=True)):
        if found and found[-1].wide == wide[index]:
            found[-1].entries.append(Entry(block, index in breaks, level))
        else:
            # The sheet itself is a new page.
            found.append(Sheet(wide[index], [Entry(block, False, level)]))
    return found


def _breaks(blocks: Sequence[Block]) -> set[int]:
    """The blocks that begin a page: first-level headings, and long tables with the headings over them."""
    breaks: set[int] = set()
    for index, block in enumerate(blocks):
        if isinstance(block, Heading):
            if block.level == 1:
                breaks.add(index)
        elif isinstance(block, PrintedTable) and not is_short(block):
            first = index
            while first and first not in breaks and isinstance(blocks[first - 1], Heading):
                first -= 1
            breaks.add(first)
    return breaks


def _levels(blocks: Sequence[Block]) -> Iterator[int]:
    """For each block its level in the outline, without leaps from 1 to 3.

    A table's title stands one level under the heading above it.
    """
    printed: list[int] = []  # the levels of the headings that are open, as the narrative counts them
    for block in blocks:
        if isinstance(block, Heading):
            while printed and printed[-1] >= block.level:
                printed.pop()
            printed.append(block.level)
            yield len(printed)
        elif isinstance(block, PrintedTable):
            yield len(printed) + 1
        else:
            yield 0


def is_short(table: PrintedTable) -> bool:
    """Whether a table is kept whole on one page, which it may share."""
    if len(table.rows) > SHORT_TABLE:
        return False
    layout = fit(table)
    return not any(is_tall(table, layout, row) for row in body(table))


def body(table: PrintedTable) -> list[list[Placed]]:
    """Every place of the rows under the header."""
    return placed([row.cells for row in table.rows], len(table.columns))


def placed(rows: Sequence[Sequence[PrintedCell]], columns: int) -> list[list[Placed]]:
    """Every place of every row from the left, spans filled in and places without a cell given an empty one.

    Raises ValueError for cells that do not fit into the columns: whoever made the table is wrong.
    """
    found: list[list[Placed]] = []
    below: dict[int, tuple[PrintedCell, int]] = {}  # by first column: a cell that reaches on, for so many rows
    for number, cells in enumerate(rows):
        waiting = iter(cells)
        row: list[Placed] = []
        reaching: dict[int, tuple[PrintedCell, int]] = {}
        column = 0
        while column < columns:
            if column in below:
                cell, left = below[column]
                row.append(Placed(column, cell, above=True))
            else:
                free = next((other for other in sorted(below) if other > column), columns) - column
                cell = next(waiting, PrintedCell())
                if cell.colspan > free:
                    raise ValueError(f"row {number + 1}: the cell “{cell.text}” spans more columns than are free")
                left = min(cell.rowspan, len(rows) - number)
                cell = cell._replace(rowspan=left)
                row.append(Placed(column, cell))
            if left > 1:
                reaching[column] = (cell, left - 1)
            column += cell.colspan
        if (extra := next(waiting, None)) is not None:
            raise ValueError(f"row {number + 1}: no column is left for the cell “{extra.text}”")
        below = reaching
        found.append(row)
    return found


def fit(table: PrintedTable) -> Fit:
    """The largest print at which every amount and code stands on one line and names on few, and the columns'
    widths for it."""
    width = text_width(table.wide)
    shares = [column.width for column in table.columns]
    largest = next((size for most, size in _LARGEST if len(shares) <= most), _USUAL)
    needs, wishes = _needs(table)
    for wanted, smallest in ((wishes, _READABLE), (needs, 0.0)):
        for size in _SIZES:
            least = _least(wanted, size)
            if smallest <= size <= largest and sum(least) <= width:
                return Fit(size, _shared(least, shares, width))
    return Fit(_SIZES[-1], _shared(_least(needs, _SIZES[-1]), shares, width))


def _least(needs: Sequence[float], size: float) -> list[float]:
    return [need * size + 2 * INSET + 1 for need in needs]


def _needs(table: PrintedTable) -> tuple[list[float], list[float]]:
    """What each column must hold on one line, and what it had better hold, in ems."""
    needs = [_NARROWEST] * len(table.columns)
    wishes = list(needs)
    for row in body(table):
        for column, cell, above in row:
            if cell.colspan > 1 or above or not cell.text:
                continue
            length = max(map(ems, cell.text.split("\n")))
            if cell.value is not None or table.columns[column].role == "code":
                needs[column] = max(needs[column], length)
            else:
                on_few_lines = max(length / _LINES_OF_A_NAME, min(length, _LABEL))
                wishes[column] = max(wishes[column], min(on_few_lines, _ENOUGH))
    return needs, list(map(max, needs, wishes))


def _shared(least: Sequence[float], shares: Sequence[float], width: float) -> tuple[float, ...]:
    """Widths by share, none below its least unless all are; what that takes is taken from the other columns."""
    if sum(least) >= width:
        return tuple(one * width / sum(least) for one in least)
    fixed: set[int] = set()
    while True:
        rest = width - sum(least[index] for index in fixed)
        total = sum(share for index, share in enumerate(shares) if index not in fixed)
        widths = [least[i] if i in fixed else rest * share / total for i, share in enumerate(shares)]
        narrow = {index for index, one in enumerate(widths) if index not in fixed and one < least[index]}
        if not narrow:
            return tuple(widths)
        fixed |= narrow


def ems(text: str) -> float:
    """The width of a text on one line, in ems, rather too much than too little."""
    return sum(_LATIN if character < "\u2000" else 1.0 for character in text)


def is_tall(table: PrintedTable, layout: Fit, row: Sequence[Placed]) -> bool:
    """Whether a row may break over the end of a page, because it fills much of one."""
    room = text_height(table.wide) * _TALL_ROW
    for column, cell, _ in row:
        if len(cell.text) < _LONG_TEXT:  # spares measuring nearly all cells
            continue
        width = sum(layout.widths[column : column + cell.colspan]) - 2 * INSET
        lines = sum(max(1, ceil(ems(line) * layout.size / width)) for line in cell.text.split("\n"))
        if lines * layout.size * PITCH / cell.rowspan > room:
            return True
    return False


def align_of(table: PrintedTable, place: Placed, kind: str) -> str:
    """left, center or right: as the cell says, else as is usual in its column and row (``header``, ``item`` or
    ``total``)."""
    cell = place.cell
    if cell.align or kind == "header":
        return cell.align or "center"
    role = table.columns[place.column].role
    if table.form:
        return "left" if role == "text" else "center"
    if cell.value is not None or role == "amount":
        return "right"
    return "center" if kind == "total" or cell.colspan > 1 else "left"


def cover_title(title: str) -> tuple[float, float]:
    """The size of the title on the cover, and the width that breaks it into lines of about one length."""
    width = text_width(False)
    length = ems(title) + 1  # Word sets a little blank between Chinese and figures
    size = next((one for one in _TITLE_SIZES if length * one <= width), 0.0)
    if size:
        return size, width
    size = 26.0
    lines = ceil(length * size / width)
    return size, min(width, (ceil(length / lines) + 1) * size)


def contents_pitch(count: int) -> float:
    """The distance of ``count`` lines of the contents: they are set a little closer where that saves a page."""
    return min(_CONTENTS_PITCH[1], max(_CONTENTS_PITCH[0], (text_height(False) - 3 * LINE) / max(count, 1)))


def in_contents(block: Block) -> bool:
    """Whether a block's heading stands in the contents."""
    return isinstance(block, PrintedTable) or (isinstance(block, Heading) and block.level <= 2)


def clean(text: str) -> str:
    """A text without control characters, which no format may hold; line breaks stay, tabs become blanks."""
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\t", " ")
    return "".join(one for one in text if one == "\n" or _is_printed(one))


def _is_printed(character: str) -> bool:
    code = ord(character)
    return code >= 0x20 and not (0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000 or (code & 0xFFFE) == 0xFFFE)


def pieces(line: str, width: float, size: float) -> list[str]:
    """A line cut where a word is longer than ``width``, which not every program breaks by itself."""
    room = width / size
    if ems(line) <= room or all(ems(word) <= room for word in _words(line)):
        return [line]
    most = max(1, int(room / _LATIN) - 1)
    cuts = [0]
    start = 0
    for word in _words(line):
        if ems(word) > room:
            cuts.extend(range(start + most, start + len(word), most))
        start += len(word)
    return [line[a:b] for a, b in pairwise([*cuts, len(line)])]


def _words(line: str) -> Iterator[str]:
    """The runs of a line that hold no place to break, and what is between them, in order."""
    start = 0
    for index, (before, after) in enumerate(pairwise(line), 1):
        if before.isspace() or after.isspace() or before >= "\u2000" or after >= "\u2000":
            yield line[start:index]
            start = index
    yield line[start:]
