"""What search engines are told of: every public page."""

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import Max, QuerySet
from django.urls import reverse

from zhengwu.web.common.models import Unit
from zhengwu.web.explorer import selectors
from zhengwu.web.explorer.addresses import document_address
from zhengwu.web.explorer.models import Publication


class _Pages(Sitemap):
    def items(self) -> list[str]:
        """The pages that are there without any publication, and the years."""
        years = [reverse("explorer:year", args=[one["year"]]) for one in selectors.years()]
        return [reverse("explorer:home"), reverse("explorer:search"), reverse("explorer:compare"), *years]

    def location(self, item: str) -> str:
        """The address itself."""
        return item


class _Departments(Sitemap):
    def items(self) -> QuerySet[Unit]:
        """Departments with anything published."""
        return selectors.units_published().annotate(at=Max("publications__published_at"))

    def location(self, item: Unit) -> str:
        """The department's page."""
        return reverse("explorer:department", args=[item.code])

    def lastmod(self, item: Unit) -> datetime:
        """When it last published."""
        return item.at


class _Documents(Sitemap):
    def items(self) -> QuerySet[Publication]:
        """The editions in force."""
        return selectors.current().order_by("pk")

    def location(self, item: Publication) -> str:
        """The document's page."""
        return document_address(item)

    def lastmod(self, item: Publication) -> datetime:
        """When this edition was published."""
        return item.published_at


SITEMAPS = {"pages": _Pages, "departments": _Departments, "documents": _Documents}
