"""ZIP containers (.docx, .xlsx, .ods …) opened with a bound on what they unpack to."""

import io
import zipfile
import zlib

from zhengwu.reading.errors import UnreadableError
from zhengwu.reading.limits import MAX_MEMBERS, MAX_UNPACKED_BYTES, MAX_XML_BYTES

_CHUNK = 1 << 20
# Office files pack XML ten- to sixtyfold; deflate's own limit, which bombs use, is a thousandfold.
_MAX_RATIO = 400
_RATIO_MATTERS_FROM = 8 * 1024 * 1024
_CENTRAL_HEADER = b"PK\x01\x02"


class Archive:
    """The parts of a ZIP container, by name; every read is bounded by what really comes out."""

    def __init__(self, data: bytes) -> None:
        """Raises UnreadableError when ``data`` is no whole ZIP container or has too many members."""
        if data.count(_CENTRAL_HEADER) > MAX_MEMBERS:
            raise _bomb()
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, OverflowError) as error:
            raise damaged() from error
        self._members = {info.filename.replace("\\", "/").lstrip("/"): info for info in self._zip.infolist()}
        self._by_lower_name = {name.lower(): name for name in self._members}
        self._unpacked = 0

    def names(self) -> list[str]:
        """Names of all members, as stored."""
        return list(self._members)

    def name(self, name: str) -> str | None:
        """The stored name that equals ``name`` but for case, or None."""
        return name if name in self._members else self._by_lower_name.get(name.lower())

    def read(self, name: str, limit: int = MAX_XML_BYTES) -> bytes:
        """The unpacked bytes of member ``name``; raises UnreadableError when absent, broken or too large."""
        info = self._info(name)
        chunks: list[bytes] = []
        self._unpack(info, limit, chunks)
        return b"".join(chunks)

    def check_all(self) -> None:
        """Unpack every member once, keeping nothing, for readers that open the file on their own.

        The sizes a container declares may lie, so they are not trusted.
        """
        for info in self._members.values():
            if not info.is_dir():
                self._unpack(info, MAX_UNPACKED_BYTES, None)

    def _info(self, name: str) -> zipfile.ZipInfo:
        stored = self.name(name)
        if stored is None:
            raise UnreadableError(
                "part-missing",
                f"文件缺少组成部分 {name}，可能没有保存完整；请重新保存后再试。",
                f"the file lacks its part {name} and may not have been saved whole; save it again and retry",
            )
        return self._members[stored]

    def _unpack(self, info: zipfile.ZipInfo, limit: int, into: list[bytes] | None) -> None:
        if info.flag_bits & 0x1:
            raise encrypted()
        # bz2 and lzma members cannot be unpacked in bounded steps, and Office never writes them.
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise damaged()
        if info.file_size > limit or self._is_bomb(info.file_size, info.compress_size):
            raise _bomb()
        size = 0
        try:
            with self._zip.open(info) as member:
                while chunk := member.read(_CHUNK):
                    size += len(chunk)
                    self._unpacked += len(chunk)
                    if size > limit or self._unpacked > MAX_UNPACKED_BYTES:
                        raise _bomb()
                    if into is not None:
                        into.append(chunk)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
            ValueError,  # an offset outside the file
        ) as error:
            raise damaged() from error

    @staticmethod
    def _is_bomb(unpacked: int, packed: int) -> bool:
        return unpacked > _RATIO_MATTERS_FROM and unpacked > _MAX_RATIO * max(packed, 1)


def damaged() -> UnreadableError:
    """The error for a container that is cut or broken."""
    return UnreadableError(
        "damaged",
        "文件不完整或已损坏（压缩包无法解开）；请重新下载，或用 Word/WPS 打开后另存再试。",
        "the file is cut or damaged (its ZIP container does not open); download it again, "
        "or open it in Word or WPS and save a copy",
    )


def encrypted() -> UnreadableError:
    """The error for a file protected by a password."""
    return UnreadableError(
        "encrypted",
        "文件设有打开密码，无法读取；请取消密码后另存再试。",
        "the file is protected by a password; remove the password, save a copy and try again",
    )


def _bomb() -> UnreadableError:
    return UnreadableError(
        "zip-bomb",
        "文件解压后过大，不像正常的文档；请检查来源，或拆分后再试。",
        "the file unpacks to far more than a document holds; check where it comes from, or split it",
    )
