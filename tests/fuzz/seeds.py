"""Sound documents of each format, from which broken ones are made."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from tests.fuzz import excel97
from tests.reading import pdf_writer
from tests.reading.office_files import cell, docx, paragraph, row, table, xlsx, xlsx_rows
from zhengwu.model.document import Document, Grid
from zhengwu.reading import read_path

FORMATS = ("txt", "docx", "html", "xlsx", "xls", "pdf")
SHARED = "ZHENGWU_FUZZ_SEEDS"  # names a folder that all shards of a run share
_ROOT = Path(__file__).parents[2]
_EXAMPLE = _ROOT / "examples" / "faulty-budget.txt"
_REAL = _ROOT.parent / "shared" / "real"


@cache
def seeds(form: str, real: bool = True) -> tuple[bytes, ...]:
    """Documents of a format: the example, one built here, and with ``real`` the real ones that are present
    and what LibreOffice saves."""
    made: list[bytes] = []
    example = _EXAMPLE.with_suffix(f".{form}")
    if example.exists():
        made.append(example.read_bytes())
    made += {"txt": _txt, "docx": _docx, "html": _html, "xlsx": _xlsx, "xls": _xls, "pdf": _pdf}[form]()
    if real:
        made += [path.read_bytes() for path in sorted(_REAL.glob(f"*.{form}"))]
        if form in ("xls", "xlsx"):
            made += _saved_by_libreoffice(form)
    return tuple(made)


@cache
def _document() -> Document:
    return read_path(_EXAMPLE)


def _txt() -> list[bytes]:
    text = _EXAMPLE.read_text(encoding="utf-8")
    return [text.encode("gb18030"), text.encode("utf-16")]


def _docx() -> list[bytes]:
    merged = table(
        row(cell("项目", '<w:vMerge w:val="restart"/>'), cell("合计", '<w:gridSpan w:val="2"/>')),
        row(cell("", "<w:vMerge/>"), "基本支出", "项目支出"),
        row("支出合计", "1,000.00", "200.00"),
    )
    return [docx(paragraph("2021年部门预算") + paragraph("表三：支出预算总表 单位：元") + merged)]


def _html() -> list[bytes]:
    parts = ["<!DOCTYPE html><html><head><meta charset=utf-8><title>2021年部门预算</title></head><body>"]
    for block in _document().blocks:
        if isinstance(block, Grid):
            rows = "".join(
                "<tr>" + "".join(f'<td colspan="1" rowspan="1">{c.text}</td>' for c in line) + "</tr>"
                for line in block.rows
            )
            parts.append(f"<table border=1><tbody>{rows}</tbody></table>")
        else:
            parts.append(f"<p style='text-align:center'><span>{block.text}</span></p>")
    return ["".join([*parts, "</body></html>"]).encode()]


def _rows() -> list[list[str | float | None]]:
    rows: list[list[str | float | None]] = []
    for block in _document().blocks:
        if isinstance(block, Grid):
            rows += [[_value(c.text) for c in line] for line in block.rows]
        else:
            rows += [[block.text], []]
    return rows


def _value(text: str) -> str | float | None:
    try:
        return float(text.replace(",", "")) if "," in text else text or None
    except ValueError:
        return text


def _xlsx() -> list[bytes]:
    merged = '<mergeCells><mergeCell ref="A1:C1"/><mergeCell ref="B5:B9"/></mergeCells>'
    return [xlsx(xlsx_rows(_rows()), formats=("#,##0.00", "0.00%"), after=merged, strings=("预算",))]


def _xls() -> list[bytes]:
    return [excel97.xls(_rows(), "部门预算"), excel97.xls([["部门预算"], ["支出合计", 1.5]])]


def _pdf() -> list[bytes]:
    pages: list[pdf_writer.Page] = []
    for block in _document().blocks:
        if not isinstance(block, Grid):
            if not pages or len(pages[-1].operations) > 60:
                pages.append(pdf_writer.Page())
            for start in range(0, len(block.text), 45):
                pages[-1].text(60, 60 + 14 * len(pages[-1].operations) % 740, block.text[start : start + 45])
            continue
        width = max(map(len, block.rows))
        xs = [40 + index * 515 / width for index in range(width + 1)]
        for start in range(0, len(block.rows), 30):
            rows = block.rows[start : start + 30]
            page = pdf_writer.Page().grid(xs, [60.0 + 20 * index for index in range(len(rows) + 1)])
            for index, line in enumerate(rows):
                page.row(xs, 80 + 20 * index, [c.text[:20] for c in line])
            pages.append(page)
    return [pdf_writer.document(*pages), pdf_writer.document(pages[0], form="0 0 10 10 re f")]


def _saved_by_libreoffice(form: str) -> list[bytes]:
    """The same workbook as LibreOffice writes it, made once for all shards of a run."""
    program = shutil.which("soffice")
    folder = os.environ.get(SHARED)
    if program is None or folder is None:
        return []
    made = Path(folder, "out", f"in.{form}")
    if not made.exists():
        source = Path(folder, "in.xlsx")
        source.write_bytes(_xlsx()[0])
        command = [program, f"-env:UserInstallation={Path(folder, 'profile').as_uri()}", "--headless"]
        words = ["--convert-to", form, "--outdir", str(made.parent), str(source)]
        subprocess.run([*command, *words], capture_output=True, timeout=600, check=False)
    return [made.read_bytes()] if made.exists() else []
