"""``zhengwu manage restore FILE``: what ``backup`` wrote."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from zhengwu.model.message import RefusedError
from zhengwu.web.common import archive, trail


class Command(BaseCommand):
    """With the platform stopped. A database with people in it is not replaced without --force."""

    help = "从归档恢复数据库和文件（先停止服务）| restore database and files from an archive (stop the platform first)"

    def add_arguments(self, parser: CommandParser) -> None:
        """From where."""
        parser.add_argument("file", type=Path, help="备份写出的归档 | the archive that backup wrote")
        parser.add_argument(
            "--force", action="store_true", help="替换非空的数据库 | replace a database that is not empty"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check all of it, replace, migrate, verify the trail."""
        try:
            aside = archive.restore(options["file"], force=options["force"])
        except RefusedError as error:
            raise CommandError(f"{error.message.zh} ({error.message.en})") from error
        call_command("migrate", verbosity=0, interactive=False)
        count, problem = trail.verify()
        missing = archive.missing()
        if aside is not None:
            self.stdout.write(f"原有文件移至 (the files before are kept in): {aside}")
        if problem:
            raise CommandError(f"已恢复，但审计记录不完整 (restored, but the trail is broken): {problem}")
        if missing:
            raise CommandError(
                f"已恢复，但缺少 {len(missing)} 个文件 (restored, but {len(missing)} files are missing): {missing[0]} ..."
            )
        self.stdout.write(f"已恢复；审计记录完整，共 {count} 条。 (Restored; the trail holds: {count} events.)")
