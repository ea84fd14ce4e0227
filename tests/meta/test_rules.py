"""Every rule is registered, documented, short and tested."""

import re
from pathlib import Path

import pytest

import zhengwu.rules
from zhengwu.rules.registry import FAMILIES, rule_named, rules

ROOM = Path(zhengwu.rules.__file__).parent
TESTS = Path(__file__).parents[1] / "rules"
HEADINGS = ("Checks", "Why", "Fails", "Passes", "Known gaps")
MAX_LINES = 120
FILES = sorted(path for family in FAMILIES for path in (ROOM / family).glob("*.py") if path.stem != "__init__")
ALL = rules()
ids = [rule.code for rule in ALL]


def test_every_file_of_a_family_is_a_registered_rule_of_that_family():
    assert sorted((path.parent.name, path.stem.replace("_", "-")) for path in FILES) == sorted(
        (rule.family, rule.code) for rule in ALL
    )


def test_codes_are_unique_and_found_by_name():
    assert len(set(ids)) == len(ids)
    assert all(rule_named(rule.code) is rule for rule in ALL)
    with pytest.raises(KeyError):
        rule_named("no-such-rule")


@pytest.mark.parametrize("rule", ALL, ids=ids)
def test_declaration_speaks_both_languages(rule):
    for message in (rule.title, rule.basis, rule.mend):
        assert re.search(r"[\u4e00-\u9fff]", message.zh)
        assert message.en
        assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"[“(（].*?[”)）]", "", message.en)), message.en


@pytest.mark.parametrize("rule", ALL, ids=ids)
def test_docstring_has_the_fixed_headings_in_order(rule):
    found = re.findall(r"^(Checks|Why|Fails|Passes|Known gaps): \S", rule.doc, re.MULTILINE)
    assert tuple(found) == HEADINGS


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_rule_file_is_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_rule_has_a_test_file(path):
    tests = TESTS / path.parent.name / f"test_{path.stem}.py"
    assert tests.exists(), f"write {tests.relative_to(TESTS.parent)}"
    assert tests.read_text(encoding="utf-8").count("def test_") >= 3


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_rule_holds_no_tolerance(path):
    """Precision comes from the facts: no small number is written into a rule."""
    source = path.read_text(encoding="utf-8").split('"""', 2)[2]
    assert not re.search(r"Decimal\(\"0\.0*\d+\"\)|\b0\.0\d+\b", source)
