"""``zhengwu manage backup FILE`` or FOLDER: database and files in one archive."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from zhengwu.model.message import RefusedError
from zhengwu.web.common import archive


class Command(BaseCommand):
    """While the platform runs; the archive is whole or not there."""

    help = "备份数据库和文件到一个归档 | back up the database and the files into one archive"

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, and how many are kept."""
        parser.add_argument(
            "file", type=Path,
            help="归档文件，如 zhengwu.tar.gz，或存放归档的文件夹 | the archive, such as zhengwu.tar.gz, or a folder for it",
        )  # fmt: skip
        parser.add_argument(
            "--keep", type=int, metavar="N",
            help="文件夹中只留最近 N 个归档 | in a folder: delete all archives but the newest N",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it."""
        target, keep = options["file"], options["keep"]
        folder = target if target.is_dir() else None
        if keep is not None and (folder is None or keep < 1):
            raise CommandError("--keep 须为正整数，并指定文件夹 (--keep is a number from 1, of archives in a folder)")
        if folder is not None:
            target = folder / archive.backup_name(datetime.now())
        try:
            files = archive.backup(target)
        except RefusedError as error:
            raise CommandError(f"{error.message.zh} ({error.message.en})") from error
        self.stdout.write(f"已备份 (backed up): {target}, {files} files, {target.stat().st_size:,} bytes")
        if folder is not None and keep is not None:
            for path in archive.rotate(folder, keep):
                self.stdout.write(f"已删除 (deleted): {path}")
