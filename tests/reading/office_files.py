"""Small Office files built for the tests, part by part."""

import io
import zipfile

W_NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES = (
    f'xmlns:w="{W_NS}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
_S_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_R_NS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def zipped(parts):
    """A ZIP container of {name: text or bytes}."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def docx(body, numbering=None, styles=None, footnotes=None):
    """A Word document with this XML inside its body, and further parts as given."""
    parts = {"word/document.xml": f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>"}
    for name, inner in (("numbering", numbering), ("styles", styles), ("footnotes", footnotes)):
        if inner is not None:
            parts[f"word/{name}.xml"] = f"<w:{name} {_NAMESPACES}>{inner}</w:{name}>"
    return zipped(parts)


def run(text, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*inner, properties=""):
    """A paragraph of runs; bare text becomes a run."""
    runs = "".join(part if part.startswith("<") else run(part) for part in inner)
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def cell(content="", properties=""):
    inner = content if content.startswith("<") else paragraph(content) if content else "<w:p/>"
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def row(*cells, properties=""):
    made = "".join(c if c.startswith("<w:tc>") else cell(c) for c in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{made}</w:tr>"


def table(*rows):
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def xlsx(sheet_data, formats=(), after="", strings=(), sheet_view="", states=("visible",)):
    """A workbook whose sheets all hold this sheetData; cell style n+1 has the n-th number format."""
    sheets = "".join(
        f'<sheet name="表{i}" sheetId="{i}" state="{state}" r:id="rId{i}"/>' for i, state in enumerate(states, 1)
    )
    relations = "".join(
        f'<Relationship Id="rId{i}" Type="{_R_NS}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in range(1, len(states) + 1)
    )
    number_formats = "".join(
        f'<numFmt numFmtId="{200 + i}" formatCode="{code.replace(chr(34), "&quot;")}"/>'
        for i, code in enumerate(formats)
    )
    styles = "".join(f'<xf numFmtId="{200 + i}"/>' for i in range(len(formats)))
    shared = "".join(f"<si><t>{text}</t></si>" for text in strings)
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{_S_NS}" xmlns:r="{_R_NS}"><sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f"<Relationships>{relations}</Relationships>",
        "xl/styles.xml": f'<styleSheet xmlns="{_S_NS}"><numFmts>{number_formats}</numFmts>'
        f'<cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{_S_NS}">{shared}</sst>',
    }
    for i in range(1, len(states) + 1):
        parts[f"xl/worksheets/sheet{i}.xml"] = (
            f'<worksheet xmlns="{_S_NS}"><sheetViews>{sheet_view}</sheetViews>'
            f"<sheetData>{sheet_data}</sheetData>{after}</worksheet>"
        )
    return zipped(parts)


def xlsx_rows(rows, styles=None):
    """sheetData of rows of values: numbers as numbers, text as inline strings, None as no cell."""
    made = []
    for number, values in enumerate(rows, 1):
        cells = []
        for index, value in enumerate(values):
            reference = f'r="{chr(65 + index)}{number}"'
            style = f' s="{styles[index]}"' if styles and not isinstance(value, str) else ""
            if isinstance(value, str):
                cells.append(f'<c {reference} t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>')
            elif value is not None:
                cells.append(f"<c {reference}{style}><v>{value!r}</v></c>")
        made.append(f'<row r="{number}">{"".join(cells)}</row>')
    return "".join(made)
