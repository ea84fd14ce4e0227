"""Addresses of the app explorer: those of public pages never change."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path, register_converter
from django.urls.converters import IntConverter, StringConverter

from zhengwu.web.explorer import account_views, page_views, views
from zhengwu.web.explorer.sitemaps import SITEMAPS

app_name = "explorer"


class _Code(StringConverter):
    """A unit's code, whatever is in it. A slash cannot stand in one part of a path, nor can a part be "." or "..":
    written as RFC 6901 does, ~ is ~0, / is ~1, and the dots of a code that has nothing else are ~2."""

    regex = "[^/\\x00]+"  # PostgreSQL may not be asked for a NUL

    def to_python(self, value: str) -> str:
        """The code itself."""
        return value.replace("~2", ".").replace("~1", "/").replace("~0", "~")

    def to_url(self, value: str) -> str:
        """As it stands in an address."""
        written = value.replace("~", "~0").replace("/", "~1")
        return written if written.strip(".") else written.replace(".", "~2")


class _Language(StringConverter):
    """A language of the platform."""

    regex = "zh|en"


class _Kind(StringConverter):
    """A kind of document."""

    regex = "budget|final"


class _Form(StringConverter):
    """A download."""

    regex = r"original|tables\.zip|facts\.csv|facts\.json"


class _File(StringConverter):
    """A file that was published beside the original."""

    regex = r"[a-z0-9-]{1,60}\.[a-z]{3,4}"


class _Year(IntConverter):
    """A year of four digits."""

    regex = "[12][0-9]{3}"


class _Count(IntConverter):
    """A number that a database holds."""

    regex = "[1-9][0-9]{0,8}"


_CONVERTERS = (
    (_Code, "code"),
    (_Language, "language"),
    (_Kind, "kind"),
    (_Form, "form"),
    (_File, "file"),
    (_Year, "year"),
    (_Count, "count"),
)
for _converter, _name in _CONVERTERS:
    register_converter(_converter, _name)

_KIND = "d/<code:code>/<year:year>/<kind:kind>/"
_EDITION = f"{_KIND}<count:edition>/"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("compare/", views.compare, name="compare"),
    path("years/<year:year>/", views.year, name="year"),
    path("d/<code:code>/", views.department, name="department"),
    path(_KIND, views.document, name="document"),
    path(_EDITION, views.document, name="edition"),
    path(f"{_EDITION}<form:form>", views.download, name="download"),
    path(f"{_EDITION}files/<file:name>", views.published_file, name="file"),
    path(f"{_EDITION}table-<count:number>.csv", views.table, name="table"),
    path(f"{_EDITION}pages/<count:number>/", page_views.page, name="page"),
    path(f"{_EDITION}pages/<count:number>.png", page_views.page_picture, name="page-picture"),
    path(f"{_EDITION}card-<language:language>.png", page_views.card, name="card"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path("publish/<count:pk>/", account_views.publish, name="publish"),
    path("account/tokens/", account_views.tokens, name="tokens"),
    path("account/tokens/<count:pk>/revoke/", account_views.revoke, name="revoke"),
]
