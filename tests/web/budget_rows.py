"""The addresses of the budget desk in the permission matrix, for an own and a foreign unit."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.web.matrix import POST_ONLY, SIGNED_IN, Row
from tests.web.people import World
from zhengwu.web.budgets.models import Adjustment, Budget, BudgetYear, Delegation, Remark, Version
from zhengwu.web.budgets.models import Row as Line
from zhengwu.web.budgets.noted import name_of

_LEDGER = {"budget": {"year": 2022}, "lines": [], "income": [], "procurement": []}


def budget_of(world: World, own: bool, state: str = "first_draft") -> Budget:
    """A budget of the own or the foreign unit."""
    person, now = world.people["reviewer"], timezone.now()
    year, _ = BudgetYear.objects.get_or_create(
        year=2022, defaults={"dialect": "beijing-xicheng-budget", "opened_by": person, "opened_at": now}
    )
    unit = world.own if own else world.foreign
    return Budget.objects.create(unit=unit, year=year, state=state, moved_at=now)


def _budget(own: bool, state: str = "first_draft", **more: Any) -> Any:
    return lambda world: {"pk": budget_of(world, own, state).pk, **more}


def _remark(own: bool) -> Any:
    def arguments(world: World) -> dict[str, Any]:
        budget = budget_of(world, own)
        remark = Remark.objects.create(budget=budget, text="t", author=world.people["reviewer"], at=timezone.now())
        return {"pk": budget.pk, "remark": remark.pk}

    return arguments


def _note(own: bool) -> Any:
    def arguments(world: World) -> dict[str, Any]:
        budget = budget_of(world, own)
        note = {"kind": "old_year", "sheet": "duties", "row": 2, "column": "text", "found": "2021", "zh": "一", "en": "one", "options": []}  # fmt: skip
        Line.objects.create(budget=budget, sheet="duties", position=1, values={"text": "2021"}, changed_at=timezone.now())  # fmt: skip
        budget.notes = [note]
        budget.save()
        return {"pk": budget.pk, "note": name_of(note)}

    return arguments


def _adjustment(own: bool, state: str = "draft", **more: Any) -> Any:
    def arguments(world: World) -> dict[str, Any]:
        budget, person = budget_of(world, own, "approved"), world.people["reviewer"]
        base = Version.objects.create(
            budget=budget, number=1, kind="approved", ledger=_LEDGER, sha256="0" * 64, total=0, made_by=person,
            made_at=timezone.now(),
        )  # fmt: skip
        budget.approved = base
        budget.save()
        Adjustment.objects.create(
            budget=budget, number=1, base=base, state=state, reason="r", made_by=person, made_at=timezone.now()
        )
        return {"pk": budget.pk, "number": 1, **more}

    return arguments


def _delegation(world: World) -> dict[str, Any]:
    today = timezone.localdate()
    made = Delegation.objects.create(
        head=world.people["head"], to=world.people["officer"], since=today, until=today + timedelta(days=1)
    )
    return {"pk": made.pk}


# Roles: anonymous officer head reviewer auditor administrator.
_FOREIGN = "login 404 404 200 200 200"
_PAGES = ("budget", "versions", "history", "adjustments", "publish")
BUDGETS = (
    Row("budgets:desk", SIGNED_IN),
    Row("budgets:notices-seen", POST_ONLY),
    Row("budgets:notices-seen", "login 302 302 302 302 302", "POST"),
    Row("budgets:delegations", "login 403 200 403 403 403"),
    Row("budgets:delegations", "login 403 422 403 403 403", "POST"),
    Row("budgets:delegation-end", POST_ONLY, arguments=_delegation),
    Row("budgets:delegation-end", "login 403 302 403 403 403", "POST", _delegation),
    *(Row(f"budgets:{name}", SIGNED_IN, arguments=_budget(True)) for name in _PAGES),
    *(Row(f"budgets:{name}", _FOREIGN, arguments=_budget(False)) for name in _PAGES),
    Row("budgets:compare", "login 422 422 422 422 422", arguments=_budget(True)),
    Row("budgets:compare", "login 404 404 422 422 422", arguments=_budget(False)),
    Row("budgets:compare", SIGNED_IN, arguments=_budget(True), data={"old": "now", "new": "now"}),
    # The draft is empty: nothing of it can be printed.
    Row("budgets:preview", "login 422 422 422 422 422", arguments=_budget(True, form="html")),
    Row("budgets:preview", "login 404 404 422 422 422", arguments=_budget(False, form="pdf")),
    Row("budgets:publish", "login 403 422 403 403 403", "POST", _budget(True)),
    Row("budgets:publish", "login 404 404 403 403 403", "POST", _budget(False)),
    Row("budgets:preview", "login 422 422 422 422 422", "POST", _budget(True, form="html"), {"text-reasons-income": "r"}),
    Row("budgets:reasons", POST_ONLY, arguments=_budget(True)),
    Row("budgets:reasons", "login 302 403 403 403 403", "POST", _budget(True), {"text-reasons-income": "r"}),
    Row("budgets:reasons", "login 404 403 403 403 403", "POST", _budget(False), {"text-reasons-income": "r"}),
    Row("budgets:move", POST_ONLY, arguments=_budget(True, move="hand-in")),
    # An empty draft is not handed in; who may try is told what is missing.
    Row("budgets:move", "login 422 403 403 403 403", "POST", _budget(True, move="hand-in")),
    Row("budgets:move", "login 404 404 403 403 403", "POST", _budget(False, move="hand-in")),
    Row("budgets:move", "login 403 302 403 403 403", "POST", _budget(True, "first_signing", move="send-back"), {"reason": "r"}),
    Row("budgets:move", "login 404 404 403 403 403", "POST", _budget(False, "first_signing", move="send-back"), {"reason": "r"}),
    Row("budgets:move", "login 403 403 302 403 403", "POST", _budget(True, "first_submitted", move="return"), {"reason": "r"}),
    Row("budgets:move", "login 404 404 302 403 403", "POST", _budget(False, "first_submitted", move="return"), {"reason": "r"}),
    Row("budgets:move", "login 403 403 422 403 403", "POST", _budget(True, "second_submitted", move="approve")),
    Row("budgets:move", "login 404 404 404 404 404", "POST", _budget(True, move="no-such-move")),
    Row("budgets:asset-date", POST_ONLY, arguments=_budget(True)),
    Row("budgets:asset-date", "login 302 403 403 403 403", "POST", _budget(True), {"date": "2021年12月31日"}),
    Row("budgets:asset-date", "login 404 403 403 403 403", "POST", _budget(False), {"date": "2021年12月31日"}),
    Row("budgets:remark", POST_ONLY, arguments=_budget(True)),
    Row("budgets:remark", "login 302 302 302 403 403", "POST", _budget(True), {"text": "t"}),
    Row("budgets:remark", "login 404 404 302 403 403", "POST", _budget(False), {"text": "t"}),
    Row("budgets:remark-settle", POST_ONLY, arguments=_remark(True)),
    Row("budgets:remark-settle", "login 302 302 302 403 403", "POST", _remark(True)),
    Row("budgets:remark-settle", "login 404 404 302 403 403", "POST", _remark(False)),
    Row("budgets:note", POST_ONLY, arguments=_note(True)),
    Row("budgets:note", "login 302 403 403 403 403", "POST", _note(True), {"kept": "1"}),
    Row("budgets:note", "login 302 403 403 403 403", "POST", _note(True), {"kept": ""}),
    Row("budgets:note", "login 404 403 403 403 403", "POST", _note(False), {"kept": "1"}),
    Row("budgets:note", "login 404 403 403 403 403", "POST", _budget(True, note="none"), {"kept": "1"}),
    Row("budgets:adjustments", "login 302 403 403 403 403", "POST", lambda world: {"pk": _adjustment(True)(world)["pk"]}, {"reason": "r"}),
    Row("budgets:adjustment", SIGNED_IN, arguments=_adjustment(True)),
    Row("budgets:adjustment", _FOREIGN, arguments=_adjustment(False)),
    Row("budgets:adjustment", "login 422 403 403 403 403", "POST", _adjustment(True), {"revision": "7"}),
    Row("budgets:adjustment", "login 404 404 403 403 403", "POST", _adjustment(False), {"revision": "0"}),
    Row("budgets:adjustment-move", POST_ONLY, arguments=_adjustment(True, move="hand-in")),
    Row("budgets:adjustment-move", "login 422 403 403 403 403", "POST", _adjustment(True, move="hand-in")),
    Row("budgets:adjustment", "login 200 403 403 403 403", "POST", _adjustment(True), {"show": "1"}),
    Row("budgets:adjustment", "login 404 404 403 403 403", "POST", _adjustment(False), {"show": "1"}),
    Row("budgets:adjustment-move", "login 403 302 403 403 403", "POST", _adjustment(True, "signing", move="send-back"), {"reason": "r"}),
    Row("budgets:adjustment-move", "login 302 403 403 403 403", "POST", _adjustment(True, move="withdraw"), {"reason": "r"}),
    Row("budgets:adjustment-move", "login 404 404 403 403 403", "POST", _adjustment(False, "signing", move="withdraw"), {"reason": "r"}),
    Row("budgets:adjustment-move", "login 403 403 302 403 403", "POST", _adjustment(True, "submitted", move="refuse"), {"reason": "r"}),
    Row("budgets:adjustment-move", "login 404 404 302 403 403", "POST", _adjustment(False, "submitted", move="return"), {"reason": "r"}),
)  # fmt: skip
