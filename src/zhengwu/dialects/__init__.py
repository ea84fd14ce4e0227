"""Dialects as data: one file a dialect, one vocabulary for all, classifications by year."""

import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from zhengwu.dialects.layout import TableLayout, layout_of


class Entry(NamedTuple):
    """A vocabulary entry: what a label must hold to mean ``key``."""

    key: str
    dimension: str
    all: tuple[str, ...]
    any: tuple[str, ...]
    none: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]

    def matches(self, label: str) -> bool:
        """Whether a normalised label means this entry."""
        return (
            all(word in label for word in self.all)
            and (not self.any or any(word in label for word in self.any))
            and not any(word in label for word in self.none)
        )


class TableSpec(NamedTuple):
    """A table of a dialect: its kind, number and full title; whether a document must have it; the members of
    columns whose words the vocabulary does not know, by the column's label; how it is laid out when published
    (None where only reading is described)."""

    kind: str
    number: str
    title: str
    money_unit: str
    required: bool
    columns: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    layout: TableLayout | None = None


class Dialect(NamedTuple):
    """One way of laying out a published budget or final account. The last fields are for publishing: how a table's
    number and title are printed over it, the lines of the cover, the heading over the tables, what narrows the
    operating expenses, and the narrative's template (``publishing/narrative.py``)."""

    key: str
    title: str
    document: str  # budget | final
    tables: tuple[TableSpec, ...]
    basic_projects: tuple[str, ...]  # how the names of basic expenditure's ledger lines begin
    caption: str = "表{number}：{title}"
    captions: tuple[str, str] = ("", "单位：{money_unit}")
    cover: tuple[str, ...] = ()
    tables_heading: str = ""
    operating: tuple[tuple[str, Any], ...] = ()
    narrative: str = ""
    appendix: str = ""  # the narrative behind the tables


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__name__).joinpath(name).read_text(encoding="utf-8"))


def _entries(raw: list[dict[str, Any]]) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            item["key"],
            item.get("dimension", ""),
            tuple(item.get("all", ())),
            tuple(item.get("any", ())),
            tuple(item.get("none", ())),
            tuple(item.get("facts", {}).items()),
        )
        for item in raw
    )


@cache
def _vocabulary() -> dict[str, Any]:
    return _load("vocabulary.toml")


@cache
def kinds() -> tuple[Entry, ...]:
    """The kinds of tables, the special before the general."""
    return _entries(_vocabulary()["kind"])


@cache
def members() -> tuple[Entry, ...]:
    """The members of the dimensions that words name."""
    return _entries(_vocabulary()["member"])


@cache
def tree(dimension: str) -> dict[str, tuple[str, ...]]:
    """Whole -> parts of a dimension; empty for a dimension whose tree is in its codes."""
    return {whole: tuple(parts) for whole, parts in _vocabulary()["tree"].get(dimension, {}).items()}


@cache
def complete(dimension: str) -> dict[str, tuple[str, ...]]:
    """Whole -> the parts that must be known before its parts, wherever they stand, can be added up."""
    return {whole: tuple(parts) for whole, parts in _vocabulary()["complete"].get(dimension, {}).items()}


@lru_cache(maxsize=4096)
def member_of(label: str, dimension: str) -> str | None:
    """The member of ``dimension`` that a normalised label names, or None."""
    for entry in members():
        if entry.dimension == dimension and entry.matches(label):
            return entry.key
    return None


@lru_cache(maxsize=1024)
def kind_of(title: str) -> str | None:
    """The kind of table that a normalised title names, or None."""
    for entry in kinds():
        if entry.matches(title):
            return entry.key
    return None


@cache
def kind_facts(kind: str, title: str) -> dict[str, str]:
    """The members that every amount of such a table has."""
    for entry in kinds():
        if entry.key == kind and entry.matches(title):
            return dict(entry.facts)
    for entry in kinds():
        if entry.key == kind:
            return dict(entry.facts)
    return {}


@cache
def dialects() -> tuple[Dialect, ...]:
    """All dialects, by key."""
    found = []
    for path in sorted(files(__name__).iterdir(), key=lambda item: item.name):
        if path.name.endswith(".toml") and path.name != "vocabulary.toml":
            raw = tomllib.loads(path.read_text(encoding="utf-8"))
            found.append(dialect_from(path.name.removesuffix(".toml"), raw))
    return tuple(found)


def dialect_from(key: str, raw: dict[str, Any]) -> Dialect:
    """The dialect that a file's data says. ``dialects/check.py`` finds what is wrong with such data."""
    tables = tuple(_table_from(item, raw["money_unit"]) for item in raw["table"])
    published = raw.get("publishing", {})
    left, right = published.get("captions", ["", "单位：{money_unit}"])
    return Dialect(
        key,
        raw["title"],
        raw["document"],
        tables,
        tuple(raw.get("basic_projects", ())),
        published.get("caption", "表{number}：{title}"),
        (left, right),
        tuple(published.get("cover", ())),
        published.get("tables_heading", ""),
        tuple(published.get("operating", {}).items()),
        published.get("narrative", ""),
        published.get("appendix", ""),
    )


def _table_from(item: dict[str, Any], money_unit: str) -> TableSpec:
    layout = layout_of(item["layout"]) if "layout" in item else None
    columns = [(label, tuple(dims.items())) for label, dims in item.get("columns", {}).items()]
    if layout is not None:  # what a column prints when published is what it says when read
        columns += [
            (">".join(one.label), one.members) for one in layout.columns if one.role == "amount" and one.members
        ]
    return TableSpec(
        item["kind"],
        item["number"],
        item["title"],
        item.get("money_unit", money_unit),
        item.get("required", True),
        tuple(columns),
        layout,
    )


def dialect_named(key: str) -> Dialect:
    """The dialect of a key. Raises KeyError for a key that none has."""
    for dialect in dialects():
        if dialect.key == key:
            return dialect
    raise KeyError(key)
