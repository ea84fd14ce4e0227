"""What figures are made of: the facts of publications that they ask for, as plain tuples; a model's instance for each
of some thousands would take most of a page's time."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from django.db.models import F, Q
from django.db.models.functions import Length

from zhengwu.web.explorer.models import Publication, PublishedFact

_MEASURES = ("expenditure", "outflow", "income", "carry_out", "three_public")
_MEASURES_OVER_YEARS = ("expenditure", "outflow", "three_public")
_CLASS = 3  # digits of a functional class


class Stated(NamedTuple):
    """An amount in yuan that a document states for its own stage, in no economic class: PublishedFact has the words."""

    publication: int
    measure: str
    year: int
    function: str
    fund: str
    nature: str
    item: str
    value: Decimal
    table: int
    row: int | None
    column: int | None
    page: int | None
    line: int | None


def stated(publications: Iterable[Publication], *, detail: bool = True) -> dict[int, list[Stated]]:
    """The facts of each publication (by its id) in the order of their documents; one query. Without ``detail`` what
    tables over years and departments need: no income, no functions below the class."""
    found: dict[int, list[Stated]] = {one.pk: [] for one in publications}
    asked = PublishedFact.objects.filter(
        Q(item="") | Q(measure="three_public"),
        publication__in=found, measure__in=_MEASURES if detail else _MEASURES_OVER_YEARS,
        government="", departmental="", aspect="amount", stage=F("publication__kind"),
    ).exclude(unit="%")  # fmt: skip
    if not detail:
        asked = asked.annotate(digits=Length("function")).filter(digits__lte=_CLASS)
    for values in asked.order_by("pk").values_list(*Stated._fields):
        one = Stated._make(values)
        found[one.publication].append(one)
    return found
