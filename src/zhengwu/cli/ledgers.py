"""``zhengwu publish``, ``zhengwu ledger`` and ``zhengwu compare``: from one ledger to everything that is published."""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhengwu.cli.output import deliver, not_writable
from zhengwu.model.message import Message, RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zhengwu.dialects import Dialect
    from zhengwu.ledger.model import Ledger
    from zhengwu.ledger.problem import LedgerError

_FORMATS = ("docx", "xlsx", "pdf", "html", "data")
_LEDGER = "台账：一个 .xlsx，或一个 CSV 文件夹 | the ledger: an .xlsx, or a folder of CSV files"


def add_parsers(commands: Any, parser_class: type[argparse.ArgumentParser]) -> None:
    """The commands' grammar."""
    publish = commands.add_parser(
        "publish", help="从一本台账编制公开文件 | tables and narrative from one ledger, in every format"
    )
    publish.add_argument("ledger", metavar="LEDGER", help=_LEDGER)
    publish.add_argument(
        "--dialect", metavar="KEY|TOML", help="公开格式，默认用台账所写的 | the dialect (default: the ledger's)"
    )
    publish.add_argument(
        "--only", metavar="FORMAT", nargs="+", choices=_FORMATS, default=list(_FORMATS),
        help=f"只写这些格式：{' '.join(_FORMATS)} | only these formats",
    )  # fmt: skip
    publish.add_argument(
        "--fail-on", choices=("error", "warning", "info", "never"), default="error",
        help="自查达到哪一级时不发布，默认 error | severity in its own audit from which nothing is published (default error)",
    )  # fmt: skip
    publish.add_argument(
        "-o", "--output", metavar="DIR", required=True, help="写入这个文件夹 | the folder to write into"
    )

    ledger = commands.add_parser(
        "ledger", help="台账：新建、检查、从公开文件重建 | a ledger: new, check, from a document"
    )
    actions = ledger.add_subparsers(dest="action", metavar="ACTION", parser_class=parser_class, required=True)
    new = actions.add_parser("new", help="空台账，带下拉列表和说明 | an empty ledger with drop-down lists and help")
    new.add_argument(
        "output", metavar="FILE.xlsx|DIR", help="新工作簿，或写 CSV 的文件夹 | the workbook, or a folder for CSV files"
    )
    check = actions.add_parser("check", help="检查台账，逐格说明问题 | check a ledger, naming each cell")
    check.add_argument("ledger", metavar="LEDGER", help=_LEDGER)
    rebuilt = actions.add_parser("from", help="从公开文件重建台账 | rebuild a ledger from a published document")
    rebuilt.add_argument("file", metavar="FILE", help="公开的预算文件 | a published budget")
    rebuilt.add_argument("--dialect", metavar="KEY|TOML", help="按这种格式读取 | read with this dialect")
    rebuilt.add_argument(
        "-o", "--output", metavar="FILE.xlsx|DIR", required=True,
        help="新工作簿，或写 CSV 的文件夹 | the workbook, or a folder for CSV files",
    )  # fmt: skip

    compare = commands.add_parser(
        "compare",
        help="两年或两稿相比：按功能、经济分类、项目 | two years or drafts: by function, economic class, project",
    )
    compare.add_argument("last", metavar="LAST", help="上年的台账或公开文件 | last year's ledger or document")
    compare.add_argument("this", metavar="THIS", help="本年的台账或公开文件 | this year's ledger or document")
    compare.add_argument(
        "--format",
        choices=("text", "json", "html"),
        default="text",
        help="输出格式，html 附图 | output format; html has a chart",
    )
    compare.add_argument("-o", "--output", metavar="FILE|DIR", help="写入文件或目录 | write to a file or folder")

    for command in (publish, new, check, rebuilt):
        command.add_argument(
            "--format", choices=("text", "json"), default="text", help="报告的格式 | format of the report"
        )
    for command in (publish, new, check, rebuilt, compare):
        command.add_argument(
            "--lang", choices=("zh", "en"), default="zh", help="消息的语言 | language of messages (default zh)"
        )


def run(arguments: argparse.Namespace) -> int:
    """Run the command that was parsed."""
    if arguments.command == "publish":
        return _publish(arguments)
    if arguments.command == "compare":
        return _compare(arguments)
    return {"new": _new, "check": _check, "from": _from}[arguments.action](arguments)


def dialect_of(name: str, files: bool = True) -> "Dialect":
    """The dialect of a key, or with ``files`` of a file: what a ledger names is a key, for the ledger may come from
    anybody. Raises RefusedError when there is none."""
    from zhengwu.dialects import dialect_named, dialects
    from zhengwu.dialects.check import load

    if files and name.endswith(".toml"):
        return load(name)
    try:
        return dialect_named(name)
    except KeyError:
        known = [dialect.key for dialect in dialects() if any(spec.layout for spec in dialect.tables)]
        raise RefusedError(
            "unknown-dialect",
            f"没有格式“{name}”：可用于编制的有 {'、'.join(known)}，或给出一个 .toml 格式文件。",
            f"There is no dialect “{name}”: one of {', '.join(known)}, or a .toml dialect file.",
        ) from None


def _dialect_for(ledger: "Ledger", given: str | None) -> "Dialect":
    return dialect_of(given) if given else dialect_of(ledger.budget.dialect, files=False)


def _publish(arguments: argparse.Namespace) -> int:
    from zhengwu.cli.commands import fails
    from zhengwu.publishing.publish import draft_of, files_of

    ledger = ledger_of(arguments.ledger)
    draft = draft_of(ledger, _dialect_for(ledger, arguments.dialect))
    refused = fails(draft.audit, arguments.fail_on)
    written: list[tuple[str, bool]] = []
    if not refused:
        files = files_of(draft, arguments.only)
        written = write_all(files, arguments.output)
    _report(arguments, draft.audit, written)
    return int(refused)


def _report(arguments: argparse.Namespace, audit: Any, written: list[tuple[str, bool]]) -> None:
    """What was written, and what the publication's own audit found."""
    from zhengwu.cli.commands import style_of
    from zhengwu.reporting import as_json, as_text

    cover = as_json.coverage(audit)
    amounts = cover["amounts"] + cover["text"]["amounts"]
    tied = cover["tied"] + cover["text"]["tied"]
    if arguments.format == "json":
        found = {"written": [name for name, _ in written], "audit": as_json.audit_report(audit, arguments.lang)}
        sys.stdout.write(as_json.dumps(found) + "\n")
        return
    zh = arguments.lang == "zh"
    if audit.findings:
        sys.stdout.write(as_text.audit_text(audit, style_of(arguments)) + "\n")
    if not written:
        sys.stdout.write("自查有问题，没有发布。改正后再发布，或用 --fail-on never 写出草稿。\n" if zh else
                         "Its own audit found problems: nothing was published. Mend them, or write a draft with --fail-on never.\n")  # fmt: skip
        return
    for name, replaced in written:
        mark = ("（已替换）" if zh else " (replaced)") if replaced else ""
        sys.stdout.write(f"{name}{mark}\n")
    sys.stdout.write(
        f"自查：{len(audit.findings)} 个问题，{amounts} 个数额中 {tied} 个得到印证。\n" if zh else
        f"Its own audit: {len(audit.findings)} findings, {tied} of {amounts} amounts tied.\n"
    )  # fmt: skip


def write_all(files: "Mapping[str, bytes]", output: str) -> list[tuple[str, bool]]:
    """Write files into a folder, which is made when absent: all of them or, as far as can be known beforehand, none.
    Returns their paths, each with whether it replaced a file. Raises RefusedError when one cannot be written."""
    _no_stream(output)
    target = Path(output)
    written = []
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name in files:
            _check_target(target, target / name)
        with tempfile.TemporaryDirectory(dir=target, prefix=".zhengwu-") as made:
            for name, content in files.items():
                path = Path(made, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
                os.chmod(path, 0o644)
            for name in files:
                final = target / name
                replaced = final.exists()
                final.parent.mkdir(parents=True, exist_ok=True)
                os.replace(Path(made, name), final)
                written.append((str(final), replaced))
    except OSError as error:
        raise not_writable(output, error) from error
    return written


def _check_target(folder: Path, final: Path) -> None:
    """Refuse what would fail half-way: a folder where a file goes, a file where a folder goes, no right to write."""
    for parent in final.relative_to(folder).parents:
        place = folder / parent
        if place.exists() and not (place.is_dir() and os.access(place, os.W_OK)):
            raise _in_the_way(place)
    if final.is_dir():
        raise _in_the_way(final)


def _in_the_way(place: Path) -> RefusedError:
    return RefusedError(
        "not-writable",
        f"{place}：这里不能写入（不是可写的文件夹，或者是同名的文件夹）；请移开它，或换一个文件夹。什么都没有写。",
        f"{place}: cannot be written (no writable folder, or a folder of that name); move it away or choose another "
        "folder. Nothing was written.",
    )


def _no_stream(name: str) -> None:
    if name in ("", "-"):
        raise RefusedError(
            "no-stream",
            "台账和公开文件不能用标准输入输出；请给出文件或文件夹。",
            "A ledger and what is published cannot be a stream; name a file or a folder.",
        )


def _is_workbook(name: str) -> bool:
    """Whether a new ledger is a workbook; a folder has no ending, another ending is a mistake."""
    _no_stream(name)
    ending = Path(name).suffix.lower()
    if ending and ending != ".xlsx" and not Path(name).is_dir():
        raise RefusedError(
            "not-a-ledger-name",
            f"{name}：台账是 .xlsx 工作簿或文件夹，不能是 {ending} 文件；请改名。",
            f"{name}: a ledger is an .xlsx workbook or a folder, not a {ending} file; choose another name.",
        )
    return ending == ".xlsx"


def _new(arguments: argparse.Namespace) -> int:
    from zhengwu.ledger.template import csv_of, empty_workbook

    if _is_workbook(arguments.output):
        _absent(arguments.output)
        deliver(empty_workbook(arguments.lang), arguments.output, "ledger", ".xlsx")
        return _written(arguments, [arguments.output])
    _empty(arguments.output)
    return _written(arguments, [name for name, _ in write_all(csv_of(None, arguments.lang), arguments.output)])


def _absent(name: str) -> None:
    if Path(name).exists():
        raise RefusedError(
            "exists",
            f"{name}：已经存在，不会被覆盖；请换一个名字。",
            f"{name}: exists and is never overwritten; choose another name.",
        )


def _empty(name: str) -> None:
    path = Path(name)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise RefusedError(
            "exists",
            f"{name}：已有内容，不会被覆盖；请给一个新的文件夹，或以 .xlsx 结尾的文件名。",
            f"{name}: holds something and is never overwritten; name a new folder, or a file that ends in .xlsx.",
        )


def _written(arguments: argparse.Namespace, names: list[str], notes: tuple[Message, ...] = ()) -> int:
    said = [note.in_language(arguments.lang) for note in notes]
    if arguments.format == "json":
        sys.stdout.write(json.dumps({"written": names, "unknown": said}, ensure_ascii=False, indent=1) + "\n")
        return 0
    for name in names:
        sys.stdout.write(f"{name}\n")
    for note in said:
        sys.stdout.write(f"  · {note}\n")
    return 0


def _check(arguments: argparse.Namespace) -> int:
    from zhengwu.cli.commands import fails, style_of
    from zhengwu.ledger.problem import LedgerError
    from zhengwu.publishing.publish import draft_of
    from zhengwu.reporting import as_text

    try:
        ledger = ledger_of(arguments.ledger)
    except RefusedError as error:
        if arguments.format == "json" and isinstance(error.__cause__, LedgerError):
            _print_problems(arguments, error.__cause__)
            return 2
        raise
    draft = draft_of(ledger, _dialect_for(ledger, None))
    rows = sum(len(value) for value in ledger if isinstance(value, tuple)) - len(ledger.budget) + 1
    refused = fails(draft.audit, "error")
    if arguments.format == "json":
        found = {"ledger": arguments.ledger, "rows": rows, "problems": []}
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    elif refused:
        sys.stdout.write(as_text.audit_text(draft.audit, style_of(arguments)) + "\n")
    else:
        sys.stdout.write(
            f"{arguments.ledger}：{rows} 行，没有发现问题，可以发布。\n" if arguments.lang == "zh" else
            f"{arguments.ledger}: {rows} rows, nothing wrong, ready to be published.\n"
        )  # fmt: skip
    return int(refused)


def _print_problems(arguments: argparse.Namespace, error: "LedgerError") -> None:
    """All problems as data."""
    problems = [
        {"sheet": one.sheet, "row": one.row, "column": one.column, "message": one.message.in_language(arguments.lang)}
        for one in error.problems
    ]
    sys.stdout.write(
        json.dumps({"ledger": arguments.ledger, "problems": problems}, ensure_ascii=False, indent=1) + "\n"
    )


def _from(arguments: argparse.Namespace) -> int:
    from zhengwu.audit import disclosure_of
    from zhengwu.cli.commands import document_of, naming
    from zhengwu.ledger.rebuild import rebuilt
    from zhengwu.ledger.template import csv_of, workbook_of

    workbook = _is_workbook(arguments.output)
    dialect = dialect_of(arguments.dialect) if arguments.dialect else None
    try:
        disclosure = disclosure_of(document_of(arguments.file), dialect)
        ledger, unknown = rebuilt(disclosure)
    except RefusedError as error:
        raise naming(arguments.file, error) from error
    if workbook:
        _absent(arguments.output)
        deliver(workbook_of(ledger, arguments.lang), arguments.output, "ledger", ".xlsx", (arguments.file,))
        names = [arguments.output]
    else:
        _empty(arguments.output)
        names = [name for name, _ in write_all(csv_of(ledger, arguments.lang), arguments.output)]
    return _written(arguments, names, unknown)


def _compare(arguments: argparse.Namespace) -> int:
    from zhengwu.ledger.compare import comparison, comparison_html, comparison_json, comparison_text

    found = comparison(_comparable(arguments.last), _comparable(arguments.this))
    if arguments.format == "json":
        report = json.dumps(comparison_json(found), ensure_ascii=False, indent=1) + "\n"
    elif arguments.format == "html":
        report = comparison_html(found, arguments.lang)
    else:
        report = comparison_text(found, arguments.lang)
    suffix = {"text": ".txt", "json": ".json", "html": ".html"}[arguments.format]
    deliver(report, arguments.output, "comparison", suffix, (arguments.last, arguments.this))
    return 0


def ledger_of(name: str, gaps: bool = False) -> "Ledger":
    """The ledger of a workbook or a folder; ``gaps`` takes one that was rebuilt and not completed. Raises
    RefusedError, naming it, with all that is wrong in it."""
    from zhengwu.cli.commands import naming
    from zhengwu.ledger.load import load

    _no_stream(name)
    try:
        return load(name, gaps=gaps)
    except RefusedError as error:
        raise naming(name, error) from error


def _comparable(name: str) -> "Ledger":
    """A ledger, or the ledger that a published document tells of."""
    from zhengwu.audit import disclosure_of
    from zhengwu.cli.commands import naming
    from zhengwu.ledger.kind import is_ledger
    from zhengwu.ledger.rebuild import rebuilt
    from zhengwu.reading import read_path

    if is_ledger(name):
        return ledger_of(name, gaps=True)
    try:
        return rebuilt(disclosure_of(read_path(Path(name))))[0]
    except RefusedError as error:
        raise naming(name, error) from error
