"""Reports that need the document itself beside its audit: one file for each input."""

import argparse
import hashlib
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from zhengwu.audit import without_other_documents
from zhengwu.cli.output import binary_on_terminal, deliver
from zhengwu.cli.sets import inputs
from zhengwu.model.document import Document
from zhengwu.model.message import RefusedError
from zhengwu.reading import read, read_path
from zhengwu.reading.limits import MAX_BYTES, check_size
from zhengwu.reporting.audited import Audited, Made
from zhengwu.rules.engine import Audit

ONE_A_FILE = frozenset({"html", "form", "annotated"})
_ENDING = {"html": "-audit", "form": "-form", "annotated": "-annotated"}


def check_use(arguments: argparse.Namespace) -> None:
    """Refuse what cannot work before any file is read."""
    if arguments.format not in ONE_A_FILE:
        return
    to_folder = arguments.output is not None and Path(arguments.output).is_dir()
    if len(arguments.files) > 1 and not to_folder:
        raise RefusedError(
            "needs-folder",
            f"--format {arguments.format} 每个输入文件生成一个报告：有多个输入文件时，请用 -o 指定一个已有的文件夹。",
            f"--format {arguments.format} makes a report of each file: "
            "with several files, name an existing folder with -o.",
        )
    if arguments.format == "form" and arguments.output in (None, "-") and sys.stdout.isatty():
        raise binary_on_terminal()


def audited_file(name: str, auditing: Callable[[Document], Audit]) -> Audited:
    """A file audited, with its bytes. ``-`` is standard input. Places in other documents (``--with``) are left out:
    the reports show this one alone."""
    document, data = _document(name)
    path = Path(name)
    uri = "stdin" if name == "-" else path.name if path.is_absolute() else path.as_posix()
    from zhengwu.cli.commands import with_acceptances

    audit = with_acceptances(name, without_other_documents(auditing(document)))
    return Audited(audit, document, data, uri)


def _document(name: str) -> tuple[Document, bytes]:
    if name == "-":
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
        check_size(len(data), MAX_BYTES)
        return read(data, "stdin"), data
    document = read_path(Path(name))
    data = Path(name).read_bytes()
    if hashlib.sha256(data).hexdigest() != document.source.sha256:
        raise RefusedError(
            "changed-while-read",
            "读取期间文件有变化，或不能读第二遍；请待其写完后再试，或用 - 从标准输入给出。",
            "the file changed while it was read, or cannot be read twice; "
            "try again when it is complete, or give it on standard input with -",
        )
    return document, data


def deliver_report(audited: Audited, name: str, arguments: argparse.Namespace, taken: set[str]) -> None:
    """Make the report of one document and write it. ``taken`` are the names already given away."""
    made = _maker(arguments.format)(audited, arguments.lang, datetime.now(UTC).replace(microsecond=0))
    for note in made.notes:
        sys.stderr.write(f"zhengwu: {name}: {note.in_language(arguments.lang)}\n")
    stem = Path(name).stem if name != "-" else "stdin"
    ending = _ENDING[arguments.format]
    number = 1
    while f"{stem}{ending}" in taken:  # inputs of one name from several folders
        number += 1
        ending = f"{_ENDING[arguments.format]}-{number}"
    taken.add(f"{stem}{ending}")
    deliver(made.data, arguments.output, name if name != "-" else "stdin", ending + made.suffix, inputs(arguments))


def _maker(form: str) -> Callable[[Audited, str, datetime], Made]:
    if form == "html":
        from zhengwu.reporting.as_html import html_report

        return html_report
    if form == "form":
        from zhengwu.reporting.as_form import form_report

        return form_report
    from zhengwu.reporting.as_annotated import annotated_copy

    return annotated_copy
