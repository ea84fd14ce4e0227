"""The files that the stories upload: the faulty example under the name of another unit, mended, and as a PDF."""

import io
from pathlib import Path
from typing import Any

import docx

from zhengwu.dialects import dialects
from zhengwu.ledger.model import Ledger
from zhengwu.publishing.publish import draft_of, files_of

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "faulty-budget.docx"
EXAMPLE_UNIT = "示例区政务服务管理局"
REAL = sorted(path for path in (ROOT.parent / "shared" / "real").glob("*") if path.is_file())
# What the unit mends after the first round, and the mistake that it makes in doing so.
MENDED = (
    ("占总支出预算的24.74%", "占总支出预算的24.47%"),
    ("增加1,204,770.86元，上升2.46%", "减少1,204,770.86元，下降2.46%"),
    ("增加（减少）", "增加"),
)
NEW_FAULT = ("上升17.41%", "上升18.41%")
_PDF_FAULTS = (
    ("24.47%", "26.47%"),
    ("的94.80%。", "的93.80%。"),
    ("主要原因是压减购买第三方服务的支出。", "主要原因是。"),
)


def faulty(unit: str) -> bytes:
    """The faulty example as a Word file of ``unit``."""
    return _replaced(((EXAMPLE_UNIT, unit),))


def mended(unit: str) -> bytes:
    """Its mended version: three faults fewer, one more."""
    return _replaced(((EXAMPLE_UNIT, unit), *MENDED, NEW_FAULT))


def faulty_pdf(ledger: Ledger) -> bytes:
    """The published budget of ``ledger`` as a PDF with some sentences spoilt."""
    draft = draft_of(ledger, next(one for one in dialects() if one.key == ledger.budget.dialect))
    spoilt = draft._replace(publication=_spoilt(draft.publication))
    return next(iter(files_of(spoilt, ("pdf",)).values()))


def _replaced(pairs: tuple[tuple[str, str], ...]) -> bytes:
    document = docx.Document(str(EXAMPLE))
    runs = [run for paragraph in document.paragraphs for run in paragraph.runs]
    for old, new in pairs:
        found = [run for run in runs if old in run.text]
        assert found, f"the example no longer says {old}"
        for run in found:
            run.text = run.text.replace(old, new)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _spoilt(value: Any) -> Any:
    if isinstance(value, str):
        for old, new in _PDF_FAULTS:
            value = value.replace(old, new)
        return value
    if isinstance(value, tuple):
        items = [_spoilt(item) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    return value
