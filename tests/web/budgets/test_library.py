"""The library of projects through its services: added, changed, ranked, put into budgets over the years."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.web.budgets.conftest import example
from zhengwu.ledger.store import ledger_from
from zhengwu.ledger.template import workbook_of
from zhengwu.model.message import RefusedError
from zhengwu.web.budgets import attachments, books, library, library_entry, library_selectors, years
from zhengwu.web.budgets.library_history import history
from zhengwu.web.budgets.models import Indicator, Project, ProjectState, ProjectYear, Row
from zhengwu.web.budgets.rows import Change, rows_save
from zhengwu.web.common.errors import FieldRefusedError
from zhengwu.web.common.models import AuditEvent
from zhengwu.web.common.trail import verify

HOTLINE = "西城区政务服务业务咨询电话总客服建设服务"
SCREENS = "西城区政务服务管理局政务大厅一至三层信息化硬件设备升级改造项目"


@pytest.fixture(autouse=True)
def _files(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"


def add(desk, name: str = "新热线", who: str = "officer", **given) -> Project:
    options = {
        "starts": 2021,
        "ends": 2023,
        "values": {"targets": "是", "division": "信息化科"},
        "midterm": {},
        **given,
    }
    return library.project_add(actor=desk.people[who], unit=desk.unit, name=name, **options, now=timezone.now())


def change(desk, project: Project, who: str = "officer", revision: int | None = None, **given) -> Project:
    project.refresh_from_db()
    options = {
        "name": project.name, "starts": project.starts, "ends": project.ends, "values": project.values, "midterm": project.midterm, **given,
    }  # fmt: skip
    revision = project.revision if revision is None else revision
    return library.project_change(actor=desk.people[who], project=project, **options, revision=revision)


def want(desk, project: Project, year: int = 2022, amount: str = "1000", **lists) -> ProjectYear:
    project.refresh_from_db()
    return library.year_set(
        actor=desk.officer,
        project=project,
        year=year,
        amount=amount,
        goal="办好热线",
        lists=lists,
        revision=project.revision,
    )


def indicate(desk, project: Project, year: int = 2022, *rows: tuple[str, str, str]) -> list[Indicator]:
    project.refresh_from_db()
    given = [dict(zip(("kind", "name", "value"), row, strict=True)) for row in rows]
    return library.indicators_set(actor=desk.officer, project=project, year=year, rows=given, revision=project.revision)


def ready(desk, project: Project) -> Project:
    return library.project_set_state(actor=desk.officer, project=project, state="ready")


def enter(desk, *projects: Project, year: int = 2022) -> None:
    library_entry.projects_enter(
        actor=desk.officer, budget=desk.budget(year), projects=[one.pk for one in projects], now=timezone.now()
    )


def rows(desk, key: str, name: str, year: int = 2022) -> list[dict]:
    title = "name" if key == "projects" else "project"
    found = Row.objects.filter(budget=desk.budget(year), sheet=key, gone=False, **{f"values__{title}": name})
    return [row.values for row in found.order_by("position", "pk")]


# --- what a ledger brings ------------------------------------------------------------------------------------------


def test_ledger_that_is_taken_over_stands_in_the_library_as_it_was(desk):
    budget = desk.earlier()
    found = library_selectors.standing(budget)
    assert len(found.entered) == Project.objects.count() == len(example().projects)
    assert not any(one.differs or one.hinders for one in found.entered)
    assert {one.ends for one in Project.objects.filter(name=SCREENS)} == {2021}
    assert {one.ends for one in Project.objects.filter(name=HOTLINE)} == {None}  # 延续性: it outlives its mid-term
    assert Indicator.objects.filter(value="≥98%/月", number=98, unit="%", period="月", comparison="≥").exists()


def test_copying_forward_keeps_what_was_typed_into_the_library_for_the_new_year(desk):
    desk.earlier()
    desk.opened()
    hotline = Project.objects.get(name=HOTLINE)
    want(desk, hotline, 2022, "999")
    change(desk, hotline, values={**hotline.values, "division": "热线科"})
    years.copy_forward(actor=desk.officer, budget=desk.budget(), now=timezone.now())
    hotline.refresh_from_db()
    assert hotline.values["division"] == "热线科"
    assert hotline.years.get(year=2022).amount == 99_900
    entered = {one.name: one for one in library_selectors.standing(desk.budget()).entered}
    assert {sheet.en for sheet in entered[HOTLINE].differs} == {"projects", "targets", "purchased", "procurement"}
    assert not any(one.differs for name, one in entered.items() if name != HOTLINE)
    assert SCREENS not in entered


def test_workbook_that_is_taken_in_changes_the_library_but_not_what_is_wanted(desk):
    desk.earlier()
    desk.opened()
    years.copy_forward(actor=desk.officer, budget=desk.budget(), now=timezone.now())
    want(desk, Project.objects.get(name=HOTLINE), 2022, "999")
    ledger = ledger_from(books.plain_of(desk.budget())[0], gaps=True)
    edited = ledger._replace(projects=tuple(row._replace(division="热线科") for row in ledger.projects))
    years.ledger_take(actor=desk.officer, budget=desk.budget(), data=workbook_of(edited, "zh"), name="a.xlsx", now=timezone.now())  # fmt: skip
    assert {one.values["division"] for one in Project.objects.filter(ends=None)} == {"热线科"}
    assert ProjectYear.objects.get(project__name=HOTLINE, year=2022).amount == 99_900
    assert not any(one.differs for one in library_selectors.standing(desk.budget()).entered)


def test_name_longer_than_the_library_holds_refuses_the_ledger_with_a_sentence(desk):
    long, old = "长" * 301, example().projects[0].name
    ledger = example()._replace(
        **{
            key: tuple(row._replace(**{field: long}) if getattr(row, field) == old else row for row in getattr(example(), key))
            for key, field in (("projects", "name"), *((one, "project") for one in ("lines", "targets", "indicators", "procurement")))
        }
    )  # fmt: skip
    with pytest.raises(RefusedError) as info:
        years.earlier_take(actor=desk.officer, unit=desk.unit, data=workbook_of(ledger, "zh"), name="a.xlsx", now=timezone.now())  # fmt: skip
    assert "300" in info.value.message.zh
    assert not Project.objects.exists()


# --- what a project is ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("name", {"name": " "}),
        ("name", {"name": "长" * 301}),
        ("starts", {"starts": 21}),
        ("ends", {"ends": 2020}),
        ("targets", {"values": {"targets": "也许"}}),
        ("midterm_fiscal", {"midterm": {"midterm_fiscal": "一千"}}),
        ("midterm_to", {"midterm": {"midterm_from": "2023", "midterm_to": "2022"}}),
    ],
)
def test_what_is_wrong_is_said_at_its_field(desk, field, given):
    with pytest.raises(FieldRefusedError) as info:
        add(desk, **given)
    assert info.value.field == field
    assert not Project.objects.exists()
    assert not AuditEvent.objects.exists()


def test_second_project_of_a_name_is_refused(desk):
    add(desk)
    with pytest.raises(FieldRefusedError) as info:
        add(desk, name=" 新热线 ")
    assert info.value.field == "name"
    other = add(desk, name="另一个")
    with pytest.raises(FieldRefusedError):
        change(desk, other, name="新热线")


def test_second_of_two_who_change_a_project_is_told_and_nothing_is_lost(desk):
    project = add(desk)
    change(desk, project, values={**project.values, "division": "甲科"}, revision=0)
    with pytest.raises(RefusedError) as info:
        change(desk, project, who="second", values={**project.values, "division": "乙科"}, revision=0)
    assert info.value.code == "conflict"
    project.refresh_from_db()
    assert project.values["division"] == "甲科"


@pytest.mark.parametrize("what", ["year", "indicators"])
def test_second_of_two_at_a_year_is_told(desk, what):
    project = add(desk)
    want(desk, project)
    act, given = (
        (library.year_set, {"amount": "5", "goal": "", "lists": {}})
        if what == "year"
        else (library.indicators_set, {"rows": []})
    )
    with pytest.raises(RefusedError) as info:
        act(actor=desk.second, project=project, year=2022, revision=0, **given)
    assert info.value.code == "conflict"


def test_project_that_stands_in_a_budget_keeps_its_name(desk):
    desk.opened()
    project = ready(desk, add(desk))
    enter(desk, project)
    with pytest.raises(FieldRefusedError) as info:
        change(desk, project, name="改名")
    assert info.value.field == "name"
    assert "2022" in info.value.message.zh
    library_entry.project_leave(actor=desk.officer, budget=desk.budget(), name="新热线", now=timezone.now())
    assert change(desk, project, name="改名").name == "改名"


@pytest.mark.parametrize("who", ["head", "reviewer", "auditor", "administrator", "stranger", "other_head"])
def test_others_than_the_units_officers_change_nothing(desk, who):
    project = add(desk)
    desk.opened()
    person, now, file = desk.people[who], timezone.now(), SimpleUploadedFile("a.txt", b"x")
    acts = [
        lambda: add(desk, "别的", who),
        lambda: change(desk, project, who),
        lambda: library.project_set_state(actor=person, project=project, state="ready"),
        lambda: library.year_set(actor=person, project=project, year=2022, amount="1", goal="", lists={}, revision=0),
        lambda: library.indicators_set(actor=person, project=project, year=2022, rows=[], revision=0),
        lambda: attachments.attachments_add(actor=person, project=project, files=[file], now=now),
        lambda: library_entry.project_enter(actor=person, budget=desk.budget(), project=project, now=now),
        lambda: library_entry.project_leave(actor=person, budget=desk.budget(), name=project.name, now=now),
    ]
    if who != "head":
        acts.append(lambda: library.projects_rank(actor=person, unit=desk.unit, order=[project.pk]))
    for act in acts:
        with pytest.raises(RefusedError) as info:
            act()
        assert info.value.code == "not-allowed"


def test_state_follows_the_table_and_the_last_year_ends_it(desk):
    project = add(desk)
    library.project_set_state(actor=desk.officer, project=project, state="ended")
    with pytest.raises(RefusedError) as info:
        library.project_set_state(actor=desk.officer, project=project, state="ready")
    assert info.value.code == "conflict"
    library.project_set_state(actor=desk.officer, project=project, state="candidate")
    project = ready(desk, project)
    assert [library_selectors.state_of(project, year) for year in (2023, 2024)] == ["ready", "ended"]
    assert list(library_selectors.filtered(desk.officer, 2024, None, "ended", None, "")) == [project]
    assert list(library_selectors.filtered(desk.officer, 2024, None, "ready", None, "")) == []


# --- a year and its indicators -------------------------------------------------------------------------------------


def test_lists_of_a_year_are_typed_and_say_the_row_and_the_column(desk):
    project = add(desk)
    made = want(
        desk, project, amount="2000", procurement=[{"category": "货物", "amount": "1,234.50", "small": ""}], purchased=[{"number": "2022-1", "catalogue": "A2316"}],
        transfers=[{"document": "京财〔2021〕1号"}],
    )  # fmt: skip
    assert made.procurement == [{"category": "goods", "amount": 123_450, "small": None}]
    assert made.transfers == [{"document": "京财〔2021〕1号"}]
    for field, lists in (
        ("procurement-1-amount", {"procurement": [{"category": "goods", "amount": "1"}, {"category": "works", "amount": "x"}]}),
        ("procurement-1-category", {"procurement": [{"category": "goods", "amount": "1"}, {"category": "货物", "amount": "2"}]}),
        ("purchased-0-catalogue", {"purchased": [{"number": "1"}]}),
        ("transfers-1-document", {"transfers": [{"document": "a"}, {"document": "b"}]}),
    ):  # fmt: skip
        with pytest.raises(FieldRefusedError) as info:
            want(desk, project, **lists)
        assert info.value.field == field
    assert ProjectYear.objects.get().procurement == made.procurement


def test_year_outside_the_project_is_refused(desk):
    project = add(desk)
    with pytest.raises(FieldRefusedError):
        want(desk, project, 2024)
    with pytest.raises(FieldRefusedError):
        indicate(desk, project, 2020, ("quantity", "坐席", "100席"))


def test_indicator_keeps_its_print_and_its_value(desk):
    project = add(desk)
    made = indicate(desk, project, 2022, ("质量指标", "接通率", "≥98%/月"), ("timeliness", "建成", "按时完成"))
    assert (made[0].value, made[0].comparison, made[0].number, made[0].unit, made[0].period) == (
        "≥98%/月",
        "≥",
        98,
        "%",
        "月",
    )
    assert (made[1].value, made[1].number) == ("按时完成", None)
    with pytest.raises(FieldRefusedError) as info:
        indicate(desk, project, 2022, ("quality", "接通率", "1"), ("quality", "接通率", "2"))
    assert info.value.field == "indicators-1-name"
    assert project.indicators.count() == 2


def test_saving_the_same_again_changes_nothing_and_tells_nothing(desk):
    project = add(desk)
    want(desk, project)
    indicate(desk, project, 0, ("quality", "接通率", "≥98%/月"))
    project.refresh_from_db()
    before = project.revision, AuditEvent.objects.count()
    want(desk, project)
    indicate(desk, project, 0, ("quality", "接通率", "≥98%/月"))
    change(desk, project)
    project.refresh_from_db()
    assert (project.revision, AuditEvent.objects.count()) == before


# --- ranking -------------------------------------------------------------------------------------------------------


def test_head_ranks_and_the_second_of_two_is_told(desk):
    one, two, three = (add(desk, name) for name in ("甲", "乙", "丙"))
    library.projects_rank(actor=desk.head, unit=desk.unit, order=[three.pk, one.pk], seen=[])
    assert [item.name for item in library_selectors.filtered(desk.head, 2022, None, "", None, "")] == ["丙", "甲", "乙"]
    with pytest.raises(RefusedError) as info:
        library.projects_rank(actor=desk.head, unit=desk.unit, order=[two.pk], seen=[])
    assert info.value.code == "conflict"
    with pytest.raises(FieldRefusedError):
        library.projects_rank(actor=desk.head, unit=desk.unit, order=[one.pk, one.pk])
    assert AuditEvent.objects.filter(action="project.rank").count() == 1


# --- into a budget -------------------------------------------------------------------------------------------------


def test_project_over_three_years_carries_its_midterm_and_enters_no_fourth(desk):
    midterm = {"midterm_from": "2021", "midterm_to": "2023", "midterm_fiscal": "3000", "midterm_goal": "三年办好热线"}
    project = ready(desk, add(desk, midterm=midterm))
    indicate(desk, project, 0, ("quality", "接通率", "≥98%/月"))
    for year in (2022, 2023, 2024):
        desk.opened(year)
        if year < 2024:
            want(desk, project, year, "1000")
            indicate(desk, project, year, ("quantity", "坐席", f"{year - 2000}席"))
            enter(desk, project, year=year)
            assert rows(desk, "targets", "新热线", year)[0]["midterm_goal"] == "三年办好热线"
            assert [(one["period"], one["value"]) for one in rows(desk, "indicators", "新热线", year)] == [
                ("midterm", "≥98%/月"), ("annual", f"{year - 2000}席"),
            ]  # fmt: skip
    with pytest.raises(RefusedError) as info:
        enter(desk, project, year=2024)
    assert info.value.code == "conflict"
    found = library_selectors.standing(desk.budget(2024))
    assert [(one.name, why.en) for one, why in found.others] == [("新热线", "its years ended in 2023")]
    assert not found.ready


def test_candidate_enters_no_budget_and_no_other_units_does(desk):
    desk.opened()
    project = add(desk)
    with pytest.raises(RefusedError) as info:
        enter(desk, project)
    assert info.value.code == "conflict"
    theirs = library.project_add(
        actor=desk.stranger, unit=desk.foreign, name="他们的", starts=2022, ends=2022, values={"targets": "否"}, midterm={}, now=timezone.now()
    )  # fmt: skip
    library.project_set_state(actor=desk.stranger, project=theirs, state="ready")
    with pytest.raises(RefusedError) as info:
        enter(desk, ready(desk, project), theirs)
    assert info.value.code == "not-found"
    assert not Row.objects.filter(budget=desk.budget(), sheet="projects").exists()  # all, or none


def test_library_that_has_changed_is_shown_and_brought_up_to_date_in_place(desk):
    desk.opened()
    first, second = (ready(desk, add(desk, name)) for name in ("A", "B"))
    for project in (first, second):
        want(desk, project)
        indicate(desk, project, 2022, ("quantity", "坐席", "100席"), ("quality", "接通率", "≥98%/月"))
    enter(desk, first, second)
    kept = Row.objects.get(budget=desk.budget(), sheet="indicators", values__project="A", values__name="接通率")
    indicate(
        desk,
        first,
        2022,
        ("quantity", "人员", "130人"),
        ("quantity", "坐席", "120席"),
        ("quality", "接通率", "≥98%/月"),
    )
    entered = {one.name: one for one in library_selectors.standing(desk.budget()).entered}
    assert [sheet.en for sheet in entered["A"].differs] == ["indicators"]
    assert entered["B"].differs == ()
    enter(desk, first)
    assert [one["name"] for one in rows(desk, "indicators", "A")] == ["人员", "坐席", "接通率"]
    order = Row.objects.filter(budget=desk.budget(), sheet="indicators", gone=False).order_by("position", "pk")
    assert [row.values["project"] for row in order] == ["A"] * 3 + ["B"] * 2  # others keep their place behind
    assert len({row.position for row in order}) == 5
    kept.refresh_from_db()
    assert (kept.gone, kept.values["value"]) == (False, "≥98%/月")  # the row that stays the same stays itself
    assert not any(one.differs for one in library_selectors.standing(desk.budget()).entered)
    revision = desk.budget().revision
    touched = set(Row.objects.filter(budget=desk.budget(), stamp=revision).values_list("values__project", flat=True))
    assert touched == {"A"}


def test_project_with_lines_is_not_taken_out(desk):
    desk.opened()
    project = ready(desk, add(desk))
    want(desk, project)
    enter(desk, project)
    line = {
        "function": "2010302", "government": "50205", "departmental": "30227", "nature": "project", "project": "新热线",
        "fund": "general", "amount": "900",
    }  # fmt: skip
    made = rows_save(actor=desk.officer, budget=desk.budget(), sheet_key="lines", changes=[Change("a", None, line)], now=timezone.now())  # fmt: skip
    entered = library_selectors.standing(desk.budget()).entered
    assert [(one.name, one.used, one.wanted) for one in entered] == [("新热线", 90_000, 100_000)]
    with pytest.raises(RefusedError) as info:
        library_entry.project_leave(actor=desk.officer, budget=desk.budget(), name="新热线", now=timezone.now())
    assert info.value.code == "conflict"
    gone = Change("", made.outcomes[0].row.pk, gone=True)
    rows_save(actor=desk.officer, budget=desk.budget(), sheet_key="lines", changes=[gone], now=timezone.now())
    library_entry.project_leave(actor=desk.officer, budget=desk.budget(), name="新热线", now=timezone.now())
    assert not rows(desk, "projects", "新热线")
    with pytest.raises(RefusedError) as info:
        library_entry.project_leave(actor=desk.officer, budget=desk.budget(), name="新热线", now=timezone.now())
    assert info.value.code == "not-found"


def test_budget_that_is_not_being_compiled_takes_no_project(desk):
    desk.earlier()
    project = ready(desk, add(desk))
    with pytest.raises(RefusedError) as info:
        enter(desk, project, year=2021)
    assert info.value.code == "conflict"


def test_money_of_a_year_stands_beside_what_each_step_gave(desk):
    desk.earlier()
    hotline = Project.objects.get(name=HOTLINE)
    found = {one.year: one for one in library_selectors.years_of(hotline, 2022)}
    assert (found[2021].approved, found[2021].now, found[2021].wanted.amount) == (2_047_578_000,) * 3
    assert found[2022].budget is None
    assert max(found) == 2024


# --- the trail -----------------------------------------------------------------------------------------------------


def test_history_tells_in_words_what_changed(desk):
    desk.opened()
    project = ready(desk, add(desk))
    want(desk, project, procurement=[{"category": "goods", "amount": "5"}])
    want(desk, project, amount="1200")
    indicate(desk, project, 2022, ("quality", "接通率", "≥98%/月"))
    change(desk, project, values={**project.values, "division": "热线科"})
    enter(desk, project)
    file = SimpleUploadedFile("a.txt", b"x")
    attachments.attachments_add(actor=desk.officer, project=project, files=[file], now=timezone.now())
    told = history(project)
    assert [one.event.action for one in told] == [
        "project.attach", "budget.project-enter", "project.change", "project.indicators", "project.year", "project.year", "project.state", "project.add",
    ]  # fmt: skip
    said = [change.zh for one in told for change in one.changes]
    assert "负责处室：信息化科 → 热线科" in said
    assert "年度金额：1,000.00 → 1,200.00" in said
    assert "质量指标 · 接通率：— → ≥98%/月" in said
    assert "政府采购：— → 货物 5.00" in said
    assert verify()[1] == ""


def test_every_action_of_the_desk_has_a_name_in_the_trail():
    import re
    from pathlib import Path

    from zhengwu.web.budgets import workflow
    from zhengwu.web.common.trail import ACTIONS

    folder = Path(library.__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    used = set(re.findall(r'action="([a-z-]+\.[a-z-]+)"', source))
    used |= {f"budget.{move}" for move in workflow.TABLE} | {f"adjustment.{move}" for move in workflow.ADJUSTMENTS}
    assert len(used) > 30
    assert sorted(used - set(ACTIONS)) == []


def test_states_are_all_in_the_table():
    assert set(library.STATES) == set(ProjectState)


@pytest.mark.parametrize(
    ("lists", "field", "said"),
    [
        ({"procurement": [{"category": "goods", "amount": "1300000"}]}, "procurement-0-amount", "超过项目金额 1,200,000.00 元"),
        (
            {"procurement": [{"category": "goods", "amount": "900000"}, {"category": "services", "amount": "5", "small": "6"}]},
            "procurement-1-small", "面向中小企业 6.00 元，超过采购预算 5.00 元",
        ),
        ({"purchased": [{"number": "1", "catalogue": "Z999"}]}, "purchased-0-catalogue", "“Z999”不在“购买服务目录”表中"),
    ],
)  # fmt: skip
def test_what_the_ledger_would_refuse_is_refused_at_its_field(desk, lists, field, said):
    desk.earlier()  # with the catalogue of the unit
    project = add(desk)
    with pytest.raises(FieldRefusedError) as info:
        want(desk, project, amount="1200000", **lists)
    assert info.value.field == field
    assert said in info.value.message.zh
    assert not ProjectYear.objects.filter(project=project).exists()
