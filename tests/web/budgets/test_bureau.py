"""The bureau's services and sums: years, the board, totals, control figures."""

import io
from datetime import date
from itertools import count

import openpyxl
import pytest
import xlsxwriter
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.web.budgets.conftest import TODAY, small
from tests.web.budgets.test_cycle import approved, copied, figures, submitted
from zhengwu.ledger.load import LedgerError
from zhengwu.ledger.rollup import rollup
from zhengwu.model.message import RefusedError
from zhengwu.web.budgets import books, bureau, departments, figure_book, moves, years
from zhengwu.web.budgets import figures as control
from zhengwu.web.budgets.models import Budget, ControlFigure, Notice, State
from zhengwu.web.budgets.rows import Change, rows_save
from zhengwu.web.budgets.years import Figure
from zhengwu.web.common.errors import FieldRefusedError
from zhengwu.web.common.models import AuditEvent, Role, Unit, User

STANDARDS = (
    {"name": "人员经费", "nature": "personnel", "counted": "staff", "each": 120_000_00, "unit_kind": ""},
    {"name": "公用经费", "nature": "public", "counted": "staff", "each": 20_000_00, "unit_kind": "agency"},
    {"name": "退休公用", "nature": "public", "counted": "retired", "each": 1_000_00, "unit_kind": ""},
)


_NAMES = count()


def typed(budget: Budget, officer: User, key: str, *rows: dict[str, str]) -> None:
    changes = [Change(f"typed-{next(_NAMES)}", None, cells) for cells in rows]
    saved = rows_save(actor=officer, budget=budget, sheet_key=key, changes=changes, now=timezone.now())
    assert all(one.taken for one in saved.outcomes), saved


def line(amount: str, **more: str) -> dict[str, str]:
    return {"function": "2010301", "government": "50201", "departmental": "30201", "nature": "basic", "fund": "general", "amount": amount, **more}  # fmt: skip


@pytest.fixture
def family(desk):
    """The department 990 with two units below, all with a draft of 2022; money passes from it to the first."""
    below = [Unit.objects.create(code=f"99000{n}", name=f"示例中心{n}", parent=desk.foreign) for n in (1, 2)]
    year = desk.opened()
    budgets = [Budget.objects.get(unit=desk.foreign, year=year)]
    for unit in below:
        budgets.append(years.budget_start(actor=desk.reviewer, unit=unit, year=year, now=timezone.now()))
        desk.people[unit.code] = User.objects.create(username=unit.code, role=Role.OFFICER, unit=unit)
    officers = [desk.stranger, desk.people["990001"], desk.people["990002"]]
    typed(budgets[0], officers[0], "lines", line("300"), line("100", nature="subsidy", project="", government="50502"))
    typed(
        budgets[1], officers[1], "lines", line("60", fund="superior"), line("40", fund="superior", function="2080505")
    )
    typed(budgets[1], officers[1], "income", {"fund": "superior", "amount": "100", "last": "0"})
    typed(budgets[2], officers[2], "lines", line("50", nature="project", project="甲"))
    return list(Budget.objects.filter(unit__path__startswith=desk.foreign.path, year=year).select_related("unit", "year").order_by("unit__code"))  # fmt: skip


# --- years ---


def test_year_is_closed_and_opened_again_by_the_bureau_alone(desk):
    year = desk.opened()
    with pytest.raises(RefusedError) as info:
        years.year_close(actor=desk.auditor, year=year, closed=True)
    assert info.value.code == "not-allowed"
    years.year_close(actor=desk.reviewer, year=year, closed=True)
    years.year_close(actor=desk.reviewer, year=year, closed=True)
    with pytest.raises(RefusedError) as info:
        typed(desk.budget(), desk.officer, "lines", line("1"))
    assert info.value.code == "conflict"
    with pytest.raises(RefusedError):
        years.year_change(
            actor=desk.reviewer, year=year, now=timezone.now(), first_due=None, second_due=None, publish_due=None
        )
    years.year_close(actor=desk.reviewer, year=year, closed=False)
    typed(desk.budget(), desk.officer, "lines", line("1"))
    actions = list(AuditEvent.objects.filter(subject__startswith="budgetyear").values_list("action", flat=True))
    assert actions == ["budget.open-year", "budget.close-year", "budget.reopen-year"]


def test_deadlines_out_of_order_are_refused_at_the_field(desk):
    year = desk.opened()
    with pytest.raises(FieldRefusedError) as info:
        years.year_change(actor=desk.reviewer, year=year, now=timezone.now(), first_due=date(2021, 9, 1), second_due=date(2021, 8, 1), publish_due=None)  # fmt: skip
    assert info.value.field == "second_due"
    years.year_change(
        actor=desk.reviewer,
        year=year,
        now=timezone.now(),
        first_due=date(2021, 9, 1),
        second_due=None,
        publish_due=None,
    )
    year.refresh_from_db()
    assert (year.first_due, year.second_due) == (date(2021, 9, 1), None)
    said = Notice.objects.filter(about__startswith="days:")
    assert {one.person for one in said} == {desk.officer, desk.second, desk.head, desk.stranger, desk.other_head}
    assert {one.zh for one in said} == {"2022 年截止日期已改：一上截止 2021-09-01；二上截止 不设；公开截止 不设。"}


def test_year_that_is_not_earlier_is_not_taken_over(desk):
    desk.opened(2021)
    with pytest.raises(RefusedError) as info:
        desk.earlier()
    assert info.value.message.zh == "2021 年已经有预算。"


def test_year_after_the_units_budgets_is_not_taken_over(desk):
    desk.opened(2020)
    with pytest.raises(RefusedError) as info:
        desk.earlier()
    assert "不早于" in info.value.message.zh
    assert not desk.unit.budgets.filter(year__year=2021).exists()


# --- the board ---


def test_department_on_the_board_is_its_units_without_what_passes_between_them(desk, family):
    board = bureau.board(desk.budget().year, TODAY)
    row = next(one for one in board.departments if one.unit == desk.foreign)
    assert [one.sums.total for one in row.units] == [400_00, 100_00, 50_00]
    assert row.sums.total == 450_00
    assert (row.sums.basic, row.sums.project, row.sums.other) == (400_00, 50_00, 0)
    assert row.internal.taken_out == 100_00
    # What the first unit spends of it is paid from where the department paid it: the general budget.
    assert row.sums.by_fund == [450_00, 0, 0, 0]
    whole = rollup([departments.ledger_from(one, gaps=True) for one in departments.plains_of(family).values()])
    assert row.sums.total == sum(one.amount for one in whole.ledger.lines)
    assert dict(row.states) == {"first_draft": 3}
    assert board.sums.total == 450_00


def test_money_received_that_nobody_paid_is_told(desk, family):
    typed(family[2], desk.people["990002"], "income", {"fund": "superior", "amount": "7", "last": "0"})
    board = bureau.board(desk.budget().year, TODAY)
    row = next(one for one in board.departments if one.unit == desk.foreign)
    assert [(one.unit, one.amount) for one in row.internal.unpaired] == [("990002", 7_00)]
    assert board.unpaired == 1


def test_board_follows_each_edit_and_knows_days_control_and_remarks(desk, family):
    bureau.board(desk.budget().year, TODAY)
    typed(family[2], desk.people["990002"], "lines", {**line("25"), "function": "2080505"})
    years.figures_set(actor=desk.reviewer, budget=family[2], figures=[Figure("", 20_00)], now=timezone.now())
    board = bureau.board(desk.budget().year, date(2021, 10, 3), department="990", state="first_draft", text="中心2")
    row = board.departments[0].units[0]
    assert row.sums.total == 50_00 + 25_00
    assert (row.sums.control, row.sums.left, row.sums.used) == (20_00, -55_00, 375)
    assert row.days == -3
    assert [one.unit.code for one in board.departments] == ["990"]
    assert dict(board.steps)["first_draft"] == 1


def test_totals_are_the_boards_and_add_up_by_function_class_and_source(desk, family):
    board, totals = bureau.board(family[0].year, TODAY), bureau.totals(family[0].year)
    assert totals.whole.total == board.sums.total == 450_00
    for parts in (totals.functions, totals.economic):
        assert sum(one.total for one in parts) == 450_00
        assert sum(sum(one.funds) for one in parts) == 450_00
    assert {one.code: one.total for one in totals.functions} == {"201": 410_00, "208": 40_00}
    assert {fund: amount for fund, amount in totals.funds if amount} == {"general": 450_00}
    assert totals.taken_out == 100_00


def test_number_of_queries_does_not_grow_with_departments(desk, family):
    year = family[0].year

    def asked() -> list[int]:
        counts = []
        for ask in (lambda: bureau.board(year, TODAY), lambda: bureau.totals(year), lambda: control.listed(list(bureau.budgets_of(year)))):  # fmt: skip
            with CaptureQueriesContext(
                connection,
            ) as found:
                ask()
            counts.append(len(found))
        return counts

    asked()
    before = asked()
    for number in range(6):
        top = Unit.objects.create(code=f"80{number}", name=f"第{number}局")
        person = User.objects.create(username=f"o{number}", role=Role.OFFICER, unit=top)
        for code in ("", "1", "2"):
            unit = (
                top
                if not code
                else Unit.objects.create(code=f"80{number}{code}", name=f"第{number}局{code}所", parent=top)
            )
            budget = years.budget_start(actor=desk.reviewer, unit=unit, year=year, now=timezone.now())
            person.unit = unit
            person.save()
            nature = {"nature": "subsidy", "project": ""} if not code else {"fund": "superior"}
            typed(budget, person, "lines", line("10", **nature))
            typed(budget, person, "income", {"fund": "superior", "amount": "10", "last": "0"})
    asked()
    assert asked() == before


# --- control figures ---


def test_standards_make_the_basic_figure_and_say_how(desk):
    submitted(desk)
    year = desk.budget().year
    control.standards_set(actor=desk.reviewer, year=year, standards=STANDARDS, now=timezone.now())
    made = control.basics_by_standards([desk.budget()])[desk.budget().pk]
    staff, retired = 47, next(iter(books.ledger_of(desk.budget()).units)).retired or 0
    assert made.amount == staff * 140_000_00 + retired * 1_000_00
    assert (made.staff, made.standard) == (47, 140_000_00)
    assert "人员经费：实有人数 47 × 120,000.00 元" in control.basis_of(made)
    filled, missing = control.basics_fill(
        actor=desk.reviewer, budgets=list(bureau.budgets_of(year)), now=timezone.now()
    )
    assert filled == 1
    assert missing  # the other unit states no staff
    figure = ControlFigure.objects.get()
    assert (figure.amount, figure.staff, figure.standard) == (made.amount, 47, 140_000_00)
    assert control.basics_fill(actor=desk.reviewer, budgets=list(bureau.budgets_of(year)), now=timezone.now())[0] == 0


def test_people_of_a_unit_with_a_budget_of_its_own_count_there_alone(desk, family):
    own, below, _ = family
    control.standards_set(actor=desk.reviewer, year=own.year, standards=STANDARDS[:1], now=timezone.now())
    for budget, officer, staff in ((own, desk.stranger, "10"), (below, desk.people["990001"], "5")):
        row = budget.rows.get(sheet="units")
        change = [Change("", row.pk, {"staff": staff})]
        rows_save(actor=officer, budget=budget, sheet_key="units", changes=change, now=timezone.now())
    typed(own, desk.stranger, "units", *({"code": code, "name": code, "kind": "institution", "staff": "5"} for code in ("990001", "990009")))  # fmt: skip
    made = control.basics_by_standards([own, below])
    assert [made[one.pk].staff for one in (own, below)] == [15, 5]  # 990009 has none of its own
    assert made[own.pk].amount == 15 * 120_000_00


def test_wrong_standards_are_refused(desk):
    year = desk.opened()
    for change in ({"nature": "none"}, {"counted": "code"}, {"unit_kind": "x"}, {"each": -1}):
        with pytest.raises(FieldRefusedError):
            control.standards_set(
                actor=desk.reviewer, year=year, standards=[{**STANDARDS[0], **change}], now=timezone.now()
            )
    with pytest.raises(FieldRefusedError):
        control.standards_set(actor=desk.reviewer, year=year, standards=[STANDARDS[0]] * 2, now=timezone.now())
    with pytest.raises(RefusedError):
        control.standards_set(actor=desk.officer, year=year, standards=STANDARDS, now=timezone.now())
    assert not year.standards.exists()


def test_request_stays_what_was_submitted_while_the_budget_moves_on(desk):
    submitted(desk)
    before = control.requests_of([desk.budget()])[desk.budget().pk]
    assert before.number == 1
    assert before.total == books.Look(desk.budget()).sums.total
    figures(desk)
    desk.move("reviewer", "give-figures")
    row = desk.budget().rows.filter(sheet="lines", gone=False, values__nature="basic").first()
    changed = Change("", row.pk, {"amount": "1"})
    rows_save(actor=desk.officer, budget=desk.budget(), sheet_key="lines", changes=[changed], now=timezone.now())
    assert control.requests_of([desk.budget()])[desk.budget().pk] == before


def test_what_is_remitted_is_held_against_no_figure_by_page_board_or_hand_in(desk):
    year = desk.opened()
    own = small(desk, Budget.objects.select_related("unit", "year").get(unit=desk.foreign, year=year), desk.stranger)
    typed(own, desk.stranger, "lines", line("50", nature="remit", fund="business"))
    typed(own, desk.stranger, "income", {"fund": "business", "amount": "50", "last": "50"})
    typed(own, desk.stranger, "last_year", {"subject": "remit", "amount": "50"})

    def move(who, name):
        return moves.budget_move(actor=who, budget=own, move=name, now=timezone.now(), today=TODAY)

    move(desk.stranger, "hand-in")
    move(desk.other_head, "submit")
    years.figures_set(actor=desk.reviewer, budget=own, figures=[Figure("", 1000_00)], now=timezone.now())
    move(desk.reviewer, "give-figures")
    (row,) = [one for one in control.listed([own]) if one.budget == own]
    assert (row.request.bound, row.request.total, row.given, row.difference) == (1000_00, 1050_00, 1000_00, 0)
    client = Client()
    client.force_login(desk.reviewer)
    page = client.get("/budget/years/2022/control/").content.decode()
    assert "另有其他支出 50.00，不受控制数约束" in page
    (unit,) = [one.sums for one in bureau.board(year, TODAY).departments if one.unit == desk.foreign]
    assert (unit.total, unit.control, unit.left) == (1050_00, 1000_00, 0)
    assert move(desk.stranger, "hand-in").state == State.SECOND_SIGNING


def test_copied_budget_has_the_day_of_its_assets(desk):
    desk.earlier()
    desk.opened()
    notes = years.copy_forward(actor=desk.officer, budget=desk.budget(), now=timezone.now())
    last = desk.budget(2021).asset_date
    assert (last, desk.budget().asset_date) == (last, last.replace("2020", "2021"))
    assert "2020" in last
    assert not [one for one in notes if one.column == "asset_date"]


def test_wanted_projects_show_request_rank_and_last_year(desk):
    submitted(desk)
    budget = desk.budget()
    wanted = control.requests_of([budget])[budget.pk].projects
    project = desk.unit.projects.filter(name__in=wanted).order_by("name").last()
    project.rank = 1
    project.save()
    found = control.wanted_of(budget, control.requests_of([budget])[budget.pk])
    assert (found[0].project, found[0].rank) == (project.name, 1)
    assert sum(one.request for one in found) == sum(one.used for one in books.used_and_given(budget) if one.project)
    assert all(one.last is not None for one in found)
    assert all(one.given is None for one in found)


def test_figures_are_given_to_all_that_asked_and_the_others_are_named(desk):
    submitted(desk)
    other = Budget.objects.select_related("unit", "year").get(unit=desk.foreign, year__year=2022)
    other.state = State.FIRST_SUBMITTED
    other.save()
    figures(desk)
    waiting = [desk.budget(), other]
    done = control.figures_give(actor=desk.reviewer, budgets=waiting, now=timezone.now(), today=TODAY)
    assert done.done == 1
    assert [one.unit.code for one, _ in done.refused] == ["990"]
    assert desk.budget().state == State.SECOND_DRAFT
    with pytest.raises(RefusedError):
        control.figures_give(actor=desk.auditor, budgets=waiting, now=timezone.now(), today=TODAY)


# --- the workbook of figures ---


def figures_of(budget: Budget) -> dict[str, int]:
    return dict(budget.controls.values_list("project", "amount"))


def workbook(*rows: tuple[object, ...], head: tuple[str, ...] = ("单位代码", "项目名称", "控制数", "人数", "人均标准", "备注")) -> bytes:  # fmt: skip
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("控制数")
    for number, row in enumerate((head, *rows)):
        for place, value in enumerate(row):
            sheet.write(number, place, value)
    book.close()
    return stream.getvalue()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_figures_go_out_and_come_in_the_same(desk, language):
    submitted(desk)
    figures(desk)
    budget = desk.budget()
    before = figures_of(budget)
    data = figure_book.figures_book(budget.year, list(bureau.budgets_of(budget.year)), language)
    rows = list(openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True))
    assert sum(row[4] or 0 for row in rows[1:]) == pytest.approx(sum(before.values()) / 100)
    assert sum(row[3] or 0 for row in rows[1:] if row[0] == desk.unit.code) == pytest.approx(
        books.Look(budget).sums.total / 100
    )
    years.figures_set(actor=desk.reviewer, budget=budget, figures=[], now=timezone.now())
    count = figure_book.figures_take(
        actor=desk.reviewer, year=budget.year, data=data, name="a.xlsx", now=timezone.now()
    )
    assert count == 2
    assert figures_of(budget) == before
    event = AuditEvent.objects.filter(action="budget.figures-import").get()
    assert event.data == {"name": "a.xlsx", "units": 2}


def test_wrong_rows_are_named_by_row_and_column_and_nothing_is_set(desk):
    submitted(desk)
    figures(desk)
    before = figures_of(desk.budget())
    code = desk.unit.code
    data = workbook((code, "", 100), (code, "甲", "abc"), ("777", "", 1), (code, "甲", -5), (code, "", 5), ("", "乙", 5), (code, "丙", 10, 3, 4))  # fmt: skip
    with pytest.raises(LedgerError) as info:
        figure_book.figures_take(
            actor=desk.reviewer, year=desk.budget().year, data=data, name="a.xlsx", now=timezone.now()
        )
    said = [one.sentence.zh for one in info.value.problems]
    assert [(one.row, one.column) for one in info.value.problems] == [
        (3, "C 控制数"), (4, "A 单位代码"), (5, "C 控制数"), (6, "B 项目名称"), (7, "A 单位代码"), (8, "C 控制数"),
    ], said  # fmt: skip
    assert figures_of(desk.budget()) == before


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04nonsense", b"%PDF-1.4", b"text"])
def test_what_is_no_workbook_is_refused(desk, data):
    year = desk.opened()
    with pytest.raises(RefusedError):
        figure_book.figures_take(actor=desk.reviewer, year=year, data=data, name="a", now=timezone.now())


def test_workbook_without_its_columns_or_rows_is_refused(desk):
    year = desk.opened()
    for data in (workbook(head=("单位", "项目名称", "控制数")), workbook(), workbook((1,), head=())):
        with pytest.raises(LedgerError):
            figure_book.figures_take(actor=desk.reviewer, year=year, data=data, name="a.xlsx", now=timezone.now())


def test_approved_unit_in_the_workbook_stops_all_of_it(desk):
    approved(desk)
    data = workbook((desk.unit.code, "", 1), ("990", "", 1))
    with pytest.raises(LedgerError) as info:
        figure_book.figures_take(
            actor=desk.reviewer, year=desk.budget().year, data=data, name="a.xlsx", now=timezone.now()
        )
    assert "已经批复" in info.value.message.zh
    assert not ControlFigure.objects.filter(budget__unit=desk.foreign).exists()


def test_copied_department_alone_is_a_department(desk):
    copied(desk)
    small(desk, Budget.objects.select_related("unit", "year").get(unit=desk.foreign), desk.stranger)
    board = bureau.board(desk.budget().year, TODAY)
    assert [len(one.units) for one in board.departments] == [1, 1]
    assert board.sums.total == books.Look(desk.budget()).sums.total + 1000_00


@pytest.mark.parametrize(
    ("bound", "control", "rate"),
    [
        (100_00, 100_00, "100"), (50_00, 100_00, "50"), (100_02, 100_00, "100.02"), (99_99, 100_00, "99.99"), (0, 5, "0"),
        (10_000_001_00, 10_000_000_00, "100.00001"), (1, 10_000_00, "0.0001"), (3_00, 2_00, "150"), (1, 0, None),
    ],
)  # fmt: skip
def test_rate_never_reads_a_hundred_for_more_or_for_less(bound, control, rate):
    assert bureau.Sums(bound=bound, control=control).rate == rate
