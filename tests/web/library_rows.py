"""The addresses of the library of projects in the permission matrix, for an own and a foreign unit."""

from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from tests.web.budget_rows import budget_of
from tests.web.matrix import POST_ONLY, SIGNED_IN, Row
from tests.web.people import World
from zhengwu.web.budgets.models import Attachment, Project


def _made(world: World, own: bool) -> Project:
    return Project.objects.create(
        unit=world.own if own else world.foreign, name=f"p{Project.objects.count()}", starts=2022, state="ready",
        values={"targets": False}, made_by=world.people["reviewer"], made_at=timezone.now(),
    )  # fmt: skip


def _project(own: bool, **more: Any) -> Any:
    return lambda world: {"pk": _made(world, own).pk, **more}


def _attachment(own: bool) -> Any:
    def arguments(world: World) -> dict[str, Any]:
        project = _made(world, own)
        made = Attachment(
            project=project,
            name="a.txt",
            size=1,
            sha256="0" * 64,
            added_by=world.people["reviewer"],
            added_at=timezone.now(),
        )
        made.file.save("a", ContentFile(b"x"))
        return {"pk": project.pk, "attachment": made.pk}

    return arguments


def _unit(own: bool) -> Any:
    return lambda world: {"unit": (world.own if own else world.foreign).pk}


def _budget(own: bool, state: str = "first_draft") -> Any:
    return lambda world: {"pk": budget_of(world, own, state).pk}


# Roles: anonymous officer head reviewer auditor administrator.
_FOREIGN = "login 404 404 200 200 200"
_OFFICER, _OFFICER_DONE = "login 422 403 403 403 403", "login 302 403 403 403 403"
_HIDDEN = "login 404 403 403 403 403"
_FORMS = (
    ("project-change", {}),
    ("project-year", {"year": 2022}),
    ("project-indicators", {"year": 2022}),
    ("project-midterm", {}),
)
LIBRARY = (
    Row("budgets:projects", SIGNED_IN),
    Row("budgets:project-add", "login 200 403 403 403 403"),
    Row("budgets:project-add", _OFFICER, "POST", data={"name": ""}),
    Row("budgets:project", SIGNED_IN, arguments=_project(True)),
    Row("budgets:project", _FOREIGN, arguments=_project(False)),
    *(Row(f"budgets:{name}", "login 200 403 403 403 403", arguments=_project(True, **more)) for name, more in _FORMS),
    *(Row(f"budgets:{name}", _HIDDEN, arguments=_project(False, **more)) for name, more in _FORMS),
    *(Row(f"budgets:{name}", _OFFICER, "POST", _project(True, **more), {"revision": "7"}) for name, more in _FORMS),
    *(Row(f"budgets:{name}", _HIDDEN, "POST", _project(False, **more), {"revision": "0"}) for name, more in _FORMS),
    Row("budgets:project-state", POST_ONLY, arguments=_project(True)),
    Row("budgets:project-state", _OFFICER_DONE, "POST", _project(True), {"state": "ended"}),
    Row("budgets:project-state", _HIDDEN, "POST", _project(False), {"state": "ended"}),
    Row("budgets:library-rank", "login 403 200 403 403 403", arguments=_unit(True)),
    Row("budgets:library-rank", "login 403 404 403 403 403", arguments=_unit(False)),
    Row("budgets:library-rank", "login 403 302 403 403 403", "POST", _unit(True)),
    Row("budgets:library-rank", "login 403 404 403 403 403", "POST", _unit(False)),
    Row("budgets:project-attach", POST_ONLY, arguments=_project(True)),
    Row("budgets:project-attach", _OFFICER, "POST", _project(True)),
    Row("budgets:project-attach", _HIDDEN, "POST", _project(False)),
    Row("budgets:project-file", SIGNED_IN, arguments=_attachment(True)),
    Row("budgets:project-file", _FOREIGN, arguments=_attachment(False)),
    Row("budgets:project-detach", POST_ONLY, arguments=_attachment(True)),
    Row("budgets:project-detach", _OFFICER_DONE, "POST", _attachment(True)),
    Row("budgets:project-detach", _HIDDEN, "POST", _attachment(False)),
    Row("budgets:budget-projects", SIGNED_IN, arguments=_budget(True)),
    Row("budgets:budget-projects", _FOREIGN, arguments=_budget(False)),
    Row("budgets:budget-enter", POST_ONLY, arguments=_budget(True)),
    Row("budgets:budget-enter", _OFFICER, "POST", _budget(True)),
    Row("budgets:budget-enter", _OFFICER.replace("422", "404"), "POST", _budget(True), {"project": "999999999"}),
    Row("budgets:budget-enter", _HIDDEN, "POST", _budget(False)),
    Row("budgets:budget-leave", POST_ONLY, arguments=_budget(True)),
    Row("budgets:budget-leave", _OFFICER, "POST", _budget(True, "approved"), {"name": "p"}),
    Row("budgets:budget-leave", _HIDDEN, "POST", _budget(False), {"name": "p"}),
)  # fmt: skip
