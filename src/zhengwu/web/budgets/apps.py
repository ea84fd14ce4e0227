"""The app budgets."""

from django.apps import AppConfig


class BudgetsConfig(AppConfig):
    """The budget desk."""

    name = "zhengwu.web.budgets"
    label = "budgets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name this app's actions in the audit trail; lead to this desk where a budget waits; let workers make exports."""
        from zhengwu.web.budgets import exports
        from zhengwu.web.budgets.landing import landing
        from zhengwu.web.budgets.trail_words import ACTIONS
        from zhengwu.web.common import hooks, trail
        from zhengwu.web.reviews import jobs

        trail.ACTIONS.update(ACTIONS)
        hooks.register_landing(landing)  # over that of the review desk, which it asks in its turn
        jobs.register_loop("exports", exports.work)
