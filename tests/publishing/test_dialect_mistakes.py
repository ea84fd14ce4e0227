"""A dialect file with a mistake in its publishing part is one sentence, never a traceback."""

from pathlib import Path

import pytest

import zhengwu.dialects
from zhengwu.dialects.check import load as load_dialect
from zhengwu.ledger.load import load
from zhengwu.model.message import RefusedError
from zhengwu.publishing.publish import draft_of

ROOT = Path(__file__).parents[2]
SOURCE = (Path(zhengwu.dialects.__file__).parent / "beijing-xicheng-budget.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('caption = "表{number}：{title}"', 'caption = "表{numer}：{title}"', "{numer}"),
        ('caption = "表{number}：{title}"', 'caption = "表{number：{title}"', "花括号"),
        ('amount("procurement")', 'amount("nosuch")', "nosuch"),
        ("|yuan", "|yen", "yen"),
        ("{% for duty in duties %}", "{% fr duty in duties %}", "fr"),
        ("{% for duty in duties %}", "{% for duty in range(1000000000) %}", "Range too big"),
        ("{{ people", "{{ units.__class__.__mro__ }}{{ people", "unsafe"),
        ('rows = "sides"', 'rows = "sideways"', "sideways"),
        ('role = "label"', 'rolle = "label"', "rolle"),
        ('fund = "carryover" },', 'fund = "carry" },', "carry"),
        ('{ value = "division"', '{ value = "divison"', "divison"),
        ('captions = ["', 'captions = ["a", "', "captions"),
    ],
)  # fmt: skip
def test_mistake_is_named(tmp_path, old, new, said):
    assert old in SOURCE
    path = tmp_path / "own.toml"
    path.write_text(SOURCE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RefusedError) as refused:
        draft_of(load(ROOT / "examples" / "xicheng-2021"), load_dialect(str(path)))
    assert said in refused.value.message.zh
    assert said in refused.value.message.en or said == "花括号"
