"""Text on terminals: cut and wrapped by columns, in one pass however long."""

import time

from tests.support.documents import document
from zhengwu.recognition.understand import understand
from zhengwu.reporting.as_text import Style, read_text
from zhengwu.reporting.width import padded, width, wrapped


def test_padded_text_is_cut_by_columns_or_filled() -> None:
    assert padded("预算支出", 5) == "预算 "
    assert padded("ab", 4) == "ab  "
    assert padded("预算", 1) == " "


def test_wrapped_word_longer_than_a_line_is_cut_into_full_lines() -> None:
    lines = wrapped("9" * 50, 20, "  ")
    assert "".join(line.strip() for line in lines) == "9" * 50
    assert max(map(width, lines)) == 20


def test_report_of_a_cell_with_a_hundred_thousand_characters_is_fast() -> None:
    text = "某局2021年部门预算\n表一：收支总表\n单位：元\n收入|金额\n" + "教育" * 60_000 + "|1.00\n合计|1.00\n" * 2
    disclosure = understand(document(text + "9" * 200_000))
    begun = time.process_time()
    assert read_text(disclosure, Style("zh", 100, False))
    assert time.process_time() - begun < 20
