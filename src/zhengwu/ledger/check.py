"""What the rows of a ledger say together, and where it does not fit."""

from collections.abc import Callable, Iterator
from operator import attrgetter

from zhengwu.ledger import check_amounts, check_codes, check_projects, check_texts
from zhengwu.ledger.books import Books
from zhengwu.ledger.model import Ledger
from zhengwu.ledger.problem import Problem, at, rows_alike
from zhengwu.ledger.schema import SHEETS

Check = Callable[[Books], Iterator[Problem]]


def problems(ledger: Ledger, doubtful: frozenset[str] = frozenset()) -> list[Problem]:
    """Everything that is wrong between the rows of ``ledger``, check by check.

    ``doubtful`` names sheets of which rows are missing, because they could not be typed: what draws on such a sheet
    as a whole (a sum, a name that is absent) is not checked, as it would only repeat the fault.
    """
    books = Books(ledger)
    return [problem for check, whole in CHECKS if doubtful.isdisjoint(whole) for problem in check(books)]


def duplicate_rows(books: Books) -> Iterator[Problem]:
    """Rows of a sheet that agree in all that names a row."""
    for sheet in SHEETS:
        if not sheet.unique:
            continue
        key = attrgetter(*sheet.unique)
        found: dict[object, list[int]] = {}
        for row in getattr(books.ledger, sheet.key):
            found.setdefault(key(row), []).append(row.row)
        titles_zh = "、".join(one.zh for one in sheet.columns if one.key in sheet.unique)
        titles_en = ", ".join(one.en for one in sheet.columns if one.key in sheet.unique)
        for rows in found.values():
            if len(rows) > 1:
                others = rows_alike(rows[1:])
                yield at(
                    sheet.key, rows[1], sheet.unique[0] if len(sheet.unique) == 1 else "",
                    f"与第 {rows[0]} 行重复，{titles_zh}都相同{others.zh}；请合并或删除。",
                    f"repeats row {rows[0]} in {titles_en}{others.en}; merge or delete one",
                )  # fmt: skip


# Each check with the sheets that it draws on as a whole.
CHECKS: tuple[tuple[Check, tuple[str, ...]], ...] = (
    (duplicate_rows, ()),
    (check_codes.units, ("units",)),
    (check_codes.codes, ("codes",)),
    (check_codes.parents, ("codes",)),
    (check_codes.economic_pairs, ("codes",)),
    (check_codes.extra_codes, ()),
    (check_amounts.sources, ("income",)),
    (check_amounts.own_money, ()),
    (check_amounts.balances, ("income", "lines")),
    (check_amounts.control_figure, ("lines",)),
    (check_amounts.last_year, ("income", "last_year")),
    (check_amounts.three_public, ("lines", "three_public")),
    (check_amounts.procurement, ("lines", "procurement")),
    (check_amounts.small_enterprises, ()),
    (check_projects.lines_without_project, ()),
    (check_projects.unknown_projects, ("projects",)),
    (check_projects.unspent_projects, ("lines",)),
    (check_projects.missing_targets, ("targets", "indicators")),
    (check_projects.unwanted_targets, ("projects",)),
    (check_projects.periods, ()),
    (check_projects.catalogue, ("catalogue",)),
    (check_texts.texts, ()),
    (check_texts.numbered, ()),
)
