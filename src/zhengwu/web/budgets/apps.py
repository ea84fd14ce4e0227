"""The app budgets."""

from django.apps import AppConfig


class BudgetsConfig(AppConfig):
    """The budget desk."""

    name = "zhengwu.web.budgets"
    label = "budgets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name this app's actions in the audit trail; let workers make exports, too."""
        from zhengwu.web.budgets import exports
        from zhengwu.web.budgets.trail_words import ACTIONS
        from zhengwu.web.common import trail
        from zhengwu.web.reviews import jobs

        trail.ACTIONS.update(ACTIONS)
        jobs.register_loop("exports", exports.work)
