"""Draws audit.png: what `make demo` prints, as a picture of a terminal. Needs Chromium and a Chinese font.

Run after a change of the report: .venv/bin/python docs/picture.py
"""

import html
import re
import subprocess
import tempfile
from pathlib import Path

from zhengwu.audit import audit_document
from zhengwu.reading import read_path
from zhengwu.reporting.as_text import Style, audit_text

HERE = Path(__file__).parent
EXAMPLE = HERE.parent / "examples" / "faulty-budget.docx"
COLOURS = {"31;1": "#ff7b72", "33;1": "#e3b341", "36": "#79c0ff", "1": "#f0f6fc", "2": "#8b949e"}
PAGE = """<meta charset=utf-8><style>body{{margin:0;background:#0d1117}}
pre{{margin:18px;color:#c9d1d9;font:15px/1.45 'Noto Sans Mono CJK SC',monospace;white-space:pre}}</style><pre>{}</pre>"""
LINES = 58
WIDTH = 860


def page() -> str:
    """The report as a page in terminal colours, cut where the picture ends."""
    text = audit_text(audit_document(read_path(EXAMPLE)), Style("zh", 100, colour=True))
    lines = ["$ zhengwu audit examples/faulty-budget.docx", *text.splitlines()[:LINES], "…"]
    shown = html.escape("\n".join(lines))

    def colour(match: re.Match[str]) -> str:
        return "</span>" if match[1] == "0" else f'<span style="color:{COLOURS[match[1]]}">'

    return PAGE.format(re.sub(r"\x1b\[([\d;]+)m", colour, shown))


def main() -> None:
    """Take the picture."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        source.write_text(page(), encoding="utf-8")
        height = int((LINES + 2) * 15 * 1.45) + 36
        subprocess.run(
            [
                "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={folder}/profile",
                "--disable-background-networking", "--no-first-run", f"--window-size={WIDTH},{height}",
                f"--screenshot={HERE / 'audit.png'}", source.as_uri(),
            ],
            check=True, capture_output=True,
        )  # fmt: skip


if __name__ == "__main__":
    main()
