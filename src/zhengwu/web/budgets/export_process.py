"""What makes an export, in a process of its own: it takes time and memory, and a server has neither to spare. Knows
nothing of Django and of no database.

``python -m zhengwu.web.budgets.export_process`` reads a request (JSON) from standard input, as
``reviews.process.ask`` sends it. Its folder holds ``collection.json`` and a ledger (``ledger.store.plain``) for each
part.
"""

import json
import sys
from pathlib import Path
from typing import Any

from zhengwu.dialects import dialects
from zhengwu.dialects.classifications import functional, government_economic
from zhengwu.ledger.model import Ledger
from zhengwu.ledger.schema import FUNDS, SHEETS
from zhengwu.ledger.store import ledger_from
from zhengwu.model.message import RefusedError
from zhengwu.publishing.collection import (
    Collection,
    Part,
    Source,
    Total,
    classes_table,
    income_table,
    joined,
    units_table,
)
from zhengwu.publishing.compose import tables_for
from zhengwu.publishing.publication import PrintedTable
from zhengwu.web.reviews.audit_process import limited

Json = dict[str, Any]
_SENTENCES = ("duties", "divisions", "reasons", "purposes", "evaluations")  # sheets that only the narrative is made of


def measured(folder: Path) -> Json:
    """How many tables each part has and how many rows these have in all, and which cannot be printed: {"tables":
    [int], "rows": [int], "refused": [[place, zh, en]]}."""
    tables, rows, refused = [], [], []
    for place, given in enumerate(_given(folder)["parts"]):
        made: tuple[PrintedTable, ...] = ()
        try:
            made = _part(folder, given).tables
        except RefusedError as error:
            refused.append([place, error.message.zh, error.message.en])
        tables.append(len(made))
        rows.append(sum(len(table.rows) for table in made))
    return {"tables": tables, "rows": rows, "refused": refused}


def collected(folder: Path, places: list[int], summary: bool) -> Collection:
    """The parts at these places, with the summary before them."""
    given = _given(folder)
    year = given["year"]
    tables = []
    if summary:
        tables.append(units_table(year, [Total(*one) for one in given["totals"]]))
        names = (functional(), government_economic())
        for number, key, title, book in (
            ("表2", "functions", "支出功能分类", names[0]),
            ("表3", "economic", "政府预算支出经济分类", names[1]),
        ):
            rows = [(code, book.name_of(code, year) or "", *amounts) for code, *amounts in given[key]]
            tables.append(classes_table(number, f"{year}年部门预算支出汇总表（按{title}）", "科目编码", rows))
        income = {key: amounts for key, *amounts in given["income"]}
        sources = [Source(one.zh, *income[one.key]) for one in FUNDS if one.key in income]
        tables.append(income_table("表4", f"{year}年部门预算收入汇总表（按资金来源）", sources))
    parts = tuple(_part(folder, given["parts"][place]) for place in places)
    return Collection(given["title"], given["publisher"], year, tuple(tables), tuple(given["notes"]), parts)


def _given(folder: Path) -> Json:
    return json.loads((folder / "collection.json").read_bytes())  # type: ignore[no-any-return]


def _part(folder: Path, given: Json) -> Part:
    ledger = ledger_from(json.loads((folder / given["file"]).read_bytes()), gaps=True)
    _whole(ledger)
    dialect = next(one for one in dialects() if one.key == ledger.budget.dialect)
    return Part(given["code"], given["name"], tables_for(ledger, dialect), given["draft"])


def _whole(ledger: Ledger) -> None:
    """Raises RefusedError for a draft in which a cell that the tables are made of is still empty."""
    for sheet in SHEETS:
        if sheet.key == "budget" or sheet.key in _SENTENCES:
            continue
        needed = [(column, sheet.row._fields.index(column.key)) for column in sheet.columns if column.required]  # type: ignore[attr-defined]
        for row in getattr(ledger, sheet.key):
            for column, place in needed:
                if row[place] in ("", None):
                    raise RefusedError(
                        "unfinished",
                        f"“{sheet.zh}”表第 {row.row} 行“{column.zh}”列还没有填写。",
                        f"sheet “{sheet.en}”, row {row.row}, column “{column.en}” is still empty",
                    )


def made(request: Json) -> tuple[Json, bytes]:
    """(answer, file) of a request: its "task" is measure, workbook, pages (the whole PDF), chapters (of some parts),
    front (cover and contents) or bind."""
    from zhengwu.publishing import as_pdf, as_xlsx, bound

    folder, task = Path(request["folder"]), request["task"]
    if task == "measure":
        return measured(folder), b""
    if task == "bind":
        given = _given(folder)
        files = [Path(one).read_bytes() for one in request["files"]]
        return {}, bound.bound(files, given["title"], given["publisher"])
    collection = collected(folder, request["places"], request["summary"])
    if task == "workbook":
        return {}, as_xlsx.xlsx_of_collection(collection)
    whole = joined(collection)
    if task == "pages":
        return {}, as_pdf.pdf_of(whole, fit=False)
    if task == "front":
        data = as_pdf.front_of(whole, [tuple(one) for one in request["entries"]])
        return {"pages": bound.chapter_entries(data, 1)[0]}, data
    data = as_pdf.chapters_of(whole, request["first"])
    count, entries = bound.chapter_entries(data, request["first"])
    return {"pages": count, "entries": entries}, data


def main() -> None:
    """One request, one answer."""
    request = json.loads(sys.stdin.buffer.read())
    limited(int(request["seconds"]))
    out = Path(request["out"])
    try:
        answer, data = made(request)
        if data:
            out.with_suffix(".made").write_bytes(data)
        done: Json = {"done": answer}
    except RefusedError as error:
        done = {"refused": [error.code, error.message.zh, error.message.en]}
    except MemoryError:
        done = {"refused": ["too-large", "内存不足，无法生成；请分年度或减少部门后再试。", "There is not enough memory to make it."]}  # fmt: skip
    out.write_bytes(json.dumps(done, ensure_ascii=False).encode())


if __name__ == "__main__":
    main()
