"""The app reviews."""

import os

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """The review desk: documents, rounds, findings, decisions."""

    name = "zhengwu.web.reviews"
    label = "reviews"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Show the queue to the app common; start workers in this process where ZHENGWU_WORKERS says how many.
        Only ``zhengwu serve`` sets it: a command such as migrate starts none."""
        from zhengwu.web.common.hooks import register_landing, register_queue
        from zhengwu.web.reviews import jobs
        from zhengwu.web.reviews.landing import landing

        register_queue(states=jobs.states, lag=jobs.lag)
        register_landing(landing)
        count = os.environ.get("ZHENGWU_WORKERS", "")
        if count.isdecimal() and int(count):
            jobs.start_in_process(int(count))
