"""What a file is, by its content: names lie, and portals serve web pages as .xls."""

import re

from zhengwu.model.message import Message
from zhengwu.reading import ole
from zhengwu.reading.archive import Archive, encrypted
from zhengwu.reading.encoding import byte_order_mark
from zhengwu.reading.errors import UnreadableError

# What is not a document at all: first bytes, name in Chinese and English.
_OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "PNG 图片", "a PNG picture"),
    (b"\xff\xd8\xff", "JPEG 图片", "a JPEG picture"),
    (b"GIF8", "GIF 图片", "a GIF picture"),
    (b"BM", "BMP 图片", "a BMP picture"),
    (b"II*\0", "TIFF 图片", "a TIFF picture"),
    (b"MM\0*", "TIFF 图片", "a TIFF picture"),
    (b"8BPS", "Photoshop 图片", "a Photoshop picture"),
    (b"\0\0\1\0", "图标文件", "an icon file"),
    (b"Rar!\x1a\x07", "RAR 压缩包", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包", "a 7z archive"),
    (b"\x1f\x8b", "gzip 压缩包", "a gzip archive"),
    (b"\xfd7zXZ\0", "xz 压缩包", "an xz archive"),
    (b"BZh", "bzip2 压缩包", "a bzip2 archive"),
    (b"MZ", "Windows 程序", "a Windows program"),
    (b"\x7fELF", "Linux 程序", "a Linux program"),
    (b"\xcf\xfa\xed\xfe", "macOS 程序", "a macOS program"),
    (b"SQLite format 3\0", "SQLite 数据库", "an SQLite database"),
    (b"PAR1", "Parquet 数据文件", "a Parquet file"),
    (b"ID3", "音频文件", "an audio file"),
    (b"OggS", "音频文件", "an audio file"),
)
_HTML = re.compile(
    rb"<!doctype\s+html|<html\b|<head\b|<body\b|<table\b|<div\b|<p\b|<h[1-6]\b|<meta\b|<style\b|<script\b|"
    rb"<center\b|<font\b|<span\b|<section\b|<article\b|<title\b",
    re.I,
)
_OPENING = re.compile(rb"\s*(?:<!--.*?-->\s*|<\?xml[^>]*\?>\s*)*<[!a-z]", re.I | re.S)
_ODF = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}


def detect(data: bytes) -> str:
    """The format of ``data``: pdf, docx, xlsx, xlsb, xls, ods, doc, odt, rtf, xml (Word or Excel 2003),
    html, mht or txt.

    Raises UnreadableError for an empty file and for whatever is no document, saying what it is.
    """
    if re.search(rb"\S", data) is None or not data.strip(b"\0\xff\xfe\xef\xbb\xbf \t\r\n\f\v"):
        raise empty()
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_format(data)
    if ole.is_ole(data):
        return _ole_format(data)
    for start, zh, en in _OTHERS:
        if data.startswith(start) and not (start == b"BM" and data[:64].isascii() and b"\0" not in data[:64]):
            raise _not_a_document(zh, en)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        raise _not_a_document("WebP 图片", "a WebP picture")
    if data[4:8] == b"ftyp":
        raise _not_a_document("图片或视频文件", "a picture or video file")
    if data[257:262] == b"ustar":
        raise _not_a_document("tar 压缩包", "a tar archive")
    return _text_format(data)


def empty() -> UnreadableError:
    """The error for a file without any content."""
    return UnreadableError(
        "empty",
        "文件是空的，没有任何内容；请检查是否下载或保存完整。",
        "the file is empty; check that it was downloaded or saved whole",
    )


def detect_workbook(data: bytes) -> str:
    """``detect`` where only an .xlsx workbook is taken: what is no document at all is told so."""
    try:
        return detect(data)
    except _NotADocumentError as error:
        raise UnreadableError(
            error.code, f"{error.what.zh}；请提供 .xlsx 工作簿。", f"{error.what.en}; give an .xlsx workbook"
        ) from None


class _NotADocumentError(UnreadableError):
    def __init__(self, what: Message) -> None:
        self.what = what
        super().__init__(
            "not-a-document",
            f"{what.zh}，不是可读取的文档；请提供 .docx、.xlsx、.pdf、.html 或文本文件。",
            f"{what.en}, not a document that can be read; give a .docx, .xlsx, .pdf, .html or text file",
        )


def _not_a_document(zh: str, en: str) -> UnreadableError:
    return _NotADocumentError(Message(f"这是{' ' * zh[0].isascii()}{zh}", f"this is {en}"))


def _zip_format(data: bytes) -> str:
    archive = Archive(data)
    names = [name.lower() for name in archive.names()]
    known = frozenset(names)
    if "word/document.xml" in known:
        return "docx"
    if "xl/workbook.bin" in known:
        return "xlsb"
    if "xl/workbook.xml" in known:
        return "xlsx"
    if "mimetype" in known:
        declared = archive.read("mimetype", limit=4096).strip()
        for mime, found in _ODF.items():
            if declared.startswith(mime):
                return found
    if any(name.startswith("ppt/") for name in names):
        raise _not_a_document("PowerPoint 演示文稿", "a PowerPoint presentation")
    if "ofd.xml" in known:
        raise UnreadableError(
            "ofd",
            "这是 OFD 版式文件，目前不能读取；请转换为 PDF 或提供 Word、Excel 原稿。",
            "this is an OFD file, which cannot be read yet; convert it to PDF or give the Word or Excel original",
        )
    if any(name.startswith("word/") and name.endswith(".xml") for name in names):
        return "docx"
    if "[content_types].xml" in known:
        raise _not_a_document("不完整的 Office 文件", "an incomplete Office file")
    raise _not_a_document("ZIP 压缩包（请先解压）", "a ZIP archive (unpack it first)")


def _ole_format(data: bytes) -> str:
    names = ole.top_level_names(data)
    if "EncryptedPackage" in names:
        raise encrypted()
    if "WordDocument" in names:
        return "doc"
    if "Workbook" in names or "Book" in names:
        return "xls"
    if "PowerPoint Document" in names:
        raise _not_a_document("PowerPoint 演示文稿", "a PowerPoint presentation")
    if not names:
        raise UnreadableError(
            "damaged",
            "文件不完整或已损坏（OLE 容器无法解开）；请重新下载，或用 Word/WPS 打开后另存再试。",
            "the file is cut or damaged (its OLE container does not open); download it again, "
            "or open it in Word or WPS and save a copy",
        )
    raise _not_a_document("不认识的 Office 97 格式文件", "an Office 97 file of an unknown kind")


def _text_format(data: bytes) -> str:
    start = data[:65536]
    codec = byte_order_mark(start)
    if codec and codec != "utf-8-sig":
        start = start[: len(start) // 4 * 4].decode(codec, "ignore").encode("utf-8", "ignore")
    start = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{\\rtf"):
        return "rtf"
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start[:4096] and b"<Workbook" in start[:8192]:
        return "xml"
    if b"<w:wordDocument" in start[:8192] or b"<pkg:package" in start[:8192]:
        return "xml"
    if is_web_archive(start):
        return "mht"
    if _OPENING.match(start) and _HTML.search(start):
        return "html"
    if len(set(_HTML.findall(start.lower()))) >= 3:  # a page with text or a stray character in front
        return "html"
    return "txt"


def is_web_archive(start: bytes) -> bool:
    """True for a page saved as a web archive (.mht): a mail message with HTML in it."""
    lower = start[:16384].lower()
    return b"mime-version:" in lower[:4096] and (b"multipart/related" in lower or b"text/html" in lower)
