"""Addresses of the app explorer: those of public pages never change."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path, register_converter
from django.urls.converters import IntConverter, StringConverter

from zhengwu.web.explorer import account_views, views
from zhengwu.web.explorer.sitemaps import SITEMAPS

app_name = "explorer"


class _Kind(StringConverter):
    """A kind of document."""

    regex = "budget|final"


class _Form(StringConverter):
    """A download."""

    regex = r"original|tables\.zip|facts\.csv|facts\.json"


class _Year(IntConverter):
    """A year of four digits."""

    regex = "[12][0-9]{3}"


class _Count(IntConverter):
    """A number that a database holds."""

    regex = "[1-9][0-9]{0,8}"


for _converter, _name in ((_Kind, "kind"), (_Form, "form"), (_Year, "year"), (_Count, "count")):
    register_converter(_converter, _name)

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("compare/", views.compare, name="compare"),
    path("years/<year:year>/", views.year, name="year"),
    path("d/<str:code>/", views.department, name="department"),
    path("d/<str:code>/<year:year>/<kind:kind>/", views.document, name="document"),
    path("d/<str:code>/<year:year>/<kind:kind>/<count:edition>/", views.document, name="edition"),
    path("d/<str:code>/<year:year>/<kind:kind>/<count:edition>/<form:form>", views.download, name="download"),
    path("d/<str:code>/<year:year>/<kind:kind>/<count:edition>/table-<count:number>.csv", views.table, name="table"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path("publish/<count:pk>/", account_views.publish, name="publish"),
    path("account/tokens/", account_views.tokens, name="tokens"),
    path("account/tokens/<count:pk>/revoke/", account_views.revoke, name="revoke"),
]
