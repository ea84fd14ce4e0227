"""``zhengwu manage remind``: once a day, by a timer."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from zhengwu.web.budgets.reminders import remind


class Command(BaseCommand):
    """Again on the same day changes nothing."""

    help = "提醒即将到期和逾期的预算步骤，每天运行一次 | remind people of what is due or overdue; run it once a day"

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell them."""
        done = remind(now=timezone.now(), today=timezone.localdate())
        failed = f", {done.failed} not sent" if done.failed else ""
        self.stdout.write(f"已提醒 (told): {done.notices}, e-mail: {done.sent}{failed}")
