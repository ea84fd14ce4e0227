"""The edition that an address names, also when the unit's code was changed since."""

from django.http import Http404
from django.utils.translation import gettext as _

from zhengwu.web.common.models import AuditEvent, Unit
from zhengwu.web.explorer.models import Publication
from zhengwu.web.reviews.models import Round

_HEAVY = ("report", "coverage")  # what no public page shows


def publication_at(
    code: str, year: int, kind: str, edition: int | None, *, reading: bool = True
) -> tuple[Publication, list[Publication]]:
    """The edition asked for with its round, and all of its kind. Without a number the current one. ``reading``: with
    what was read of it, which is large. Raises Http404."""
    asked = Publication.objects.filter(unit__code=code, year=year, kind=kind).select_related("unit")
    editions = list(asked.order_by("-edition"))
    found = next((one for one in editions if one.edition == edition or (edition is None and not one.superseded_at)), None)  # fmt: skip
    if found is None:
        raise Http404(_("Nothing is published at this address."))
    found.round = Round.objects.defer(*_HEAVY, *(() if reading else ("reading",))).get(pk=found.round_id)
    return found, editions


def unit_formerly(code: str) -> Unit | None:
    """The unit that has published and had this code before it was changed, the last one where several had it."""
    changes = AuditEvent.objects.filter(action="unit.change", data__before__code=code, unit__publications__isnull=False)
    event = changes.select_related("unit").order_by("-sequence").first()
    return event.unit if event is not None and event.unit is not None and event.unit.code != code else None
