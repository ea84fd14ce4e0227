"""Back from a place to the element of the file: the readers' line numbers and their origins agree."""

from pathlib import Path

from lxml import etree
from tests.reporting.samples import as_html

from zhengwu.model.document import Grid
from zhengwu.reading import read
from zhengwu.reading.archive import Archive
from zhengwu.reading.docx import with_paragraphs
from zhengwu.reading.docx_numbering import W
from zhengwu.reading.html import with_text_nodes
from zhengwu.reading.layout import Printed, RawCell, RawTable, numbered, to_content

EXAMPLE = Path(__file__).parents[2] / "examples" / "faulty-budget.docx"


def printed(data: bytes) -> dict[int | None, str]:
    found = {}
    for block in read(data, "").blocks:
        for piece in (cell for row in block.rows for cell in row) if isinstance(block, Grid) else (block,):
            found[piece.place.line] = squeezed(piece.text)
    return found


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_paragraphs_of_each_line_of_a_word_file_are_those_the_reader_read() -> None:
    data = EXAMPLE.read_bytes()
    _, _, lines = with_paragraphs(Archive(data))
    texts = {
        line: squeezed("".join(text.text or "" for p in paragraphs for text in p.iter(W + "t")))
        for line, paragraphs in lines.items()
    }
    assert texts == printed(data)


def test_text_nodes_of_each_line_of_a_page_are_those_the_reader_read() -> None:
    page = (
        "<p>前<b>中</b>后<!-- 注 --><br>次行</p><script>x</script>尾<table><tr><td><p>一</p><p>二</p></td>"
        "<td>三<td hidden>四</td></tr><tr><td>五</td><td>六<table><tr><td>内</td></tr></table></td></tr></table>末"
    ).encode()
    for data in (page, as_html()):
        root, lines = with_text_nodes(data)
        assert isinstance(root, etree._Element)
        texts = {
            line: squeezed("".join((element.tail if tail else element.text) or "" for element, tail in nodes))
            for line, nodes in lines.items()
        }
        there = printed(data)
        assert set(texts) == set(there)
        for line, text in there.items():
            assert text in texts[line], "a paragraph with line breaks is one origin of several lines"


def test_numbered_lines_of_nested_tables_are_those_of_the_content() -> None:
    inner = RawTable([[RawCell([Printed(text, text)], column) for column, text in enumerate("甲乙丙", 1)]] * 2)
    frame = RawTable([[RawCell([Printed("题\n\n副题", "题"), inner], 1)]])
    data = RawTable([[RawCell([Printed("a", "a"), Printed("b", "b")], 1), RawCell([], 2)]] * 2)
    items = [Printed("首", "首"), Printed(" ", ""), frame, data]
    origins = {line: [one.origin for one in each] for line, each in numbered(items)}
    content = to_content(items)
    lines = [
        piece.place.line
        for block in content.blocks
        for piece in ((cell for row in block.rows for cell in row) if isinstance(block, Grid) else (block,))
    ]
    assert list(origins) == lines == list(range(1, len(lines) + 1))
    assert origins[2] == origins[3] == ["题"]
    assert origins[4] == ["甲"]
    assert origins[10] == ["a", "b"]
    assert origins[11] == []
