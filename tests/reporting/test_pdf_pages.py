"""Where on a page a quote is printed."""

import pytest

from tests.reporting.samples import SHARE, as_pdf
from zhengwu.model.document import Place
from zhengwu.model.finding import Spot
from zhengwu.reporting.audited import grouped, span_of
from zhengwu.reporting.crops import crops
from zhengwu.reporting.pdf_pages import Pages, Shown


@pytest.mark.parametrize(
    ("text", "quote", "found"),
    [
        ("占24.74%，24.74", "24.74%", "24.74%"),
        ("比2,995.30万元多0万元", "0万元", "0万元"),
        ("计 12 345 元", "12345元", "12 345 元"),
        ("共30万元", "0万元", "0万元"),
        ("甲", "乙", None),
        ("甲", "", None),
    ],
)
def test_span_of_a_quote_is_found_blanks_apart_and_not_inside_a_number(
    text: str, quote: str, found: str | None
) -> None:
    span = span_of(text, quote)
    assert (text[span[0] : span[1]] if span else None) == found


def test_span_of_a_number_prefers_the_one_that_stands_alone() -> None:
    assert span_of("2,995.30万元多0万元", "0万元") == (11, 14)


@pytest.mark.parametrize(
    ("value", "shown"),
    [("2023", "2023"), ("2995.39", "2,995.39"), ("-1204770.86", "-1,204,770.86"), ("万元", "万元"), (None, "")],
)
def test_grouped_value_separates_thousands_of_amounts_only(value: str | None, shown: str) -> None:
    assert grouped(value) == shown


def test_shown_of_a_quote_is_its_own_box() -> None:
    with Pages(as_pdf()) as pages:
        (shown,) = pages.shown(Spot(Place(page=1), "24.74%"))
        (whole,) = pages.shown(Spot(Place(page=1), SHARE))
    assert shown.page == 1
    assert whole.box[0] < shown.box[0] < shown.box[2] < whole.box[2]
    assert 160 < (shown.box[1] + shown.box[3]) / 2 < 180


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_shown_on_a_turned_page_is_as_the_page_is_shown(turn: int) -> None:
    with Pages(as_pdf(f"/Rotate {turn}")) as pages:
        (shown,) = pages.shown(Spot(Place(page=1), "24.74%"))
        width, height = pages.size(1)
        picture = pages.picture(1, 72)
    assert 0 <= shown.box[0] < shown.box[2] <= width
    assert 0 <= shown.box[1] < shown.box[3] <= height
    assert abs(picture.width - width) < 2
    assert len(picture.convert("L").crop(tuple(round(edge) for edge in shown.box)).getcolors() or []) > 1


def test_shown_of_a_place_without_a_page_is_nothing() -> None:
    with Pages(as_pdf()) as pages:
        assert pages.shown(Spot(Place(line=3), "24.74%")) == ()
        assert pages.shown(Spot(Place(page=9), "24.74%")) == ()


def test_crops_of_near_places_are_one_picture_and_of_far_ones_two() -> None:
    near = [Shown(1, (100, 100, 200, 112)), Shown(1, (300, 140, 400, 152))]
    with Pages(as_pdf()) as pages:
        assert len(crops(pages, near)) == 1
        assert len(crops(pages, [*near, Shown(1, (100, 600, 200, 612))])) == 2
        assert len(crops(pages, [*near, Shown(2, (100, 100, 200, 112))])) == 2
