"""All addresses of the platform."""

from django.urls import include, path

from zhengwu.web.api import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("", include("zhengwu.web.explorer.urls")),
    path("", include("zhengwu.web.common.urls")),
    path("budget/", include("zhengwu.web.budgets.urls")),
    path("review/", include("zhengwu.web.reviews.urls")),
]
