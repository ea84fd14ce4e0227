"""What each command calls."""

import argparse
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from zhengwu.cli.output import OF_OUTPUT, deliver
from zhengwu.cli.progress import Progress
from zhengwu.cli.sets import auditor, given_dialect, inputs
from zhengwu.model.document import Document
from zhengwu.model.message import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from zhengwu.reporting.as_text import Style
    from zhengwu.reporting.audited import Audited
    from zhengwu.rules.engine import Audit

T = TypeVar("T")
_WITH_DOCUMENT = frozenset({"sarif", "html", "form", "annotated"})
_SUFFIX = {"text": ".txt", "json": ".json", "sarif": ".sarif"}
_RANK = {"info": 0, "warning": 1, "error": 2, "never": 3}


def run(arguments: argparse.Namespace) -> int:
    """Run the command that was parsed; the exit code is returned."""
    if arguments.command == "dialect":
        from zhengwu.cli.dialect import run as run_dialect

        return run_dialect(arguments)
    if arguments.command in ("publish", "ledger", "compare"):
        from zhengwu.cli.ledgers import run as run_ledgers

        return run_ledgers(arguments)
    if arguments.command in ("serve", "manage"):
        from zhengwu.cli.platform import run as run_platform

        return run_platform(arguments)
    if arguments.command == "accept":
        from zhengwu.cli.accept import run as run_accept

        try:
            return run_accept(arguments)
        except RefusedError as error:
            raise naming(arguments.file, error) from error
    return {"read": _read, "audit": _audit, "rules": _rules}[arguments.command](arguments)


def document_of(name: str) -> Document:
    """The document of a file, or of standard input for "-"."""
    from zhengwu.reading import read_path, read_stream

    return read_stream(sys.stdin.buffer, "stdin") if name == "-" else read_path(Path(name))


def with_acceptances(name: str, audit: "Audit") -> "Audit":
    """The audit without the findings that the file beside the document accepts."""
    from zhengwu.acceptance import honoured, load, path_beside

    return audit if name == "-" else honoured(audit, load(path_beside(Path(name))))


def naming(name: str, error: RefusedError) -> RefusedError:
    """The refusal with the file's name in front; one about the output names that itself."""
    if error.code in OF_OUTPUT:
        return error
    return RefusedError(error.code, f"{name}：{error.message.zh}", f"{name}: {error.message.en}")


def style_of(arguments: argparse.Namespace) -> "Style":
    from zhengwu.reporting.as_text import Style

    return Style(*_style_parts(arguments))


def _style_parts(arguments: argparse.Namespace) -> tuple[str, int, bool]:
    terminal = sys.stdout.isatty() and not arguments.output
    columns = min(shutil.get_terminal_size((100, 24)).columns, 120) if terminal else 100
    return arguments.lang, columns, terminal and "NO_COLOR" not in os.environ


def _read(arguments: argparse.Namespace) -> int:
    from zhengwu.recognition.understand import understand
    from zhengwu.reporting import as_json, as_text

    dialect = given_dialect(arguments)
    try:
        disclosure = understand(document_of(arguments.file), dialect)
    except RefusedError as error:
        raise naming(arguments.file, error) from error
    if arguments.format == "json":
        report = as_json.dumps(as_json.read_report(disclosure, arguments.lang)) + "\n"
    else:
        report = as_text.read_text(disclosure, style_of(arguments))
    deliver(report, arguments.output, arguments.file, _SUFFIX[arguments.format], inputs(arguments))
    return 0


def _audit(arguments: argparse.Namespace) -> int:
    if len(arguments.files) > 1 or os.path.isdir(arguments.files[0]):
        return _audit_many(arguments)
    if arguments.format in _WITH_DOCUMENT:
        return _audit_with_document(arguments)
    from zhengwu.reporting import as_json, as_text

    audited = auditor(arguments)
    audit = _each(arguments, lambda name: with_acceptances(name, audited(document_of(name))))[0][0]
    if arguments.format == "json":
        report = as_json.dumps(as_json.audit_report(audit, arguments.lang)) + "\n"
    else:
        report = as_text.audit_text(audit, style_of(arguments))
    deliver(report, arguments.output, _name(arguments), _SUFFIX[arguments.format], inputs(arguments))
    return int(fails(audit, arguments.fail_on))


def _audit_many(arguments: argparse.Namespace) -> int:
    """Several files, or folders of them."""
    from zhengwu.cli import batch
    from zhengwu.cli.folders import listing

    listed = listing(arguments.files)
    if arguments.format not in _WITH_DOCUMENT:
        return batch.audit_many(arguments, listed, _style_parts(arguments))
    closed = batch.say_skipped(listed, arguments.lang)
    arguments.files = [document.name for document in listed.documents]
    code = _audit_with_document(arguments)
    return 2 if closed else code


def _audit_with_document(arguments: argparse.Namespace) -> int:
    """The formats that show the document itself; those of one file for each input are written one by one."""
    from zhengwu.cli import reports

    reports.check_use(arguments)
    taken: set[str] = set()
    auditing = auditor(arguments)

    def audit(name: str) -> tuple[bool, "Audited | None"]:
        audited = reports.audited_file(name, auditing)
        if arguments.format in reports.ONE_A_FILE:
            reports.deliver_report(audited, name, arguments, taken)
            return fails(audited.audit, arguments.fail_on), None
        return fails(audited.audit, arguments.fail_on), audited

    results, refused = _each(arguments, audit)
    if arguments.format == "sarif":
        from zhengwu.reporting.as_json import dumps
        from zhengwu.reporting.as_sarif import sarif_report

        log = sarif_report([audited for _, audited in results if audited], arguments.lang)
        deliver(dumps(log) + "\n", arguments.output, _name(arguments), _SUFFIX["sarif"], inputs(arguments))
    return 2 if refused else int(any(failed for failed, _ in results))


def _each(arguments: argparse.Namespace, work: "Callable[[str], T]") -> "tuple[list[T], bool]":
    """``work`` on every file, and whether one was refused: of several, a bad one does not stop the rest."""
    results = []
    refused = False
    with Progress(len(arguments.files)) as progress:
        for name in arguments.files:
            progress.at(name)
            try:
                results.append(work(name))
            except RefusedError as error:
                if len(arguments.files) == 1:
                    raise naming(name, error) from error
                sys.stderr.write(f"zhengwu: {naming(name, error).message.in_language(arguments.lang)}\n")
                refused = True
    return results, refused


def fails(audit: "Audit", fail_on: str) -> bool:
    """True when a finding is at or above the level of ``--fail-on``."""
    return any(_RANK[finding.severity.value] >= _RANK[fail_on] for finding in audit.findings)


def _name(arguments: argparse.Namespace) -> str:
    return arguments.files[0] if len(arguments.files) == 1 else "audit"


def _rules(arguments: argparse.Namespace) -> int:
    from zhengwu.reporting import as_json
    from zhengwu.reporting.rule_pages import rule_json, rules_text
    from zhengwu.rules.registry import rule_named, rules

    chosen = rules()
    if arguments.rule:
        try:
            chosen = (rule_named(arguments.rule),)
        except KeyError:
            raise RefusedError(
                "unknown-rule",
                f"没有规则“{arguments.rule}”：zhengwu rules 列出全部规则。",
                f"There is no rule “{arguments.rule}”: zhengwu rules lists them all.",
            ) from None
    if arguments.format == "json":
        report = as_json.dumps([rule_json(one) for one in chosen]) + "\n"
    else:
        report = rules_text(chosen, bool(arguments.rule), style_of(arguments))
    deliver(report, arguments.output, "rules", _SUFFIX[arguments.format])
    return 0
