"""The lists that cells of the workbook choose from: choices, codes with their names, units and projects."""

from zhengwu.ledger.cells import letters
from zhengwu.ledger.load import LISTS
from zhengwu.ledger.model import Ledger
from zhengwu.ledger.schema import SHEETS, Choice, Column, Sheet, sheet
from zhengwu.ledger.values import CLASSIFICATIONS, NO, YES

_LEAF = {"function": 7, "government": 5, "departmental": 5}
_MOST = 2_000  # rows of another sheet that a list shows


class Lists:
    """The columns of the hidden sheet of lists, and where each column of a ledger finds its own."""

    def __init__(self, language: str, ledger: Ledger | None, year: int | None) -> None:
        self._language = language
        self._names: dict[tuple[str, str], str] = {}
        self._columns: list[tuple[str, list[str]]] = []
        self._places: dict[object, int] = {}
        for key, book in CLASSIFICATIONS.items():
            for code in book().codes():
                names = book().names_of(code)
                name = book().name_of(code, year) if year else next((n.name for n in names if n.until is None), None)
                if name is not None:
                    self._names[key, code] = name
            for extra in ledger.codes if ledger else ():
                if extra.classification == key:
                    self._names.setdefault((key, extra.code), extra.name)
            leaves = sorted(code for kind, code in self._names if kind == key and len(code) == _LEAF[key])
            self._add(key, book().title, [self.with_name(key, code) for code in leaves])
        english = language == "en"
        self._add("yes", YES[english], [YES[english], NO[english]])
        for one in SHEETS:
            for column in one.columns:
                if column.choices and column.choices not in self._places:
                    self._add(column.choices, column.en if english else column.zh, self._named(column.choices))

    def columns(self) -> list[tuple[str, list[str]]]:
        """Title and entries of each list."""
        return self._columns

    def with_name(self, classification: str, code: str) -> str:
        """The code as the list shows it: with its name behind."""
        return f"{code} {self._names.get((classification, code), '')}".rstrip()

    def source(self, of: Sheet, column: Column) -> tuple[str, bool]:
        """The range that a column's cells choose from ("" for none), and whether nothing else is allowed."""
        if column.type in ("choice", "yes"):
            return self._range(column.choices or "yes"), True
        if column.type in CLASSIFICATIONS:
            return self._range(column.type), False
        if column.key == "unit":
            return self._other("units"), False
        # Evaluations may be of projects of other years.
        if column.key == "project" and of.key != "evaluations":
            return self._other("projects"), False
        if column.key == "catalogue":
            return self._other("catalogue"), False
        return "", False

    def _add(self, key: object, title: str, entries: list[str]) -> None:
        self._places[key] = len(self._columns)
        self._columns.append((title, entries))

    def _named(self, choices: tuple[Choice, ...]) -> list[str]:
        return [choice.en if self._language == "en" else choice.zh for choice in choices]

    def _range(self, key: object) -> str:
        place = self._places[key]
        count = len(self._columns[place][1])
        letter = letters(place + 1)
        return f"='{LISTS.in_language(self._language)}'!${letter}$2:${letter}${count + 1}"

    def _other(self, key: str) -> str:
        """The first column of another sheet, as far as it is filled: blanks in a list would allow anything."""
        found = sheet(key)
        name = found.en if self._language == "en" else found.zh
        return f"=OFFSET('{name}'!$A$2,0,0,MAX(1,COUNTA('{name}'!$A$2:$A${_MOST + 1})),1)"
