"""What ``--with`` and ``--dialect`` give: the documents and the dialect that files are read with."""

import argparse
from typing import TYPE_CHECKING

from zhengwu.model.message import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from zhengwu.dialects import Dialect
    from zhengwu.model.disclosure import Disclosure
    from zhengwu.model.document import Document
    from zhengwu.rules.engine import Audit


def given_dialect(arguments: argparse.Namespace) -> "Dialect | None":
    """The dialect of ``--dialect``. Raises RefusedError when its file is not right."""
    if not getattr(arguments, "dialect", None):
        return None
    from zhengwu.dialects.check import load

    return load(arguments.dialect)


def auditor(arguments: argparse.Namespace) -> "Callable[[Document], Audit]":
    """How each file is audited: with the documents of ``--with``, read once, and with ``--dialect``."""
    from zhengwu.audit import audit_document

    dialect = given_dialect(arguments)
    others = [_other(name, dialect) for name in getattr(arguments, "others", None) or ()]
    return lambda document: audit_document(document, others, dialect)


def inputs(arguments: argparse.Namespace) -> list[str]:
    """All files that the command reads: none of them is ever overwritten."""
    files = getattr(arguments, "files", None) or [arguments.file]
    dialect = getattr(arguments, "dialect", None)
    return [*files, *(getattr(arguments, "others", None) or ()), *([dialect] if dialect else [])]


def _other(name: str, dialect: "Dialect | None") -> "Disclosure":
    from pathlib import Path

    from zhengwu.audit import disclosure_of
    from zhengwu.reading import read_path

    try:
        return disclosure_of(read_path(Path(name)), dialect)
    except RefusedError as error:
        zh, en = error.message
        raise RefusedError(error.code, f"--with {name}：{zh}", f"--with {name}: {en}") from error


def options(command: argparse.ArgumentParser, others: bool) -> None:
    """Add ``--dialect`` and, with ``others``, ``--with`` to a command."""
    command.add_argument(
        "--dialect",
        metavar="TOML",
        help="按这个格式文件读取，见 zhengwu dialect | read with this dialect file, see zhengwu dialect",
    )
    if others:
        command.add_argument(
            "--with",
            dest="others",
            metavar="FILE",
            nargs="+",
            action="extend",
            help="一并核对的文件：所属单位的、上年的、同年的预算或决算 | documents to compare with: of its units, of last "
            "year, the budget of the same year",
        )
