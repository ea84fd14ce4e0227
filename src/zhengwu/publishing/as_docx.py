"""A publication as a Word document that an official can sign, and correct where needed.

Headings are headings, the contents are a field, header rows repeat: whoever edits the file in Word or WPS finds
what Word itself would have made. The package is written directly, without a template: its bytes depend on nothing
but the publication.
"""

import zipfile
from html import escape
from io import BytesIO
from typing import Final

from zhengwu.publishing import docx_styles as styles
from zhengwu.publishing import pages
from zhengwu.publishing.docx_styles import HEAD, NAMESPACES, twips
from zhengwu.publishing.docx_tables import table_xml, text_xml
from zhengwu.publishing.publication import Block, Heading, PrintedTable, Publication, Text

_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
# Quotation marks, dashes and ellipses are Chinese ones, not those of the Latin face.
_RUN: Final = '<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr>'
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the first date that a zip archive can hold
# Of the tables' titles by their style, of the headings by their level; \z hides the numbers on a web page.
_CONTENTS_FIELD: Final = rf' TOC \o "1-2" \h \z \t "{styles.TABLE_TITLE_NAME},3" '
_FOOTER_ID: Final = "rId4"
# The cover: the blank over its title, and what its lines take.
_COVER_TOP: Final = 150.0
_COVER_LINE: Final = 40.0


def docx_of(publication: Publication) -> bytes:
    """The publication as a Word document (.docx), the same bytes for the same content."""
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(
            ("officeDocument", "word/document.xml"),
            ("extended-properties", "docProps/app.xml"),
            ("core-properties", "docProps/core.xml"),
        ),
        "docProps/core.xml": _core_properties(publication),
        "docProps/app.xml": (
            f'{HEAD}<Properties xmlns="{_OFFICE}/extended-properties"><Application>zhengwu</Application></Properties>'
        ),
        "word/document.xml": _document(publication),
        "word/_rels/document.xml.rels": _relations(
            ("styles", "styles.xml"),
            ("settings", "settings.xml"),
            ("fontTable", "fontTable.xml"),
            ("footer", "footer1.xml"),
        ),
        "word/styles.xml": styles.styles_xml(),
        "word/settings.xml": styles.settings_xml(),
        "word/fontTable.xml": styles.fonts_xml(),
        "word/footer1.xml": _footer(),
    }
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # the same on every system
            archive.writestr(entry, text.encode())
    return stream.getvalue()


def _content_types() -> str:
    names = ("document.main", "styles", "settings", "fontTable", "footer")
    files = ("document", "styles", "settings", "fontTable", "footer1")
    words = "".join(
        f'<Override PartName="/word/{file}.xml" ContentType="{_WORD}.{name}+xml"/>'
        for file, name in zip(files, names, strict=True)
    )
    return (
        f'{HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{words}'
        '<Override PartName="/docProps/core.xml"'
        ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        '<Override PartName="/docProps/app.xml"'
        ' ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/></Types>'
    )


def _relations(*targets: tuple[str, str]) -> str:
    entries = ""
    for number, (kind, target) in enumerate(targets, 1):
        base = f"{_PACKAGE}/relationships/metadata" if kind == "core-properties" else f"{_OFFICE}/relationships"
        entries += f'<Relationship Id="rId{number}" Type="{base}/{kind}" Target="{target}"/>'
    return f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'


def _core_properties(publication: Publication) -> str:
    title, unit = _plain(publication.title), _plain(publication.unit)
    kind = "决算" if publication.kind == "final" else "预算"
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{title}</dc:title><dc:subject>{publication.year}年{kind}</dc:subject>"
        f"<dc:creator>{unit}</dc:creator><dc:language>zh-CN</dc:language></cp:coreProperties>"
    )


def _plain(text: str) -> str:
    """A text for an attribute or a property: on one line, escaped."""
    return escape(pages.clean(text).replace("\n", " "))


def _footer() -> str:
    return (
        f'{HEAD}<w:ftr {NAMESPACES}><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>'
        f'{_RUN}<w:t xml:space="preserve">— </w:t></w:r>'
        '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        f'{_RUN}<w:t xml:space="preserve"> —</w:t></w:r></w:p></w:ftr>'
    )


def _document(publication: Publication) -> str:
    body = _Body()
    body.cover(publication)
    sheets = pages.sheets(publication.blocks)
    headed = [entry.block for sheet in sheets for entry in sheet.entries if pages.in_contents(entry.block)]
    start = 1
    if headed:
        body.contents(headed)
        body.end_section(wide=False, start=start)
        start = 0
    for sheet in sheets:
        for number, entry in enumerate(sheet.entries):
            body.block(entry.block, entry.new_page, top=entry.new_page or not number)
        body.end_section(wide=sheet.wide, start=start)
        start = 0
    return f"{HEAD}<w:document {NAMESPACES}><w:body>{body.finished()}</w:body></w:document>"


class _Body:
    """Collects the content of the body; a section's properties stand in its last paragraph."""

    def __init__(self) -> None:
        self._done: list[str] = []
        # The last paragraph, as its properties and what follows them, and the section that it ends.
        self._last: tuple[str, str] | None = None
        self._section = ""
        self._bookmarks = 0

    def finished(self) -> str:
        """The content of ``w:body``: the last section's properties stand at its end instead."""
        section, self._section = self._section, ""
        self._flush()
        return "".join((*self._done, section))

    def _flush(self) -> None:
        if self._last is not None:
            properties, content = self._last
            self._done.append(f"<w:p><w:pPr>{properties}{self._section}</w:pPr>{content}</w:p>")
            self._last, self._section = None, ""

    def _paragraph(self, style: str, content: str, properties: str = "") -> None:
        """A paragraph; ``properties`` are those behind the style, in the order of the schema."""
        self._flush()
        self._last = (f'<w:pStyle w:val="{style}"/>{properties}', content)

    def end_section(self, *, wide: bool, start: int = 0, numbered: bool = True) -> None:
        """End a section: its orientation, and from which number its pages count (0 = on from those before)."""
        if self._last is None:
            self._paragraph(styles.SECTION_END, "")
        self._section = _section(wide, start, numbered)

    def cover(self, publication: Publication) -> None:
        """The first page."""
        title, *lines = publication.cover or (publication.title,)
        size, width = pages.cover_title(title)
        side = twips((pages.text_width(False) - width) / 2)
        half = round(size * 2)
        self._paragraph(
            styles.COVER_TITLE,
            f'<w:r><w:rPr><w:rFonts w:hint="eastAsia"/><w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr>'
            f"{text_xml(title)}</w:r>",
            f'<w:spacing w:before="{twips(_COVER_TOP)}"/><w:ind w:left="{side}" w:right="{side}"/>',
        )
        used = _COVER_TOP + 2 * size * 1.6 + len(lines) * _COVER_LINE
        gap = max(_COVER_LINE, pages.text_height(False) - used - 60)
        for number, line in enumerate(lines):
            before = f'<w:spacing w:before="{twips(gap)}"/>' if not number else ""
            self._paragraph(styles.COVER_LINE, f"{_RUN}{text_xml(line)}</w:r>", before)
        self.end_section(wide=False, numbered=False)

    def contents(self, headed: list[Block]) -> None:
        """The contents as a field that is filled in: Word renews it, with page numbers, only when asked to."""
        self._flush()
        lines = []
        spacing = f'<w:spacing w:line="{twips(pages.contents_pitch(len(headed)))}" w:lineRule="exact"/>'
        for number, block in enumerate(headed, 1):
            level = block.level if isinstance(block, Heading) else 3
            begin = end = ""
            if number == 1:
                begin = (
                    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
                    f'<w:r><w:instrText xml:space="preserve">{escape(_CONTENTS_FIELD, quote=False)}</w:instrText></w:r>'
                    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
                )
            if number == len(headed):
                end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
            lines.append(
                f'<w:p><w:pPr><w:pStyle w:val="TOC{level}"/>{spacing}</w:pPr>{begin}'
                f'<w:hyperlink w:anchor="{_anchor(number)}" w:history="1">{_RUN}{text_xml(_title(block))}</w:r>'
                f"</w:hyperlink>{end}</w:p>"
            )
        self._done.append(
            '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/>'
            f'</w:docPartObj></w:sdtPr><w:sdtContent><w:p><w:pPr><w:pStyle w:val="{styles.CONTENTS_TITLE}"/></w:pPr>'
            f"{_RUN}<w:t>{pages.CONTENTS}</w:t></w:r></w:p>{''.join(lines)}</w:sdtContent></w:sdt>"
        )

    def block(self, block: Block, new_page: bool, *, top: bool) -> None:
        """A heading, a sentence, or a table with what stands over and under it; ``top`` at the top of a page."""
        breaking = "<w:pageBreakBefore/>" if new_page else ""
        if isinstance(block, Text):
            for line in block.text.split("\n"):
                self._paragraph("BodyText", f"{_RUN}{text_xml(line)}</w:r>")
        elif isinstance(block, Heading):
            self._paragraph(f"Heading{block.level}", self._marked(block), breaking)
        else:
            above = '<w:spacing w:before="0"/>' if top else ""
            self._paragraph(styles.TABLE_TITLE, self._marked(block), breaking + above)
            self._table(block)

    def _marked(self, block: Heading | PrintedTable) -> str:
        run = f"{_RUN}{text_xml(_title(block))}</w:r>"
        if not pages.in_contents(block):
            return run
        self._bookmarks += 1
        number = self._bookmarks
        return f'<w:bookmarkStart w:id="{number}" w:name="{_anchor(number)}"/>{run}<w:bookmarkEnd w:id="{number}"/>'

    def _table(self, table: PrintedTable) -> None:
        left, right = (text.replace("\n", " ") for text in table.captions)
        if left and right:
            stop = twips(pages.text_width(table.wide))
            self._paragraph(
                styles.TABLE_CAPTION,
                f"{_RUN}{text_xml(left)}</w:r><w:r><w:tab/></w:r>{_RUN}{text_xml(right)}</w:r>",
                f'<w:tabs><w:tab w:val="right" w:pos="{stop}"/></w:tabs>',
            )
        elif left or right:
            side = '<w:jc w:val="right"/>' if right else ""
            self._paragraph(styles.TABLE_CAPTION, f"{_RUN}{text_xml(left or right)}</w:r>", side)
        self._flush()
        self._done.append(table_xml(table))
        for note in table.notes:
            self._paragraph(styles.TABLE_NOTE, f"{_RUN}{text_xml(note)}</w:r>")


def _title(block: Block) -> str:
    text = block.heading if isinstance(block, PrintedTable) else block.text
    return text.replace("\n", " ")


def _anchor(number: int) -> str:
    return f"_Toc{number:08}"


def _section(wide: bool, start: int, numbered: bool) -> str:
    width, height = (pages.PAGE[1], pages.PAGE[0]) if wide else pages.PAGE
    top, right, bottom, left = map(twips, pages.WIDE_MARGINS if wide else pages.MARGINS)
    footer = f'<w:footerReference w:type="default" r:id="{_FOOTER_ID}"/>' if numbered else ""
    turned = ' w:orient="landscape"' if wide else ""
    count = f'<w:pgNumType w:start="{start}"/>' if start else ""
    return (
        f'<w:sectPr>{footer}<w:type w:val="nextPage"/>'
        f'<w:pgSz w:w="{twips(width)}" w:h="{twips(height)}"{turned}/>'
        f'<w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}"'
        f' w:header="850" w:footer="{bottom - twips(36)}" w:gutter="0"/>{count}</w:sectPr>'
    )
