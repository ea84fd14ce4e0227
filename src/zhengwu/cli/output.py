"""Results on standard output or in a file: whole or not at all."""

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from zhengwu.model.message import RefusedError

OF_OUTPUT = frozenset({"not-writable", "would-overwrite-input", "binary-on-terminal"})
_TEXT = (".txt", ".json", ".html", ".sarif")


def deliver(report: str | bytes, output: str | None, name: str, suffix: str, inputs: Sequence[str] = ()) -> None:
    """Print the report, or write it to a file, or into a folder under the name with ``suffix``.

    None of the ``inputs`` is ever overwritten.
    """
    data = report.encode("utf-8") if isinstance(report, str) else report
    if output is None or output == "-":
        if isinstance(report, str):
            sys.stdout.write(report)
            return
        if suffix.endswith(_TEXT) or not sys.stdout.isatty():
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
            return
        raise binary_on_terminal()
    target = Path(output)
    if target.is_dir():
        target = target / (Path(name).stem + suffix)
    if target.is_file() and any(Path(one).is_file() and target.samefile(one) for one in inputs):
        raise would_overwrite(target)
    try:
        _write(data, target)
    except OSError as error:
        raise not_writable(output, error) from error


def _write(data: bytes, target: Path) -> None:
    if target.exists() and not target.is_file():
        # A device or a pipe (/dev/null, /dev/stdout, a named pipe) is written into: a file put in its
        # place would take it away from the whole machine.
        with target.open("wb") as stream:
            stream.write(data)
        return
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".zhengwu-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        os.chmod(temporary, 0o644)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def would_overwrite(target: Path) -> RefusedError:
    """The refusal to write over an input."""
    return RefusedError(
        "would-overwrite-input",
        f"{target}：这是输入文件本身，不会被覆盖；请用 -o 指定另一个位置。",
        f"{target}: this is the input itself, which is never overwritten; choose another place with -o.",
    )


def not_writable(output: str, error: OSError) -> RefusedError:
    """The refusal that follows when the system does not let us write."""
    return RefusedError(
        "not-writable",
        f"{output}：不能写入（{error.strerror}），请换一个位置。",
        f"{output}: cannot be written ({error.strerror}); choose another place.",
    )


def binary_on_terminal() -> RefusedError:
    """The refusal to print a binary report on a terminal."""
    return RefusedError(
        "binary-on-terminal",
        "这种报告是二进制文件，不能显示在终端上；请用 -o 指定文件或文件夹。",
        "This report is a binary file and cannot be shown on a terminal; give a file or a folder with -o.",
    )
