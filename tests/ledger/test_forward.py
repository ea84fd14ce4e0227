"""A ledger copied forward: last year's figures, codes of the new year, projects that go on, and all else said."""

import pytest
from hypothesis import HealthCheck, given, settings

from tests.ledger.samples import HALL, HOTLINE, ledger
from tests.publishing.ledgers import ledgers
from zhengwu.dialects.classifications.changes import HEADER, parse
from zhengwu.ledger import model as m
from zhengwu.ledger.amounts import Amounts
from zhengwu.ledger.check import problems
from zhengwu.ledger.forward import KINDS, forward
from zhengwu.ledger.schema import SHEETS
from zhengwu.ledger.store import numbered

QUIET = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def changes(*rows):
    return parse("\n".join(["\t".join(HEADER), *("\t".join(row) for row in rows)]), "own.tsv")


def told(made, kind):
    return [note for note in made.notes if note.kind == kind]


def of_year(year, function, **other):
    """A small ledger of a year, all of whose lines have one functional code."""
    base = ledger()
    lines = tuple(line._replace(function=function) for line in base.lines[:2])
    return ledger(budget=base.budget._replace(year=year), lines=lines, purposes=(m.Purpose(function, "医疗卫生与计划生育支出等"),), **other)  # fmt: skip


# --- figures


def test_last_years_figures_are_the_old_ledgers_own():
    made = forward(ledger()).ledger
    assert made.budget.year == 2022
    assert [(row.fund, row.amount, row.last, row.carry_out) for row in made.income] == [
        ("general", 2_550_000_50, 2_560_000_50, None),
        ("carryover.general", 10_000_00, 50_000_00, None),  # what the old ledger carries out
    ]
    assert [(row.subject, row.amount) for row in made.last_year] == [
        ("basic", 1_250_000_50), ("project", 1_350_000_00), ("operating", 5_000_00),
    ]  # fmt: skip
    assert [(row.item, row.last, row.number_last, row.number) for row in made.three_public] == [
        ("reception", 5_000_00, None, None), ("car_operation", 0, 0, 0),
    ]  # fmt: skip


def test_amounts_are_kept_to_start_from_or_cleared():
    kept, cleared = forward(ledger()).ledger, forward(ledger(), amounts="cleared").ledger
    assert [line.amount for line in kept.lines] == [line.amount for line in ledger().lines]
    assert {line.amount for line in cleared.lines} == {0}
    assert {row.amount for row in cleared.procurement} == {0}
    assert [row.last for row in cleared.income] == [row.last for row in kept.income]


def test_item_of_the_three_public_expenses_that_only_the_lines_have_gets_its_row():
    made = forward(ledger(three_public=ledger().three_public[1:])).ledger
    assert [(row.item, row.last) for row in made.three_public] == [("car_operation", 0), ("reception", 5_000_00)]


def test_what_belongs_to_its_year_is_not_carried_and_said_with_its_text():
    made = forward(ledger())
    assert made.ledger.budget.control is None
    assert made.ledger.reasons == made.ledger.evaluations == ()
    found = {(note.sheet, note.column): note for note in told(made, "not_carried")}
    assert set(found) == {
        ("budget", "control"),
        ("three_public", "reason"),
        ("reasons", "text"),
        ("evaluations", "project"),
    }
    assert found["reasons", "text"].found == "人员增加"
    assert found["reasons", "text"].sentence.zh.startswith("原“变动原因”表第 2 行“主要原因”列：")
    assert found["reasons", "text"].sentence.en.startswith("formerly, sheet “reasons”, row 2")
    assert told(made, "document")[0].found == "财预指〔2020〕1号"


def test_planned_purchases_are_cleared_and_said():
    made = forward(ledger(assets=(m.Asset("cars", 3, 500, 1, 20_000_00),)))
    assert made.ledger.assets == (m.Asset("cars", 3, 500, None, None, 2),)
    assert "1 / 20,000.00" in next(note for note in told(made, "not_carried") if note.sheet == "assets").message.zh


@QUIET
@given(ledgers("beijing-xicheng-budget"))
def test_forward_of_any_ledger_keeps_its_figures(old):
    made = forward(old, changes=()).ledger
    before, after = Amounts(old), Amounts(made)
    assert after.income(last=True) == before.income()
    for nature in ("basic", "project", "remit", "business", "subsidy"):
        assert after.last(nature) == before.spent(nature=nature)
    assert after.three_public(last=True) == before.three_public()
    assert sum(line.amount for line in made.lines) == sum(line.amount for line in old.lines)
    # Only what was carried over or out, or has no reason yet, is left to mend.
    left = {(one.sheet, one.column) for one in problems(made)}
    carried = any(row.carry_out or row.fund.startswith("carryover.") for row in old.income)
    assert left <= {("三公经费", "变动原因")} | ({("收入", "本年预算"), ("上年数", "上年预算")} if carried else set())


@QUIET
@given(ledgers("beijing-xicheng-budget"))
def test_forward_of_any_ledger_loses_no_row_unsaid(old):
    old = numbered(old)
    made = forward(old)
    for sheet in SHEETS:
        if sheet.key in ("budget", "income", "last_year", "three_public"):
            continue
        said = {row for note in made.notes if note.sheet == sheet.key for row in note.old_rows}
        gone = len(getattr(old, sheet.key)) - len(getattr(made.ledger, sheet.key))
        assert gone <= len(said)
    assert {note.kind for note in made.notes} <= set(KINDS)
    assert all(note.message.zh and note.message.en for note in made.notes)


# --- codes


def test_code_that_is_renamed_keeps_its_code_and_its_old_name_in_texts_is_flagged():
    made = forward(of_year(2018, "2100101"))
    assert {line.function for line in made.ledger.lines} == {"2100101"}
    renamed = {note.found: note.options[0].name for note in told(made, "code_renamed")}
    assert renamed == {"210": "卫生健康支出", "21001": "卫生健康管理事务"}
    (flagged,) = told(made, "old_name")
    assert (flagged.sheet, flagged.row, flagged.found) == ("purposes", 2, "医疗卫生与计划生育支出")
    assert "现为“卫生健康支出”" in flagged.message.zh


def test_code_that_moved_is_followed_in_lines_and_purposes():
    made = forward(of_year(2018, "2011501"))
    assert {line.function for line in made.ledger.lines} == {"2013801"}
    assert [row.function for row in made.ledger.purposes] == ["2013801"]
    notes = told(made, "code_moved")
    assert [(note.sheet, note.rows, note.old_rows) for note in notes] == [
        ("lines", (2, 3), (2, 3)),
        ("purposes", (2,), (2,)),
    ]
    assert "2011501 行政运行 自 2019 年起为 2013801 行政运行" in notes[0].message.zh
    assert notes[0].message.zh.endswith("，已改（共 2 行）。")


def test_code_that_was_split_is_left_with_its_choices():
    own = changes(("function", "2022", "split", "2010399", "2010304|2010306", "1", "甲"))
    made = forward(ledger(), changes=own)
    (note,) = told(made, "code_split")
    assert [line.function for line in made.ledger.lines] == [line.function for line in ledger().lines]
    assert note.rows == (5, 6, 7)
    assert [(one.value, one.name) for one in note.options] == [("2010304", "专项服务"), ("2010306", "政务公开审批")]
    assert "编码未改；请选择（共 3 行）。" in note.message.zh
    assert "choose one (3 rows)" in note.message.en


def test_code_that_is_gone_or_not_sure_is_left_and_said():
    own = changes(
        ("function", "2022", "gone", "2010399", "", "1", "甲"), ("function", "2022", "moved", "2010301", "2010303", "0", "乙"),
    )  # fmt: skip
    made = forward(ledger(), changes=own)
    assert [line.function for line in made.ledger.lines] == [line.function for line in ledger().lines]
    assert [note.found for note in told(made, "code_gone")] == ["2010399"]
    (unsure,) = [note for note in told(made, "code_moved") if note.sheet == "lines"]
    assert (unsure.found, [one.value for one in unsure.options]) == ("2010301", ["2010303"])
    assert "（未核实），编码未改" in unsure.message.zh


def test_economic_codes_are_carried_too():
    base = ledger()
    lines = (base.lines[0]._replace(government="59906", departmental="39906"), *base.lines[1:])
    made = forward(ledger(lines=lines))
    # What changed in 2022 is not sure: both are left, with what they may be.
    assert {(note.column, tuple(one.value for one in note.options)) for note in told(made, "code_split")} == {
        ("government", ("59909", "59910")), ("departmental", ("39909", "39910")),
    }  # fmt: skip
    assert made.ledger.lines[0][2:4] == ("59906", "39906")


def test_lines_that_become_one_are_added_up_and_purposes_that_do_are_said():
    base = ledger()
    twin = base.lines[3]._replace(function="2010304", amount=7)
    own = changes(("function", "2022", "moved", "2010304", "2010399", "1", "甲"))
    made = forward(
        ledger(lines=(*base.lines, twin), purposes=(m.Purpose("2010399", "一"), m.Purpose("2010304", "二"))),
        changes=own,
    )
    assert len(made.ledger.lines) == len(base.lines)
    assert made.ledger.lines[3].amount == base.lines[3].amount + 7
    (note,) = told(made, "lines_merged")
    assert (note.rows, note.old_rows) == ((5,), (5, 8))
    assert [row.text for row in made.ledger.purposes] == ["一"]
    assert told(made, "purpose_dropped")[0].found == "二"


def test_lines_that_were_alike_before_stay_two():
    made = forward(ledger(lines=(*ledger().lines, ledger().lines[3]._replace(row=8))))
    assert len(made.ledger.lines) == 7
    assert told(made, "lines_merged") == []


def test_extra_code_that_the_new_year_has_is_no_longer_added():
    base = ledger()
    lines = (base.lines[0]._replace(function="2010308"), *base.lines[1:])
    codes = (*base.codes, m.ExtraCode("function", "2014004", "信访工作"))
    made = forward(ledger(budget=base.budget._replace(year=2023), lines=lines, codes=codes))
    assert [one.code for one in made.ledger.codes] == ["2010398"]
    (note,) = told(made, "extra_known")
    assert "名称为“信访业务”" in note.message.zh


# --- projects


def projects(period="", attribute="", target=None, year=2021):
    base = ledger()
    targets = (target._replace(project=HALL),) if target else base.targets[:0]
    return ledger(
        budget=base.budget._replace(year=year), targets=targets,
        projects=(m.Project(HALL, True, "", attribute, period), base.projects[1]),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("period", "attribute", "target", "carried"),
    [
        ("", "", None, True),
        ("长期", "", None, True),
        ("1年", "延续性", None, True),
        ("1年", "新增", None, False),
        ("一年", "", None, False),
        ("", "一次性", None, False),
        ("2021年1月—2021年12月", "", None, False),
        ("2020年—2022年", "", None, True),
        ("3年", "", None, True),
        ("", "", m.Target("", 2021, 2023), True),
        ("", "", m.Target("", 2019, 2021), False),
        ("2021年", "", m.Target("", 2021, 2022), True),
        ("", "延续性", m.Target("", 2019, 2021), True),
    ],
)
def test_project_is_carried_until_its_period_is_over(period, attribute, target, carried):
    made = forward(projects(period, attribute, target))
    assert (HALL in {one.name for one in made.ledger.projects}) is carried
    assert (len(told(made, "project_ended")) == 0) is carried


def test_project_that_ended_is_listed_with_all_that_went_with_it_and_its_money():
    made = forward(projects("1年", "新增", m.Target("", None, None, annual_goal="目标")))
    (note,) = told(made, "project_ended")
    assert (note.sheet, note.old_rows, note.rows, note.found) == ("projects", (2,), (), HALL)
    assert "支出明细 2 行 950,000.00 元" in note.message.zh
    for key in ("lines", "procurement", "targets", "indicators"):
        assert all(row.project != HALL for row in getattr(made.ledger, key))
    assert made.ledger.income[0].amount == 2_550_000_50 - 900_000_00
    assert [row.project for row in made.ledger.purchased] == [HOTLINE]


def test_project_whose_period_is_long_over_ended_with_the_year_that_still_paid_for_it():
    (note,) = told(forward(projects("2021年1月—2021年12月", "一次性", year=2023)), "project_ended")
    assert "到 2023 年为止（项目期只写到 2021 年）" in note.message.zh
    (note,) = told(forward(projects("2021年1月—2021年12月", "一次性")), "project_ended")
    assert "到 2021 年为止，" in note.message.zh


def test_project_over_three_years_keeps_its_mid_term_each_year_and_then_ends():
    first = ledger(projects=(ledger().projects[0]._replace(attribute="", period=""), ledger().projects[1]))
    second = forward(first)
    third = forward(second.ledger)
    fourth = forward(third.ledger)
    for made in (second, third):
        assert made.ledger.targets[0][1:4] == (2021, 2023, 2_700_000_00)
        assert {row.period for row in made.ledger.indicators} == {"annual", "midterm"}
    assert [note.found for note in told(fourth, "project_ended")] == [HALL]
    assert fourth.ledger.targets == ()


def test_mid_term_that_is_over_is_taken_off_a_project_that_goes_on():
    made = forward(projects("", "延续性", m.Target("", 2019, 2021, 5, 6, "三年目标", "年度目标")))
    assert made.ledger.targets == (m.Target(HALL, annual_goal="年度目标", row=2),)
    assert {row.period for row in made.ledger.indicators} == {"annual"}
    (note,) = told(made, "midterm_over")
    assert (note.found, note.rows, note.old_rows) == ("2021", (2,), (2,))


def test_period_that_does_not_tell_its_end_is_carried_and_asked_for():
    (note,) = told(forward(projects("3年")), "period_unclear")
    assert (note.rows, note.found) == ((2,), "3年")


# --- texts


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        ("2021年5月", True), ("2021.6前", True), ("2021", True), ("（2021年）", True), ("于2021", True),
        ("2021万元", False), ("2021.5万元", False), ("2021人", False), ("12021年", False), ("2,021件", False), ("2020年", False),
        ("3.2021", False), ("2021,000元", False), ("20212990010002", False),
    ],
)  # fmt: skip
def test_indicator_that_names_the_old_year_is_flagged_not_edited(text, flagged):
    made = forward(ledger(indicators=(m.Indicator(HALL, "annual", "timeliness", "完成时间", text),)))
    assert made.ledger.indicators[0].value == text
    found = [note for note in told(made, "old_year") if note.sheet == "indicators"]
    assert bool(found) is flagged
    if flagged:
        assert (found[0].row, found[0].column) == (2, "value")
        assert "请核对是否应改为 2022 年" in found[0].message.zh


def test_project_that_names_the_year_is_flagged_once_not_in_every_line():
    name = "2021年度质量监测"
    base = ledger()
    lines = tuple(line._replace(project=name) if line.project == HOTLINE else line for line in base.lines)
    made = forward(ledger(lines=lines, projects=(base.projects[0], m.Project(name, False)), purchased=(), transfers=()))
    assert [(note.sheet, note.found) for note in told(made, "old_year")] == [("projects", name)]


@pytest.mark.parametrize(
    ("last", "this", "flagged"),
    [
        ("2020年12月31日", "2021年12月31日", False),
        ("2020年底", "2021年底", False),
        ("上年末", "上年末", True),
        ("", "", False),
    ],
)
def test_day_of_the_assets_is_a_year_later(last, this, flagged):
    made = forward(ledger(budget=ledger().budget._replace(asset_date=last)))
    assert made.ledger.budget.asset_date == this
    assert bool([note for note in told(made, "old_year") if note.sheet == "budget"]) is flagged
