"""The guides to the budget desk say what the pages say: labels, addresses, steps and keys, the same in both languages."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pytest
from babel.messages.pofile import read_po
from django.urls import Resolver404, resolve
from django.utils import translation

from zhengwu.ledger.schema import SHEETS
from zhengwu.web.budgets.workflow import ADJUSTMENTS, TABLE, Move
from zhengwu.web.explorer.models import Scope

ROOT = Path(__file__).parents[2]
WEB = ROOT / "src" / "zhengwu" / "web"
GUIDES = {"zh": ROOT / "docs" / "budget-desk.zh-CN.md", "en": ROOT / "docs" / "budget-desk.md"}
LABELS = {"zh": re.compile("「([^」]*)」"), "en": re.compile(r"\*\*(.+?)\*\*")}
MOST_LINES = 200
_ADDRESS = re.compile(r"`(/[^`]*)`")
_VALUE = re.compile(r"%\([a-z_]+\)s|\{[a-z_]+\}")
_KEY = re.compile(r"`((?:(?:Ctrl|Shift|Alt)\+)?(?:[A-Z]|F\d+|Enter|Esc|Tab|Delete|↓))`")


class Section(NamedTuple):
    """A heading with what stands under it, up to the next one."""

    level: int
    title: str
    text: str


class Label(NamedTuple):
    """What a page shows, in both languages. A value stands where ``_VALUE`` finds one, as digits."""

    zh: re.Pattern[str]
    en: re.Pattern[str]


@cache
def sections(language: str) -> tuple[Section, ...]:
    parts = re.split(r"^(#+) (.+)$", GUIDES[language].read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return tuple(
        Section(len(level), title, text)
        for level, title, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    )


def labels_in(language: str, text: str) -> list[str]:
    return LABELS[language].findall(text)


@cache
def known() -> tuple[Label, ...]:
    """Every label of the platform."""
    return tuple(Label(_pattern(zh), _pattern(en)) for zh, en in sorted(set(_pairs())) if zh and en)


def _pairs() -> Iterator[tuple[str, str]]:
    for path in sorted(WEB.glob("*/locale/zh_Hans/LC_MESSAGES/django.po")):
        with path.open("rb") as stream, translation.override("zh-hans"):
            for entry in read_po(stream, locale="zh_Hans"):
                # As Django merges the catalogues: what two apps translate is shown as one of them has it.
                if isinstance(entry.id, tuple):
                    yield from ((translation.ngettext(*entry.id, 2), one) for one in entry.id)
                elif entry.context:
                    yield translation.pgettext(entry.context, str(entry.id)), str(entry.id)
                elif entry.id:
                    yield translation.gettext(str(entry.id)), str(entry.id)
    for move in (*TABLE.values(), *ADJUSTMENTS.values()):
        yield move.title.zh, move.title.en
    for sheet in SHEETS:
        columns = sheet.columns
        for one in (sheet, *columns, *chain.from_iterable(column.choices for column in columns)):
            yield one.zh, one.en
            yield one.zh, one.en[:1].upper() + one.en[1:]  # as the heads of the grid have it


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(r"[\d,]+".join(map(re.escape, _VALUE.split(text))))


def named(language: str, label: str) -> set[int]:
    """Which labels of the platform this is, by their places in ``known``."""
    return {place for place, one in enumerate(known()) if getattr(one, language).fullmatch(label)}


@pytest.mark.parametrize("language", GUIDES)
def test_guide_names_only_what_a_page_shows(language: str) -> None:
    found = labels_in(language, GUIDES[language].read_text(encoding="utf-8"))
    assert len(found) > 150
    assert not [one for one in found if not named(language, one)]


@pytest.mark.parametrize(("language", "label"), [
    ("zh", "送领导签审"), ("zh", "结转上年"), ("zh", "结转 去年 年预算"), ("zh", "12"), ("zh", ""), ("zh", "Save"),
    ("en", "Send to the head"), ("en", "Copy last forward"), ("en", "12"), ("en", "save"), ("en", "保存"),
])  # fmt: skip
def test_what_no_page_shows_is_no_label(language: str, label: str) -> None:
    assert not named(language, label)


def test_guides_have_the_same_headings() -> None:
    levels = {language: [one.level for one in sections(language)] for language in GUIDES}
    assert levels["zh"] == levels["en"]
    assert levels["zh"].count(1) == 1
    assert levels["zh"].count(2) >= 7
    assert levels["zh"].count(3) >= 15


def test_each_section_names_the_same_labels_in_both_guides() -> None:
    different = []
    for zh, en in zip(sections("zh"), sections("en"), strict=True):
        found = {
            language: {label: named(language, label) for label in labels_in(language, one.text)}
            for language, one in (("zh", zh), ("en", en))
        }
        for language, other in (("zh", "en"), ("en", "zh")):
            there = set().union(*found[other].values())
            different += [(zh.title, label) for label, places in found[language].items() if not places & there]
    assert not different


@pytest.mark.parametrize("language", GUIDES)
@pytest.mark.parametrize(
    ("title", "table"),
    [(("各步办理", "Steps"), TABLE), (("调剂", "Adjustments"), ADJUSTMENTS)],
    ids=["budget", "adjustment"],
)
def test_guide_names_every_move_where_it_belongs(language: str, title: tuple[str, str], table: dict[str, Move]) -> None:
    wanted = title[0] if language == "zh" else title[1]
    [section] = [one for one in sections(language) if one.title == wanted]
    found = set(labels_in(language, section.text))
    assert {getattr(move.title, language) for move in table.values()} <= found


def test_every_address_leads_to_a_page() -> None:
    found = {language: _ADDRESS.findall(path.read_text(encoding="utf-8")) for language, path in GUIDES.items()}
    assert found["zh"] == found["en"]
    assert len(found["zh"]) > 10
    assert not [one for one in found["zh"] if not _leads(one)]
    assert not _leads("/api/v1/budgets/12/no-such-thing")
    assert not _leads("/budget/no-such-thing/")


def _leads(address: str) -> bool:
    try:
        return bool(resolve(address).url_name != "nothing")  # what the API answers at any other address
    except Resolver404:
        return False


def test_both_guides_give_the_same_keys_and_scopes() -> None:
    texts = {language: path.read_text(encoding="utf-8") for language, path in GUIDES.items()}
    keys = {language: set(_KEY.findall(text)) for language, text in texts.items()}
    assert keys["zh"] == keys["en"]
    assert len(keys["zh"]) > 15
    scripts = "".join(
        path.read_text(encoding="utf-8") for path in (WEB / "budgets" / "static" / "budgets").glob("grid*.js")
    )
    for key in keys["zh"]:
        last = key.rpartition("+")[2].replace("↓", "ArrowDown")
        last = last.lower() if len(last) == 1 else {"Esc": "Escape"}.get(last, last)
        # The browser gives copy, cut and paste as events of their own.
        name = {"Ctrl+C": "copy", "Ctrl+X": "cut", "Ctrl+V": "paste"}.get(key, last)
        assert f'"{name}"' in scripts, key
    for scope in (Scope.READ, Scope.BUDGET, Scope.STEP):
        assert all(f"| `{scope}` |" in text for text in texts.values())


def test_guides_are_short_and_linked() -> None:
    for language, path in GUIDES.items():
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= MOST_LINES
        other = GUIDES["en" if language == "zh" else "zh"]
        assert f"]({other.name})" in text
        readme = ROOT / ("README.zh-CN.md" if language == "zh" else "README.md")
        assert f"](docs/{path.name})" in readme.read_text(encoding="utf-8")
        pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
        assert pictures == re.findall(r"!\[[^\]]+\]\(([^)]+)\)", other.read_text(encoding="utf-8"))
        assert all((path.parent / one).is_file() for one in pictures)
