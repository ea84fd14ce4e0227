"""Projects: named alike in every sheet, paid for, with targets where they are declared."""

from collections.abc import Iterator
from typing import Any

from zhengwu.ledger.books import Books
from zhengwu.ledger.problem import Problem, at, listed, rows_alike
from zhengwu.ledger.values import similar

# Sheets whose rows name a project of the year; evaluations may name one that is over.
_NAMING = ("procurement", "purchased", "transfers", "targets", "indicators")
_MAX_GUESSES = 30  # a guess compares a name with all others


def lines_without_project(books: Books) -> Iterator[Problem]:
    """Project expenditure names its project."""
    rows = [line.row for line in books.ledger.lines if line.nature == "project" and not line.project]
    if rows:
        others = rows_alike(rows)
        yield at(
            "lines", rows[0], "project",
            f"没有填写，项目支出必须写项目名称{others.zh}；请填写，或把支出性质改为基本支出。",
            f"is empty, and project expenditure names its project{others.en}; fill it in or make it basic expenditure",
        )  # fmt: skip


def unknown_projects(books: Books) -> Iterator[Problem]:
    """Every project that is named stands in the sheet of projects."""
    named: dict[tuple[str, str], list[int]] = {}
    for line in books.ledger.lines:
        if line.nature == "project" and line.project and line.project not in books.projects:
            named.setdefault(("lines", line.project), []).append(line.row)
    for sheet in _NAMING:
        rows: tuple[Any, ...] = getattr(books.ledger, sheet)
        for row in rows:
            if row.project not in books.projects:
                named.setdefault((sheet, row.project), []).append(row.row)
    names = list(books.projects)
    for number, ((sheet, project), found) in enumerate(named.items()):
        near = similar(project, names) if number < _MAX_GUESSES else ""
        others = rows_alike(found)
        yield at(
            sheet, found[0], "project",
            f"“{project}”不在“项目”表中{f'，是否应为“{near}”' if near else ''}{others.zh}；请改成一致的名称，或在“项目”表补充。",
            f"“{project}” is not in the sheet of projects{f' (did you mean “{near}”?)' if near else ''}{others.en}; use the same name or add the project",
        )  # fmt: skip


def unspent_projects(books: Books) -> Iterator[Problem]:
    """Every project of the sheet has a line that pays for it."""
    for project in books.ledger.projects:
        if project.name not in books.by_project:
            yield at(
                "projects", project.row, "name",
                f"“{project.name}”在“支出明细”中没有金额；请补充支出明细，或删除这个项目。",
                f"“{project.name}” has no line of expenditure; add its lines or delete the project",
            )  # fmt: skip


def missing_targets(books: Books) -> Iterator[Problem]:
    """A project that declares targets has its form and annual indicators."""
    forms = {row.project for row in books.ledger.targets}
    annual = {row.project for row in books.ledger.indicators if row.period == "annual"}
    for project in books.ledger.projects:
        lacks = [
            names
            for names, has in (
                (("“项目绩效目标”", "its target form"), project.name in forms),
                (("年度“绩效指标”", "annual indicators"), project.name in annual),
            )
            if project.targets and not has
        ]
        if lacks:
            zh = "和".join(one for one, _ in lacks)
            en = " and ".join(one for _, one in lacks)
            yield at(
                "projects", project.row, "targets",
                f"“{project.name}”申报绩效目标，但缺少{zh}；请补充，或改填“否”。",
                f"“{project.name}” declares targets but lacks {en}; add them or answer no",
            )  # fmt: skip


def unwanted_targets(books: Books) -> Iterator[Problem]:
    """Target forms and indicators belong to projects that declare targets."""
    rows: dict[tuple[str, str], list[int]] = {}
    for sheet in ("targets", "indicators"):
        for row in getattr(books.ledger, sheet):
            project = books.projects.get(row.project)
            if project is not None and not project.targets:
                rows.setdefault((sheet, row.project), []).append(row.row)
    for (sheet, name), found in rows.items():
        others = rows_alike(found)
        yield at(
            sheet, found[0], "project",
            f"“{name}”在“项目”表中填的是不申报绩效目标{others.zh}；请在“项目”表改填“是”，或删除这里的内容。",
            f"“{name}” declares no targets in the sheet of projects{others.en}; answer yes there or delete this",
        )  # fmt: skip


def periods(books: Books) -> Iterator[Problem]:
    """The mid-term of a target form begins by the budget year, reaches it, and is given with both of its ends."""
    year = books.year
    for row in books.ledger.targets:
        begin, end = row.midterm_from, row.midterm_to
        if begin is None and end is None:
            continue
        if begin is None or end is None:
            column = "midterm_from" if begin is None else "midterm_to"
            yield at(
                "targets", row.row, column,
                "没有填写；中期起止年要一并填写，或都留空。", "is empty; give both years of the mid-term or none",
            )  # fmt: skip
        elif begin > year:
            yield at(
                "targets", row.row, "midterm_from",
                f"中期从 {begin} 年开始，晚于预算年度 {year} 年；起始年不能晚于 {year} 年。",
                f"the mid-term begins in {begin}, after the budget year {year}; it begins by {year}",
            )  # fmt: skip
        elif end < begin or end < year:
            least = max(begin, year)
            yield at(
                "targets", row.row, "midterm_to",
                f"中期到 {end} 年结束，早于{f'起始年 {begin}' if end < begin else f'预算年度 {year}'} 年；终止年不能早于 {least} 年。",
                f"the mid-term ends in {end}, before {f'it begins in {begin}' if end < begin else f'the budget year {year}'}; it ends in {least} or later",
            )  # fmt: skip


def catalogue(books: Books) -> Iterator[Problem]:
    """Purchased services name an entry of the catalogue, and the class above it is there too."""
    known = {row.code for row in books.ledger.catalogue}
    places = {row.code: row.row for row in books.ledger.catalogue}
    told: set[str] = set()
    for row in books.ledger.purchased:
        code, top = row.catalogue, row.catalogue[:1]
        if code not in known:
            entries = listed(sorted(known))
            yield at(
                "purchased", row.row, "catalogue",
                f"“{code}”不在“购买服务目录”表中；目录有：{entries.zh}。请改正，或在目录中补充。",
                f"“{code}” is not in the sheet of the catalogue, which has {entries.en}; correct it or add the entry",
            )  # fmt: skip
        elif top not in known and top not in told:
            told.add(top)
            yield at(
                "catalogue", places[code], "code",
                f"“{code}”的上级条目“{top}”没有列出；请在目录中补充 {top} 及其名称。",
                f"the entry “{top}” above “{code}” is missing; add {top} with its name to the catalogue",
            )  # fmt: skip
