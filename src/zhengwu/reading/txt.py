"""Plain text: as Word exports it (one cell a line), tab-separated rows, or pipe tables.

Word's plain text puts a tab before each cell and each cell on its own line; a line without a tab
continues the cell above; an empty line ends the row; a second empty line ends the table. A merged
cell stands once, so rows differ in length and the grid is ``ragged``.
"""

import re
from collections.abc import Iterable

from zhengwu.model.document import Block, Cell, Content, Grid, Paragraph, Place
from zhengwu.reading.encoding import decode
from zhengwu.reading.errors import UnreadableError
from zhengwu.reading.limits import MAX_LINES, MAX_TEXT_BYTES, check_cells, check_size

# Word writes a page break as \f and a manual line break as \v; \x07 and the field marks are not printed.
_LINE_END = re.compile("\r\n|\n|\r")
_MARKS = re.compile("[\x00-\x08\x0c\x0e-\x1f\ufeff]")
_PIPES = re.compile("[|｜│]")
_PIPE_RULE = re.compile(r"[\s|｜│:：+\-—─┼├┤]+")
# A number that Word's automatic numbering put before a tab: such lines are a list, not a table.
_LIST_NUMBER = re.compile(
    r"[（(]?[\d一二三四五六七八九十]{1,3}[.、．)）]+|[①-⑳•·●○◆■□▪\-–—*]|第.{1,3}(?:章|条|节|部分)"
)
# A line that opens the next table: it never continues a cell of the table above.
_TABLE_TITLE = re.compile(
    r"\s*(?:附?表\s*[\d一二三四五六七八九十〇零]|(?!.*[，。；]).{2,40}表(?:[（(].{1,12}[)）])?[：:]?\s*$)"
)
_MAX_CONTINUATION = 40


def read(data: bytes) -> Content:
    """Paragraphs and grids of a text; ``Place.line`` is the line in the file.

    Raises UnreadableError when the file is too large, not text, or in no known or mixed encodings.
    """
    check_size(len(data), MAX_TEXT_BYTES)
    if data.count(b"\n") + data.count(b"\r") > 2 * MAX_LINES:
        raise UnreadableError(
            "too-large",
            f"文本超过 {MAX_LINES:,} 行，不像一份部门预算；请拆分后再试。",
            f"the text has more than {MAX_LINES:,} lines, which no budget has; split the file and try again",
        )
    check_cells(max(data.count(b"\t"), data.count(b"|")))  # before a line of them is split
    return read_text(decode(data))


def read_text(text: str) -> Content:
    """As ``read``, for text that is decoded already."""
    lines = [_clean(line) for line in _LINE_END.split(text)]
    blocks: list[Block] = []
    cells = 0
    at = 0
    while at < len(lines):
        line = lines[at]
        found: tuple[list[Block], int] | None = None
        if "\t" in line:
            found = _tab_block(lines, at)
        elif _PIPES.search(line):
            found = _pipe_table(lines, at)
        if found is None:
            found = _paragraphs([(at, line)]), at + 1
        blocks += found[0]
        cells += sum(len(row) for block in found[0] if isinstance(block, Grid) for row in block.rows)
        check_cells(cells)
        at = found[1]
    return Content(tuple(blocks))


def _clean(line: str) -> str:
    if not line.isprintable() and _MARKS.search(line):
        line = _MARKS.sub("", line)
    return line.replace("\xa0", " ") if "\xa0" in line else line


def _paragraphs(numbered: Iterable[tuple[int, str]]) -> list[Block]:
    """Paragraphs of (0-based line index, line) pairs; blank ones are not printed."""
    return [
        Paragraph(part.replace("\t", " ").strip(), Place(line=index + 1))
        for index, line in numbered
        for part in line.split("\v")
        if part.strip()
    ]


def _cell_text(lines: list[str]) -> str:
    """Lines of one cell, blanks on their left kept; an empty line in a cell is only spacing."""
    if len(lines) == 1 and "\v" not in lines[0]:
        return lines[0].rstrip()
    kept = (line.rstrip() for part in lines for line in part.split("\v"))
    return "\n".join(line for line in kept if line)


def _tab_block(lines: list[str], start: int) -> tuple[list[Block], int] | None:
    """The table whose first line is ``start``, of whichever kind, and the index behind it."""
    end = start
    one_cell = 0
    while end < len(lines) and "\t" in lines[end]:
        one_cell += lines[end].startswith("\t") and lines[end].count("\t") == 1
        end += 1
    if lines[start].startswith("\t") and one_cell * 2 > end - start:
        return _one_cell_a_line(lines, start)
    return _tab_separated(lines, start, end)


def _tab_separated(lines: list[str], start: int, end: int) -> tuple[list[Block], int] | None:
    numbered = list(enumerate(lines[start:end], start))
    split = [line.split("\t") for _, line in numbered]
    is_list = all(len(row) == 2 and _LIST_NUMBER.fullmatch(row[0].strip()) for row in split)
    if is_list or (len(split) == 1 and len(split[0]) < 4):
        return _paragraphs(numbered), end
    # Rows that lack their last blank columns are filled, so that columns line up.
    width = max(len(row) for row in split)
    rows = tuple(
        tuple(
            Cell(text.rstrip(), Place(line=index + 1, row=number, column=column))
            for column, text in enumerate(row + [""] * (width - len(row)), 1)
        )
        for number, ((index, _), row) in enumerate(zip(numbered, split, strict=True), 1)
    )
    return [Grid(rows, Place(line=start + 1))], end


def _pipe_table(lines: list[str], start: int) -> tuple[list[Block], int] | None:
    """A Markdown-like table: two rows or more with as many pipes; its rule lines are not rows."""
    pipes = len(_PIPES.findall(lines[start].strip()))
    end = start
    while end < len(lines) and len(_PIPES.findall(lines[end].strip())) == pipes:
        end += 1
    if end - start < 2 or (pipes < 2 and not any(_PIPE_RULE.fullmatch(x) for x in lines[start:end])):
        return None
    rows: list[tuple[Cell, ...]] = []
    for index in range(start, end):
        line = lines[index].strip()
        if _PIPE_RULE.fullmatch(line) and any(mark in line for mark in "-—─"):
            continue
        parts = _PIPES.split(line)
        if not parts[0] and not parts[-1]:
            parts = parts[1:-1]
        places = (Place(line=index + 1, row=len(rows) + 1, column=i) for i in range(1, len(parts) + 1))
        rows.append(tuple(Cell(part.strip(), place) for part, place in zip(parts, places, strict=True)))
    return [Grid(tuple(rows), Place(line=start + 1))], end


def _one_cell_a_line(lines: list[str], start: int) -> tuple[list[Block], int]:
    """The table as Word exports it that begins at ``start``, and the index of the line behind it."""
    rows: list[list[tuple[int, list[str]]]] = [[]]  # a row's cells, each with its line index and lines
    at = start
    while at < len(lines):
        line = lines[at]
        if line.startswith("\t"):
            rows[-1].append((at, [line[1:]]))
            at += 1
        elif line:
            rows[-1][-1][1].append(line)
            at += 1
        else:
            following = _after_empty_line(lines, at)
            if following is None:
                break
            if following == at + 1:
                rows.append([])
            else:  # paragraphs of the last cell, up to the end of its row
                rows[-1][-1][1].extend(part for part in lines[at + 1 : following] if part)
            at = following
    while at < len(lines) and not lines[at]:
        at += 1
    if all(len(row) == 1 for row in rows):  # tabs that indent paragraphs, not cells
        return _paragraphs((index, text) for row in rows for index, text in _row_lines(row)), at
    grid = tuple(
        tuple(
            Cell(_cell_text(texts), Place(line=index + 1, row=number, column=column))
            for column, (index, texts) in enumerate(row, 1)
        )
        for number, row in enumerate(rows, 1)
    )
    return [Grid(grid, Place(line=start + 1), ragged=True)], at


def _row_lines(row: list[tuple[int, list[str]]]) -> Iterable[tuple[int, str]]:
    """The lines of a row of cells with their line indexes, as paragraphs."""
    return ((index + offset, text) for index, texts in row for offset, text in enumerate(texts))


def _after_empty_line(lines: list[str], empty: int) -> int | None:
    """Where the table goes on behind the empty line ``empty``, or None where it ends.

    A tab line there begins the next row. Lines without a tab belong to the last cell (its further
    paragraphs) when a tab line follows them without a second empty line; the answer is then the
    empty line that ends the row. The title of a next table is never part of a cell.
    """
    at = empty + 1
    if at >= len(lines) or not lines[at]:
        return None
    if lines[at].startswith("\t"):
        return at
    while at < len(lines) and at - empty <= _MAX_CONTINUATION:
        if lines[at].startswith("\t"):
            return at - 1 if not lines[at - 1] else None
        if not lines[at] and (at + 1 >= len(lines) or not lines[at + 1]):
            return None
        if _TABLE_TITLE.match(lines[at]):
            return None
        at += 1
    return None
