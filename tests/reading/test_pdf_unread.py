"""PDF files, and pages of them, that cannot be read."""

import time

import pytest
from pdf_writer import Page, document

from zhengwu.model.document import Grid
from zhengwu.reading import pdf
from zhengwu.reading.errors import UnreadableError

LOCKED = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'ab' * 32}> /U <{'cd' * 32}> >> /ID [<00> <00>]"


def refusal(data: bytes) -> UnreadableError:
    with pytest.raises(UnreadableError) as caught:
        pdf.read(data)
    return caught.value


def test_scanned_page_is_unread() -> None:
    page = Page().raw("q 595 0 0 842 0 0 cm /I1 Do Q")
    content = pdf.read(document(Page().text(50, 100, "封面"), page))
    assert [note.place.page for note in content.unread] == [2]
    assert "scan" in content.unread[0].reason.en


def test_scanned_page_with_a_page_number_is_unread() -> None:
    page = Page().raw("q 595 0 0 842 0 0 cm /I1 Do Q").text(290, 820, "- 2 -")
    assert [note.place.page for note in pdf.read(document(page)).unread] == [1]


def test_page_with_letters_as_outlines_is_unread() -> None:
    shape = "{0} 700 m {0} 710 {1} 712 {1} 700 c {1} 690 {0} 690 {0} 700 c f"
    page = Page().raw("\n".join(shape.format(50 + 12 * i, 58 + 12 * i) for i in range(30)))
    content = pdf.read(document(page))
    assert content.blocks == ()
    assert "outlines" in content.unread[0].reason.en


def test_blank_page_is_not_unread() -> None:
    content = pdf.read(document(Page(), Page().text(50, 100, "正文")))
    assert (content.unread, content.pages) == ((), 2)


def test_page_with_a_text_and_a_picture_is_read() -> None:
    page = Page().raw("q 50 0 0 50 0 0 cm /I1 Do Q").text(50, 100, "正文")
    assert pdf.read(document(page)).unread == ()


def test_file_with_password_is_refused() -> None:
    error = refusal(document(Page().text(50, 100, "正文"), trailer=LOCKED))
    assert error.code == "pdf-password"
    assert "password" in error.message.en


def test_file_cut_off_is_refused() -> None:
    data = document(*[Page().text(50, 100, "正文") for _ in range(20)])
    for share in (0.9, 0.5, 0.1):
        assert refusal(data[: int(len(data) * share)]).code == "pdf-truncated"


def test_damaged_file_is_refused() -> None:
    data = b"%PDF-1.7\n" + bytes(range(256)) * 20 + b"\nstartxref\n17\n%%EOF\n"
    assert refusal(data).code == "pdf-damaged"


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"hello"])
def test_almost_empty_file_is_refused(data: bytes) -> None:
    assert refusal(data).code in ("pdf-truncated", "pdf-damaged")


def test_file_without_pages_is_refused() -> None:
    assert refusal(document()).code in ("pdf-no-pages", "pdf-damaged")


def test_file_with_bytes_behind_its_end_is_read() -> None:
    assert pdf.read(document(Page().text(50, 100, "正文")) + b"\0" * 5000).blocks


def test_ten_thousand_blank_pages_are_refused_at_once() -> None:
    data = document(*[Page() for _ in range(10_000)])
    begun = time.process_time()
    assert refusal(data).code == "pdf-too-many-pages"
    assert time.process_time() - begun < 10


def test_as_many_blank_pages_as_allowed_are_read_in_seconds() -> None:
    data = document(*[Page() for _ in range(pdf.MAX_PAGES)])
    begun = time.process_time()
    assert pdf.read(data).pages == pdf.MAX_PAGES
    assert time.process_time() - begun < 30


def test_page_with_very_many_equal_texts_is_read_in_seconds() -> None:
    page = Page()
    for index in range(20_000):
        page.text(10 + index % 100 * 5.5, 10 + index // 100 * 4, "0.00", 2)
    begun = time.process_time()
    pdf.read(document(page))
    assert time.process_time() - begun < 30


def test_empty_grid_of_lines_without_text_is_no_table() -> None:
    content = pdf.read(document(Page().grid([50.0, 150.0, 250.0], [100.0, 120.0, 140.0])))
    assert not any(isinstance(block, Grid) for block in content.blocks)
