"""What each command calls."""

import argparse
import os
import shutil
import sys
from pathlib import Path

from zhengwu.cli.output import deliver
from zhengwu.cli.progress import Progress
from zhengwu.model.document import Document
from zhengwu.model.message import RefusedError

_RANK = {"info": 0, "warning": 1, "error": 2, "never": 3}


def run(arguments: argparse.Namespace) -> int:
    """Run the command that was parsed."""
    return {"read": _read, "audit": _audit, "rules": _rules}[arguments.command](arguments)


def _document(name: str) -> Document:
    from zhengwu.reading import read_path, read_stream

    try:
        if name == "-":
            return read_stream(sys.stdin.buffer, "stdin")
        return read_path(Path(name))
    except RefusedError as error:
        raise RefusedError(error.code, f"{name}：{error.message.zh}", f"{name}: {error.message.en}") from error


def _style(arguments: argparse.Namespace) -> "object":
    from zhengwu.reporting.as_text import Style

    terminal = sys.stdout.isatty() and not arguments.output
    columns = min(shutil.get_terminal_size((100, 24)).columns, 120) if terminal else 100
    return Style(arguments.lang, columns, terminal and "NO_COLOR" not in os.environ)


def _read(arguments: argparse.Namespace) -> int:
    from zhengwu.recognition.understand import understand
    from zhengwu.reporting import as_json, as_text

    disclosure = understand(_document(arguments.file))
    if arguments.format == "json":
        report = as_json.dumps(as_json.read_report(disclosure, arguments.lang)) + "\n"
    else:
        report = as_text.read_text(disclosure, _style(arguments))  # type: ignore[arg-type]
    deliver(report, arguments.output, arguments.file, arguments.format)
    return 0


def _audit(arguments: argparse.Namespace) -> int:
    from zhengwu.audit import audit_document
    from zhengwu.reporting import as_json, as_text

    code = 0
    reports = []
    several = len(arguments.files) > 1
    with Progress(len(arguments.files)) as progress:
        for name in arguments.files:
            progress.at(name)
            try:
                document = _document(name)
                try:
                    audit = audit_document(document)
                except RefusedError as error:
                    raise RefusedError(error.code, f"{name}：{error.message.zh}", f"{name}: {error.message.en}") from error
            except RefusedError as error:
                if not several:
                    raise
                sys.stderr.write(f"zhengwu: {error.message.in_language(arguments.lang)}\n")
                code = 2
                continue
            if code == 0 and any(_RANK[finding.severity.value] >= _RANK[arguments.fail_on] for finding in audit.findings):
                code = 1
            if arguments.format == "json":
                reports.append(as_json.audit_report(audit, arguments.lang))
            else:
                reports.append(as_text.audit_text(audit, _style(arguments)))  # type: ignore[arg-type]
    if arguments.format == "json":
        report = as_json.dumps(reports if several else reports[0]) + "\n"
    else:
        report = "\n".join(reports)
    deliver(report, arguments.output, arguments.files[0] if not several else "audit", arguments.format)
    return code


def _rules(arguments: argparse.Namespace) -> int:
    from zhengwu.reporting import as_json
    from zhengwu.reporting.rule_pages import rule_json, rules_text
    from zhengwu.rules.registry import rule_named, rules

    if arguments.rule:
        try:
            chosen = (rule_named(arguments.rule),)
        except KeyError:
            raise RefusedError(
                "unknown-rule",
                f"没有规则“{arguments.rule}”：zhengwu rules 列出全部规则。",
                f"There is no rule “{arguments.rule}”: zhengwu rules lists them all.",
            ) from None
    else:
        chosen = rules()
    if arguments.format == "json":
        report = as_json.dumps([rule_json(one) for one in chosen]) + "\n"
    else:
        report = rules_text(chosen, bool(arguments.rule), _style(arguments))  # type: ignore[arg-type]
    deliver(report, arguments.output, "rules", arguments.format)
    return 0
