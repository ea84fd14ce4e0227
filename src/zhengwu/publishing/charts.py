"""Charts of a budget as inline SVG: no script, nothing from elsewhere, legible in black and white.

``treemap``, ``flow``, ``natures`` and ``years`` each give one picture. The functions named ``…_chart`` give it ready
for a page: for wide and narrow screens, with its figures as a table, in Chinese or (``language`` "en") in English
around the names that they are given. ``key`` makes the ids in a picture and must be
new on a page.
"""

from collections.abc import Callable, Sequence

from zhengwu.publishing.chart_bars import natures, years
from zhengwu.publishing.chart_flow import flow
from zhengwu.publishing.chart_parts import (
    NARROW,
    WIDE,
    Change,
    Chart,
    Rows,
    Slice,
    exact_words,
)
from zhengwu.publishing.chart_treemap import treemap
from zhengwu.publishing.chart_words import Words, share_words, words_in

__all__ = [
    "NARROW",
    "WIDE",
    "Change",
    "Chart",
    "Slice",
    "flow",
    "flow_chart",
    "natures",
    "natures_chart",
    "treemap",
    "treemap_chart",
    "years",
    "years_chart",
]


def treemap_chart(title: str, slices: Sequence[Slice], *, key: str = "treemap", language: str = "zh") -> Chart:
    """Expenditure by function (类, and as children 款 or 项), amounts in 分."""
    words = words_in(language)
    rows = _tree_rows(words.columns.function, slices, words)
    return _both(title, rows, lambda width: treemap(slices, title=title, key=key, width=width, words=words))


def flow_chart(
    title: str,
    sources: Sequence[Slice],
    centre: str,
    uses: Sequence[Slice],
    *,
    carried: int = 0,
    key: str = "flow",
    language: str = "zh",
) -> Chart:
    """Income by source through the unit ``centre`` to expenditure by class and to 结转下年 (``carried``), in 分."""
    words = words_in(language)
    outs = [*uses, Slice(words.carried, carried)] if carried > 0 else list(uses)
    heading, comes, goes = words.direction
    rows = [(heading, words.columns.name, words.columns.amount, words.columns.share)]
    for side, pieces in ((comes, sources), (goes, outs)):
        whole = sum(one.amount for one in pieces)
        rows += [(side, one.name, exact_words(one.amount), share_words(one.amount, whole)) for one in pieces]
    return _both(
        title,
        tuple(rows),
        lambda width: flow(sources, centre, uses, carried=carried, title=title, key=key, width=width, words=words),
    )


def natures_chart(title: str, slices: Sequence[Slice], *, key: str = "natures", language: str = "zh") -> Chart:
    """Basic expenditure (人员经费, 公用经费 as its children), projects and the other natures, amounts in 分."""
    words = words_in(language)
    rows = _tree_rows(words.columns.nature, slices, words)
    return _both(title, rows, lambda width: natures(slices, title=title, key=key, width=width, words=words))


def years_chart(title: str, changes: Sequence[Change], year: int, *, key: str = "years", language: str = "zh") -> Chart:
    """This year against last, amounts in 分."""
    words = words_in(language)
    before, now = (words.columns.year.format(year=one) for one in (year - 1, year))
    rows = [(words.columns.item, before, now, words.columns.change)]
    for one in changes:
        last, change = ("—", "—") if one.last is None else (exact_words(one.last), exact_words(one.this - one.last))
        rows.append((one.name, last, exact_words(one.this), change))
    return _both(title, tuple(rows), lambda width: years(changes, year, title=title, key=key, width=width, words=words))


def _both(title: str, rows: Rows, draw: Callable[[int], str]) -> Chart:
    return Chart(title, draw(WIDE), rows, draw(NARROW))


def _tree_rows(name: str, slices: Sequence[Slice], words: Words) -> Rows:
    """Each slice with its children below it, as share of the whole."""
    whole = sum(one.amount for one in slices)
    rows = [(name, words.columns.amount, words.columns.share)]
    for one in slices:
        rows.append((one.name, exact_words(one.amount), share_words(one.amount, whole)))
        for child in one.children:
            rows.append((f"　{child.name}", exact_words(child.amount), share_words(child.amount, whole)))
    return tuple(rows)
