"""A budget as open data: tables as CSV and Parquet, their descriptor, and the facts as an XBRL report."""

import csv
import io

from zhengwu.ledger.model import Ledger
from zhengwu.model.disclosure import Disclosure
from zhengwu.publishing.data_tables import DataTable, money_facts, tables_of
from zhengwu.publishing.package import package_of
from zhengwu.publishing.parquet import parquet_of
from zhengwu.publishing.xbrl import TAXONOMY, taxonomy, xbrl_of

_PARQUET = ("lines", "facts")


def data_files(ledger: Ledger, disclosure: Disclosure, title: str) -> dict[str, bytes]:
    """The files of the open data by name: of the ledger its lines, income, projects and targets; of the publication
    (``disclosure`` is its reading) each printed amount.

    lines.csv, facts.csv and a CSV file for each other sheet that has rows; lines.parquet and facts.parquet;
    facts.xbrl.json with zhengwu-taxonomy.xsd; datapackage.json, which describes them. The same input gives the
    same bytes.
    """
    tables = tables_of(ledger, disclosure)
    files = {f"{table.name}.csv": csv_of(table) for table in tables}
    for table in tables:
        if table.name in _PARQUET:
            files[f"{table.name}.parquet"] = parquet_of(table, files[f"{table.name}.csv"])
    files["facts.xbrl.json"] = xbrl_of(money_facts(disclosure), ledger.budget.code or ledger.budget.name)
    files[TAXONOMY] = taxonomy()
    files["datapackage.json"] = package_of(ledger, tables, files, title, disclosure.kind or "budget")
    return files


def csv_of(table: DataTable) -> bytes:
    """The table as CSV (RFC 4180), in UTF-8 without a mark."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(field.name for field in table.fields)
    writer.writerows(table.rows)
    return stream.getvalue().encode()
