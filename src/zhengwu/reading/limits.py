"""How much of an input is read: every reader is bounded in time and memory.

The limits are far above the largest real budget (some 3 MB of XML, 20,000 cells) and keep a reader
under 1 GiB of memory. An input beyond them is refused in one sentence, never cut in silence.
"""

from zhengwu.reading.errors import UnreadableError

MAX_BYTES = 100 * 1024 * 1024  # the file as it lies on disk
MAX_TEXT_BYTES = 32 * 1024 * 1024  # plain text or HTML
MAX_LINES = 1_000_000
MAX_XML_BYTES = 64 * 1024 * 1024  # one XML part of an Office file, unpacked
MAX_XML_TAGS = 4_000_000  # in such a part: a tag takes some hundred bytes of memory
MAX_HTML_TAGS = 1_500_000
MAX_UNPACKED_BYTES = 400 * 1024 * 1024  # all parts of an Office file that are read, unpacked
MAX_MEMBERS = 20_000  # files inside a ZIP container
MAX_CELLS = 600_000  # cells of all grids of one document
MAX_COLUMNS = 16_384  # the width of an Excel sheet; no printed table comes near
MAX_ROWS = 1_048_576  # the height of an Excel sheet


def megabytes(size: int) -> str:
    """``size`` in bytes as a short decimal of MB (10⁶ would surprise: 1 MB is 1024² here)."""
    return f"{size / (1024 * 1024):.0f}"


def check_size(size: int, limit: int = MAX_BYTES) -> None:
    """Raise UnreadableError when ``size`` bytes are more than ``limit``."""
    if size > limit:
        raise UnreadableError(
            "too-large",
            f"文件有 {megabytes(size)} MB，超过可读取的上限 {megabytes(limit)} MB；请拆分后再试。",
            f"the file has {megabytes(size)} MB, more than the {megabytes(limit)} MB that can be read; "
            "split it and try again",
        )


def check_cells(count: int) -> None:
    """Raise UnreadableError when a document has more than MAX_CELLS cells."""
    if count > MAX_CELLS:
        raise UnreadableError(
            "too-many-cells",
            f"表格单元格超过 {MAX_CELLS:,} 个，不像一份部门预算；请拆分后再试。",
            f"the tables have more than {MAX_CELLS:,} cells, which no budget has; split the file and try again",
        )


def check_tags(data: bytes, limit: int) -> None:
    """Raise UnreadableError when markup has more than ``limit`` tags, before it is parsed."""
    if data.count(b"<") > limit:
        raise UnreadableError(
            "too-large",
            f"文件中的标记超过 {limit:,} 个，不像一份部门预算；请拆分后再试。",
            f"the file has more than {limit:,} tags, which no budget has; split it and try again",
        )
