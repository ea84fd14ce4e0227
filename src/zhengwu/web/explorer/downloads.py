"""Downloads of a publication: the file itself, its tables, its facts. Names are stable, and safe in a header."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from zhengwu.ledger.load import guarded
from zhengwu.model.number import parse_number
from zhengwu.web.explorer.addresses import anchor_of, document_address, place_address
from zhengwu.web.explorer.contents import table_of
from zhengwu.web.explorer.models import Publication

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "txt": "text/plain; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "zip": "application/zip",
}
FACT_FIELDS = (
    "measure", "year", "stage", "function", "government", "departmental", "fund", "nature", "item", "aspect",
    "value", "unit", "quote", "label", "table", "row", "column", "page",
)  # fmt: skip


def stem(publication: Publication) -> str:
    """The name of all its files: 299001-2021-budget-1."""
    code = re.sub(r"[^\w-]+", "_", publication.unit.code)
    return f"{code}-{publication.year}-{publication.kind}-{publication.edition}"


def original(publication: Publication) -> FileResponse:
    """The file as it was published. Always an attachment: a web page of a stranger must not run in this origin."""
    latest = publication.round
    ending = latest.format if re.fullmatch(r"[a-z0-9]{1,5}", latest.format) else "bin"
    return _attached(latest.file, f"{stem(publication)}.{ending}")


def published_file(publication: Publication, name: str) -> FileResponse:
    """A file that was published beside the original."""
    found = publication.files.filter(name=name).first()
    if found is None:
        raise Http404
    return _attached(found.file, f"{stem(publication)}-{name}")


def _attached(file: FieldFile, name: str) -> FileResponse:
    try:
        stream = file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    kind = MEDIA_TYPES.get(name.rpartition(".")[2], "application/octet-stream")
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=kind)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def tables_zip(publication: Publication) -> HttpResponse:
    """All tables as CSV files in one archive."""
    buffer = io.BytesIO()
    tables = publication.round.reading.get("tables", [])
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for index in range(len(tables)):
            # A fixed date: the archive of one edition is the same bytes every time.
            member = zipfile.ZipInfo(f"table-{index + 1:02}.csv", (2000, 1, 1, 0, 0, 0))
            archive.writestr(member, table_csv(tables, index), zipfile.ZIP_DEFLATED)
    return attachment(buffer.getvalue(), "application/zip", f"{stem(publication)}-tables.zip")


def one_table(publication: Publication, number: int) -> HttpResponse:
    """One table as CSV; ``number`` counts from 1."""
    tables = publication.round.reading.get("tables", [])
    if not 1 <= number <= len(tables):
        raise Http404
    name = f"{stem(publication)}-table-{number:02}.csv"
    return attachment(table_csv(tables, number - 1), "text/csv; charset=utf-8", name)


def table_csv(tables: list[dict[str, Any]], index: int) -> bytes:
    """A table: its title and unit of money, its header, its rows. Amounts without separators."""
    table = tables[index]
    block = table_of(index, table)
    rows: list[list[str]] = [[block.title, block.money_unit]]
    rows.append([" / ".join(column["label"]) for column in table.get("columns", ())])
    for row in table["rows"]:
        rows.append([_plain(cell, column) for cell, column in zip(row["cells"], table["columns"], strict=False)])
    return csv_of(rows)


def _plain(cell: dict[str, Any], column: dict[str, Any]) -> str:
    # A code is a text although it looks like a number.
    amount = cell.get("value") is not None and not column["key"].startswith("code")
    return str(cell["value"]) if amount else cell["text"]


def csv_of(rows: list[list[str]]) -> bytes:
    """CSV that spreadsheets open in the right letters and do not run: numbers stay, other cells are guarded."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([cell if parse_number(cell) is not None else guarded(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig", "replace")


def facts_of(request: HttpRequest, publication: Publication) -> Iterator[dict[str, Any]]:
    """The facts with the address of each."""
    page = request.build_absolute_uri(document_address(publication))
    for fact in publication.facts.all():
        found = {name: getattr(fact, name) for name in FACT_FIELDS}
        found["value"] = plain_number(fact.value)
        found["table"] = fact.table + 1 if fact.table >= 0 else None
        found["href"] = place_address(publication, anchor_of(fact), page)
        yield found


def plain_number(value: Any) -> str:
    """A value with as many decimals as it needs, two at least."""
    text = f"{value:.4f}"
    return text[:-2] if text.endswith("00") else text


def facts_csv(request: HttpRequest, publication: Publication) -> HttpResponse:
    """The facts as CSV."""
    rows = [[*FACT_FIELDS, "href"]]
    rows += [["" if one is None else str(one) for one in fact.values()] for fact in facts_of(request, publication)]
    return attachment(csv_of(rows), "text/csv; charset=utf-8", f"{stem(publication)}-facts.csv")


def facts_json(request: HttpRequest, publication: Publication) -> HttpResponse:
    """The facts as JSON, with what they are the facts of."""
    found = {
        "unit": {"code": publication.unit.code, "name": publication.unit.name},
        "year": publication.year,
        "kind": publication.kind,
        "edition": publication.edition,
        "title": publication.title,
        "published_at": publication.published_at.isoformat(),
        "superseded_at": publication.superseded_at.isoformat() if publication.superseded_at else None,
        "sha256": publication.round.sha256,
        "facts": list(facts_of(request, publication)),
    }
    text = json.dumps(found, ensure_ascii=False, indent=1)
    return attachment(text.encode("utf-8", "replace"), "application/json", f"{stem(publication)}-facts.json")


def attachment(content: bytes, kind: str, name: str) -> HttpResponse:
    """An answer that is saved under this name."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
