"""Older office formats (.doc, .wps, .odt, .rtf, Word and Excel 2003 XML), converted by LibreOffice.

LibreOffice is not part of this package: where it is not installed, the error says what to do.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from zhengwu.model.document import Content
from zhengwu.reading import ole
from zhengwu.reading.errors import UnreadableError
from zhengwu.reading.limits import check_size

TIMEOUT = 120  # seconds
_PROGRAMS = ("soffice", "libreoffice", "/usr/lib/libreoffice/program/soffice",
             "/Applications/LibreOffice.app/Contents/MacOS/soffice")  # fmt: skip


def read(data: bytes) -> Content:
    """Paragraphs and grids of the document after LibreOffice made a .docx or .xlsx of it.

    Raises UnreadableError when LibreOffice is missing, fails or takes longer than TIMEOUT.
    """
    program = installed()
    suffix, target = _suffix(data)
    if program is None:
        raise UnreadableError(
            "needs-libreoffice",
            f"读取 {suffix} 格式需要安装 LibreOffice；请安装，或用 Word/WPS 另存为 .{target} 再试。",
            f"reading {suffix} files needs LibreOffice, which is not installed; install it, "
            f"or save the file as .{target} in Word or WPS",
        )
    converted = convert(program, data, suffix, target)
    if target == "xlsx":
        from zhengwu.reading.workbook import read as read_workbook

        return read_workbook(converted)
    from zhengwu.reading.docx import read as read_docx

    return read_docx(converted)


def installed() -> str | None:
    """The path of LibreOffice's program, or None where it is not installed."""
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), None)


def _suffix(data: bytes) -> tuple[str, str]:
    """The file name suffix LibreOffice knows the format by, and what to convert it to."""
    if ole.is_ole(data):
        return ".doc", "docx"
    if data.startswith(b"PK"):
        return ".odt", "docx"
    if b"{\\rtf" in data[:64]:
        return ".rtf", "docx"
    if b"urn:schemas-microsoft-com:office:spreadsheet" in data[:8192]:
        return ".xml", "xlsx"
    return ".xml", "docx"


def convert(program: str, data: bytes, suffix: str, target: str, timeout: float = TIMEOUT) -> bytes:
    """``data`` converted to ``target`` ("docx", "xlsx" or "pdf") by the LibreOffice at ``program``.

    It runs in folders of its own, so that it neither reads nor leaves anything elsewhere, and is
    ended with all its children when the time is up.
    """
    with tempfile.TemporaryDirectory(prefix="zhengwu-") as folder:
        work = Path(folder)
        source = work / f"input{suffix}"
        source.write_bytes(data)
        profile = (work / "profile").as_uri()
        command = [
            *(program, f"-env:UserInstallation={profile}", "--headless", "--norestore", "--nolockcheck"),
            *("--nodefault", "--convert-to", target, "--outdir", str(work / "out"), str(source)),
        ]
        with subprocess.Popen(  # no shell; every path is ours  # nosec B603
            command,
            cwd=work,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as process:
            try:
                process.wait(timeout)
            except subprocess.TimeoutExpired:
                raise UnreadableError(
                    "conversion-timeout",
                    f"LibreOffice 转换超过 {timeout:g} 秒；请用 Word/WPS 另存为 .{target} 再试。",
                    f"LibreOffice took longer than {timeout:g} s to convert the {suffix} file; "
                    f"save it as .{target} in Word or WPS",
                ) from None
            finally:
                _end_group(process)
        made = work / "out" / f"input.{target}"
        if not made.is_file():
            raise UnreadableError(
                "conversion-failed",
                f"LibreOffice 打不开这个 {suffix} 文件，可能已损坏或有密码；请另存为 .{target} 再试。",
                f"LibreOffice cannot open this {suffix} file, which may be damaged or have a password; "
                f"save it as .{target} in Word or WPS",
            )
        check_size(made.stat().st_size)
        return made.read_bytes()


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End LibreOffice with its children (its launcher leaves a soffice.bin behind when killed alone)."""
    try:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    except ProcessLookupError:
        pass
