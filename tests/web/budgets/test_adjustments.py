"""Adjustments (调剂): targets follow the money, what remains is told before the hand-in, the trail tells every cell."""

from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django.utils import timezone

from tests.web.budgets.conftest import TODAY
from tests.web.budgets.test_cycle import AT, approved, copied, figures
from tests.web.budgets.test_pages import client_of  # noqa: F401 - a fixture
from zhengwu.ledger.store import ledger_from
from zhengwu.model.message import RefusedError
from zhengwu.web.budgets import (
    adjustment_ledger,
    adjustments,
    books,
    histories,
    library_history,
    merging,
    moves,
    publication,
    workflow,
    years,
)
from zhengwu.web.budgets.adjustment_ledger import NotSavedError, remaining
from zhengwu.web.budgets.models import Adjustment, AdjustmentState, Budget, Indicator, Notice, Project, ProjectYear, Row
from zhengwu.web.budgets.moves import version_keep
from zhengwu.web.common.models import AuditEvent
from zhengwu.web.common.trail import verify

IT, WORK = "运维服务", "工作经费"


@pytest.fixture(autouse=True)
def _files(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"


class Paper:
    """An adjustment of the approved budget that moves 10,000 yuan between two projects with target forms."""

    def __init__(self, desk) -> None:
        self.desk = desk
        self.budget = approved(desk)
        ledger = self.budget.approved.ledger
        lines = {one["project"]: one for one in ledger["lines"] if one["nature"] == "project"}
        self.into, self.out = lines[IT], lines[WORK]
        self.money = [self.line(self.into, 1_000_000), self.line(self.out, -1_000_000)]
        costs = {
            one["project"]: one for one in ledger["indicators"] if (one["kind"], one["period"]) == ("cost", "annual")
        }
        self.cost = costs[IT]
        self.targets = [self.value(IT, costs, "178.16万元"), self.value(WORK, costs, "339万元")]

    @staticmethod
    def line(line, fen):
        return {
            "sheet": "lines",
            "row": line["row"],
            "values": {"amount": f"{Decimal(line['amount'] + fen) / 100:.2f}"},
        }

    @staticmethod
    def value(name, costs, text):
        return {"sheet": "indicators", "row": costs[name]["row"], "values": {"value": text}}

    def opened(self) -> Adjustment:
        return adjustments.adjustment_open(
            actor=self.desk.officer, budget=self.budget, reason="八月调剂", document="", now=timezone.now()
        )

    def set(self, *changes) -> Adjustment:
        made = self.budget.adjustments.order_by("-number").first() or self.opened()
        return adjustments.adjustment_set(
            actor=self.desk.officer, adjustment=made, changes=changes, revision=made.revision
        )

    def move(self, who, move, **more) -> Adjustment:
        made = self.budget.adjustments.order_by("-number").first()
        return adjustments.adjustment_move(
            actor=self.desk.people[who], adjustment=made, move=move, now=timezone.now(), today=TODAY, **more
        )

    def through(self) -> Adjustment:
        for who, move in (("officer", "hand-in"), ("head", "submit"), ("reviewer", "approve")):
            made = self.move(who, move)
        return made

    @property
    def address(self) -> str:
        return f"/budget/{self.budget.pk}/adjustments/1/"


@pytest.fixture
def paper(desk):
    return Paper(desk)


def running(lines):
    """Two lines of what runs the office: what one loses and the other gets changes no sum that the text speaks of."""
    return [
        one for one in lines if one["nature"] == "basic" and one["departmental"] in ("30201", "30299", "30211", "30213")
    ][:2]


# --- what remains to be mended ---


def test_adjustment_that_breaks_a_target_form_is_not_handed_in_and_says_why(paper):
    made = paper.set(*paper.money)
    left = remaining(made, paper.desk.budget())
    assert left.hinders
    assert "成本指标与项目资金不符" in left.against[0].zh
    with pytest.raises(RefusedError) as info:
        paper.move("officer", "hand-in")
    assert info.value.code == "not-ready"
    assert left.against[0].zh in info.value.message.zh
    assert Adjustment.objects.get().state == AdjustmentState.DRAFT


def test_adjustment_of_money_and_targets_is_published_clean(paper):
    made = paper.set(*paper.money, *paper.targets)
    assert remaining(made, paper.desk.budget()).against == ()
    paper.through()
    budget = paper.desk.budget()
    assert publication.standing(budget).against == ()
    assert "178.16万元" in {one["value"] for one in budget.approved.ledger["indicators"]}
    made = books.plain_of(budget)[0]
    assert {key: made[key] for key in adjustments.SHEETS} == {
        key: budget.approved.ledger[key] for key in adjustments.SHEETS
    }


def test_neither_author_nor_who_handed_it_in_signs_also_with_a_delegation(paper):
    desk = paper.desk
    for one in (desk.second, desk.officer):
        moves.delegate(actor=desk.head, to=one, since=TODAY, until=TODAY, now=AT)
    paper.set(*paper.money, *paper.targets)  # the officer's
    paper.move("second", "hand-in")
    told = Notice.objects.filter(about__startswith="adjustment-hand-in")
    assert set(told.values_list("person__username", flat=True)) == {"head"}
    for who in ("officer", "second"):
        with pytest.raises(RefusedError) as info:
            paper.move(who, "submit")
        assert info.value.code == "not-allowed"
        made = Adjustment.objects.get()
        assert "submit" not in {name for name, _ in adjustments.offers(desk.people[who], made, TODAY)}
    assert "submit" in {name for name, _ in adjustments.offers(desk.head, Adjustment.objects.get(), TODAY)}
    paper.move("head", "submit")


def test_nothing_is_audited_twice(paper, monkeypatch):
    asked = []
    real = adjustment_ledger.standing_of
    monkeypatch.setattr(adjustment_ledger, "standing_of", lambda *given: asked.append(given) or real(*given))
    made = paper.set(*paper.money, *paper.targets)
    for _ in range(3):
        remaining(made, paper.desk.budget())
    paper.move("officer", "hand-in")
    assert len(asked) == 1


def test_what_the_version_in_force_has_as_well_hinders_nothing(paper):
    paper.set(*paper.money, *paper.targets)
    paper.through()
    # A version whose publication does not audit clean, as an older platform could make one.
    ledger = paper.desk.budget().approved.ledger
    ledger = {**ledger, "indicators": [{**one, "value": "177.16万元"} if one["value"] == "178.16万元" else one for one in ledger["indicators"]]}  # fmt: skip
    version = version_keep(paper.desk.budget(), "adjusted", paper.desk.reviewer, timezone.now(), "", ledger)
    Budget.objects.update(approved=version)
    row, other = running(ledger["lines"])
    made = adjustments.adjustment_open(actor=paper.desk.officer, budget=paper.desk.budget(), reason="r", document="", now=timezone.now())  # fmt: skip
    made = adjustments.adjustment_set(actor=paper.desk.officer, adjustment=made, revision=0, changes=[paper.line(row, -100), paper.line(other, 100)])  # fmt: skip
    left = remaining(made, paper.desk.budget())
    assert left.against
    assert not left.hinders
    assert paper.move("officer", "hand-in").state == AdjustmentState.SIGNING


# --- the library, the trail ---


def test_library_follows_the_approved_adjustment_and_its_history_says_so(paper):
    library = Project.objects.get(name=IT)
    untouched = Project.objects.exclude(name__in=(IT, WORK)).values_list("pk", "revision")
    revisions = dict(untouched)
    goals = {"sheet": "targets", "row": next(one["row"] for one in paper.budget.approved.ledger["targets"] if one["project"] == IT),
             "values": {"annual_goal": "设备稳定运行", "midterm_goal": "三年稳定运行"}}  # fmt: skip
    paper.set(*paper.money, *paper.targets, goals)
    paper.through()
    assert dict(untouched.all()) == revisions
    year = ProjectYear.objects.get(project=library, year=2022)
    assert (year.amount, year.goal) == (178_160_000, "设备稳定运行")
    library.refresh_from_db()
    assert library.midterm["midterm_goal"] == "三年稳定运行"
    cost = Indicator.objects.get(project=library, year=2022, kind="cost")
    assert (cost.value, cost.number, cost.unit) == ("178.16万元", Decimal("178.16"), "万元")
    assert Indicator.objects.filter(project=library, year=2021, value="177.16万元").exists()
    told = library_history.history(library)[0]
    assert told.event.action == "project.adjust"
    said = "\n".join(one.zh for one in told.changes)
    for part in ("调剂 1", "1,781,600.00", "177.16万元 → 178.16万元", "设备稳定运行", "三年稳定运行"):
        assert part in said


def test_history_of_a_cell_tells_the_adjustment(paper, client_of):  # noqa: F811
    paper.set(*paper.money, *paper.targets)
    row = Row.objects.get(budget=paper.budget, sheet="lines", gone=False, values__project=WORK)
    paper.through()
    row.refresh_from_db()
    assert (row.gone, row.amount) == (False, 339_000_000)
    address = f"/budget/{paper.budget.pk}/history/"
    page = client_of(paper.desk.officer).get(f"{address}?sheet=lines&row={row.pk}&column=amount")
    told = page.context["rows"][0]
    assert (told.event.actor, told.adjustment.made_by) == (paper.desk.reviewer, paper.desk.officer)
    assert [(one.before.zh, one.after.zh) for one in told.cells] == [("3,400,000.00", "3,390,000.00")]
    text = page.content.decode()
    assert paper.address in text
    assert "officer 编制" in text
    whole = client_of(paper.desk.officer, "en").get(address).content.decode()
    assert "prepared by officer" in whole
    assert "178.16万元" in whole
    assert "178.16万元" in client_of(paper.desk.officer).get(f"{address}?sheet=indicators").content.decode()
    event = AuditEvent.objects.get(action="adjustment.approve")
    assert {one["sheet"] for one in event.data["sheets"]} == {"lines", "indicators"}
    assert verify()[1] == ""


def test_rows_that_an_adjustment_adds_and_takes_out_are_told(paper):
    base = paper.budget.approved.ledger["lines"]
    gone, same = running(base)
    paper.set({"row": gone["row"], "values": None}, paper.line(same, gone["amount"]))
    adjustment = Adjustment.objects.get()
    assert adjustment.changes[0]["values"] is None
    paper.through()
    told = histories.told(paper.desk.budget(), histories.events(paper.desk.budget()), "lines")
    assert (told[0].gone, len(told[0].cells)) == (1, 1)
    assert books.plain_of(paper.desk.budget())[0]["lines"] == paper.desk.budget().approved.ledger["lines"]


def test_new_line_of_few_columns_is_a_whole_row(paper):
    line = next(
        one for one in paper.budget.approved.ledger["lines"] if one["nature"] == "basic" and one["amount"] > 10_000
    )
    few = {name: line[name] for name in ("unit", "function", "government", "departmental", "nature", "fund")}
    made = paper.set(paper.line(line, -10_000), {"row": None, "values": {**few, "project": "补发", "amount": "100"}})
    assert made.changes[-1]["values"].keys() == {*few, "project", "amount"}
    ledger_from(adjustments.result_of(made))


# --- withdrawn ---


@pytest.mark.parametrize("handed_in", [False, True])
def test_draft_is_withdrawn_for_good_by_an_officer_with_a_reason(paper, client_of, handed_in):  # noqa: F811
    if handed_in:
        paper.set(*paper.money, *paper.targets)
        paper.move("officer", "hand-in")
    else:
        paper.opened()
    officer = client_of(paper.desk.second)
    assert "撤销" in officer.get(paper.address).content.decode()
    refused = officer.post(f"{paper.address}withdraw/")
    assert refused.status_code == 422
    assert "请说明原因" in refused.content.decode()
    assert client_of(paper.desk.head).post(f"{paper.address}withdraw/", {"reason": "r"}).status_code == 403
    assert officer.post(f"{paper.address}withdraw/", {"reason": "不再需要"}).status_code == 302
    made = Adjustment.objects.get()
    assert (made.state, made.decision, made.decided_by) == (AdjustmentState.WITHDRAWN, "不再需要", paper.desk.second)
    for move in workflow.ADJUSTMENTS:
        assert not workflow.allows(move, made.state, workflow.ADJUSTMENTS)
    listed = officer.get(f"/budget/{paper.budget.pk}/adjustments/").content.decode()
    assert "已撤销" in listed
    assert "不再需要" in officer.get(paper.address).content.decode()
    assert AuditEvent.objects.filter(action="adjustment.withdraw").count() == 1
    assert Notice.objects.filter(person=paper.desk.officer, zh__contains="撤销").exists()


def test_adjustment_with_the_bureau_is_returned_before_it_is_withdrawn(paper):
    paper.set(*paper.money, *paper.targets)
    paper.move("officer", "hand-in")
    paper.move("head", "submit")
    with pytest.raises(RefusedError) as info:
        paper.move("officer", "withdraw", reason="r")
    assert "退回" in info.value.message.zh
    paper.move("reviewer", "return", reason="请补充依据")
    assert paper.move("officer", "withdraw", reason="r").state == AdjustmentState.WITHDRAWN


def test_withdrawn_adjustment_does_not_stand_in_the_way_of_a_merger(paper):
    other = years.budget_start(actor=paper.desk.reviewer, unit=paper.desk.foreign, year=paper.budget.year, now=timezone.now())  # fmt: skip
    Budget.objects.filter(pk=other.pk).update(state="approved", approved=paper.budget.approved)
    gone = Budget.objects.select_related("unit", "year", "approved").get(pk=other.pk)
    paper.opened()
    with pytest.raises(RefusedError, match="还没有办结"):
        merging._at_one_step(gone, paper.desk.budget())
    paper.move("officer", "withdraw", reason="r")
    assert merging._at_one_step(gone, paper.desk.budget())


# --- the page ---


def form_of(paper, officer, **more: str) -> dict[str, str]:
    """What the page would send, with what is typed into it."""
    return {**fields_of(officer.get(paper.address).content.decode()), **more}


def fields_of(page: str) -> dict[str, str]:
    """What a browser sends of the page's own form."""
    sent: dict[str, str] = {}

    class Fields(HTMLParser):
        inside = area = select = ""

        def handle_starttag(self, tag, attrs):
            given = dict(attrs)
            if tag == "form":
                self.inside = "" if given.get("action") else "yes"
            if not self.inside:
                return
            if tag == "input" and given.get("name") and (given.get("type") != "checkbox" or "checked" in given):
                sent[given["name"]] = given.get("value") or ""
            if tag == "textarea":
                self.area = given["name"]
                sent[self.area] = ""
            if tag == "select":
                self.select = given["name"]
            if tag == "option" and ("selected" in given or self.select not in sent):
                sent[self.select] = given["value"] or ""

        def handle_endtag(self, tag):
            if tag == "textarea":
                self.area = ""

        def handle_data(self, data):
            if self.area:
                sent[self.area] += data.removeprefix("\n")  # as a browser reads the first of a textarea

    Fields().feed(page)
    return sent


def test_page_moves_money_then_shows_and_takes_the_targets(paper, client_of):  # noqa: F811
    officer = client_of(paper.desk.officer)
    paper.opened()
    page = officer.get(paper.address).content.decode()
    assert "indicators-" not in page
    assert "调剂还没有任何变动" in page
    amounts = {f"amount-{one['row']}": one["values"]["amount"] for one in paper.money}
    assert officer.post(paper.address, form_of(paper, officer, **amounts)).status_code == 302
    page = officer.get(paper.address).content.decode()
    assert "成本指标与项目资金不符" in page
    assert f'name="indicators-{paper.cost["row"]}-value"' in page
    assert "= 177.16 万元" in page  # how the library reads it
    refused = officer.post(f"{paper.address}hand-in/")
    assert refused.status_code == 422
    assert "成本指标与项目资金不符" in refused.content.decode()
    values = {f"indicators-{one['row']}-value": one["values"]["value"] for one in paper.targets}
    assert officer.post(paper.address, form_of(paper, officer, **values)).status_code == 302
    changes = Adjustment.objects.get().changes
    assert [(one["sheet"], one["row"], one["values"]) for one in changes] == [
        ("lines", paper.into["row"], {"amount": 178_160_000}), ("lines", paper.out["row"], {"amount": 339_000_000}),
        *(("indicators", one["row"], one["values"]) for one in paper.targets),
    ]  # fmt: skip
    page = officer.get(paper.address).content.decode()
    assert "成本指标与项目资金不符" not in page
    assert "没有需要修改的" in page
    # Saved again as it stands, nothing is lost and nothing comes in.
    assert officer.post(paper.address, form_of(paper, officer)).status_code == 302
    assert Adjustment.objects.get().changes == changes
    assert officer.post(f"{paper.address}hand-in/").status_code == 302
    seen = client_of(paper.desk.head, "en").get(paper.address).content.decode()
    assert "<del>177.16万元</del> <ins>178.16万元</ins>" in seen
    paper.move("head", "submit")
    paper.move("reviewer", "approve")
    difference = officer.get(f"/budget/{paper.budget.pk}/versions/compare/?old=3&new=4").content.decode()
    assert "178.16万元" in difference


def test_another_project_is_shown_beside_what_is_typed_and_nothing_is_saved(paper, client_of):  # noqa: F811
    officer = client_of(paper.desk.officer)
    paper.opened()
    typed = form_of(paper, officer, **{f"amount-{paper.into['row']}": "not yet", "show": "1", "project": IT})
    page = officer.post(paper.address, typed)
    assert page.status_code == 200
    text = page.content.decode()
    assert f'name="indicators-{paper.cost["row"]}-value"' in text
    assert 'value="not yet"' in text
    assert Adjustment.objects.get().changes == []
    assert client_of(paper.desk.head).post(paper.address, typed).status_code == 403


def test_refused_save_keeps_what_was_typed_and_marks_the_field_in_words_of_the_page(paper, client_of):  # noqa: F811
    officer = client_of(paper.desk.officer)
    paper.set(*paper.money)
    row = paper.into["row"]
    first = len(paper.budget.approved.ledger["lines"]) + 2
    typed = form_of(
        paper, officer,
        **{f"amount-{row}": "-1", "new-0-function": "2010399", "new-0-amount": "many", "new-1-nature": "basic",
           f"indicators-{paper.cost['row']}-value": "178.16万元", "reason": "改了又改"},
    )  # fmt: skip
    page = officer.post(paper.address, typed)
    assert page.status_code == 422
    text = page.content.decode()
    assert "调剂没有保存，有" in text
    assert "未导入" not in text
    assert f"“支出明细”表第 {row} 行“金额”列：" in text
    assert f"“支出明细”表第 {first} 行“金额”列：" in text
    for kept in (
        'value="-1"',
        'name="new-0-function" value="2010399"',
        'value="many"',
        "178.16万元</textarea>",
        "改了又改",
    ):
        assert kept in text, kept
    for name in (f"amount-{row}", "new-0-amount"):
        assert f'aria-describedby="{name}-error"' in text
        assert f'id="{name}-error"' in text
    assert page.context["new"][1]["cells"][4][1] == "basic"  # touched, though nothing is in it yet
    unequal = officer.post(paper.address, form_of(paper, officer, **{f"amount-{row}": "1,781,601.00"}))
    assert "“收入”表第 2 行“本年预算”列：" in unequal.content.decode()
    assert 'aria-describedby="income-2-amount-error"' in unequal.content.decode()
    english = client_of(paper.desk.officer, "en").post(paper.address, typed).content.decode()
    assert "The adjustment was not saved" in english


def test_money_that_is_added_is_typed_at_its_source(paper, client_of):  # noqa: F811
    officer = client_of(paper.desk.officer)
    paper.opened()
    income = paper.budget.approved.ledger["income"][0]
    more = {
        "amount-" + str(paper.out["row"]): f"{Decimal(paper.out['amount'] + 100) / 100:.2f}",
        "income-2-amount": f"{Decimal(income['amount'] + 100) / 100:,.2f}",
    }
    assert officer.post(paper.address, form_of(paper, officer, **more)).status_code == 302
    assert [one["sheet"] for one in Adjustment.objects.get().changes] == ["lines", "income"]
    # What other sheets hold stays itself when the page is saved again: once it became a hundred times as much.
    again = {f"amount-{paper.out['row']}": more[f"amount-{paper.out['row']}"], "revision": "1"}
    assert officer.post(paper.address, again).status_code == 302
    assert Adjustment.objects.get().changes[1]["values"] == {"amount": income["amount"] + 100}


def test_reason_that_the_adjusted_text_demands_is_typed_on_the_page(desk, client_of):  # noqa: F811
    copied(desk)
    # Personnel is what it was last year: no reason is demanded, until the adjustment changes it.
    budget = approved_without_reason(desk)
    there = {one["subject"] for one in budget.approved.ledger["reasons"]}
    paper = Paper.__new__(Paper)
    paper.desk, paper.budget = desk, budget
    line = next(
        one
        for one in budget.approved.ledger["lines"]
        if one["nature"] == "basic" and one["departmental"].startswith("302")
    )
    project = next(one for one in budget.approved.ledger["lines"] if one["project"] == "预留机动费")
    paper.set(paper.line(line, 100_000), paper.line(project, -100_000))
    officer = client_of(desk.officer)
    made = Adjustment.objects.get()
    missing = [one.key for one in remaining(made, desk.budget()).missing if one.sheet == "reasons"]
    assert missing
    assert not there & set(missing)
    page = officer.get(paper.address).content.decode()
    typed = {}
    for key in missing:
        assert f'name="reasons-new-{key}-text"' in page
        typed[f"reasons-new-{key}-text"] = "八月调剂"
    assert officer.post(paper.address, form_of(paper, officer, **typed)).status_code == 302
    assert not remaining(Adjustment.objects.get(), desk.budget()).missing
    assert ">八月调剂</textarea>" in officer.get(paper.address).content.decode()


def approved_without_reason(desk):
    figures(desk)
    for who, move in (("officer", "hand-in"), ("head", "submit"), ("reviewer", "give-figures"), ("officer", "hand-in"), ("head", "submit"), ("reviewer", "approve")):  # fmt: skip
        desk.move(who, move)
    return desk.budget()


def test_error_of_an_unknown_row_names_the_sheet_and_the_row(paper):
    with pytest.raises(NotSavedError) as info:
        paper.set({"sheet": "indicators", "row": 999, "values": {"value": "1"}})
    assert "“绩效指标”表第 999 行：没有这一行。" in info.value.message.zh


def test_queries_of_the_page_do_not_grow_with_its_rows(paper, client_of, django_assert_max_num_queries):  # noqa: F811
    officer = client_of(paper.desk.officer)
    paper.set(*paper.money, *paper.targets)
    officer.get(paper.address)
    with django_assert_max_num_queries(20):
        officer.get(paper.address)
