"""A table of the open data as Parquet, by DuckDB, which has the format built in: nothing is downloaded."""

from pathlib import Path
from tempfile import TemporaryDirectory

from zhengwu.publishing.data_tables import DataTable, Field

_TYPES = {"string": "VARCHAR", "integer": "INTEGER", "boolean": "BOOLEAN"}


def parquet_of(table: DataTable, csv: bytes) -> bytes:
    """The Parquet file of a table whose CSV file is ``csv``; "" becomes NULL, amounts DECIMAL(18,2)."""
    import duckdb

    with TemporaryDirectory(prefix="zhengwu-") as folder:
        source, target = Path(folder, "in.csv"), Path(folder, "out.parquet")
        source.write_bytes(csv)
        columns = ", ".join(
            f"{_quoted(field.name)}: {_quoted(_type(table, place, field))}" for place, field in enumerate(table.fields)
        )
        # One thread: the same table gives the same bytes. Nothing is guessed from the file, nothing fetched.
        settings: dict[str, str | bool | int | float | list[str]] = {
            "threads": 1, "autoinstall_known_extensions": False, "autoload_known_extensions": False,
            "temp_directory": folder,
        }  # fmt: skip
        with duckdb.connect(config=settings) as connection:
            # No new_line: with strict_mode it made DuckDB 2.0 read no row and say nothing.
            written = connection.execute(  # names are quoted; the folder is ours
                f"COPY (SELECT * FROM read_csv({_quoted(str(source))}, columns = {{{columns}}}, auto_detect = false, "  # nosec B608
                "header = true, delim = ',', quote = '\"', escape = '\"', nullstr = '', parallel = false, "
                "strict_mode = true, max_line_size = 67108864, buffer_size = 134217728)) "
                f"TO {_quoted(str(target))} (FORMAT parquet, COMPRESSION zstd)"
            ).fetchone()
        if written != (len(table.rows),):
            raise RuntimeError(f"{table.name}.parquet: {len(table.rows)} rows were to be written, {written} were")
        return target.read_bytes()


def _type(table: DataTable, place: int, field: Field) -> str:
    if field.type != "number":
        return _TYPES[field.type]
    # An amount printed in 万元 with more than six decimals has more than two in yuan: none is rounded.
    places = max((len(row[place].partition(".")[2]) for row in table.rows), default=2)
    return "DECIMAL(18,2)" if places <= 2 else f"DECIMAL(38,{places})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
