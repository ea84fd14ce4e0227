"""The app explorer."""

from django.apps import AppConfig


class ExplorerConfig(AppConfig):
    """The open book: what is published, for everybody."""

    name = "zhengwu.web.explorer"
    label = "explorer"
    default_auto_field = "django.db.models.BigAutoField"
