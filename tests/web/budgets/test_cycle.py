"""The yearly cycle through the services: opened, copied forward, submitted, given figures, approved, adjusted."""

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from tests.web.budgets.conftest import TODAY, example
from zhengwu.ledger.store import ledger_from
from zhengwu.model.message import RefusedError
from zhengwu.web.budgets import adjustments, books, moves, selectors, years
from zhengwu.web.budgets.models import AdjustmentState, Delegation, Notice, Remark, Row, State, Version
from zhengwu.web.budgets.moves import Said
from zhengwu.web.budgets.rows import Change, rows_save
from zhengwu.web.budgets.years import Figure
from zhengwu.web.common.errors import FieldRefusedError
from zhengwu.web.common.models import AuditEvent
from zhengwu.web.common.trail import verify

AT = timezone.make_aware(datetime(2021, 11, 3, 9))


def test_earlier_ledger_taken_over_is_the_ledger(desk):
    made = desk.earlier()
    version = Version.objects.get()
    assert made.approved == version
    assert ledger_from(version.ledger)._replace(source="") == example()._replace(source="")
    assert books.Look(made).sums.total == version.total == 6_323_466_544


def test_earlier_ledger_of_another_unit_is_refused(desk):
    from tests.web.budgets.conftest import workbook

    with pytest.raises(RefusedError) as info:
        years.earlier_take(actor=desk.stranger, unit=desk.foreign, data=workbook(), name="a.xlsx", now=timezone.now())
    assert info.value.code == "other-unit"


def test_copied_forward_says_what_it_could_not_carry(desk):
    copied(desk)
    budget = desk.budget()
    # The screens of the hall were bought in 2021: that project has ended, and a note says so.
    assert books.Look(budget).sums.total == 6_323_466_544 - 283_106_950
    assert "project_ended" in {note["kind"] for note in budget.notes}
    assert not books.checked(budget).faults
    years.copy_forward(actor=desk.officer, budget=desk.budget(), now=timezone.now())
    assert desk.budget().revision == budget.revision + 1
    assert (
        not Row.objects.filter(budget=budget, gone=True).exclude(sheet="reasons").exists()
    )  # the same rows stayed themselves


def copied(desk):
    """The example of 2021 copied forward to 2022, with the reasons that only a person knows."""
    if not desk.unit.budgets.exists():
        desk.earlier()
        desk.opened()
    years.copy_forward(actor=desk.officer, budget=desk.budget(), now=timezone.now())
    reasons = [
        Change(subject, None, {"subject": subject, "text": "大厅屏幕项目完成"})
        for subject in ("income", "project", "fiscal")
    ]
    rows_save(actor=desk.officer, budget=desk.budget(), sheet_key="reasons", changes=reasons, now=timezone.now())


def figures(desk, basic: int | None = None, **changed: int) -> None:
    """The control figures that the budget has now, but for what is given."""
    given = [
        Figure(one.project, one.used if one.project or basic is None else basic)
        for one in books.used_and_given(desk.budget())
    ]
    years.figures_set(actor=desk.reviewer, budget=desk.budget(), figures=given, now=timezone.now())


def submitted(desk):
    copied(desk)
    desk.move("officer", "hand-in")
    desk.move("head", "submit")


def approved(desk):
    submitted(desk)
    figures(desk)
    desk.move("reviewer", "give-figures")
    desk.move("officer", "hand-in")
    desk.move("head", "submit")
    return desk.move("reviewer", "approve")


def line_of(budget, nature: str = "project") -> Row:
    return Row.objects.filter(budget=budget, sheet="lines", gone=False, values__nature=nature).first()


def test_cycle_keeps_a_version_at_each_step_and_a_trail_that_holds(desk):
    budget = approved(desk)
    assert budget.state == State.APPROVED
    assert [(one.number, one.kind) for one in budget.versions.all()] == [(1, "first"), (2, "second"), (3, "approved")]
    assert budget.approved.number == 3
    assert ledger_from(budget.approved.ledger) == books.ledger_of(budget)
    actions = list(AuditEvent.objects.filter(subject=f"budget:{budget.pk}").values_list("action", flat=True))
    assert actions == [
        "budget.start", "budget.copy-forward", "budget.edit", "budget.hand-in", "budget.submit", "budget.figures", "budget.give-figures",
        "budget.hand-in", "budget.submit", "budget.approve",
    ]  # fmt: skip
    assert verify()[1] == ""
    assert Notice.objects.filter(person=desk.reviewer).count() == 2
    assert Notice.objects.filter(person=desk.head).exists()


def test_budget_over_its_control_figure_is_not_handed_in(desk):
    submitted(desk)
    figures(desk, basic=100)
    desk.move("reviewer", "give-figures")
    with pytest.raises(RefusedError) as info:
        desk.move("officer", "hand-in")
    assert info.value.code == "not-ready"
    assert "控制数" in info.value.message.zh
    assert desk.budget().state == State.SECOND_DRAFT
    (fault,) = [
        one for one in books.checked(desk.budget()).faults if "控制数" in one.message.zh
    ]  # not once more as a whole
    assert (fault.row, fault.column) == (line_of(desk.budget(), "basic").pk, "amount")


def test_budget_with_an_invalid_pair_of_codes_is_not_handed_in_and_the_cell_is_named(desk):
    copied(desk)
    row = line_of(desk.budget(), "basic")
    change = Change("", row.pk, {"government": "50203"}, {"government": row.values["government"]})
    saved = rows_save(actor=desk.officer, budget=desk.budget(), sheet_key="lines", changes=[change], now=timezone.now())
    assert saved.outcomes[0].taken
    fault = next(one for one in books.checked(desk.budget()).faults if one.row == row.pk)
    assert fault.column in ("government", "departmental")
    with pytest.raises(RefusedError):
        desk.move("officer", "hand-in")


def test_return_needs_a_reason_and_keeps_the_remark_at_its_cell(desk):
    submitted(desk)
    row = line_of(desk.budget())
    with pytest.raises(RefusedError):
        desk.move("reviewer", "return")
    desk.move("reviewer", "return", said=[Said("金额偏高，请说明依据", row.pk, "amount")])
    assert desk.budget().state == State.FIRST_DRAFT
    remark = Remark.objects.get()
    assert (remark.row, remark.column, remark.settled) == (row, "amount", False)
    # What the bureau asked stays open until the approval; what the unit said to itself, until its head signs.
    own = moves.remark_add(actor=desk.head, budget=desk.budget(), said=Said("请复核"), now=timezone.now())
    for who, move, settled in (
        ("officer", "hand-in", (False, False)), ("head", "submit", (False, True)), ("reviewer", "give-figures", (False, True)),
        ("officer", "hand-in", (False, True)), ("head", "submit", (False, True)), ("reviewer", "approve", (True, True)),
    ):  # fmt: skip
        if move == "give-figures":
            figures(desk)
        desk.move(who, move)
        assert tuple(Remark.objects.get(pk=one.pk).settled for one in (remark, own)) == settled


def test_delegate_is_told_and_has_the_turn_but_not_of_what_he_handed_in(desk):
    copied(desk)
    moves.delegate(actor=desk.head, to=desk.second, since=TODAY, until=TODAY, now=AT)
    desk.move("officer", "hand-in")
    assert set(moves.waiting_for(desk.budget(), TODAY)) == {desk.head, desk.second}
    assert desk.budget() in selectors.waiting(desk.second, TODAY)
    assert desk.budget() not in selectors.waiting(desk.officer, TODAY)
    assert not selectors.waiting(desk.second, TODAY + timedelta(days=1)).exists()
    desk.move("head", "send-back", reason="退")
    desk.move("second", "hand-in")
    assert set(moves.waiting_for(desk.budget(), TODAY)) == {desk.head}
    assert not selectors.waiting(desk.second, TODAY).exists()


def test_head_who_delegated_lets_another_officer_sign_but_not_who_handed_in(desk):
    copied(desk)
    desk.move("officer", "hand-in")
    with pytest.raises(RefusedError):
        desk.move("second", "submit")
    moves.delegate(actor=desk.head, to=desk.second, since=TODAY, until=TODAY, now=AT)
    moves.delegate(actor=desk.head, to=desk.officer, since=TODAY, until=TODAY, now=AT)
    with pytest.raises(RefusedError) as info:
        desk.move("officer", "submit")
    assert info.value.code == "not-allowed"
    assert desk.move("second", "submit").state == State.FIRST_SUBMITTED


@pytest.mark.parametrize(
    ("since", "until", "field", "said"),
    [
        (date(2021, 11, 3), date(2021, 11, 9), "since", "2021-11-03 至 2021-11-09 已委托 second 代签"),
        (date(2021, 11, 9), date(2021, 12, 1), "since", "先收回那项委托"),
        (date(2021, 10, 1), date(2021, 11, 2), "until", "2021-11-02 已经过去"),
        (date(2021, 11, 8), date(2021, 11, 7), "until", "早于开始日期"),
    ],
)
def test_delegation_that_stands_already_or_is_over_is_refused_at_its_field(desk, since, until, field, said):
    def delegate(since, until, to=desk.second):
        return moves.delegate(actor=desk.head, to=to, since=since, until=until, now=AT)

    first = delegate(TODAY, date(2021, 11, 9))
    with pytest.raises(FieldRefusedError) as info:
        delegate(since, until)
    assert info.value.field == field
    assert said in info.value.message.zh
    assert Delegation.objects.count() == 1
    delegate(TODAY, TODAY, desk.officer)  # two may sign on one day
    moves.delegation_end(actor=desk.head, delegation=first, now=AT)
    delegate(TODAY, date(2021, 11, 9))


def test_approved_budget_is_not_edited_and_the_database_refuses_to_change_a_version(desk):
    budget = approved(desk)
    row = line_of(budget)
    change = Change("", row.pk, {"amount": "1"}, {"amount": "1"})
    with pytest.raises(RefusedError) as info:
        rows_save(actor=desk.officer, budget=budget, sheet_key="lines", changes=[change], now=timezone.now())
    assert info.value.code == "conflict"
    for statement in ("UPDATE budgets_version SET total = 1", "DELETE FROM budgets_version"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_adjustment_moves_money_and_becomes_the_budget_in_force(desk):
    budget = approved(desk)
    base = budget.approved
    bought = {row["project"] for row in base.ledger["procurement"]}
    lines = [line for line in base.ledger["lines"] if line["nature"] == "project" and line["project"] not in bought]
    one, other = lines[0], next(line for line in lines if line["project"] != lines[0]["project"])
    now = timezone.now()
    made = adjustments.adjustment_open(actor=desk.officer, budget=budget, reason="八月调剂", document="", now=now)
    changes = [
        {"row": one["row"], "values": {"amount": (one["amount"] - 100) / 100}},
        {"row": other["row"], "values": {"amount": (other["amount"] + 100) / 100}},
    ]
    made = adjustments.adjustment_set(actor=desk.officer, adjustment=made, changes=changes, revision=0)
    for who, move in (("officer", "hand-in"), ("head", "submit"), ("reviewer", "approve")):
        made = adjustments.adjustment_move(actor=desk.people[who], adjustment=made, move=move, now=now, today=TODAY)
    budget = desk.budget()
    assert made.state == AdjustmentState.APPROVED
    assert budget.approved == made.result
    assert budget.approved.total == base.total
    assert ledger_from(budget.approved.ledger).lines == books.ledger_of(budget).lines
    base.refresh_from_db()
    assert base.ledger["lines"][one["row"] - 2]["amount"] == one["amount"]


def test_adjustment_that_does_not_balance_is_refused(desk):
    budget = approved(desk)
    line = budget.approved.ledger["lines"][0]
    made = adjustments.adjustment_open(
        actor=desk.officer, budget=budget, reason="追加", document="", now=timezone.now()
    )
    with pytest.raises(RefusedError):
        adjustments.adjustment_set(
            actor=desk.officer, adjustment=made, revision=0, changes=[{"row": line["row"], "values": {"amount": "1"}}]
        )
    made.refresh_from_db()
    assert made.changes == []


def test_budget_without_a_reason_that_its_publication_demands_is_not_handed_in(desk):
    submitted(desk)
    figures(desk)
    desk.move("reviewer", "give-figures")
    row = Row.objects.filter(budget=desk.budget(), sheet="reasons", gone=False).first()
    gone = Change("", row.pk, gone=True)
    rows_save(actor=desk.officer, budget=desk.budget(), sheet_key="reasons", changes=[gone], now=timezone.now())
    with pytest.raises(RefusedError) as info:
        desk.move("officer", "hand-in")
    assert "变动原因" in info.value.message.zh


def test_adjustment_that_changes_a_row_twice_is_refused(desk):
    budget = approved(desk)
    line = budget.approved.ledger["lines"][0]
    made = adjustments.adjustment_open(
        actor=desk.officer, budget=budget, reason="调剂", document="", now=timezone.now()
    )
    twice = [{"row": line["row"], "values": None}, {"row": line["row"], "values": {"amount": "1"}}]
    with pytest.raises(RefusedError) as info:
        adjustments.adjustment_set(actor=desk.officer, adjustment=made, changes=twice, revision=0)
    assert info.value.code == "invalid"
