"""A few of the inputs of ``make fuzz``, and those that once failed."""

import pytest

from tests.fuzz.excel97 import xls
from tests.fuzz.runner import shard
from tests.fuzz.seeds import FORMATS, seeds
from zhengwu.reading import read

SEED, COUNT = 7, 40


@pytest.mark.parametrize("form", FORMATS)
def test_strange_input_is_audited_or_refused_within_bounds(form: str) -> None:
    ran = shard(form, SEED, COUNT, real=False)
    assert not ran.failures, "\n".join(f"input {one.index}: {one.last()}" for one in ran.failures)
    assert ran.outcomes.total() == COUNT
    assert ran.outcomes["audited"] >= COUNT // 5  # most would otherwise test detection alone
    assert ran.slowest < 10


@pytest.mark.parametrize("form", FORMATS)
def test_seed_is_read_as_its_own_format(form: str) -> None:
    for data in seeds(form, real=False):
        assert read(data, "seed").source.format == form


def test_written_excel_97_book_reads_back() -> None:
    blocks = read(xls([["部门预算"], [], ["科目", "合计"], ["教育支出", 1.5]]), "x").blocks
    assert "教育支出" in str(blocks)
    assert "1.5" in str(blocks)
