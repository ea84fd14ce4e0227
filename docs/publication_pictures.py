"""Draws what `zhengwu publish examples/xicheng-2021` makes, for people to look at before they trust it.

publication.png for the README; publication-pdf.png and publication-docx.png with every page, publication-html.png with
the page's beginning. Needs Chromium and LibreOffice Writer. Run after a change of the looks:
.venv/bin/python docs/publication_pictures.py
"""

import io
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pypdfium2
from PIL import Image

from zhengwu.dialects import dialect_named
from zhengwu.ledger.load import load
from zhengwu.publishing.publish import draft_of, files_of

HERE = Path(__file__).parent
EXAMPLE = HERE.parent / "examples" / "xicheng-2021"
GAP = 10


def pages(pdf: bytes, width: int) -> list[Image.Image]:
    """Every page as a picture, portrait pages ``width`` pixels wide."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    for page in document:
        scale = width / min(page.get_width(), page.get_height())
        found.append(page.render(scale=scale).to_pil().convert("RGB"))
    document.close()
    return found


def sheet(pictures: Sequence[Image.Image], columns: int) -> Image.Image:
    """Pictures side by side on grey, row by row."""
    rows = [pictures[n : n + columns] for n in range(0, len(pictures), columns)]
    width = max(sum(one.width + GAP for one in row) for row in rows) + GAP
    height = sum(max(one.height for one in row) + GAP for row in rows) + GAP
    whole = Image.new("RGB", (width, height), "#c8ccd0")
    top = GAP
    for row in rows:
        left = GAP
        for one in row:
            whole.paste(one, (left, top))
            left += one.width + GAP
        top += max(one.height for one in row) + GAP
    return whole


def save(picture: Image.Image, name: str) -> None:
    """A PNG of few colours: pages are black on white."""
    picture.quantize(64).save(HERE / name, optimize=True)


def as_pdf(docx: bytes, folder: str) -> bytes:
    """What LibreOffice makes of a Word file."""
    source = Path(folder, "budget.docx")
    source.write_bytes(docx)
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/office", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", folder, str(source)], check=True, capture_output=True)
    return source.with_suffix(".pdf").read_bytes()


def screen(html: bytes, folder: str, width: int, height: int) -> Image.Image:
    """The beginning of a web page as a browser shows it."""
    source, target = Path(folder, "page.html"), Path(folder, "page.png")
    source.write_bytes(html)
    subprocess.run(
        [
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
            f"--user-data-dir={folder}/profile", f"--window-size={width},{height}", f"--screenshot={target}", source.as_uri(),
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    return Image.open(io.BytesIO(target.read_bytes())).convert("RGB")


def main() -> None:
    """Publish the example and draw it."""
    draft = draft_of(load(EXAMPLE), dialect_named("beijing-xicheng-budget"))
    made = {Path(name).suffix: data for name, data in files_of(draft, ["docx", "pdf", "html"]).items()}
    with tempfile.TemporaryDirectory() as folder:
        save(sheet(pages(made[".pdf"], 300), 6), "publication-pdf.png")
        save(sheet(pages(as_pdf(made[".docx"], folder), 300), 6), "publication-docx.png")
        page = screen(made[".html"], folder, 1280, 3600)
        save(page, "publication-html.png")
        chosen = [pages(made[".pdf"], 420)[number] for number in (0, 3, 13, 26)]
        web = page.crop((0, 0, 1280, 1800)).resize((420, 590))
        save(sheet([*chosen, web], 5), "publication.png")


if __name__ == "__main__":
    main()
