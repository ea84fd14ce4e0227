"""Whatever anybody does in whatever order: approved versions stay, what is published was approved, sums agree."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.web.budgets.conftest import TODAY, small
from zhengwu.ledger.rollup import rollup
from zhengwu.ledger.store import ledger_from
from zhengwu.model.message import RefusedError
from zhengwu.web.budgets import adjustments, books, moves, publication, workflow, years
from zhengwu.web.budgets.models import Adjustment, Budget, Row, Version
from zhengwu.web.budgets.moves import digest_of
from zhengwu.web.budgets.rows import Change, rows_save
from zhengwu.web.budgets.years import Figure
from zhengwu.web.common.models import AuditEvent, Role, Unit, User
from zhengwu.web.common.trail import verify
from zhengwu.web.explorer.models import Publication

PEOPLE = ("officer", "second", "head", "reviewer", "auditor", "administrator", "stranger", "other_head", "below")
# Who may bring a budget from one state to another: written here once more, to be held against the table.
REACHED = {
    ("first_draft", "first_signing"): {"officer", "second", "below"},
    ("first_signing", "first_draft"): {"head"},
    ("first_signing", "first_submitted"): {"head"},
    ("first_submitted", "first_draft"): {"reviewer"},
    ("first_submitted", "second_draft"): {"reviewer"},
    ("second_draft", "second_signing"): {"officer", "second", "below"},
    ("second_signing", "second_draft"): {"head"},
    ("second_signing", "second_submitted"): {"head"},
    ("second_submitted", "second_draft"): {"reviewer"},
    ("second_submitted", "approved"): {"reviewer"},
    ("approved", "published"): {"head"},
}
# The same of an adjustment.
ADJUSTED = {
    ("draft", "signing"): {"officer", "second", "below"},
    ("draft", "withdrawn"): {"officer", "second", "below"},
    ("signing", "withdrawn"): {"officer", "second", "below"},
    ("signing", "draft"): {"head"},
    ("signing", "submitted"): {"head"},
    ("submitted", "draft"): {"reviewer"},
    ("submitted", "refused"): {"reviewer"},
    ("submitted", "approved"): {"reviewer"},
}
_who = st.sampled_from(PEOPLE)
# The people whose turn it may be come up more often, so that the later states are reached.
_busy = st.sampled_from(("officer", "head", "reviewer", "below"))
_budget = st.sampled_from((0, 0, 0, 1))
STEPS = st.one_of(
    st.tuples(st.just("move"), st.one_of(_busy, _busy, _who), _budget, st.sampled_from([*workflow.TABLE, "no-such-move"])),
    st.tuples(st.just("forward"), st.just(""), _budget, st.integers(1, 9)),
    st.tuples(st.just("adjust-through"), st.just("officer"), st.just(0), st.integers(-50, 50)),
    st.tuples(st.just("edit"), st.one_of(_busy, _who), _budget, st.integers(0, 700)),
    st.tuples(st.just("figures"), st.one_of(st.just("reviewer"), _who), _budget, st.sampled_from((0, 100_000, 500_000))),
    st.tuples(st.just("publish"), st.one_of(st.just("head"), _who), _budget, st.none()),
    st.tuples(st.just("adjust"), st.one_of(st.just("officer"), _who), _budget, st.integers(-50, 50)),
    st.tuples(st.just("adjustment"), st.one_of(_busy, _who), _budget, st.sampled_from([*workflow.ADJUSTMENTS])),
)  # fmt: skip


class _Office:
    """Two budgets, one of a department and one of a unit below it, and everybody's hands."""

    def __init__(self, desk) -> None:
        self.people = dict(desk.people)
        below = Unit.objects.create(code=f"{desk.unit.code}9", name="示例区服务中心", parent=desk.unit)
        self.people["below"] = User.objects.create(username="below", role=Role.OFFICER, unit=below)
        year = desk.opened()
        years.budget_start(actor=desk.reviewer, unit=below, year=year, now=timezone.now())
        self.keys = [desk.budget().pk, Budget.objects.get(unit=below).pk]
        self.now = timezone.now()
        small(desk, self.budget(0), self.people["officer"])
        small(desk, self.budget(1), self.people["below"])
        self.kept: dict[int, str] = {}
        self.published: dict[int, int] = {}

    def budget(self, which: int) -> Budget:
        return Budget.objects.select_related("unit", "year", "approved").get(pk=self.keys[which])

    def do(self, kind: str, who: str, which: int, what) -> None:
        self.now += timedelta(seconds=1)
        before, papers = self.budget(which), self._papers()
        if kind == "forward":  # the ordinary course of things, some steps of it
            self._forward(which, what)
            return
        if kind == "adjust-through":
            self.do("adjust", who, which, what)
            for hand, move in (("officer", "hand-in"), ("head", "submit"), ("reviewer", "approve")):
                self.do("adjustment", hand, which, move)
            return
        try:
            with transaction.atomic():
                self._act(kind, self.people[who], before, what)
        except RefusedError:
            assert self.budget(which).state == before.state
        after = self.budget(which)
        if after.state != before.state:
            assert who in REACHED[before.state, after.state], (who, before.state, after.state)
        for pk, state in self._papers().items():
            if papers.get(pk, state) != state:
                assert who in ADJUSTED[papers[pk], state], (who, papers[pk], state)
        self.hold(which)

    @staticmethod
    def _papers() -> dict[int, str]:
        """Where each adjustment stands; one that is approved has made a version, no other has."""
        found = Adjustment.objects.order_by("pk").values_list("pk", "state", "result")
        assert all((state == "approved") == (result is not None) for _, state, result in found)
        return {pk: state for pk, state, _ in found}

    def _forward(self, which: int, steps: int) -> None:
        officer = "below" if which else "officer"
        course = {
            "first_draft": (officer, "hand-in"), "first_signing": ("head", "submit"), "first_submitted": ("reviewer", "give-figures"),
            "second_draft": (officer, "hand-in"), "second_signing": ("head", "submit"), "second_submitted": ("reviewer", "approve"),
        }  # fmt: skip
        for _ in range(steps):
            found = course.get(self.budget(which).state)
            if found is None:
                return
            if found[1] == "give-figures":
                self.do("figures", "reviewer", which, 100_000)
            self.do("move", found[0], which, found[1])

    def _act(self, kind: str, actor: User, budget: Budget, what) -> None:
        if kind == "move":
            moves.budget_move(actor=actor, budget=budget, move=what, now=self.now, today=TODAY, reason="示例原因")
        elif kind == "edit":
            row = Row.objects.filter(budget=budget, sheet="lines", gone=False).first()
            change = Change("", row.pk, {"amount": str(what)})
            rows_save(actor=actor, budget=budget, sheet_key="lines", changes=[change], now=self.now)
        elif kind == "figures":
            years.figures_set(actor=actor, budget=budget, figures=[Figure("", what)], now=self.now)
        elif kind == "publish":
            publication.budget_publish(actor=actor, budget=budget, now=self.now)
        elif kind == "adjust":
            made = adjustments.adjustment_open(actor=actor, budget=budget, reason="调剂", document="", now=self.now)
            one, other = made.base.ledger["lines"][:2]
            changes = [
                {"row": one["row"], "values": {"amount": str(one["amount"] / 100 - what)}},
                {"row": other["row"], "values": {"amount": str(other["amount"] / 100 + what)}},
            ]
            # What runs the office differs from last year: the text says why.
            if what and not made.base.ledger["reasons"]:
                changes.append(
                    {"sheet": "reasons", "row": None, "values": {"subject": "operating", "text": "八月调剂"}}
                )
            adjustments.adjustment_set(actor=actor, adjustment=made, changes=changes, revision=0)
        else:
            made = Adjustment.objects.filter(budget=budget).order_by("-number").first()
            if made is not None:
                adjustments.adjustment_move(
                    actor=actor, adjustment=made, move=what, now=self.now, today=TODAY, reason="示例原因"
                )

    def hold(self, which: int) -> None:
        """What must be true after every step."""
        budget = self.budget(which)
        for version in Version.objects.all():
            assert digest_of(version.ledger) == version.sha256 == self.kept.setdefault(version.pk, version.sha256)
        assert len(self.kept) == Version.objects.count()
        lines = budget.rows.filter(sheet="lines", gone=False)
        assert [one.amount or 0 for one in lines] == [row["amount"] for row in books.plain_of(budget)[0]["lines"]]
        if budget.state in workflow.IN_FORCE:
            assert budget.approved.kind in ("approved", "adjusted")
            assert books.plain_of(budget)[0]["lines"] == budget.approved.ledger["lines"]
        made = Publication.objects.filter(unit=budget.unit, superseded_at=None).first()
        assert (made is not None) == (budget.state == "published")
        if made is not None:
            # What was in force on that day, whatever was adjusted since.
            event = AuditEvent.objects.filter(action="budget.publish", subject=f"budget:{budget.pk}").last()
            own = budget.versions.get(number=event.data["version"])
            parts = [own.total] + ([self._total_at(1, made)] if which == 0 else [])
            assert made.total * 100 == sum(parts)

    def _total_at(self, which: int, made: Publication) -> int:
        versions = self.budget(which).versions.filter(kind__in=("approved", "adjusted"), made_at__lte=made.published_at)
        return versions.last().total

    def hold_together(self) -> None:
        """Sum of the units + transfers = department; the trail holds."""
        ledgers = [ledger_from(books.plain_of(self.budget(which))[0], gaps=True) for which in (0, 1)]
        whole = rollup(ledgers)
        parts = sum(line.amount for one in ledgers for line in one.lines)
        assert sum(line.amount for line in whole.ledger.lines) + whole.taken_out == parts
        assert verify()[1] == ""


@pytest.mark.django_db
@settings(
    max_examples=30, deadline=None, derandomize=True, phases=(Phase.generate,), database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(steps=st.lists(STEPS, min_size=5, max_size=20), begun=st.integers(0, 9), below=st.sampled_from((0, 9)))
def test_any_sequence_of_steps_keeps_the_invariants(desk_at_start, steps, begun, below):
    with transaction.atomic():
        desk_at_start.do("forward", "", 1, below)
        desk_at_start.do("forward", "", 0, begun)
        for step in steps:
            desk_at_start.do(*step)
        desk_at_start.hold_together()
        transaction.set_rollback(True)
    desk_at_start.kept.clear()


@pytest.fixture
def desk_at_start(desk, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    return _Office(desk)


def test_the_ordinary_course_reaches_the_open_book(desk_at_start):
    for which in (1, 0):
        desk_at_start.do("forward", "", which, 9)
        desk_at_start.do("publish", "head", which, None)
        assert desk_at_start.budget(which).state == "published"
    desk_at_start.do("adjust", "officer", 0, 5)
    for who, move in (("officer", "hand-in"), ("head", "submit"), ("reviewer", "approve")):
        desk_at_start.do("adjustment", who, 0, move)
    assert desk_at_start.budget(0).approved.kind == "adjusted"
    desk_at_start.hold_together()


@pytest.mark.parametrize("state", [*dict.fromkeys(start for start, _ in REACHED), "published", "earlier"])
def test_no_page_leads_where_the_table_does_not(desk_at_start, state, client):
    """Every move, by everybody, from every state, over HTTP."""
    pk = desk_at_start.keys[0]
    years.figures_set(actor=desk_at_start.people["reviewer"], budget=desk_at_start.budget(0), figures=[Figure("", 100_000)], now=timezone.now())  # fmt: skip
    wrong = []
    for who, person in desk_at_start.people.items():
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        for move in (*workflow.TABLE, "no-such-move"):
            Budget.objects.filter(pk=pk).update(state=state, handed_in_by=desk_at_start.people["officer"])
            with transaction.atomic():
                status = client.post(f"/budget/{pk}/move/{move}/", {"reason": "示例原因"}).status_code
                reached = desk_at_start.budget(0).state
                transaction.set_rollback(True)
            # "publish" has a page of its own, and signs for nobody here.
            may = move != "publish" and workflow.allows(move, state) if move in workflow.TABLE else False
            end = workflow.TABLE[move].ends.get(state) if may else None
            if end is not None and who in REACHED.get((state, str(end)), ()) and who != "below":
                if (status, reached) != (302, end):
                    wrong.append((who, move, status, reached))
            elif status < 400 or reached != state:
                wrong.append((who, move, status, reached))
    assert wrong == []
