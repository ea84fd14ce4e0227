"""The app common."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """People, roles, audit trail, errors, looks."""

    name = "zhengwu.web.common"
    label = "common"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Every session knows when it began, by whatever way somebody signs in."""
        from django.contrib.auth.signals import user_logged_in

        from zhengwu.web.common.session_rules import begin

        user_logged_in.connect(lambda request, **_named: begin(request.session), weak=False)
