"""A unit merged into another: nothing is lost, what happened is said, the other budget is closed for good."""

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.budgets.conftest import TODAY, small
from tests.web.budgets.test_bureau import line, typed
from tests.web.budgets.test_cycle import approved
from zhengwu.ledger.store import ledger_from
from zhengwu.model.message import RefusedError
from zhengwu.web.budgets import adjustments, books, bureau, departments, merging, moves, publication, years
from zhengwu.web.budgets.models import Adjustment, AdjustmentState, Budget, Notice, State
from zhengwu.web.budgets.years import Figure
from zhengwu.web.common.errors import FieldRefusedError
from zhengwu.web.common.models import AuditEvent, Role, Unit, User
from zhengwu.web.common.trail import verify


@pytest.fixture
def two(desk):
    """Two whole budgets being compiled: the department's own (990) and that of a unit below it."""
    year = desk.opened()
    below = Unit.objects.create(code="990001", name="示例中心", parent=desk.foreign)
    desk.people["below"] = User.objects.create(username="below", role=Role.OFFICER, unit=below)
    desk.people["below_head"] = User.objects.create(username="below_head", role=Role.HEAD, unit=below)
    own = Budget.objects.select_related("unit", "year").get(unit=desk.foreign, year=year)
    other = years.budget_start(actor=desk.reviewer, unit=below, year=year, now=timezone.now())
    return small(desk, own, desk.stranger), small(desk, other, desk.people["below"])


def again(budget: Budget) -> Budget:
    return Budget.objects.select_related("unit", "year", "approved", "merged_into").get(pk=budget.pk)


def merged(desk, gone: Budget, into: Budget, **changed):
    given = {
        "actor": desk.reviewer,
        "reason": "机构改革",
        "document": "编办〔2022〕5号",
        "now": timezone.now(),
        **changed,
    }
    return merging.units_merge(gone=gone, into=into, **given)


def to_approved(desk, budget: Budget, officer: User, head: User, basic: int = 1000_00) -> Budget:
    now = timezone.now()

    def move(who: User, name: str) -> None:
        moves.budget_move(actor=who, budget=budget, move=name, now=now, today=TODAY)

    move(officer, "hand-in")
    move(head, "submit")
    years.figures_set(actor=desk.reviewer, budget=budget, figures=[Figure("", basic)], now=now)
    move(desk.reviewer, "give-figures")
    move(officer, "hand-in")
    move(head, "submit")
    move(desk.reviewer, "approve")
    return again(budget)


def adjusted(desk, budget: Budget, officer: User, head: User, more: int) -> None:
    """Add an amount in 分 to its first line and to its income."""
    now = timezone.now()
    paper = adjustments.adjustment_open(actor=officer, budget=budget, reason="追加", document="", now=now)
    ledger = paper.base.ledger
    changes = [
        {"sheet": key, "row": ledger[key][0]["row"], "values": {"amount": f"{(ledger[key][0]['amount'] + more) / 100:.2f}"}}
        for key in ("lines", "income")
    ]  # fmt: skip
    told = {row["subject"] for row in ledger["reasons"]}
    changes += [
        {"sheet": "reasons", "row": None, "values": {"subject": subject, "text": "追加"}}
        for subject in ("income", "basic") if subject not in told
    ]  # fmt: skip
    paper = adjustments.adjustment_set(actor=officer, adjustment=paper, changes=changes, revision=0)
    for who, move in ((officer, "hand-in"), (head, "submit"), (desk.reviewer, "approve")):
        paper = adjustments.adjustment_move(actor=who, adjustment=paper, move=move, now=now, today=TODAY)


def other_money(desk, budget: Budget, officer: User, head: User, amount: int) -> None:
    """Pass on other money to affiliated units."""
    now = timezone.now()
    paper = adjustments.adjustment_open(actor=officer, budget=budget, reason="补助", document="", now=now)
    new = {"unit": budget.unit.code, **line(str(amount // 100), nature="subsidy", fund="other")}
    changes = [
        {"sheet": "lines", "row": None, "values": new},
        {"sheet": "income", "row": None, "values": {"fund": "other", "amount": str(amount // 100), "last": "0"}},
    ]
    paper = adjustments.adjustment_set(actor=officer, adjustment=paper, changes=changes, revision=0)
    for who, move in ((officer, "hand-in"), (head, "submit"), (desk.reviewer, "approve")):
        paper = adjustments.adjustment_move(actor=who, adjustment=paper, move=move, now=now, today=TODAY)


def test_drafts_are_put_together_with_their_staff_and_figures(desk, two):
    own, other = two
    for budget, amount in ((own, 1000_00), (other, 400_00)):
        years.figures_set(
            actor=desk.reviewer, budget=budget, figures=[Figure("", amount), Figure("甲", 1)], now=timezone.now()
        )
    done = merged(desk, other, own)
    assert (done.before, done.amount, done.taken_out, done.after) == (1000_00, 1000_00, 0, 2000_00)
    own, other = again(own), again(other)
    assert books.Look(own).sums.total == 2000_00
    lines = [row.values for row in own.rows.filter(sheet="lines", gone=False)]
    assert {row["unit"] for row in lines} == {"990"}
    assert sorted(row["amount"] for row in lines) == [800_00, 1200_00]  # equal lines are one
    units = [row.values for row in own.rows.filter(sheet="units", gone=False)]
    assert [(row["code"], row["staff"]) for row in units] == [("990", 20)]
    assert dict(own.controls.values_list("project", "amount")) == {"": 1400_00, "甲": 2}
    assert (other.state, other.merged_into) == (State.MERGED, own)
    assert "并入" in other.notes[0]["zh"]
    assert not books.checked(own).faults


def test_trail_says_exactly_what_happened_and_both_sides_are_told(desk, two):
    own, other = two
    merged(desk, other, own)
    event = AuditEvent.objects.get(action="budget.merge")
    assert event.data["gone"] == "990001"
    assert (event.data["lines"], event.data["amount"], event.data["after"]) == (2, 1000_00, 2000_00)
    assert event.data["document"] == "编办〔2022〕5号"
    assert AuditEvent.objects.get(action="budget.merged").subject == f"budget:{other.pk}"
    assert verify()[1] == ""
    people = set(Notice.objects.filter(about=f"merge:{other.pk}").values_list("person__username", flat=True))
    assert people == {"stranger", "other_head", "below", "below_head"}
    assert [one.text for one in again(own).remarks.all()] == ["机构改革"]


def test_what_passed_between_the_two_is_gone(desk, two):
    own, other = two
    typed(own, desk.stranger, "lines", line("100", nature="subsidy", project="", government="50502"))
    typed(other, desk.people["below"], "lines", line("100", fund="superior"))
    typed(other, desk.people["below"], "income", {"fund": "superior", "amount": "100", "last": "0"})
    done = merged(desk, other, own)
    assert (done.taken_out, done.after) == (100_00, 2100_00)
    assert not again(own).rows.filter(sheet="lines", gone=False, values__nature="subsidy").exists()
    assert not again(own).rows.filter(sheet="income", gone=False, values__fund="superior").exists()


def test_approved_budgets_are_merged_by_an_adjustment_that_is_in_force(desk, two):
    own, other = two
    own = to_approved(desk, own, desk.stranger, desk.other_head)
    other = to_approved(desk, other, desk.people["below"], desk.people["below_head"])
    base = own.approved
    done = merged(desk, other, own)
    own, other = again(own), again(other)
    paper = Adjustment.objects.get()
    assert (paper.state, paper.base, paper.result) == (AdjustmentState.APPROVED, base, own.approved)
    assert paper.reason == "“990001 示例中心”并入：机构改革"
    assert own.approved.total == done.after == 2000_00
    assert ledger_from(own.approved.ledger).lines == books.ledger_of(own).lines
    changed = {one["row"]: one["values"] for one in paper.changes if one["sheet"] == "lines"}
    assert changed == {2: {"amount": 1200_00}, 3: {"amount": 800_00}}
    assert other.approved.total == 1000_00  # its version stays
    # The department is what its units were, and can be published.
    assert departments.units_below(own) == []
    assert sum(one.amount for one in publication.ledger_in_force(own).lines) == 2000_00
    board = bureau.board(own.year, TODAY)
    assert [one.sums.total for one in board.departments if one.unit == desk.foreign] == [2000_00]
    assert departments.department_of(own.unit, departments.units_of(own)).total == 2000_00


def test_control_figure_of_the_merged_is_counted_once_whatever_adjustments_came_before_and_after(desk, two):
    own, other = two
    own = to_approved(desk, own, desk.stranger, desk.other_head)
    other = to_approved(desk, other, desk.people["below"], desk.people["below_head"])
    year, given = own.year, sum(one.amount for budget in two for one in budget.controls.all())

    def shown() -> tuple[int | None, ...]:
        (sums,) = [one.sums for one in bureau.board(year, TODAY).departments if one.unit == desk.foreign]
        totals = bureau.totals(year)
        assert (totals.given_basic or 0) + (totals.given_projects or 0) == given
        return sums.control, totals.adjusted, sums.total

    assert shown() == (given, 0, 2000_00)
    adjusted(desk, other, desk.people["below"], desk.people["below_head"], 5_00)
    assert shown() == (given + 5_00, 5_00, 2005_00)
    merged(desk, again(other), again(own))
    assert shown() == (given + 5_00, 5_00, 2005_00)
    adjusted(desk, again(own), desk.stranger, desk.other_head, 7_00)
    assert shown() == (given + 12_00, 12_00, 2012_00)
    # What no control figure binds adds nothing to it.
    other_money(desk, again(own), desk.stranger, desk.other_head, 100_00)
    assert shown() == (given + 12_00, 12_00, 2112_00)


def test_institution_merged_into_an_agency_in_force_has_an_agencys_codes(desk, two):
    own, other = two
    for row in other.rows.all():
        code = row.values.get("government", "")
        changed = {"units": {"kind": "institution"}, "lines": {"government": {"50101": "50501"}.get(code, "50502")}}
        row.values = {**row.values, **changed.get(row.sheet, {})}
        row.save()
    own = to_approved(desk, own, desk.stranger, desk.other_head)
    other = to_approved(desk, other, desk.people["below"], desk.people["below_head"])
    done = merged(desk, other, own)
    assert done.after == 2000_00
    made = ledger_from(again(own).approved.ledger)  # sound as a whole
    assert sorted((one.government, one.amount) for one in made.lines) == [("50101", 1200_00), ("50201", 800_00)]
    assert [one["kind"] for one in again(own).notes].count("pair_changed") == 2


def test_merger_that_would_be_in_force_with_a_fault_is_refused_whole(desk, two, monkeypatch):
    own, other = two
    own = to_approved(desk, own, desk.stranger, desk.other_head)
    other = to_approved(desk, other, desk.people["below"], desk.people["below_head"])
    plains = departments.plains_of([own, other])  # what was approved by the rules of an earlier release
    plains[own.pk]["lines"][0]["government"] = "50206"
    monkeypatch.setattr(merging, "plains_of", lambda budgets: plains)
    with pytest.raises(RefusedError, match="50206") as caught:
        merged(desk, other, own)
    assert caught.value.code == "conflict"
    assert (again(other).state, again(own).approved) == (State.APPROVED, own.approved)
    assert not Adjustment.objects.exists()


def test_page_of_the_adjustment_and_of_both_budgets_open(desk, two):
    own = to_approved(desk, two[0], desk.stranger, desk.other_head)
    other = to_approved(desk, two[1], desk.people["below"], desk.people["below_head"])
    client = Client()
    client.force_login(desk.reviewer, backend="django.contrib.auth.backends.ModelBackend")
    given = {"gone": other.pk, "into": own.pk, "reason": "机构改革", "document": ""}
    page = client.post("/budget/years/2022/units/merge/", given, follow=True)
    text = page.content.decode()
    assert page.redirect_chain[-1][0] == f"/budget/{own.pk}/"
    assert "划转 2 行、1,000.00 元" in text
    assert "并入" in text
    for address in (f"/budget/{other.pk}/", f"/budget/{own.pk}/adjustments/1/", "/budget/years/2022/units/", f"/budget/{own.pk}/versions/"):  # fmt: skip
        assert client.get(address).status_code == 200, address
    text = client.get(f"/budget/{other.pk}/").content.decode()
    assert "这份预算已关闭" in text
    assert f"/budget/{own.pk}/" in text


def test_merged_budget_moves_no_more(desk, two):
    own, other = two
    merged(desk, other, own)
    other = again(other)
    with pytest.raises(RefusedError):
        typed(other, desk.people["below"], "lines", line("1"))
    for move in ("hand-in", "submit", "give-figures", "approve"):
        for who in (desk.people["below"], desk.people["below_head"], desk.reviewer):
            with pytest.raises(RefusedError):
                moves.budget_move(actor=who, budget=other, move=move, now=timezone.now(), today=TODAY)
    with pytest.raises(RefusedError):
        merged(desk, other, own)
    with pytest.raises(RefusedError):
        merged(desk, own, other)
    with pytest.raises(RefusedError):
        years.figures_set(actor=desk.reviewer, budget=other, figures=[], now=timezone.now())


def test_merger_at_different_steps_or_of_oneself_or_by_others_is_refused(desk, two):
    own, other = two
    for actor in (desk.officer, desk.head, desk.auditor, desk.administrator):
        with pytest.raises(RefusedError) as info:
            merged(desk, other, own, actor=actor)
        assert info.value.code == "not-allowed"
    with pytest.raises(FieldRefusedError):
        merged(desk, other, own, reason=" ")
    with pytest.raises(FieldRefusedError) as info:
        merged(desk, own, own)
    assert info.value.field == "into"
    with pytest.raises(FieldRefusedError) as info:
        merged(desk, own, other)  # a department into a unit of its own
    assert info.value.field == "gone"
    moves.budget_move(actor=desk.stranger, budget=own, move="hand-in", now=timezone.now(), today=TODAY)
    with pytest.raises(FieldRefusedError) as info:
        merged(desk, other, own)
    assert info.value.field == "into"
    desk.earlier()
    with pytest.raises(RefusedError) as info:
        merged(desk, other, approved(desk))
    assert info.value.code == "conflict"
    assert again(other).state == State.FIRST_DRAFT


def test_year_opened_next_leaves_the_merged_unit_out(desk, two):
    own, other = two
    merged(desk, other, own)
    client = Client()
    client.force_login(desk.reviewer, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/budget/years/open/").content.decode()
    chosen = [part.split(">", 1)[0] for part in page.split("<option ")[1:] if "selected" in part.split(">", 1)[0]]
    keys = {part.split('"')[1] for part in chosen}
    assert str(desk.foreign.pk) in keys
    assert str(other.unit_id) not in keys
