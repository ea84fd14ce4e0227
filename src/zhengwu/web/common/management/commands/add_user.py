"""``zhengwu manage add_user``: the first administrator, or anybody else."""

import getpass
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from zhengwu.model.message import RefusedError
from zhengwu.web.common import services
from zhengwu.web.common.models import Role, Unit


class Command(BaseCommand):
    """The password comes from the terminal or standard input: on the command line others would see it."""

    help = "添加用户 | add a user (the password is read from the terminal or standard input)"

    def add_arguments(self, parser: CommandParser) -> None:
        """Who."""
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="姓名 | the person's name")
        parser.add_argument("--role", choices=Role.values, default=str(Role.ADMINISTRATOR))
        parser.add_argument("--unit", metavar="CODE", help="单位代码 | the code of the unit")
        parser.add_argument("--email", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Add the person."""
        unit = None
        if options["unit"]:
            unit = Unit.objects.filter(code=options["unit"]).first()
            if unit is None:
                raise CommandError(f"没有代码为“{options['unit']}”的单位 (there is no unit of this code)")
        if sys.stdin.isatty():
            password = getpass.getpass("密码 (password): ")
        else:
            password = sys.stdin.readline().rstrip("\r\n")
        try:
            person = services.person_add_by_operator(
                username=options["username"], name=options["name"], role=options["role"], unit=unit,
                email=options["email"], password=password,
            )  # fmt: skip
        except RefusedError as error:
            raise CommandError(f"{error.message.zh} ({error.message.en})") from error
        self.stdout.write(f"已添加 (added): {person.username}, {person.role}")
