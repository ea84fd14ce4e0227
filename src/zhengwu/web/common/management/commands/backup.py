"""``zhengwu manage backup FILE``: database and files in one archive."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from zhengwu.model.message import RefusedError
from zhengwu.web.common import archive


class Command(BaseCommand):
    """While the platform runs; the archive is whole or not there."""

    help = "备份数据库和文件到一个归档 | back up the database and the files into one archive"

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        parser.add_argument("file", type=Path, help="归档文件，如 zhengwu.tar.gz | the archive, such as zhengwu.tar.gz")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it."""
        try:
            files = archive.backup(options["file"])
        except RefusedError as error:
            raise CommandError(f"{error.message.zh} ({error.message.en})") from error
        size = options["file"].stat().st_size
        self.stdout.write(f"已备份 (backed up): {options['file']}, {files} files, {size:,} bytes")
