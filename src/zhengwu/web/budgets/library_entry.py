"""A project enters a year's budget from the library, and only from there; a ledger that comes in is put there first."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from zhengwu.ledger.forward_projects import course
from zhengwu.ledger.model import Ledger, Target
from zhengwu.ledger.model import Project as ProjectRow
from zhengwu.ledger.schema import sheet
from zhengwu.ledger.store import Plain, plain_row
from zhengwu.model.message import RefusedError
from zhengwu.web.budgets import books
from zhengwu.web.budgets.library import LISTS, MIDTERM, MOST_NAME, indicator_of, outside
from zhengwu.web.budgets.matching import matched
from zhengwu.web.budgets.models import Budget, Indicator, Project, ProjectState, ProjectYear, Row
from zhengwu.web.budgets.row_trail import Told, by_sheet, row_added, row_changed, row_gone, rows_record
from zhengwu.web.budgets.rows import editable, locked
from zhengwu.web.common.models import Unit, User
from zhengwu.web.common.permissions import require
from zhengwu.web.common.trail import record

_FAR = 30  # years after which a project that nothing ends is taken to go on


def projects_enter(*, actor: User, budget: Budget, projects: Sequence[int], now: datetime) -> list[Project]:
    """Put projects of the library (their keys) into a budget, or bring what it has of them up to date: all, or none.
    Raises RefusedError: "not-found" for another unit's; "conflict" for one that is not ready or outside its years, and
    where the budget is not being compiled."""
    require(actor, "budget.edit", budget.unit)
    with transaction.atomic():
        budget = locked(budget)
        require(actor, "budget.edit", budget.unit)
        editable(budget)
        wanted = Project.objects.select_for_update(of=("self",), no_key=True).filter(unit=budget.unit, pk__in=projects)
        found = sorted(wanted.order_by("pk"), key=lambda one: (not one.rank, one.rank, one.name))
        if len(found) != len(set(projects)):
            raise RefusedError("not-found", "没有这个项目。", "There is no such project.")
        for project in found:
            _may_enter(project, budget.year.year)
        rows = rows_of(found, budget.year.year)
        budget.revision += 1
        wanted_money = _wanted(found, budget.year.year)
        for project in found:
            told = [
                one for key, values in rows[project.pk].items() for one in _put(budget, key, project.name, values, actor, now)
            ]  # fmt: skip
            rows_record(
                actor=actor, action="budget.project-enter", budget=budget, sheets=by_sheet(told),
                data={"project": project.pk, "name": project.name, "year": budget.year.year, "amount": wanted_money.get(project.pk)},
            )  # fmt: skip
        budget.save(update_fields=["revision"])
    return found


def project_enter(*, actor: User, budget: Budget, project: Project, now: datetime) -> None:
    """``projects_enter`` of one."""
    projects_enter(actor=actor, budget=budget, projects=[project.pk], now=now)


def project_leave(*, actor: User, budget: Budget, name: str, now: datetime) -> None:
    """Take a project out of a budget. Raises RefusedError "conflict" while lines name it."""
    require(actor, "budget.edit", budget.unit)
    with transaction.atomic():
        budget = locked(budget)
        require(actor, "budget.edit", budget.unit)
        editable(budget)
        lines = Row.objects.filter(budget=budget, sheet="lines", gone=False, values__project=name).count()
        if lines:
            raise RefusedError(
                "conflict",
                f"还有 {lines} 行支出属于项目“{name}”；请先改掉这些行。",
                f"{lines} line(s) belong to the project “{name}”; change them first.",
            )
        budget.revision += 1
        told = [one for key in books.LIBRARY for one in _put(budget, key, name, [], actor, now)]
        if not told:
            raise RefusedError("not-found", "预算中没有这个项目。", "The budget has no such project.")
        budget.save(update_fields=["revision"])
        project = Project.objects.filter(unit=budget.unit, name=name).first()
        amount = _wanted([project], budget.year.year).get(project.pk) if project else None
        rows_record(
            actor=actor, action="budget.project-leave", budget=budget, sheets=by_sheet(told),
            data={"project": project.pk if project else None, "name": name, "year": budget.year.year, "amount": amount},
        )  # fmt: skip


def _wanted(projects: Sequence[Project], year: int) -> dict[int, int | None]:
    """The money that projects want of a year, in 分, by their keys."""
    return dict(ProjectYear.objects.filter(project__in=projects, year=year).values_list("project", "amount"))


def rows_of(projects: Iterable[Project], year: int) -> dict[int, dict[str, list[Plain]]]:
    """What projects are in a year's ledger: by key, plain rows by sheet. Two queries for all of them."""
    listed = list(projects)
    keys = [one.pk for one in listed]
    years = {one.project_id: one for one in ProjectYear.objects.filter(project__in=keys, year=year)}
    indicators: dict[int, list[Indicator]] = defaultdict(list)
    for found in Indicator.objects.filter(project__in=keys, year__in=(0, year)).order_by("year", "position"):
        indicators[found.project_id].append(found)
    return {one.pk: _rows(one, years.get(one.pk), indicators[one.pk]) for one in listed}


def _rows(project: Project, year: ProjectYear | None, indicators: Sequence[Indicator]) -> dict[str, list[Plain]]:
    named = {"project": project.name}
    rows: dict[str, list[Plain]] = {key: [] for key in books.LIBRARY}
    rows["projects"] = [{"name": project.name, **project.values}]
    if project.values.get("targets"):
        rows["targets"] = [{**named, **_NO_MIDTERM, **project.midterm, "annual_goal": year.goal if year else ""}]
        rows["indicators"] = [
            {**named, "period": "annual" if one.year else "midterm", "kind": one.kind, "name": one.name, "value": one.value}
            for one in indicators
        ]  # fmt: skip
    for key in LISTS:
        rows[key] = [{**named, **values} for values in (getattr(year, key) if year else [])]
    return rows


_NO_MIDTERM: Plain = {**dict.fromkeys(MIDTERM), "midterm_goal": ""}


def take_over(*, unit: Unit, ledger: Ledger, actor: User, now: datetime, newer: bool = False) -> None:
    """Put what a ledger says of its projects into the library. Those that it lacks are added; of others what it lacks
    of the ledger's year, or, with ``newer`` (a workbook that was just edited), all but the money wanted and the
    project's years. Within the transaction of what takes the ledger in. Raises RefusedError for a name too long."""
    told = _Told(ledger)
    there = {one.name: one for one in Project.objects.select_for_update(no_key=True).filter(unit=unit).order_by("pk")}
    years = {one.project_id: one for one in ProjectYear.objects.filter(project__unit=unit, year=told.year)}
    known = set(Indicator.objects.filter(project__unit=unit).order_by().values_list("project_id", "year").distinct())
    for row in ledger.projects:
        if len(row.name) > MOST_NAME:
            raise RefusedError(
                "invalid",
                f"项目名称“{row.name[:30]}…”超过 {MOST_NAME} 字；请缩短。",
                f"The name of the project “{row.name[:30]}…” has more than {MOST_NAME} characters: shorten it.",
            )
        project = there.get(row.name)
        added = project is None
        if project is None:
            project = there[row.name] = Project.objects.create(
                unit=unit, **told.project(row), made_by=actor, made_at=now
            )
        changed = added
        if newer and not added:
            changed |= _set(project, {**told.project(row), "starts": project.starts, "ends": project.ends})
        if told.year < project.starts:
            changed |= _set(project, {"starts": told.year})
        one = years.get(project.pk)
        wanted = told.of_year(row.name)
        if one is None:
            years[project.pk] = ProjectYear.objects.create(project=project, year=told.year, amount=told.spent.get(row.name), **wanted)  # fmt: skip
            changed = True
        elif newer:
            changed |= _set(one, wanted)
        for of_year in (told.year, 0):
            if newer or (project.pk, of_year) not in known:
                changed |= _indicators(project, of_year, told.indicators[row.name, bool(of_year)])
        if changed:
            project.revision += 1
            project.save(update_fields=["revision"])
            record(actor=actor, action="project.take-over", subject=project, unit=unit, data={"year": told.year, "added": added})  # fmt: skip


def year_follows(*, unit: Unit, before: Ledger, after: Ledger, adjustment: int, actor: User) -> None:
    """What an approved adjustment (its number) has changed of a unit's projects, from one ledger to the other, stands in
    the library too: money, goal, lists and indicators of the year, the mid-term ones. What it left alone stays as the
    library has it. In the transaction of the approval."""
    old, new = _Told(before), _Told(after)
    wanted = {row.name: _differing(old.whole(row.name), new.whole(row.name)) for row in after.projects}
    names = [name for name, fields in wanted.items() if fields]
    found = Project.objects.select_for_update(no_key=True).filter(unit=unit, name__in=names).order_by("pk")
    projects = list(found)
    years = {one.project_id: one for one in ProjectYear.objects.filter(project__in=projects, year=new.year)}
    for project in projects:
        told: dict[str, Any] = {}
        year = years.get(project.pk) or ProjectYear(project=project, year=new.year)
        for field, value in wanted[project.name].items():
            if field in ("indicators", "midterm_indicators"):
                of_year = new.year if field == "indicators" else 0
                was: Any = [list(one) for one in project.indicators.filter(year=of_year).values_list(*_INDICATOR)]
                _indicators(project, of_year, value)
                value = [[one[name] for name in _INDICATOR] for one in value]
            else:
                item = project if field == "midterm" else year
                was = getattr(item, field)
                setattr(item, field, value)
            if was != value:
                told[field] = [was, value]
        if told:
            year.save()
            project.revision += 1
            project.save(update_fields=["midterm", "revision"])
            record(actor=actor, action="project.adjust", subject=project, unit=unit, data={"year": new.year, "adjustment": adjustment, **told})  # fmt: skip


_INDICATOR = ("kind", "name", "value")


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in new.items() if old[field] != value}


class _Told:
    """What a ledger says of its projects, as the library keeps it."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.year = ledger, ledger.budget.year
        self.targets = {row.project: row for row in ledger.targets}
        self.lists: dict[str, dict[str, list[Plain]]] = {key: defaultdict(list) for key in LISTS}
        for key, found in self.lists.items():
            for row in getattr(ledger, key):
                found[row.project].append(_bare(key, row))
        self.indicators: dict[tuple[str, bool], list[Plain]] = defaultdict(list)
        for row in ledger.indicators:
            self.indicators[row.project, row.period == "annual"].append(_bare("indicators", row))
        self.spent: dict[str, int] = defaultdict(int)
        for line in ledger.lines:
            if line.nature == "project":
                self.spent[line.project] += line.amount

    def project(self, row: ProjectRow) -> dict[str, Any]:
        """The fields of a project."""
        target = self.targets.get(row.name)
        told = plain_row("targets", target) if target else _NO_MIDTERM
        return {
            "name": row.name, "state": ProjectState.READY, "values": _bare("projects", row),
            "midterm": {name: told[name] for name in MIDTERM},
            "starts": min(self.year, told["midterm_from"] or self.year), "ends": self._last_year(row, target),
        }  # fmt: skip

    def of_year(self, name: str) -> dict[str, Any]:
        """The fields of a project's year but its money."""
        target = self.targets.get(name)
        return {"goal": target.annual_goal if target else "", **{key: self.lists[key][name] for key in LISTS}}

    def whole(self, name: str) -> dict[str, Any]:
        """All that an adjustment can change of a project: fields of its year, of itself, its indicators."""
        target = self.targets.get(name)
        told = plain_row("targets", target) if target else _NO_MIDTERM
        return {
            "amount": self.spent.get(name), **self.of_year(name), "midterm": {one: told[one] for one in MIDTERM},
            "indicators": self.indicators[name, True], "midterm_indicators": self.indicators[name, False],
        }  # fmt: skip

    def _last_year(self, row: ProjectRow, target: Target | None) -> int | None:
        """The last year before the copying forward would drop the project; None where it goes on."""
        ledger = self.ledger._replace(lines=())
        for year in range(self.year, self.year + _FAR):
            if not course(ledger._replace(budget=ledger.budget._replace(year=year)), row, target).carried:
                return year
        return None


def _set(item: Project | ProjectYear, fields: Mapping[str, Any]) -> bool:
    """Whether this changed anything."""
    changed = [name for name, value in fields.items() if getattr(item, name) != value]
    for name in changed:
        setattr(item, name, fields[name])
    if changed:
        item.save(update_fields=changed)
    return bool(changed)


def _indicators(project: Project, year: int, rows: Sequence[Plain]) -> bool:
    """Whether this changed anything."""
    before = list(project.indicators.filter(year=year).values_list("kind", "name", "value"))
    if before == [(one["kind"], one["name"], one["value"]) for one in rows]:
        return False
    project.indicators.filter(year=year).delete()
    Indicator.objects.bulk_create(indicator_of(project, year, place, one) for place, one in enumerate(rows, 1))
    return True


def _may_enter(project: Project, year: int) -> None:
    if project.state != ProjectState.READY:
        raise RefusedError(
            "conflict",
            f"项目“{project.name}”还没有列入备选；请先在项目库中设为“可列入预算”。",
            f"The project “{project.name}” is not ready for a budget: make it ready in the library first.",
        )
    if not project.runs_in(year):
        said = outside(project, year)
        raise RefusedError("conflict", f"项目“{project.name}”：{said.zh}", f"Project “{project.name}”: {said.en}")


def _put(
    budget: Budget, key: str, name: str, wanted: Sequence[Plain], actor: User, now: datetime
) -> list[tuple[Row, Told]]:
    """Make a project's rows of a sheet those that are wanted, in their order and where they stood; what changed, by row.
    New rows come behind the project's last one, those of other projects move on."""
    title = "name" if key == "projects" else "project"
    all_rows = Row.objects.filter(budget=budget, sheet=key)
    there = list(all_rows.filter(gone=False, **{f"values__{title}": name}).order_by("position", "pk"))
    places = [row.position for row in there]
    more = len(wanted) - len(there)
    if more > 0:
        last = places[-1] if places else all_rows.aggregate(last=Max("position"))["last"] or 0
        all_rows.filter(position__gt=last).update(position=F("position") + more)
        places += range(last + 1, last + more + 1)
    changed, new = [], []
    told: list[tuple[Row, Told]] = []
    found = matched(sheet(key), there[::-1], wanted)
    kept = {row.pk for row in found if row is not None}
    for row, values, place in zip(found, wanted, places, strict=False):
        if row is None:
            row = Row(budget=budget, sheet=key, values=values, position=place)
            new.append(row)
            told.append((row, row_added(values)))
        elif row.values == values and row.position == place:
            continue
        else:
            changed.append(row)
            if row.values != values:
                told.append((row, row_changed(row.values, values)))
        row.revision += row.pk is None or row.values != values
        row.values, row.position = values, place
    for row in there:
        if row.pk not in kept:
            row.gone = True
            row.revision += 1
            changed.append(row)
            told.append((row, row_gone(row.values)))
    for row in (*changed, *new):
        row.stamp, row.changed_by, row.changed_at = budget.revision, actor, now
    Row.objects.bulk_create(new, batch_size=500)
    fields = ["values", "position", "gone", "revision", "stamp", "changed_by", "changed_at"]
    Row.objects.bulk_update(changed, fields, batch_size=200)
    return told


def _bare(key: str, row: Any) -> Plain:
    """A plain row without its place and its project's name."""
    name = "name" if key == "projects" else "project"
    return {column: value for column, value in plain_row(key, row).items() if column not in ("row", name)}
