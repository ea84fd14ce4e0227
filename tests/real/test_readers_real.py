"""One real document in three formats: nothing printed in it may get lost.

The files lie beside the repository and are not part of it; without them these tests are skipped.
"""

import re
from pathlib import Path

import pytest

from zhengwu.model.document import Grid
from zhengwu.reading import read_path

_REAL = Path(__file__).parents[2].parent / "shared" / "real"
_NAME = "xicheng-2021-budget"
_NUMBER = re.compile(r"\d[\d,]*\.?\d*")
_FORMATS = ("txt", "docx", "html")

pytestmark = pytest.mark.skipif(
    not (_REAL / f"{_NAME}.txt").exists(), reason=f"the real documents are not there: {_REAL.name}/{_NAME}.*"
)


def _load(suffix):
    return read_path(_REAL / f"{_NAME}.{suffix}")


def _texts(document):
    for block in document.blocks:
        if isinstance(block, Grid):
            yield from (cell.text for row in block.rows for cell in row)
        else:
            yield block.text


@pytest.mark.parametrize("suffix", _FORMATS)
def test_real_document_keeps_every_number_in_order(suffix):
    printed = _NUMBER.findall((_REAL / f"{_NAME}.txt").read_text("utf-8"))
    found = [number for text in _texts(_load(suffix)) for number in _NUMBER.findall(text)]
    assert len(printed) == 1007
    assert found == printed


@pytest.mark.parametrize("suffix", _FORMATS)
def test_real_document_is_read_whole(suffix):
    document = _load(suffix)
    assert document.source.format == suffix
    assert document.unread == ()


@pytest.mark.parametrize(("suffix", "grids"), [("txt", 19), ("docx", 20), ("html", 20)])
def test_real_document_has_its_tables(suffix, grids):
    # The .docx and .html hold 表十二 in two tables, for its cell of two paragraphs was split there.
    assert sum(isinstance(block, Grid) for block in _load(suffix).blocks) == grids


@pytest.mark.parametrize("suffix", ["docx", "html"])
def test_real_document_has_aligned_columns(suffix):
    for grid in (b for b in _load(suffix).blocks if isinstance(b, Grid)):
        widths = {row[-1].place.column + row[-1].colspan - 1 for row in grid.rows}
        assert len(widths) == 1


def test_real_text_joins_the_paragraphs_of_one_cell():
    grid = next(b for b in _load("txt").blocks if isinstance(b, Grid) and b.place.line == 2178)
    goal = grid.rows[6]
    assert len(goal) == 2
    assert goal[1].text.count("\n") == 1
    assert grid.rows[-1][0].place.line == 2226
