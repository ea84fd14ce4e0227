"""What a publication demands and its ledger lacks: a marked gap in the preview, in no file that is published."""

from functools import cache
from pathlib import Path

import pytest
from lxml import html as lxml_html

from zhengwu.dialects import dialect_named
from zhengwu.ledger.load import load
from zhengwu.ledger.model import Ledger
from zhengwu.publishing.compose import missing_of, publication_of
from zhengwu.publishing.publication import MissingError, Typed
from zhengwu.publishing.publish import FORMATS, draft_of, files_of, preview_of

EXAMPLE = Path(__file__).parents[2] / "examples" / "xicheng-2021"
DIALECTS = ("beijing-xicheng-budget", "shanghai-putuo-budget")
DIALECT = dialect_named("beijing-xicheng-budget")


@cache
def example() -> Ledger:
    return load(EXAMPLE)


def without(*subjects: str) -> Ledger:
    """The example without the reasons of some subjects."""
    return example()._replace(reasons=tuple(one for one in example().reasons if one.subject not in subjects))


def links(typed: Typed) -> tuple[str, str]:
    return f"/type/?{typed.sheet}={typed.key}&x", typed.missing.en if typed.missing else ""


def page_of(ledger: Ledger, dialect: str = DIALECTS[0]) -> lxml_html.HtmlElement:
    return lxml_html.fromstring(preview_of(ledger, dialect_named(dialect), links).decode())


def test_preview_shows_all_with_each_missing_reason_marked_at_its_place():
    ledger = without("income", "project")
    page = page_of(ledger)
    gaps = page.xpath("//a[@class='missing']")
    assert [one.text_content() for one in gaps] == [
        "【待填：“收入总计”的变动原因】",
        "【待填：“项目支出”的变动原因】",
    ]
    assert [one.get("href") for one in gaps] == ["/type/?reasons=income&x", "/type/?reasons=project&x"]
    assert {one.get("target") for one in gaps} == {"_top"}
    assert "1,089,552.42" in gaps[0].get("title")
    sentence = gaps[0].getparent().text_content()
    assert sentence.endswith("主要原因是【待填：“收入总计”的变动原因】。")
    whole = page_of(example())
    assert len(page.xpath("//table")) == len(whole.xpath("//table")) > 13
    assert len(page.xpath("//main//p")) == len(whole.xpath("//main//p"))


def test_reason_that_is_typed_can_be_jumped_to_once():
    page = page_of(example())
    assert not page.xpath("//a[@class='missing']")
    assert [one.text_content() for one in page.xpath("//span[@id='reasons-income']")] == [
        next(one.text for one in example().reasons if one.subject == "income")
    ]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_publication_with_gaps_is_refused_with_all_of_them(dialect):
    subjects = [one.subject for one in example().reasons]
    ledger = without(*subjects)
    with pytest.raises(MissingError) as info:
        draft_of(ledger, dialect_named(dialect))
    assert info.value.code == "reason-missing"
    assert info.value.missing == missing_of(ledger, dialect_named(dialect))
    assert len(info.value.message.zh.splitlines()) == len(info.value.missing) > 0


@pytest.mark.parametrize("form", FORMATS)
def test_no_file_is_written_with_a_gap(form):
    draft = draft_of(example(), DIALECT)
    gapped = draft._replace(publication=publication_of(without("income"), DIALECT, gaps=True))
    with pytest.raises(MissingError):
        files_of(gapped, (form,))


def test_published_page_bears_nothing_of_a_preview():
    page = files_of(draft_of(example(), DIALECT), ("html",))["budget-2021.html"].decode()
    assert ".missing" not in page
    assert "reasons-income" not in page
    assert "_top" not in page


def test_figure_of_last_year_that_nobody_typed_is_a_gap_not_nothing():
    ledger = example()._replace(last_year=tuple(one for one in example().last_year if one.subject != "basic"))
    texts = [one.text_content() for one in page_of(ledger).xpath("//a[@class='missing']")]
    assert "【待填：“基本支出”的上年预算】" in texts
    assert ("last_year", "basic") in {(one.sheet, one.key) for one in missing_of(ledger, DIALECT)}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_ledger_without_three_public_expenses_has_gaps_and_is_no_mistake_of_the_format(dialect):
    missing = missing_of(example()._replace(three_public=()), dialect_named(dialect))
    assert {one.key for one in missing if one.sheet == "three_public"} >= {"abroad", "reception"}


def test_words_of_the_ledger_cannot_make_markup_or_marks():
    reasons = tuple(one._replace(text="<b>\ue0000\ue001x\ue002</b>") for one in example().reasons)
    page = preview_of(example()._replace(reasons=reasons), DIALECT, links).decode()
    assert "<b>" not in page
    assert "&lt;b&gt;0x&lt;/b&gt;" in page
