"""The app common."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """People, roles, audit trail, errors, looks."""

    name = "zhengwu.web.common"
    label = "common"
    default_auto_field = "django.db.models.BigAutoField"
