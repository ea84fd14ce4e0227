"""``zhengwu manage run_worker``: audit what was uploaded, until told to stop."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from zhengwu.web.reviews import jobs


class Command(BaseCommand):
    """Works at the queue. Several may run, on several machines that share the files."""

    help = "Audit uploaded files in the background, until SIGTERM or SIGINT."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--threads", type=int, default=1, help="how many files at once (default: 1)")
        parser.add_argument("--once", action="store_true", help="end when the queue is empty")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until stopped."""
        if options["once"]:
            self.stdout.write(f"{jobs.run_pending()}")
            return
        stop = jobs.start_in_process(max(options["threads"] - 1, 0))

        def end(number: int, frame: object) -> None:
            stop.set()
            jobs.wake_up()

        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, end)
            signal.signal(signal.SIGINT, end)
        jobs.work(stop)
