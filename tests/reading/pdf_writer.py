"""A small PDF writer for tests: text, lines and pictures at given points, origin top left."""

from collections.abc import Sequence

PAGE = (595.0, 842.0)


class Page:
    """One page under construction; positions in points from the top left, text by its base line."""

    def __init__(self, size: tuple[float, float] = PAGE, entries: str = "") -> None:
        self.width, self.height = size
        self.entries = entries  # further entries of the page dictionary, as "/Rotate 90"
        self.operations: list[str] = []

    def text(self, x: float, y: float, text: str, size: float = 10.0, mode: int = 0) -> "Page":
        """Text in a Chinese font that is not embedded; ASCII is set half wide."""
        code = text.encode("utf-16-be").hex()
        at = f"{x:.2f} {self.height - y:.2f}"
        self.operations.append(f"BT {mode} Tr /F1 {size} Tf {at} Td <{code}> Tj ET")
        return self

    def line(self, x0: float, y0: float, x1: float, y1: float, width: float = 0.5) -> "Page":
        """A stroked line."""
        start, end = f"{x0:.2f} {self.height - y0:.2f}", f"{x1:.2f} {self.height - y1:.2f}"
        self.operations.append(f"{width} w {start} m {end} l S")
        return self

    def thin(self, x0: float, y0: float, x1: float, y1: float) -> "Page":
        """A line as a filled rectangle half a point thick."""
        width, height = max(x1 - x0, 0.5), max(y1 - y0, 0.5)
        self.operations.append(f"{x0:.2f} {self.height - y0 - height:.2f} {width:.2f} {height:.2f} re f")
        return self

    def raw(self, operations: str) -> "Page":
        """Operators as they are."""
        self.operations.append(operations)
        return self

    def grid(self, xs: Sequence[float], ys: Sequence[float]) -> "Page":
        """All lines of a plain table."""
        for y in ys:
            self.line(xs[0], y, xs[-1], y)
        for x in xs:
            self.line(x, ys[0], x, ys[-1])
        return self

    def row(self, xs: Sequence[float], y: float, texts: Sequence[str]) -> "Page":
        """Texts at the left of each column, a little above the line at ``y``."""
        for x, text in zip(xs, texts, strict=False):
            if text:
                self.text(x + 2, y - 5, text)
        return self


def document(*pages: Page, form: str = "", trailer: str = "") -> bytes:
    """The pages as a PDF file. ``form`` is the content of a form that pages draw with ``/X1 Do``;
    a picture of one grey point is there as ``/I1``."""
    objects: dict[int, bytes] = {}
    first_page = 10
    objects[1] = b"<< /Type /Catalog /Pages 2 0 R >>"
    kids = " ".join(f"{first_page + 2 * index} 0 R" for index in range(len(pages)))
    objects[2] = f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode()
    objects[3] = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>"
    )
    objects[4] = (
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo "
        b"<< /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /DW 1000 "
        b"/W [1 95 500] /FontDescriptor 5 0 R >>"
    )
    objects[5] = (
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] "
        b"/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
    )
    objects[6] = _stream(form.encode(), "/Type /XObject /Subtype /Form /BBox [-1000 -1000 2000 2000]")
    objects[7] = _stream(
        b"\x80",
        "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8",
    )
    resources = "<< /Font << /F1 3 0 R >> /XObject << /X1 6 0 R /I1 7 0 R >> >>"
    for index, page in enumerate(pages):
        number = first_page + 2 * index
        objects[number] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {page.width} {page.height}] "
            f"/Resources {resources} /Contents {number + 1} 0 R {page.entries} >>"
        ).encode()
        objects[number + 1] = _stream("\n".join(page.operations).encode())
    return _file(objects, trailer)


def _stream(content: bytes, entries: str = "") -> bytes:
    return f"<< {entries} /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"


def _file(objects: dict[int, bytes], trailer: str) -> bytes:
    parts = [b"%PDF-1.7\n"]
    length = len(parts[0])
    table = [b"0000000000 65535 f \n"]
    size = max(objects) + 1
    for number in range(1, size):
        content = objects.get(number)
        if content is None:
            table.append(b"0000000000 65535 f \n")
            continue
        part = f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
        table.append(f"{length:010d} 00000 n \n".encode())
        parts.append(part)
        length += len(part)
    parts.append(f"xref\n0 {size}\n".encode() + b"".join(table))
    parts.append(f"trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{length}\n%%EOF\n".encode())
    return b"".join(parts)
