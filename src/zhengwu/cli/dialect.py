"""``zhengwu dialect new`` and ``zhengwu dialect check``: a dialect file drafted from a document, and tried on documents."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhengwu.model.message import RefusedError

if TYPE_CHECKING:
    from zhengwu.dialects import Dialect
    from zhengwu.dialects.fit import Fit


def add_parser(commands: "argparse._SubParsersAction[Any]", parser_class: type[argparse.ArgumentParser]) -> None:
    """Add the command with its two sub-commands to the command line's grammar."""
    top = commands.add_parser(
        "dialect", help="新省份的格式文件：起草、检查 | the dialect file of a new province: draft it, check it"
    )
    steps = top.add_subparsers(dest="step", metavar="STEP", parser_class=parser_class, required=True)
    new = steps.add_parser("new", help="从一份文件起草 | draft it from a document")
    new.add_argument("file", metavar="FILE", help="一份预算或决算公开文件，- 为标准输入 (- is standard input)")
    check = steps.add_parser("check", help="检查格式文件，并用它读文件 | check it, and read documents with it")
    check.add_argument("file", metavar="FILE.toml", help="格式文件 | the dialect file")
    check.add_argument("documents", metavar="DOCUMENT", nargs="*", help="用它读的文件 | documents to read with it")
    for step in (new, check):
        step.add_argument(
            "--format",
            choices=("text", "json"),
            default="text",
            help="输出格式，默认 text | output format (default text)",
        )
        step.add_argument(
            "-o",
            "--output",
            metavar="FILE|DIR",
            help="写入文件或目录，不写半份 | write to a file or folder, whole or not at all",
        )
        step.add_argument(
            "--lang", choices=("zh", "en"), default="zh", help="消息的语言 | language of messages (default zh)"
        )


def run(arguments: argparse.Namespace) -> int:
    """Run the step that was parsed; the exit code is returned."""
    return _new(arguments) if arguments.step == "new" else _check(arguments)


def _named(name: str, error: RefusedError) -> RefusedError:
    return RefusedError(error.code, f"{name}：{error.message.zh}", f"{name}: {error.message.en}")


def _new(arguments: argparse.Namespace) -> int:
    from zhengwu.audit import disclosure_of
    from zhengwu.cli.commands import document_of
    from zhengwu.cli.output import deliver
    from zhengwu.dialects.draft import draft_of, toml_of

    try:
        draft = draft_of(disclosure_of(document_of(arguments.file)))
    except RefusedError as error:
        raise _named(arguments.file, error) from error
    if arguments.format == "json":
        from zhengwu.reporting.as_json import dumps

        report, suffix = dumps(draft) + "\n", ".json"
    else:
        report, suffix = toml_of(draft, arguments.lang), ".toml"
    name = "stdin" if arguments.file == "-" else arguments.file
    deliver(report, arguments.output, name, suffix, (arguments.file,))
    return 0


def _check(arguments: argparse.Namespace) -> int:
    from zhengwu.cli.output import deliver
    from zhengwu.dialects.check import parsed, problem_text, read_toml
    from zhengwu.dialects.fit import fit_json, fit_text

    text = read_toml(arguments.file)
    dialect, problems = parsed(text, Path(arguments.file).name.removesuffix(".toml"))
    fits = [_fit(name, dialect) for name in arguments.documents] if dialect else []
    language = arguments.lang
    if arguments.format == "json":
        from zhengwu.reporting.as_json import dumps

        report = (
            dumps(
                {
                    "dialect": dialect.key if dialect else None,
                    "tables": len(dialect.tables) if dialect else None,
                    "problems": [
                        {"line": problem.line, "message": problem.message.in_language(language)} for problem in problems
                    ],
                    "documents": [fit_json(fit) for fit in fits],
                }
            )
            + "\n"
        )
        suffix = ".json"
    else:
        lines = [problem_text(arguments.file, problem, language) for problem in problems]
        if dialect:
            tables = len(dialect.tables)
            right = (
                f"格式文件正确：{tables} 张表。" if language == "zh" else f"The dialect file is right: {tables} tables."
            )
            lines.append(f"{arguments.file}：{right}" if language == "zh" else f"{arguments.file}: {right}")
        report = "\n".join([*lines, *(fit_text(fit, language) for fit in fits)]) + "\n"
        suffix = ".txt"
    deliver(report, arguments.output, arguments.file, suffix, (arguments.file, *arguments.documents))
    return int(bool(problems) or any(fit.missing for fit in fits))


def _fit(name: str, dialect: "Dialect") -> "Fit":
    from zhengwu.audit import audit_document
    from zhengwu.cli.commands import document_of
    from zhengwu.dialects.fit import fit_of
    from zhengwu.recognition.given_dialect import spec_of

    try:
        audit = audit_document(document_of(name), (), dialect)
    except RefusedError as error:
        raise _named(name, error) from error
    specs = [spec_of(table, dialect) for table in audit.disclosure.tables]
    return fit_of(dialect, audit.disclosure, specs, audit.tied)
