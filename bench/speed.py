"""How long an audit takes, beside the tools that only extract tables or text.

Commands are run in turn (A B C A B C …), so that a machine whose speed drifts slows all of them; the
median of each is quoted, and ratios are of medians. Times are processor time of this process after import, and
wall time of whole processes where a start counts.
"""

import gc
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared" / "real"
PDF = REAL / "govoffice-2025-budget.pdf"
ROUNDS = 9


def report() -> str:
    """All figures as a text table."""
    lines: list[str] = []
    if PDF.exists():
        lines += _pdf()
        lines += _others([REAL / f"xicheng-2021-budget.{kind}" for kind in ("txt", "docx", "html")])
    else:
        lines.append("../shared/real is absent: the real PDF is not measured, only the example.")
        lines += _others([ROOT / "examples" / f"faulty-budget.{kind}" for kind in ("txt", "docx")])
    lines += _processes()
    return "\n".join(lines)


def in_turn(tasks: dict[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Median processor milliseconds of each task, run in turn after one warm-up."""
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for number in range(rounds + 1):
        for name, task in tasks.items():
            gc.collect()
            begun = time.process_time()
            task()
            if number:
                times[name].append(1000 * (time.process_time() - begun))
    return {name: statistics.median(values) for name, values in times.items()}


def audit(path: Path) -> Callable[[], str]:
    """The whole audit of a file, from its bytes to the text report."""
    from zhengwu.audit import audit_document
    from zhengwu.reading import read_path
    from zhengwu.reporting.as_text import Style, audit_text

    return lambda: audit_text(audit_document(read_path(path)), Style())


def _pdf() -> list[str]:
    import pdfplumber
    import pypdfium2

    def tables() -> None:
        with pdfplumber.open(PDF) as pdf:
            for page in pdf.pages:
                page.extract_tables()

    def text() -> None:
        document = pypdfium2.PdfDocument(PDF)
        for page in document:
            page.get_textpage().get_text_range()
        document.close()

    found = in_turn({"audit": audit(PDF), "tables": tables, "text": text})
    ours = found["audit"]
    return [
        f"22-page PDF, processor ms after import, median of {ROUNDS}, in turn:",
        f"  zhengwu audit, all of it          {ours:8.1f}",
        f"  pdfplumber extract_tables alone   {found['tables']:8.1f}   {found['tables'] / ours:.1f} x ours",
        f"  PDFium plain text alone           {found['text']:8.1f}   ours is {ours / found['text']:.2f} x",
    ]


def _others(paths: list[Path]) -> list[str]:
    found = in_turn({path.name: audit(path) for path in paths})
    return ["audits, processor ms after import:"] + [f"  {name:33} {ms:8.1f}" for name, ms in found.items()]


def _processes() -> list[str]:
    command = str(Path(sys.executable).parent / "zhengwu")
    example = str(ROOT / "examples" / "faulty-budget.docx")
    lines = ["whole processes, wall ms, median of 7:"]
    for words in (["--help"], ["rules"], ["audit", example]):
        times = []
        for _ in range(7):
            begun = time.perf_counter()
            subprocess.run([command, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
            times.append(1000 * (time.perf_counter() - begun))
        shown = " ".join([words[0], *(Path(word).name for word in words[1:])])
        lines.append(f"  zhengwu {shown:25} {statistics.median(times):8.1f}")
    return lines
