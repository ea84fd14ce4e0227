"""``zhengwu audit`` of many documents: in all processors, reports out as they come, in the order of the input."""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TextIO

from zhengwu.cli.folders import Found, Listing
from zhengwu.cli.output import deliver, not_writable, would_overwrite
from zhengwu.cli.pool import CrashedError, in_order
from zhengwu.cli.progress import Progress
from zhengwu.cli.sets import inputs
from zhengwu.model.message import Message, RefusedError

_SUFFIX = {"text": ".txt", "json": ".json"}


class Report(NamedTuple):
    """The report of one document. ``failed``: something at or above --fail-on was found."""

    text: str
    failed: bool


class Refusal(NamedTuple):
    """Why there is none. ``general``: it holds for the whole command, not for this document."""

    code: str
    message: Message
    general: bool = False


def say_skipped(listed: Listing, language: str) -> bool:
    """Say on standard error what of the folders was skipped and what could not be listed: True if anything could not."""
    message = listed.skipped_message()
    if message:
        sys.stderr.write(f"zhengwu: {message.in_language(language)}\n")
    for folder, reason in listed.closed:
        said = Message(
            f"{folder}：文件夹无法打开（{reason}）；请检查权限。",
            f"{folder}: the folder cannot be opened ({reason}); check its permissions.",
        )
        sys.stderr.write(f"zhengwu: {said.in_language(language)}\n")
    return bool(listed.closed)


def audit_many(arguments: argparse.Namespace, listed: Listing, style: tuple[str, int, bool]) -> int:
    """Audit them all; the exit code is returned. One that cannot be read does not stop the rest."""
    refused = say_skipped(listed, arguments.lang)
    failed = False
    documents = listed.documents
    names = [document.name for document in documents]
    jobs = min(arguments.jobs or processors(), len(names)) or 1
    with (
        _sink(arguments, [*names, *inputs(arguments)]) as sink,
        Progress(len(names)) as progress,
        closing(_results(arguments, names, jobs, style)) as results,
    ):
        progress.at(names[0] if names else "")
        for number, ((name, result), document) in enumerate(zip(results, documents, strict=True), 1):
            progress.clear()
            if isinstance(result, Report):
                failed = failed or result.failed
                sink.put(document, result.text)
            else:
                refused = True
                sys.stderr.write(f"zhengwu: {_sentence(name, result).in_language(arguments.lang)}\n")
            if number < len(names):
                progress.at(names[number])
        sink.whole = True
    return 2 if refused else int(failed)


def processors() -> int:
    """How many processors this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _results(
    arguments: argparse.Namespace, names: list[str], jobs: int, style: tuple[str, int, bool]
) -> Generator[tuple[str, Any]]:
    """(name, Report, Refusal or CrashedError) of each, in order. Standard input is read here: workers have none."""
    given = (arguments, style)
    files = [name for name in names if name != "-"]
    with closing(in_order(auditing, given, files, min(jobs, len(files) or 1))) as pooled:
        for name in names:
            result = auditing(*given)(name) if name == "-" else next(pooled)[1]
            if isinstance(result, Refusal) and result.general:
                raise RefusedError(result.code, *result.message)
            yield name, result


def auditing(arguments: argparse.Namespace, style: tuple[str, int, bool]) -> Callable[[str], Report | Refusal]:
    """What a worker does with each name."""
    from zhengwu.cli.commands import document_of, fails, with_acceptances
    from zhengwu.cli.sets import auditor
    from zhengwu.reporting import as_json, as_text

    try:
        audited = auditor(arguments)
    except RefusedError as error:
        refusal = Refusal(error.code, error.message, general=True)
        return lambda name: refusal

    def work(name: str) -> Report | Refusal:
        try:
            audit = with_acceptances(name, audited(document_of(name)))
            if arguments.format == "json":
                report = as_json.dumps(as_json.audit_report(audit, arguments.lang))
            else:
                report = as_text.audit_text(audit, as_text.Style(*style))
            return Report(report, fails(audit, arguments.fail_on))
        except RefusedError as error:
            return Refusal(error.code, error.message)
        except Exception as error:  # a defect of ours costs one document
            return Refusal("defect", _defect(repr(error)))

    return work


def _sentence(name: str, result: Refusal | CrashedError) -> Message:
    if isinstance(result, Refusal):
        return Message(f"{name}：{result.message.zh}", f"{name}: {result.message.en}")
    message = _defect(f"exit {result.args[0]}")
    return Message(f"{name}：{message.zh}", f"{name}: {message.en}")


def _defect(what: str) -> Message:
    what = " ".join(what.split())[:200]
    return Message(
        f"核对时程序出错（{what}），本文件没有结果；请将文件报告给维护者。",
        f"the audit failed ({what}) and gave no result for this file; please report the document.",
    )


class _Sink(Protocol):
    """Where reports go. It is closed whole when ``whole`` was set, and leaves nothing half-written otherwise."""

    whole: bool

    def __enter__(self) -> "_Sink": ...
    def put(self, document: Found, report: str) -> None: ...
    def __exit__(self, *_: object) -> None: ...


def _sink(arguments: argparse.Namespace, names: Sequence[str]) -> _Sink:
    if arguments.output not in (None, "-") and os.path.isdir(arguments.output):
        return _Folder(arguments.output, _SUFFIX[arguments.format], names)
    target = None if arguments.output in (None, "-") else Path(arguments.output)
    return _Stream(target, arguments.format == "json", names)


class _Folder:
    """A file for each document, in the same folders as below the folder that was named."""

    def __init__(self, folder: str, suffix: str, names: Sequence[str]) -> None:
        self.whole = False
        self._folder = Path(folder)
        self._suffix = suffix
        self._taken: set[Path] = set()
        self._inputs = {os.path.realpath(name) for name in names}

    def __enter__(self) -> "_Folder":
        return self

    def put(self, document: Found, report: str) -> None:
        """Write one report. Documents of one name are numbered."""
        folder = self._folder / document.below
        stem = "stdin" if document.name == "-" else Path(document.name).stem
        target = folder / f"{stem}{self._suffix}"
        number = 1
        while target in self._taken:
            number += 1
            target = folder / f"{stem}-{number}{self._suffix}"
        self._taken.add(target)
        if os.path.realpath(target) in self._inputs:
            raise would_overwrite(target)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise not_writable(str(folder), error) from error
        deliver(report if report.endswith("\n") else report + "\n", str(target), "", self._suffix)

    def __exit__(self, *_: object) -> None:
        pass


class _Stream:
    """One after the other on standard output or in one file: text with a blank line between, JSON as an array."""

    def __init__(self, target: Path | None, json: bool, names: Sequence[str]) -> None:
        self.whole = False
        self._target = target
        self._json = json
        self._count = 0
        self._temporary = ""
        if target and target.is_file() and any(os.path.isfile(name) and target.samefile(name) for name in names):
            raise would_overwrite(target)

    def __enter__(self) -> "_Stream":
        self._to = self._open()
        return self

    def _open(self) -> TextIO:
        if self._target is None:
            return sys.stdout
        try:
            if self._target.exists() and not self._target.is_file():  # a device or a pipe is written into
                return self._target.open("w", encoding="utf-8")
            handle, self._temporary = tempfile.mkstemp(dir=self._target.parent, prefix=".zhengwu-")
            return os.fdopen(handle, "w", encoding="utf-8")
        except OSError as error:
            raise not_writable(str(self._target), error) from error

    def put(self, document: Found, report: str) -> None:
        """Write one report."""
        if self._json:  # strings of JSON hold no line ends: what is indented is the layout
            self._write(("[\n " if not self._count else ",\n ") + report.replace("\n", "\n "))
        else:
            self._write(("\n" if self._count else "") + report)
        self._count += 1

    def _write(self, text: str) -> None:
        try:
            self._to.write(text)
            self._to.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise not_writable(str(self._target or "-"), error) from error

    def __exit__(self, *_: object) -> None:
        try:
            if self.whole and self._json:
                self._write("\n]\n" if self._count else "[]\n")
        finally:
            if self._target is not None:
                self._to.close()
            if self._temporary and not self.whole:
                os.unlink(self._temporary)
        if self._temporary and self.whole and self._target:
            os.chmod(self._temporary, 0o644)
            os.replace(self._temporary, self._target)
