"""``zhengwu manage prepare``: before the processes of a new version start."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from zhengwu.model.message import RefusedError
from zhengwu.web.common.prepare import prepare


class Command(BaseCommand):
    """Safe to run several times, by several processes at once, and while the version before still answers."""

    help = "升级数据库并收集静态文件 | bring the database and the static files to this version"
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether anybody is there."""
        parser.add_argument(
            "--stopped", action="store_true",
            help="平台已停止，可进行须停机的升级 | the platform is stopped: migrations that need it are done, too",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        try:
            prepare(stopped=options["stopped"])
        except RefusedError as error:
            raise CommandError(f"{error.message.zh} ({error.message.en})") from error
        self.stdout.write("已就绪。 (Ready.)")
