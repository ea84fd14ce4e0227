"""What the script draws with ECharts: the figures as data in the page. Every word and amount is made here, so that
the script knows no language and no rounding; ``value`` only gives lengths and areas, in 分 (of shares: hundredths of a
per cent)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from zhengwu.web.explorer import words
from zhengwu.web.explorer.numbers import Line, Number, Piece, whole_of

Json = dict[str, Any]


def flow(sources: Sequence[Piece], centre: str, uses: Sequence[Piece], carried: Number | None) -> Json:
    """From the sources through the unit to what the money is for; ``carried`` goes on to next year."""
    outs = [*uses, Piece(_("Carried to next year"), carried)] if carried and carried.value > 0 else list(uses)
    sides = [_items(sources), _items(outs)]
    whole = max(whole_of(sources), whole_of(outs))
    return _chart(
        "flow",
        [(f"{_('comes from')} {one['name']}", one) for one in sides[0]]
        + [(f"{_('goes to')} {one['name']}", one) for one in sides[1]],
        sources=sides[0], uses=sides[1], centre={"name": centre, **_amount(Number(whole))},
        headings=[_("comes from"), _("goes to")],
    )  # fmt: skip


def tree(pieces: Sequence[Piece]) -> Json:
    """Areas: the classes of expenditure and what is within them."""
    items = _items(pieces)
    return _chart("tree", [(one["name"], one) for one in items], items=items)


def rings(pieces: Sequence[Piece]) -> Json:
    """A ring of the natures, around it their parts."""
    items = _items(pieces)
    return _chart("rings", [(one["name"], one) for one in items], items=items, centre=words.said(whole_of(pieces)))


def bars(series: Sequence[str], lines: Sequence[Line]) -> Json:
    """A bar for each number of a line; those of small lines have a scale of their own."""
    items = [
        {
            "name": line.name,
            "change": line.share,
            "values": [None if number is None else {"name": line.name, **_amount(number)} for number in line.numbers],
        }
        for line in lines
    ]
    return _bars(series, items, _("Small amounts, drawn to a scale of their own."))


def shares(series: Sequence[str], rows: Sequence[tuple[str, Sequence[tuple[Number | None, str]]]]) -> Json:
    """Bars of shares, each number in its own whole: what departments of unlike size can be compared by."""
    items: list[Json] = []
    for name, cells in rows:
        values: list[Json | None] = []
        for number, share in cells:
            if number is None or not share:
                values.append(None)
                continue
            length = int(Decimal(share.removesuffix("%")) * 100)
            values.append({**_amount(number), "name": name, "value": length, "said": share, "share": share})
        items.append({"name": name, "change": "", "values": values})
    return _bars(series, items, "")


def _bars(series: Sequence[str], items: Sequence[Json], note: str) -> Json:
    told: list[tuple[str, Json]] = []
    for item in items:
        told += [
            (f"{item['name']} {name}", value)
            for name, value in zip(series, item["values"], strict=True)
            if value is not None
        ]
    return _chart("bars", told, items=items, series=list(series), note=note, missing=_("no data"))


def stacks(series: Sequence[str], columns: Sequence[tuple[str, Sequence[Number | None], Number | None]]) -> Json:
    """A bar for each column (a year, a department), made of its parts: (name, the parts, their printed total)."""
    items: list[Json] = []
    told: list[tuple[str, Json]] = []
    for name, numbers, total in columns:
        whole = total.value if total else sum((one.value for one in numbers if one), Decimal(0))
        values: list[Json | None] = [
            None if one is None else {"name": part, **_amount(one), "share": words.share(one.value, whole)}
            for part, one in zip(series, numbers, strict=True)
        ]
        items.append({"name": name, "total": words.said(whole), "values": values})
        told += [(f"{name} {value['name']}", value) for value in values if value]
    return _chart("stacks", told, items=items, series=list(series))


def _items(pieces: Sequence[Piece], whole: Decimal | None = None) -> list[Json]:
    """Pieces above zero as data, their shares those of the whole."""
    whole = whole_of(pieces) if whole is None else whole
    found = []
    for one in pieces:
        if one.number.value <= 0:
            continue
        item = {"name": one.short or one.name, **_amount(one.number), "share": words.share(one.number.value, whole)}
        children = _items(one.children, whole)
        # Parts that do not make up the whole would paint a wrong picture: then it stays undivided.
        if children and sum(child["value"] for child in children) == one.number.fen:
            item["children"] = children
        found.append(item)
    return found


def _amount(number: Number) -> Json:
    return {
        "value": number.fen,
        "exact": words.exact(number.value),
        "said": words.said(number.value),
        "href": number.href,
    }


def _chart(kind: str, told: Sequence[tuple[str, Json]], **data: Any) -> Json:
    """With what a screen reader is told."""
    said = "; ".join(
        f"{name}: {one['said']}" + (f" ({one['share']})" if one.get("share") else "") for name, one in told
    )
    return {"kind": kind, "description": said, "source": _("Click: to the place that prints it"), **data}
