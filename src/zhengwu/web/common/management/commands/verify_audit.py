"""``zhengwu manage verify_audit``: prove that the audit trail is whole."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from zhengwu.web.common import trail


class Command(BaseCommand):
    """Exit code 0: it is; 1: it is not, and the first event that does not hold."""

    help = "核验审计记录的哈希链 | verify the hash chain of the audit trail"

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify from the first event on."""
        count, problem = trail.verify()
        if problem:
            self.stderr.write(
                f"审计记录不完整：核验到第 {count} 条；{problem}。 (The trail is broken after event {count}.)"
            )
            sys.exit(1)
        self.stdout.write(f"审计记录完整：共 {count} 条。 (The trail holds: {count} events.)")
