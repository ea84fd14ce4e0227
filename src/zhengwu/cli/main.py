"""``zhengwu``: the entry point. Modules that do the work are imported by the command that needs them."""

import argparse
import os
import sys
from typing import NoReturn

from zhengwu import __version__
from zhengwu.cli import accept, dialect, ledgers, platform, sets

REFUSED, INTERRUPTED = 2, 130

_FORMATS = {
    "": ("text", "json"),
    "audit": ("text", "json", "sarif", "html", "form", "annotated"),
}
_FORMAT_HELP = {
    "": "输出格式，默认 text | output format (default text)",
    "audit": "输出格式，默认 text；html 附页面图像，form 为检查表（xlsx），annotated 为加批注的原文件 | "
    "output format (default text); html shows the pages, form is the inspection form (xlsx), "
    "annotated the input itself with comments",
}


class _Parser(argparse.ArgumentParser):
    """Wrong use is one clear sentence and exit code 2."""

    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"{self.prog}: {message}。用法见 {self.prog} --help (see {self.prog} --help).\n")
        sys.exit(REFUSED)


def _count(text: str) -> int:
    """A whole number from 1 on."""
    if not text.isdecimal() or not 0 < int(text) <= 1024:
        raise argparse.ArgumentTypeError(f"{text!r} 不是 1 至 1024 的整数 (is no whole number from 1 to 1024)")
    return int(text)


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    top = _Parser(
        prog="zhengwu",
        description="读取、核对、编制部门预算和决算公开文件。 Read, audit and publish the budgets and final accounts of departments.",
        epilog="退出码 0 没有达到 --fail-on 的问题，1 有，2 用法有误或文件不可读。 "
        "Exit code: 0 nothing at or above --fail-on, 1 something, 2 wrong use or unreadable input.",
    )
    top.add_argument("--version", action="version", version=f"zhengwu {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser, required=True)

    read = commands.add_parser("read", help="文件说了什么：表、文字、每个数的位置 | what the document says, and where")
    read.add_argument("file", metavar="FILE", help="docx doc xlsx xls pdf html txt，- 为标准输入 (- is standard input)")
    audit = commands.add_parser("audit", help="哪里不成立，附证明 | what does not hold, with proof")
    audit.add_argument(
        "files", metavar="FILE|DIR", nargs="+",
        help="文件，或文件夹（其下所有可读文件），- 为标准输入 | files, or folders for all documents below; - is standard input",
    )  # fmt: skip
    audit.add_argument(
        "--jobs", metavar="N", type=_count,
        help="多份文件同时核对几份，默认等于处理器核数 | documents audited at a time (default: one a processor)",
    )  # fmt: skip
    audit.add_argument(
        "--fail-on", choices=("error", "warning", "info", "never"), default="error",
        help="达到哪一级时退出码为 1，默认 error | severity from which the exit code is 1 (default error)",
    )  # fmt: skip
    sets.options(read, others=False)
    sets.options(audit, others=True)
    accept.add_parser(commands)
    dialect.add_parser(commands, _Parser)
    ledgers.add_parsers(commands, _Parser)
    platform.add_parsers(commands)
    rules = commands.add_parser(
        "rules", help="规则、依据、例子和改法 | the rules, their basis, examples and how to mend"
    )
    rules.add_argument("rule", metavar="RULE", nargs="?", help="规则代码 | a rule's code")
    for command in (read, audit, rules):
        command.add_argument(
            "--format",
            choices=_FORMATS["audit" if command is audit else ""],
            default="text",
            help=_FORMAT_HELP["audit" if command is audit else ""],
        )
        command.add_argument(
            "-o",
            "--output",
            metavar="FILE|DIR",
            help="写入文件或目录，不写半份 | write to a file or folder, whole or not at all",
        )
        command.add_argument(
            "--lang",
            choices=("zh", "en"),
            default="zh",
            help="消息的语言 | language of messages (default zh)",
        )
    return top


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    from zhengwu.model.message import RefusedError

    arguments = parser().parse_args(argv)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
        sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        from zhengwu.cli import commands

        code = commands.run(arguments)
        sys.stdout.flush()
        return code
    except RefusedError as error:
        sys.stderr.write(f"zhengwu: {error.message.in_language(arguments.lang)}\n")
        return REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output went away: not our error
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:  # a full disk behind standard output
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.stderr.write(
            f"zhengwu: 结果不能写出（{error.strerror}） | the result cannot be written ({error.strerror})\n"
        )
        return REFUSED


if __name__ == "__main__":
    sys.exit(main())
