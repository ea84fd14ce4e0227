"""The form of an adjustment: rows taken out and added, of projects, of sources of money, of the three public expenses."""

import re

import pytest
from django.utils import timezone

from tests.web.budgets.test_adjustments import (  # noqa: F401 - a fixture
    IT,
    WORK,
    _files,
    fields_of,
    form_of,
    paper,
    running,
)
from tests.web.budgets.test_pages import client_of  # noqa: F401 - a fixture
from zhengwu.web.budgets import adjustments, books
from zhengwu.web.budgets.adjustment_form import AMOUNT
from zhengwu.web.budgets.adjustment_ledger import last_row, remaining
from zhengwu.web.budgets.models import Adjustment, Budget, Indicator, Project, Row
from zhengwu.web.budgets.moves import version_keep

NEW = {"kind": "quality", "name": "系统可用率", "value": "≥99.5%"}
GOODS = {"category": "goods", "amount": "1,000"}


class Form:
    """The page of an adjustment in the hands of an officer: what is typed, sent, set."""

    def __init__(self, paper, officer) -> None:  # noqa: F811
        self.paper, self.officer = paper, officer
        self.chosen: list[str] = []

    def fields(self) -> dict[str, str]:
        return form_of(self.paper, self.officer)

    def page(self) -> str:
        return self.officer.get(self.paper.address).content.decode()

    def with_project(self, *names: str) -> dict[str, str]:
        """What the page sends once projects are shown on it."""
        typed = self.fields()
        for name in names:
            self.chosen.append(name)
            page = self.send(typed, show="1")
            assert page.status_code == 200
            typed = fields_of(page.content.decode())
        return typed

    def send(self, typed, **more):
        return self.officer.post(self.paper.address, {**typed, "project": self.chosen, **more})

    def saved(self, typed=None, **more) -> list[tuple]:
        """What is set after a save."""
        answer = self.send(self.fields() if typed is None else typed, **more)
        assert answer.status_code == 302, re.findall(r'class="note error"[^>]*>(.*?)</p>', answer.content.decode())
        return changes()


def changes() -> list[tuple]:
    return [(one["sheet"], one["row"], one["values"]) for one in Adjustment.objects.get().changes]


def empty(typed, key: str, project: str) -> str:
    """The beginning of the names of a project's first empty row in a sheet."""
    places = sorted(int(name.split("-")[2]) for name in typed if name.startswith(f"{key}-new-") and name.endswith("-project"))  # fmt: skip
    for place in places:
        begin = f"{key}-new-{place}-"
        rest = [text for name, text in typed.items() if name.startswith(begin) and name[len(begin) :] not in ("project", "period")]  # fmt: skip
        if typed[f"{begin}project"] == project and not any(rest):
            return begin
    raise AssertionError(f"no empty row of {key} for {project}")


def filled(typed, key: str, project: str, values) -> dict[str, str]:
    begin = empty(typed, key, project)
    return {**typed, **{begin + name: text for name, text in values.items()}}


@pytest.fixture
def form(paper, client_of):  # noqa: F811
    paper.opened()
    return Form(paper, client_of(paper.desk.officer))


def indicators(budget, project: str):
    return [one for one in budget.approved.ledger["indicators"] if one["project"] == project]


# --- taken out ---


def test_indicator_is_taken_out_by_its_box_and_comes_back_when_the_box_is_emptied(form):
    one = indicators(form.paper.budget, IT)[0]
    box = f"indicators-{one['row']}-gone"
    typed = form.with_project(IT)
    assert box not in typed  # not ticked
    assert form.saved(typed, **{box: "on"}) == [("indicators", one["row"], None)]
    assert f'name="{box}" checked' in form.page()
    assert form.saved() == [("indicators", one["row"], None)]  # saved again as it stands
    again = form.fields()
    del again[box]
    assert form.saved(again) == []


def test_what_is_typed_into_a_row_that_came_back_counts(form):
    box, value = (f"indicators-{form.paper.cost['row']}-{name}" for name in ("gone", "value"))
    form.saved(form.with_project(IT), **{box: "on", value: "not kept"})
    again = form.fields()
    assert again[value] == form.paper.cost["value"]
    del again[box]
    assert form.saved(again, **{value: "178万元"}) == [("indicators", form.paper.cost["row"], {"value": "178万元"})]


def test_row_that_the_page_does_not_show_stays_taken_out(form):
    one = indicators(form.paper.budget, IT)[0]
    form.saved(form.with_project(IT), **{f"indicators-{one['row']}-gone": "on"})
    assert form.saved({"revision": "1"}) == [("indicators", one["row"], None)]


@pytest.mark.parametrize("key", ["targets", "three_public"])
def test_row_that_has_no_box_stays_taken_out_when_the_page_is_saved(form, key, monkeypatch):
    # Only the API takes such a row out.
    row = form.paper.budget.approved.ledger[key][0]["row"]
    monkeypatch.setattr(adjustments, "result_of", lambda _adjustment: {})
    form.paper.set({"sheet": key, "row": row, "values": None})
    assert f"{key}-{row}-gone" not in form.page()
    assert form.saved() == [(key, row, None)]


def test_last_indicator_is_not_taken_out_and_the_box_stays_ticked(form):
    boxes = {f"indicators-{one['row']}-gone": "on" for one in indicators(form.paper.budget, IT)}
    typed = form.with_project(IT)
    page = form.send(typed, **boxes)
    assert page.status_code == 422
    text = page.content.decode()
    assert "绩效指标" in text
    for box in boxes:
        assert f'name="{box}" checked' in text
    assert Adjustment.objects.get().changes == []


# --- added ---


def test_new_indicator_is_added_changed_again_and_emptied_again(form):
    typed = filled(form.with_project(IT), "indicators", IT, NEW)
    whole = {"project": IT, "period": "annual", **NEW}
    assert form.saved(typed) == [("indicators", None, whole)]
    assert form.saved() == [("indicators", None, whole)]  # neither lost nor twice
    typed = form.fields()
    name = next(name for name, text in typed.items() if text == NEW["name"])
    assert form.saved(typed, **{name: "系统可用率（月）"}) == [
        ("indicators", None, {**whole, "name": "系统可用率（月）"})
    ]
    begin = name.removesuffix("name")
    # A second one, in a row that was empty; then the first is emptied, and the second stays.
    typed = filled(form.fields(), "indicators", IT, {**NEW, "period": "midterm"})
    assert len(form.saved(typed)) == 2
    blank = {f"{begin}{column}": "" for column in ("kind", "name", "value")}
    assert form.saved(**blank) == [("indicators", None, {**whole, "period": "midterm"})]


def test_new_indicator_is_taken_out_by_its_box(form):
    form.saved(filled(form.with_project(IT), "indicators", IT, NEW))
    assert form.saved(**{"indicators-new-0-gone": "on"}) == []


def test_new_rows_of_two_projects_stay_with_theirs(form):
    typed = form.with_project(IT, WORK)
    typed = filled(filled(typed, "indicators", IT, NEW), "indicators", WORK, {**NEW, "name": "办件差错率"})
    typed = filled(typed, "procurement", WORK, GOODS)
    got = form.saved(typed)
    added = {(key, values["project"], values.get("name")) for key, row, values in got if row is None}
    assert added == {("procurement", WORK, None), ("indicators", IT, NEW["name"]), ("indicators", WORK, "办件差错率")}
    assert len(got) == 3
    assert form.saved() == got


def test_row_that_only_says_its_period_is_none(form):
    typed = filled(form.with_project(IT), "indicators", IT, {"period": "midterm"})
    assert form.saved(typed) == []


def test_bad_values_are_marked_where_they_stand_and_nothing_is_lost(form):
    typed = form.with_project(IT)
    first = empty(typed, "indicators", IT)
    typed = {**typed, f"{first}name": "只有名称"}
    second = empty(typed, "indicators", IT)
    typed = {**typed, f"{second}kind": "quality", f"{second}name": "满意", f"{second}value": "95%"}
    goods = empty(typed, "procurement", IT)
    typed = {**typed, f"{goods}category": "goods", f"{goods}amount": "一百"}
    page = form.send(typed)
    assert page.status_code == 422
    text = page.content.decode()
    assert marked(text) == {f"{goods}amount"}
    typed[f"{goods}amount"] = "100"
    text = form.send(typed).content.decode()
    assert marked(text) == {f"{first}kind", f"{first}value"}
    number = last_row(form.paper.budget.approved, "indicators") + 1
    assert f"“绩效指标”表第 {number} 行“二级指标”列：" in text
    kept = fields_of(text)
    assert not [name for name, text in typed.items() if kept[name] != text and name != "csrfmiddlewaretoken"]
    assert Adjustment.objects.get().changes == []


def marked(page: str) -> set[str]:
    """The fields that say they are wrong; each has its sentence beside it."""
    found = set(re.findall(r'aria-describedby="([^"]*)-error"', page))
    assert all(f'id="{name}-error"' in page for name in found)
    return found


def test_indicator_that_is_there_already_is_marked_at_its_row(form):
    one = indicators(form.paper.budget, IT)[0]
    twice = {name: one[name] for name in ("period", "kind", "name", "value")}
    page = form.send(filled(form.with_project(IT), "indicators", IT, twice))
    assert page.status_code == 422
    row = next(row for part in page.context["parts"] for table in part.tables for row in table.rows if row.added)
    assert f"与第 {one['row']} 行重复" in row.error


def test_project_without_targets_gets_procurement_alone(form):
    ledger = form.paper.budget.approved.ledger
    name = next(one["name"] for one in ledger["projects"] if not one["targets"])
    typed = form.with_project(name)
    assert not [one for one in typed if one.startswith("indicators-")]
    assert form.saved(filled(typed, "procurement", name, GOODS)) == [
        ("procurement", None, {"project": name, "category": "goods", "amount": 100_000, "small": None})
    ]


def test_procurement_is_taken_out(form):
    row = form.paper.budget.approved.ledger["procurement"][0]
    got = form.saved(form.with_project(row["project"]), **{f"procurement-{row['row']}-gone": "on"})
    assert got == [("procurement", row["row"], None)]


def test_money_of_a_new_source_is_added_on_the_page(form):
    line = form.paper.out
    more = {"income-new-0-fund": "superior", "income-new-0-last": "0", "income-new-0-amount": "500"}
    more |= {f"new-0-{name}": line[name] for name in ("unit", "function", "government", "departmental", "nature", "project")}  # fmt: skip
    got = form.saved(**more, **{"new-0-fund": "superior", "new-0-amount": "500"})
    assert [(key, row, values["amount"]) for key, row, values in got] == [("lines", None, 50_000), ("income", None, 50_000)]  # fmt: skip
    assert form.saved() == got


# --- read, approved ---


def test_reader_sees_what_goes_and_what_comes_and_the_approval_does_it(form, client_of):  # noqa: F811
    paper = form.paper  # noqa: F811
    gone = next(one for one in indicators(paper.budget, IT) if one["kind"] == "quantity")
    typed = filled(form.with_project(IT), "indicators", IT, NEW)
    form.saved(typed, **{f"indicators-{gone['row']}-gone": "on"})
    assert remaining(Adjustment.objects.get(), paper.desk.budget()).against == ()
    paper.move("officer", "hand-in")
    for language, words in (("zh-hans", ("删除", "新增", "质量指标")), ("en", ("gone", "added", "quality"))):
        page = client_of(paper.desk.head, language).get(paper.address)
        text = page.content.decode()
        for word in (*words, f"<del>{gone['name']}</del>", f"<ins>{NEW['name']}</ins>"):
            assert word in text, word
        assert "indicators-" not in text  # no fields
        [table] = [table for part in page.context["parts"] for table in part.tables]
        assert [(row.gone, row.added) for row in table.rows] == [(True, False), (False, True)]
    paper.move("head", "submit")
    paper.move("reviewer", "approve")
    budget = paper.desk.budget()
    names = [one["name"] for one in indicators(budget, IT)]
    assert NEW["name"] in names
    assert gone["name"] not in names
    assert books.plain_of(budget)[0]["indicators"] == budget.approved.ledger["indicators"]
    library = Indicator.objects.filter(project=Project.objects.get(name=IT), year=2022)
    assert NEW["name"] in set(library.values_list("name", flat=True))


# --- reasons ---


def without(paper, item: str) -> None:  # noqa: F811
    """The budget in force says nothing of an item, as one that another platform made."""
    ledger = paper.desk.budget().approved.ledger
    left = [one for one in ledger["three_public"] if one["item"] != item]
    ledger = {**ledger, "three_public": [{**one, "row": place} for place, one in enumerate(left, 2)]}
    version = version_keep(paper.desk.budget(), "adjusted", paper.desk.reviewer, timezone.now(), "", ledger)
    Budget.objects.update(approved=version)
    Row.objects.filter(budget=paper.budget, sheet="three_public", values__item=item).update(gone=True)
    paper.budget = paper.desk.budget()


def test_item_of_the_three_public_expenses_that_is_demanded_is_typed_on_the_page(paper, client_of):  # noqa: F811
    without(paper, "abroad")
    form = Form(paper, client_of(paper.desk.officer))
    paper.set(*paper.money, *paper.targets)
    page = form.page()
    assert "缺少“因公出国（境）费”的上年预算" in page
    begin = "three_public-new-abroad-"
    assert f'name="{begin}last"' in page
    assert f'name="{begin}reason"' in page
    before = changes()
    assert form.saved() == before  # an empty one is none
    row = {"item": "abroad", "last": 0, "number_last": None, "number": None, "reason": ""}
    assert form.saved(**{f"{begin}last": "0"}) == [*before, ("three_public", None, row)]
    assert form.saved() == [*before, ("three_public", None, row)]
    assert not remaining(Adjustment.objects.get(), paper.desk.budget()).missing
    paper.through()
    assert "abroad" in {one["item"] for one in paper.desk.budget().approved.ledger["three_public"]}


def test_item_whose_money_is_new_is_offered_when_the_save_is_refused_for_it(paper, client_of):  # noqa: F811
    without(paper, "abroad")
    paper.opened()
    form = Form(paper, client_of(paper.desk.officer))
    line, _other = running(paper.budget.approved.ledger["lines"])
    typed = {**form.fields(), f"amount-{line['row']}": books.shown(AMOUNT, line["amount"] - 10_000)}
    typed |= {f"new-0-{name}": line[name] for name in ("unit", "function", "nature", "fund")}
    typed |= {"new-0-government": "50207", "new-0-departmental": "30212", "new-0-amount": "100"}
    page = form.send(typed)
    assert page.status_code == 422
    text = page.content.decode()
    assert "缺少因公出国（境）费" in text
    typed = fields_of(text)
    begin = "three_public-new-abroad-"
    assert f"{begin}reason" in typed
    refused = form.send(typed, **{f"{begin}last": "0"})
    assert refused.status_code == 422
    assert marked(refused.content.decode()) == {f"{begin}reason"}
    got = form.saved(typed, **{f"{begin}last": "0", f"{begin}reason": "新增出访任务"})
    assert got[-1][:2] == ("three_public", None)


def test_reason_is_taken_out_by_its_box(form):
    row = form.paper.budget.approved.ledger["reasons"][0]["row"]
    assert form.saved(**{f"reasons-{row}-gone": "on"}) == [("reasons", row, None)]


# --- the page ---


def test_budget_of_many_lines_is_saved(form):
    row = form.paper.into["row"]
    many = {f"amount-{number}": "" for number in range(10_001, 12_001)}  # as many fields as so many lines have
    typed = {f"amount-{row}": "1,781,600", f"amount-{form.paper.out['row']}": "3,390,000"}
    assert len(form.saved(form.fields() | many | typed)) == 2


def test_every_field_of_the_page_has_a_name_of_its_own(form):
    typed = filled(form.with_project(IT, WORK), "indicators", IT, NEW)
    form.saved(typed)
    for page in (form.page(), form.send(typed, **{"income-2-amount": "many"}).content.decode()):
        labels = re.findall(r'aria-label="([^"]*)"', page)
        within = re.split(r'<div class="scroll"', page)[1:]
        assert labels
        for table in within:
            found = re.findall(r'<(?:input|select|textarea)[^>]*aria-label="([^"]*)"', table)
            assert len(found) == len(set(found))
        names = re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]*)"', page)
        names = [one for one in names if one not in ("csrfmiddlewaretoken", "project", "reason", "next", "language")]
        assert len(names) == len(set(names))
