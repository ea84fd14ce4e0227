"""The library of projects (项目库): a project lives over years. What it is and wants; ``library_entry`` puts it into a
year's budget."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from zhengwu.ledger import check_amounts, check_projects, check_texts
from zhengwu.ledger.books import Books
from zhengwu.ledger.schema import sheet
from zhengwu.ledger.store import Plain, ledger_from
from zhengwu.model.message import Message, RefusedError
from zhengwu.web.budgets import books
from zhengwu.web.budgets.indicators import typed_value
from zhengwu.web.budgets.models import Indicator, Project, ProjectState, ProjectYear, Row
from zhengwu.web.common.errors import FieldRefusedError
from zhengwu.web.common.models import Unit, User
from zhengwu.web.common.permissions import require
from zhengwu.web.common.trail import record

MIDTERM = ("midterm_from", "midterm_to", "midterm_fiscal", "midterm_other", "midterm_goal")
LISTS = ("procurement", "purchased", "transfers")  # sheets whose rows are kept with a project's year
FIRST_YEAR, LAST_YEAR = 2000, 2099
MOST_NAME = 300  # characters
MOST_ROWS = 200  # indicators of a year
# What the ledger says of the lists. In a budget they can only be read: it is said before they come there.
_CHECKS = (check_amounts.procurement, check_amounts.small_enterprises, check_projects.catalogue, check_texts.texts)
# From each state where it may go.
STATES = {
    ProjectState.CANDIDATE: (ProjectState.READY, ProjectState.ENDED),
    ProjectState.READY: (ProjectState.CANDIDATE, ProjectState.ENDED),
    ProjectState.ENDED: (ProjectState.CANDIDATE,),
}


def project_add(
    *, actor: User, unit: Unit, name: str, starts: int, ends: int | None, values: Mapping[str, Any],
    midterm: Mapping[str, Any], now: datetime,
) -> Project:  # fmt: skip
    """A new project of a unit, from ``starts`` to ``ends`` (None: it goes on). ``values`` and ``midterm`` are columns
    of the ledger's sheets projects and targets as people type them: amounts in yuan. Raises a FieldRefusedError at what
    is wrong."""
    require(actor, "budget.edit", unit)
    made = _typed(name, starts, ends, values, midterm)
    with transaction.atomic():
        # Not against the key: an event that another writes about this unit must not wait for this one.
        Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
        _name_is_free(unit, made["name"], None)
        project = Project.objects.create(unit=unit, **made, made_by=actor, made_at=now)
        record(actor=actor, action="project.add", subject=project, unit=unit, data=made)
    return project


def project_change(
    *, actor: User, project: Project, name: str, starts: int, ends: int | None, values: Mapping[str, Any],
    midterm: Mapping[str, Any], revision: int,
) -> Project:  # fmt: skip
    """Change what a project is. Budgets that it has entered keep what they have until it enters again; its name is
    what ties lines and control figures to it, and stays once it stands in one. Raises a FieldRefusedError; RefusedError
    "conflict" where somebody else changed it since ``revision``."""
    require(actor, "budget.edit", project.unit)
    after = _typed(name, starts, ends, values, midterm)
    with transaction.atomic():
        # As when one is added: two must not take one name.
        Unit.objects.select_for_update(no_key=True).get(pk=project.unit_id)
        project = locked_project(project, revision)
        if after["name"] != project.name:
            _name_is_free(project.unit, after["name"], project)
            _name_is_loose(project)
        before = {field: getattr(project, field) for field in after}
        if before != after:
            for field, value in after.items():
                setattr(project, field, value)
            project.revision += 1
            project.save(update_fields=["revision", *after])
            told = {field: [before[field], after[field]] for field in after if before[field] != after[field]}
            record(actor=actor, action="project.change", subject=project, unit=project.unit, data=told)
    return project


def project_set_state(*, actor: User, project: Project, state: str) -> Project:
    """Make a project ready for a budget, a candidate again, or end it. Again changes nothing."""
    require(actor, "budget.edit", project.unit)
    if state not in ProjectState.values:
        raise FieldRefusedError("state", "没有这种状态。", "There is no such state.")
    with transaction.atomic():
        project = locked_project(project, None)
        if project.state != state:
            before, after = ProjectState(project.state), ProjectState(state)
            if after not in STATES[before]:
                raise RefusedError(
                    "conflict",
                    f"项目现在是“{before.label}”，不能直接改为“{after.label}”。",
                    f"The project is “{before.label}” and cannot become “{after.label}” at once.",
                )
            project.state = after
            project.revision += 1
            project.save(update_fields=["state", "revision"])
            record(actor=actor, action="project.state", subject=project, unit=project.unit, data={"from": before, "to": after})  # fmt: skip
    return project


def projects_rank(*, actor: User, unit: Unit, order: Sequence[int], seen: Sequence[int] | None = None) -> None:
    """Rank a unit's projects: the keys in their order, the most wanted first; others are not ranked. ``seen`` is the
    ranking that the person began with: RefusedError "conflict" where somebody else has changed it."""
    require(actor, "project.rank", unit)
    with transaction.atomic():
        Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
        projects = {
            one.pk: one for one in Project.objects.select_for_update(no_key=True).filter(unit=unit).order_by("pk")
        }
        before = ranked(projects.values())
        if seen is not None and list(seen) != before:
            raise RefusedError(
                "conflict",
                "排序刚被别人修改；请核对现在的排序后再保存。",
                "Somebody else has just changed the ranking: look at it as it is now, then save again.",
            )
        if len(set(order)) != len(order) or not set(order) <= projects.keys():
            raise FieldRefusedError("order", "排序中有重复的或其他单位的项目。", "The order names a project twice, or another unit's.")  # fmt: skip
        if list(order) == before:
            return
        places = {pk: place for place, pk in enumerate(order, 1)}
        for project in projects.values():
            project.rank = places.get(project.pk, 0)
        Project.objects.bulk_update(projects.values(), ["rank"], batch_size=500)
        record(actor=actor, action="project.rank", subject=unit, unit=unit, data={"before": before, "order": list(order)})  # fmt: skip


def ranked(projects: Any) -> list[int]:
    """The keys of those that have a rank, in its order."""
    return [one.pk for one in sorted(projects, key=lambda one: (one.rank, one.pk)) if one.rank]


def year_set(
    *, actor: User, project: Project, year: int, amount: Any, goal: str, lists: Mapping[str, Sequence[Mapping[str, Any]]],
    revision: int,
) -> ProjectYear:  # fmt: skip
    """What a project wants of a year: money (as typed, in yuan), goal, rows of the sheets procurement, purchased and
    transfers without the project's name. Raises a FieldRefusedError: at "procurement-0-amount" for a row's column."""
    require(actor, "budget.edit", project.unit)
    money, wrong = books.typed("lines", {"amount": amount})
    if wrong:
        raise FieldRefusedError("amount", f"年度金额{wrong['amount'].zh}", f"The year's amount {wrong['amount'].en}")
    made = {key: _rows(key, lists.get(key, ())) for key in LISTS}
    with transaction.atomic():
        project = locked_project(project, revision)
        if not project.runs_in(year):
            raise FieldRefusedError("year", *outside(project, year))
        _hold(project, year, money["amount"], made)
        one, _ = ProjectYear.objects.get_or_create(project=project, year=year)
        before = {"amount": one.amount, "goal": one.goal, **{key: getattr(one, key) for key in LISTS}}
        after = {"amount": money["amount"], "goal": goal.strip(), **made}
        if before == after:
            return one
        for field, value in after.items():
            setattr(one, field, value)
        one.save()
        _stamp(project)
        told = {field: [before[field], after[field]] for field in after if before[field] != after[field]}
        record(actor=actor, action="project.year", subject=project, unit=project.unit, data={"year": year, **told})
    return one


def indicators_set(
    *, actor: User, project: Project, year: int, rows: Sequence[Mapping[str, Any]], revision: int
) -> list[Indicator]:
    """A project's indicators of a year (0: mid-term) in their order: {"kind", "name", "value"} each. Raises a
    FieldRefusedError at "indicators-0-value" for a row's column."""
    require(actor, "budget.edit", project.unit)
    if len(rows) > MOST_ROWS:
        raise FieldRefusedError("indicators", f"指标最多 {MOST_ROWS} 个。", f"At most {MOST_ROWS} indicators.")
    period = "annual" if year else "midterm"
    typed = _rows("indicators", [{**values, "period": period} for values in rows])
    with transaction.atomic():
        project = locked_project(project, revision)
        if year and not project.runs_in(year):
            raise FieldRefusedError("year", *outside(project, year))
        before = [[one.kind, one.name, one.value] for one in project.indicators.filter(year=year)]
        after = [[one["kind"], one["name"], one["value"]] for one in typed]
        if before == after:
            return list(project.indicators.filter(year=year))
        project.indicators.filter(year=year).delete()
        made = Indicator.objects.bulk_create(indicator_of(project, year, place, one) for place, one in enumerate(typed, 1))  # fmt: skip
        _stamp(project)
        record(actor=actor, action="project.indicators", subject=project, unit=project.unit, data={"year": year, "before": before, "after": after})  # fmt: skip
    return made


def locked_project(project: Project, revision: int | None) -> Project:
    """The project, locked and as it now is. Raises RefusedError "conflict" where it is not at ``revision``."""
    found = Project.objects.select_for_update(of=("self",), no_key=True).select_related("unit").get(pk=project.pk)
    if revision is not None and found.revision != revision:
        raise RefusedError(
            "conflict",
            "项目刚被别人修改；您填写的内容还在，请核对后再保存。",
            "Somebody else has just changed the project; what you typed is still here: compare, then save again.",
        )
    return found


def indicator_of(project: Project, year: int, place: int, values: Mapping[str, Any]) -> Indicator:
    """An indicator of plain values, typed; not yet saved."""
    return Indicator(
        project=project, year=year, position=place, kind=values["kind"], name=values["name"],
        value=values["value"], **typed_value(values["value"])._asdict(),
    )  # fmt: skip


def outside(project: Project, year: int) -> Message:
    """That a year is none of the project's."""
    years = f"{project.starts}–{project.ends or ''}"
    return Message(f"{year} 年不在项目期 {years} 内。", f"{year} is outside the project's years {years}.")


def _stamp(project: Project) -> None:
    project.revision += 1
    project.save(update_fields=["revision"])


def _name_is_free(unit: Unit, name: str, project: Project | None) -> None:
    same = Project.objects.filter(unit=unit, name=name)
    if same.exclude(pk=project.pk if project else None).exists():
        raise FieldRefusedError("name", "项目库中已有同名项目。", "The library has a project of this name.")


def _name_is_loose(project: Project) -> None:
    rows = Row.objects.filter(budget__unit=project.unit, sheet="projects", gone=False, values__name=project.name)
    years = sorted(set(rows.values_list("budget__year__year", flat=True)))
    if years:
        zh, en = "、".join(map(str, years)), ", ".join(map(str, years))
        raise FieldRefusedError(
            "name",
            f"项目已列入 {zh} 年预算，名称不能再改；需要新名称时请新建项目。",
            f"The project stands in the budget of {en} and keeps its name; add a project for a new name.",
        )


def _typed(
    name: str, starts: int, ends: int | None, values: Mapping[str, Any], midterm: Mapping[str, Any]
) -> dict[str, Any]:
    """The fields of a project, typed."""
    name = " ".join(name.split())
    if not name:
        raise FieldRefusedError("name", "请填写项目名称。", "Give the project a name.")
    if len(name) > MOST_NAME:
        raise FieldRefusedError("name", f"名称最多 {MOST_NAME} 字。", f"A name has {MOST_NAME} characters at most.")
    if not FIRST_YEAR <= starts <= LAST_YEAR:
        raise FieldRefusedError("starts", "请填四位数年份。", "Give a year of four digits.")
    if ends is not None and not starts <= ends <= LAST_YEAR:
        raise FieldRefusedError("ends", "结束年早于开始年。", "The last year is before the first.")
    made: dict[str, Any] = {"name": name, "starts": starts, "ends": ends}
    for field, key, given, but in (
        ("values", "projects", values, ("name",)), ("midterm", "targets", midterm, ("project", "annual_goal")),
    ):  # fmt: skip
        names = [one.key for one in sheet(key).columns if one.key not in but]
        made[field], wrong = books.typed(key, {one: given.get(one, "") for one in names})
        for column, message in wrong.items():
            raise FieldRefusedError(column, *_titled(key, column, message))
    begin, end = made["midterm"]["midterm_from"], made["midterm"]["midterm_to"]
    if begin and end and end < begin:
        raise FieldRefusedError("midterm_to", "中期终止年早于起始年。", "The mid-term ends before it begins.")
    return made


def _rows(key: str, given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Typed rows of a sheet without their project; each has what is required, no two are of one name."""
    found = sheet(key)
    columns = [one for one in found.columns if one.key != "project"]
    unique = [one for one in found.unique if one != "project"]
    made: list[dict[str, Any]] = []
    for place, values in enumerate(given):
        row, wrong = books.typed(key, {one.key: values.get(one.key, "") for one in columns})
        for column in columns:
            message = wrong.get(column.key)
            if message is None and column.required and row[column.key] in ("", None):
                message = Message("没有填写。", "is empty.")
            if message is not None:
                raise _at(key, place, column.key, _titled(key, column.key, message))
        if any(all(row[name] == one[name] for name in unique) for one in made):
            column_key = unique[-1] if unique else columns[0].key
            raise _at(key, place, column_key, Message("与前面的行重复。", "This row stands here already."))
        made.append(row)
    return made


def _hold(project: Project, year: int, amount: int | None, lists: Mapping[str, Sequence[Plain]]) -> None:
    """Raises a FieldRefusedError at the first cell that a ledger would refuse, beside the money that is wanted and the
    catalogue of the unit's budget of that year (or the last that has one; without any, each entry passes)."""
    named = {"project": project.name}
    known = Row.objects.filter(budget__unit=project.unit, budget__year__year__lte=year, sheet="catalogue", gone=False)
    newest = known.aggregate(year=Max("budget__year__year"))["year"]
    catalogue = list(known.filter(budget__year__year=newest).values_list("values", flat=True))
    ledger = ledger_from(
        {
            "budget": {"year": year},
            "lines": [] if amount is None else [{**named, "amount": amount}],
            "catalogue": catalogue or [{"code": one["catalogue"]} for one in lists["purchased"]],
            **{
                key: [{**named, **row, "row": place} for place, row in enumerate(rows, 1)]
                for key, rows in lists.items()
            },
        },
        gaps=True,
    )
    summed, titles = Books(ledger), {sheet(key).zh: sheet(key) for key in lists}
    for problem in (one for check in _CHECKS for one in check(summed)):
        if (found := titles.get(problem.sheet)) is not None:
            column = next(one.key for one in found.columns if one.zh == problem.column)
            raise _at(found.key, problem.row - 1, column, problem.message)


def _at(key: str, place: int, column: str, message: Message) -> FieldRefusedError:
    zh, en = f"第 {place + 1} 行：{message.zh}", f"Row {place + 1}: {message.en}"
    return FieldRefusedError(f"{key}-{place}-{column}", zh, en)


def _titled(key: str, field: str, message: Message) -> Message:
    column = next((one for one in sheet(key).columns if one.key == field), None)
    zh, en = (column.zh, column.en) if column else (field, field)
    return Message(f"“{zh}”{message.zh}", f"“{en}” {message.en}")
