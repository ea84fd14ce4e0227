"""Addresses of the app reviews."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter, StringConverter

from zhengwu.web.reviews import action_views, desk_views, views

app_name = "reviews"


class _Form(StringConverter):
    """A file to download."""

    regex = "form|annotated|html|json|original"


class _Number(IntConverter):
    """A number that a database holds."""

    regex = "[1-9][0-9]{0,8}"


register_converter(_Form, "review_form")
register_converter(_Number, "number")

_ROUND = "documents/<number:pk>/rounds/<number:number>/"

urlpatterns = [
    path("", views.board, name="board"),
    path("upload/", views.upload, name="upload"),
    path("upload/progress/", views.upload_progress, name="upload-progress"),
    path("upload/confirm/", views.confirm_proposed, name="confirm-proposed"),
    path("documents/<number:pk>/", desk_views.document, name="document"),
    path("documents/<number:pk>/confirm/", action_views.confirm, name="document-confirm"),
    path("documents/<number:pk>/assign/", action_views.assign, name="document-assign"),
    path("documents/<number:pk>/return/", action_views.return_, name="document-return"),
    path("documents/<number:pk>/close/", action_views.close, name="document-close"),
    path("documents/<number:pk>/mend/", action_views.mend, name="document-mend"),
    path(_ROUND, desk_views.round_, name="round"),
    path(f"{_ROUND}progress/", desk_views.progress, name="round-progress"),
    path(f"{_ROUND}changes/", desk_views.changes, name="changes"),
    path(f"{_ROUND}coverage/", desk_views.coverage, name="coverage"),
    path(f"{_ROUND}pages/<number:page>/", desk_views.page_picture, name="page-picture"),
    path(f"{_ROUND}download/<review_form:form>/", desk_views.download, name="download"),
    path(f"{_ROUND}findings/<number:position>/", desk_views.finding, name="finding"),
    path("findings/<number:pk>/decide/", action_views.decide, name="finding-decide"),
    path("findings/<number:pk>/assign/", action_views.finding_assign, name="finding-assign"),
    path("findings/<number:pk>/comment/", action_views.finding_comment, name="finding-comment"),
]
