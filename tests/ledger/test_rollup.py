"""A department from its units: sums whole, internal transfers out on both sides, what disagrees said."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ledger.samples import HALL, ledger
from tests.publishing.ledgers import ledgers
from zhengwu.ledger import model as m
from zhengwu.ledger.amounts import Amounts
from zhengwu.ledger.check import problems
from zhengwu.ledger.rollup import rollup
from zhengwu.model.message import RefusedError

QUIET = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def unit(code, name, *lines, income=(), kind="institution", **sheets):
    """A unit's ledger: lines as (nature, project, fund, amount); income follows from them unless more is given."""
    rows = tuple(
        m.Line(code, "2010350", "50502", "30201", nature, project, fund, amount, row)
        for row, (nature, project, fund, amount) in enumerate(lines, 2)
    )
    funds = dict.fromkeys([line.fund for line in rows] + [fund for fund, *_ in income])
    given_income = {fund: rest for fund, *rest in income}
    made = []
    for fund in funds:
        spent = sum(line.amount for line in rows if line.fund == fund)
        amount, carry_out = (*given_income.get(fund, [spent]), None)[:2]
        made.append(m.Income(fund, amount, 0, carry_out))
    budget = m.Budget(2021, code, name, "unit", "beijing-xicheng-budget")
    return m.Ledger(code, budget, units=(m.Unit(code, name, kind),), income=tuple(made), lines=rows, **sheets)


def kinds(made):
    return [note.kind for note in made.notes]


def summed(one):
    funds: dict[str, int] = {}
    for line in one.lines:
        funds[line.fund] = funds.get(line.fund, 0) + line.amount
    return funds


HEAD = unit("100", "局本级", ("project", "大厅", "institution", 70), ("subsidy", "补助服务中心", "institution", 30))
CENTRE = unit(
    "101", "服务中心", ("basic", "", "superior", 20), ("basic", "", "general", 5), ("project", "甲", "superior", 10)
)


def test_subsidy_is_taken_out_on_both_sides_and_what_it_pays_for_has_the_payers_source():
    made = rollup([HEAD, CENTRE])
    assert [(one.kind, one.payer, one.receiver, one.amount, one.rows, one.rule) for one in made.transfers] == [
        ("subsidy", "100", "101", 30, (3,), "named")
    ]
    assert made.unpaired == ()
    assert [(row.fund, row.amount) for row in made.ledger.income] == [("general", 5), ("institution", 100)]
    assert [(line.unit, line.nature, line.fund, line.amount) for line in made.ledger.lines] == [
        ("100", "project", "institution", 70), ("101", "basic", "institution", 20), ("101", "basic", "general", 5),
        ("101", "project", "institution", 10),
    ]  # fmt: skip
    assert made.ledger.budget.scope == "department"
    (note,) = [note for note in made.notes if note.kind == "source_changed"]
    assert (note.unit, note.rows, note.found, note.options[0].value) == ("101", (3, 5), "上级补助收入", "institution")
    assert "抵销" in made.transfers[0].message.zh


def test_remittance_is_taken_out_on_both_sides():
    head = unit("100", "局本级", ("basic", "", "affiliated", 40), ("basic", "", "general", 1))
    centre = unit("101", "服务中心", ("remit", "", "business", 40), ("business", "", "business", 60))
    made = rollup([head, centre])
    assert [(one.kind, one.payer, one.receiver, one.rule) for one in made.transfers] == [
        ("remit", "101", "100", "amount")
    ]
    assert summed(made.ledger) == {"business": 100, "general": 1}


def test_several_lines_of_one_payer_pair_with_one_receiver():
    head = unit("100", "局本级", ("subsidy", "一", "other", 10), ("subsidy", "二", "other", 20))
    made = rollup([head, unit("101", "服务中心", ("basic", "", "superior", 30))])
    assert [(one.amount, one.rows, one.rule) for one in made.transfers] == [(30, (2, 3), "amount")]


def test_one_line_for_several_receivers_pairs_when_the_whole_is_equal():
    head = unit("100", "局本级", ("subsidy", "", "other", 30))
    made = rollup(
        [
            head,
            unit("101", "甲中心", ("basic", "", "superior", 10)),
            unit("102", "乙中心", ("basic", "", "superior", 20)),
        ]
    )
    assert [(one.receiver, one.amount, one.rule) for one in made.transfers] == [
        ("101", 10, "whole"),
        ("102", 20, "whole"),
    ]
    assert summed(made.ledger) == {"other": 30}


def test_part_that_a_receiver_has_from_outside_stays_when_the_line_names_it():
    centre = unit("101", "服务中心", ("basic", "", "superior", 50))
    made = rollup([HEAD, centre])
    assert [one.amount for one in made.transfers] == [30]
    assert [(one.side, one.unit, one.amount) for one in made.unpaired] == [("received", "101", 20)]
    assert summed(made.ledger) == {"institution": 100, "superior": 20}
    assert {row.fund: row.amount for row in made.ledger.income} == {"institution": 100, "superior": 20}


@pytest.mark.parametrize(
    ("paid", "project", "received", "expected"),
    [
        (30, "", 29, [("paid", "100", 30, ""), ("received", "101", 29, "")]),
        (30, "服务中心", 29, [("paid", "100", 30, "101"), ("received", "101", 29, "")]),
        (30, "别的单位", 0, [("paid", "100", 30, "")]),
    ],
)
def test_transfer_that_does_not_pair_stays_and_is_reported(paid, project, received, expected):
    head = unit("100", "局本级", ("subsidy", project, "institution", paid))
    made = rollup([head, unit("101", "服务中心", ("basic", "", "superior", received))])
    assert made.transfers == ()
    assert [(one.side, one.unit, one.amount, one.named) for one in made.unpaired] == expected
    assert sum(line.amount for line in made.ledger.lines) == paid + received
    assert kinds(made).count("transfer_unpaired") == len(expected)
    assert "未抵销" in made.unpaired[0].message.zh


def test_line_that_holds_the_payers_own_longer_name_names_nobody_else():
    head = unit("100", "政务服务中心", ("subsidy", "政务服务中心转拨", "institution", 5))
    made = rollup([head, unit("101", "服务中心", ("basic", "", "superior", 9))])
    assert [(one.side, one.named) for one in made.unpaired] == [("paid", ""), ("received", "")]


def test_lines_that_name_more_than_a_unit_received_are_all_left():
    head = unit(
        "100",
        "局本级",
        ("subsidy", "101 甲", "other", 5),
        ("subsidy", "101 乙", "other", 6),
        ("subsidy", "1010", "other", 1),
    )
    made = rollup([head, unit("101", "服务中心", ("basic", "", "superior", 10))])
    assert made.transfers == ()
    assert [(one.amount, one.named) for one in made.unpaired] == [(5, "101"), (6, "101"), (1, ""), (10, "")]


def test_unit_does_not_pay_itself():
    made = rollup(
        [
            unit("100", "局本级", ("subsidy", "", "institution", 5), ("basic", "", "superior", 5)),
            unit("101", "服务中心"),
        ]
    )
    assert made.transfers == ()


def test_money_passed_on_twice_ends_with_the_first_payers_source():
    centre = unit("101", "服务中心", ("subsidy", "补助站点", "superior", 12), ("basic", "", "superior", 18))
    made = rollup([HEAD, centre, unit("102", "站点", ("basic", "", "superior", 12))])
    assert made.taken_out == 42
    assert summed(made.ledger) == {"institution": 100}
    assert [(row.fund, row.amount) for row in made.ledger.income] == [("institution", 100)]


def test_ring_of_transfers_cancels_out():
    head = unit("100", "局本级", ("subsidy", "服务中心", "affiliated", 20), ("basic", "", "general", 1))
    made = rollup([head, unit("101", "服务中心", ("remit", "局本级", "superior", 20))])
    assert made.taken_out == 40
    assert summed(made.ledger) == {"general": 1}
    assert [row.fund for row in made.ledger.income] == ["general"]


def test_line_is_cut_where_only_a_part_of_it_has_another_source():
    head = unit("100", "局本级", ("subsidy", "服务中心", "institution", 8), ("subsidy", "服务中心", "other", 7))
    made = rollup([head, unit("101", "服务中心", ("basic", "", "superior", 15))])
    assert [(line.fund, line.amount) for line in made.ledger.lines] == [("institution", 8), ("other", 7)]


def test_what_a_receiver_carries_out_of_a_transfer_is_carried_out_of_the_payers_source():
    made = rollup([HEAD, unit("101", "服务中心", ("basic", "", "superior", 25), income=[("superior", 30, 5)])])
    assert [(row.fund, row.amount, row.carry_out) for row in made.ledger.income] == [("institution", 100, 5)]


def test_transfer_that_the_receiver_does_not_spend_is_said():
    made = rollup([HEAD, unit("101", "服务中心", ("basic", "", "superior", 25), income=[("superior", 30, None)])])
    (note,) = [note for note in made.notes if note.kind == "source_short"]
    assert (note.unit, note.found) == ("101", "0.05")


def test_last_years_transfers_are_taken_out_where_both_sides_are_one_sum():
    head, centre = (
        one._replace(
            last_year=(m.LastYear("basic", 100), *last),
            income=tuple(row._replace(last=40 if row.fund == "superior" else 0) for row in one.income),
        )
        for one, last in ((HEAD, (m.LastYear("subsidy", 40),)), (CENTRE, ()))
    )
    made = rollup([head, centre])
    assert [(row.subject, row.amount) for row in made.ledger.last_year] == [("basic", 200)]
    assert sum(row.last or 0 for row in made.ledger.income) == 0
    other = rollup([head._replace(last_year=(m.LastYear("subsidy", 41),)), centre])
    assert "last_year_unpaired" in kinds(other)
    assert [(row.subject, row.amount) for row in other.ledger.last_year] == [("subsidy", 41), ("basic", 100)]


def test_rows_of_one_name_are_added_or_the_first_is_taken_and_the_others_told():
    first = ledger()
    other = ledger(
        budget=first.budget._replace(code="107003", name="分中心", control=None),
        units=(m.Unit("107003", "分局", "agency"), m.Unit("107004", "分中心", "institution")),
        lines=tuple(line._replace(unit=f"10700{int(line.unit[-1]) + 2}") for line in first.lines),
        reasons=(m.Reason("basic", "人员减少"), m.Reason("project", "压减")),
        projects=(first.projects[0]._replace(division="另一科", basis=""), first.projects[1]),
        indicators=(first.indicators[0]._replace(value="5人"),),
    )
    made = rollup([first, other])
    one = made.ledger
    both = f"{first.budget.name}人员增加；分中心人员减少"  # true of the sum, whichever way it goes
    assert [row.text for row in one.reasons] == [both, "压减"]
    assert [note.found for note in made.notes if note.kind == "reasons_joined"] == [both]
    assert one.projects[0].division == "业务科"
    assert (one.assets[0].number, one.procurement[0].amount, one.three_public[0].last) == (6, 1_600_000_00, 10_000_00)
    assert [unit.code for unit in one.units] == ["107001", "107002", "107003", "107004"]
    assert len(one.duties) == 2
    told = {(note.sheet, note.column): (note.found, note.options[0]) for note in made.notes if note.kind == "conflict"}
    assert told == {
        ("projects", "division"): ("业务科", ("另一科", "107003")),
        ("indicators", "value"): ("123人", ("5人", "107003")),
    }
    assert [note.found for note in made.notes if note.kind == "shared_project"] == [HALL, first.projects[1].name]
    assert [note.sheet for note in made.notes if note.kind == "not_taken"] == [
        "duties",
        "divisions",
        "department_targets",
    ]
    assert problems(one) == []


def test_what_the_first_leaves_out_another_says():
    other = CENTRE._replace(projects=(m.Project("甲", False, overview="概述"),))
    made = rollup([HEAD._replace(projects=(m.Project("甲", False),)), other])
    assert made.ledger.projects == (m.Project("甲", False, overview="概述", row=2),)
    assert "conflict" not in kinds(made)


def test_control_figure_is_the_sum_less_transfers_where_each_unit_has_one():
    one, other = (made._replace(budget=made.budget._replace(control=100)) for made in (HEAD, CENTRE))
    assert rollup([one, other]).ledger.budget.control == 170
    assert rollup([one, CENTRE]).ledger.budget.control is None
    given_budget = one.budget._replace(name="某局", scope="department")
    assert rollup([one, other], given_budget).ledger.budget == given_budget._replace(row=2)


@pytest.mark.parametrize(
    ("made", "code"),
    [
        ([], "no-ledgers"),
        ([HEAD, CENTRE._replace(budget=CENTRE.budget._replace(year=2022))], "several-years"),
        ([HEAD, HEAD], "ledger-twice"),
    ],
)
def test_ledgers_that_make_no_department_are_refused(made, code):
    with pytest.raises(RefusedError) as caught:
        rollup(made)
    assert caught.value.code == code


# --- sum of units − transfers = department


@st.composite
def departments(draw):
    """Ledgers that are each valid, and transfers put in between them: as named lines, alone or shared out."""
    base = draw(ledgers("beijing-xicheng-budget", 12))
    made = []
    for n in range(draw(st.integers(2, 5))):
        one = draw(ledgers("beijing-xicheng-budget", 12)) if n else base
        codes = {unit.code: f"{n}{unit.code}" for unit in one.units}
        # Their own money from above or below is from outside the department: none here, so that all that pairs is ours.
        swap = {"superior": "other", "affiliated": "other"}
        lines = [line._replace(unit=codes[line.unit], fund=swap.get(line.fund, line.fund)) for line in one.lines if line.nature not in ("remit", "subsidy")]  # fmt: skip
        made.append((one, [unit._replace(code=codes[unit.code]) for unit in one.units], lines))
    incomes = [{} for _ in made]
    count = draw(st.integers(0, 4))
    for number in range(count):
        payer, receiver = draw(st.lists(st.integers(0, len(made) - 1), min_size=2, max_size=2, unique=True))
        kind, source = draw(st.sampled_from((("subsidy", "superior"), ("remit", "affiliated"))))
        amount = draw(st.integers(1, 10**6))
        name = f"部门{receiver}单位" if draw(st.booleans()) or count > 1 else ""
        own = draw(st.sampled_from(("institution", "other", "business")))
        for at, nature, project, fund in (
            (payer, kind, f"{name}{number}", own),
            (receiver, "basic", f"项{number}", source),
        ):
            unit_code = made[at][1][0].code
            made[at][2].append(m.Line(unit_code, "2010350", "50502", "30201", nature, project, fund, amount))
    result = []
    for n, (one, units, lines) in enumerate(made):
        for line in lines:
            incomes[n][line.fund] = incomes[n].get(line.fund, 0) + line.amount
        budget = m.Budget(2021, f"D{n}", f"部门{n}单位", "unit", "beijing-xicheng-budget")
        projects = {line.project for line in lines if line.nature == "project"}
        result.append(
            one._replace(
                budget=budget, units=tuple(units), lines=tuple(lines), last_year=(), three_public=(),
                income=tuple(m.Income(fund, amount, 0) for fund, amount in incomes[n].items()),
                projects=tuple(row for row in one.projects if row.name in projects),
            )
        )  # fmt: skip
    return result, count


@QUIET
@given(departments())
def test_sum_of_units_less_transfers_is_the_department(drawn):
    units, count = drawn
    made = rollup(units)
    spent = sum(line.amount for one in units for line in one.lines)
    received = sum(row.amount for one in units for row in one.income)
    assert Amounts(made.ledger).spent() + made.taken_out == spent
    assert Amounts(made.ledger).income() + made.taken_out == received
    assert made.unpaired == ()
    assert (made.taken_out > 0) is (count > 0)
    # Every source that balances in the units balances in the department.
    funds = summed(made.ledger)
    assert {row.fund: row.amount for row in made.ledger.income if row.amount} == {
        fund: amount for fund, amount in funds.items() if amount
    }
    assert not {"superior", "affiliated"} & {fund for fund, amount in funds.items() if amount}
    # What each unit spends itself, by function and project, is as it was.
    for one in units:
        codes = {unit.code for unit in one.units}
        own = [line.amount for line in one.lines if line.nature not in ("remit", "subsidy")]
        assert sum(line.amount for line in made.ledger.lines if line.unit in codes) == sum(own)


@QUIET
@given(departments(), st.integers(1, 1000))
def test_transfer_that_one_side_states_differently_is_never_taken_out(drawn, change):
    units, _ = drawn
    head = units[0]
    lines = (
        *head.lines,
        m.Line(head.units[0].code, "2010350", "50502", "30201", "subsidy", "部门1单位x", "other", 10**9),
    )
    income = {row.fund: row.amount for row in head.income}
    income["other"] = income.get("other", 0) + 10**9
    other = units[1]
    more = 10**9 - change
    units[0] = head._replace(lines=lines, income=tuple(m.Income(fund, amount, 0) for fund, amount in income.items()))
    received = {row.fund: row.amount for row in other.income}
    received["superior"] = received.get("superior", 0) + more
    line = m.Line(other.units[0].code, "2010350", "50502", "30202", "basic", "", "superior", more)
    units[1] = other._replace(
        lines=(*other.lines, line), income=tuple(m.Income(fund, amount, 0) for fund, amount in received.items())
    )
    made = rollup(units)
    # It is covered where the unit received as much as all lines that name it say, from whomever.
    said = [
        line.amount for one in units for line in one.lines if line.nature == "subsidy" and "部门1单位" in line.project
    ]
    covered = received["superior"] >= sum(said)
    assert (10**9 in [one.amount for one in made.transfers]) is covered
    spent = sum(line.amount for one in units for line in one.lines)
    assert Amounts(made.ledger).spent() + made.taken_out == spent
