"""Control figures: the bureau's own until they are given (一下); what an adjustment changes does not break them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.web.budgets.conftest import TODAY
from tests.web.budgets.test_cycle import approved, figures, submitted
from tests.web.budgets.test_pages import client_of  # noqa: F401 - a fixture
from zhengwu.ledger.store import ledger_from
from zhengwu.web.budgets import adjustments, books, bureau, years
from zhengwu.web.budgets.models import Project
from zhengwu.web.budgets.years import Figure
from zhengwu.web.common.models import Unit

BASIC = 12_345_678_90  # 分: nothing else on the pages is this
SHOWN, PLAIN = "12,345,678.90", "12345678.90"
ONLY_IN_PREPARATION = "尚未告知的项目"
UNIT, BUREAU = ("officer", "head"), ("reviewer", "auditor", "administrator")


@pytest.fixture
def prepared(desk):
    """The request is with the bureau, which has typed figures and not given them."""
    submitted(desk)
    given = [
        Figure("", BASIC, 3, 411_522_63_0, "按标准测算"), Figure(ONLY_IN_PREPARATION, 1_00),
        *(Figure(one.project, one.used - 1_23) for one in books.used_and_given(desk.budget()) if one.project),
    ]  # fmt: skip
    years.figures_set(actor=desk.reviewer, budget=desk.budget(), figures=given, now=timezone.now())
    return desk


def seen(client, pk: int) -> str:
    """All that a person gets of a budget: pages, what the grid asks for, the API."""
    paths = [
        f"/budget/{pk}/", f"/budget/{pk}/ledger/", f"/budget/{pk}/projects/", f"/budget/{pk}/history/", f"/budget/{pk}/versions/",
        f"/budget/{pk}/ledger/check/?sheet=lines", f"/api/v1/budgets/{pk}", f"/api/v1/budgets/{pk}/figures",
        f"/api/v1/budgets/{pk}/history", f"/budget/{pk}/versions/compare/?old=last&new=now", f"/api/v1/budgets/{pk}/difference?old=last",
        *(f"/budget/projects/{one}/" for one in Project.objects.values_list("pk", flat=True)[:3]),
    ]  # fmt: skip
    answers = [client.get(path) for path in paths]
    assert {one.status_code for one in answers} == {200}
    return "\n".join(one.content.decode() for one in answers)


def left_by(client, pk: int) -> list[int | None]:
    return [one.left for one in client.get(f"/budget/{pk}/").context["summary"]["used"]]


@pytest.mark.parametrize("who", UNIT)
def test_figures_in_preparation_are_kept_from_the_unit(prepared, client_of, who):  # noqa: F811
    client, pk = client_of(prepared.people[who]), prepared.budget().pk
    text = seen(client, pk)
    for secret in (SHOWN, PLAIN, str(BASIC), ONLY_IN_PREPARATION, "按标准测算"):
        assert secret not in text, secret
    assert set(left_by(client, pk)) == {None}
    one = client.get(f"/api/v1/budgets/{pk}/figures").json()["items"][0]
    assert (one["given"], one["left"], one["staff"], one["standard"], one["set_at"]) == (None,) * 5
    told = client.get(f"/budget/{pk}/ledger/check/?sheet=lines").json()["figures"]
    assert {given for _project, _used, given in told} == {None}


FIRST = 98_765_43  # 分: typed before BASIC, and never given
TYPED = "填写控制数"


def history(client, pk: int) -> str:
    page, api = (client.get(f"{path}{pk}/history") for path in ("/budget/", "/api/v1/budgets/"))
    page = client.get(f"/budget/{pk}/history/") if page.status_code == 301 else page
    assert (page.status_code, api.status_code) == (200, 200)
    return page.content.decode() + api.content.decode()


@pytest.mark.parametrize("who", UNIT)
def test_history_tells_the_unit_the_figures_that_were_given_and_not_how_they_came_about(prepared, client_of, who):  # noqa: F811
    rest = [Figure(one.project, one.amount) for one in prepared.budget().controls.exclude(project="")]
    for basic in (FIRST, BASIC):
        years.figures_set(actor=prepared.reviewer, budget=prepared.budget(), figures=[Figure("", basic), *rest], now=timezone.now())  # fmt: skip
    client, pk = client_of(prepared.people[who]), prepared.budget().pk
    assert TYPED not in history(client, pk)
    assert "98,765.43" in history(client_of(prepared.reviewer), pk)
    prepared.move("reviewer", "give-figures")
    text = history(client, pk)
    assert f"基本支出：{SHOWN} 元" in text
    assert f"项目“{ONLY_IN_PREPARATION}”：1.00 元" in text
    assert TYPED not in text
    assert "98,765.43" not in text
    # What is changed once they are given is told: before and after were both given.
    years.figures_set(actor=prepared.reviewer, budget=prepared.budget(), figures=[Figure("", BASIC + 1), *rest], now=timezone.now())  # fmt: skip
    text = history(client, pk)
    assert f"基本支出：{SHOWN} → 12,345,678.91" in text
    assert "98,765.43" not in text


@pytest.mark.parametrize("who", UNIT)
def test_tag_of_the_live_audit_does_not_tell_that_figures_were_set(prepared, client_of, who):  # noqa: F811
    path = f"/budget/{prepared.budget().pk}/ledger/check/?sheet=lines"
    client = client_of(prepared.people[who])
    before = client.get(path)["ETag"]
    figures(prepared)
    assert client.get(path)["ETag"] == before
    assert client_of(prepared.reviewer).get(path)["ETag"] != before


@pytest.mark.parametrize("who", BUREAU)
def test_bureau_sees_its_figures_in_preparation(prepared, client_of, who):  # noqa: F811
    client, pk = client_of(prepared.people[who]), prepared.budget().pk
    page = client.get(f"/budget/{pk}/")
    assert left_by(client, pk)[0] is not None
    assert "正在编制：下达后单位才能看到" in page.content.decode()
    assert ONLY_IN_PREPARATION in page.content.decode()
    one = client.get(f"/api/v1/budgets/{pk}/figures").json()["items"][0]
    assert (one["given"], one["staff"], one["remark"]) == (PLAIN, 3, "按标准测算")
    assert PLAIN in client.get(f"/budget/{pk}/control/").content.decode()


def test_exports_of_the_unit_bear_no_figure_in_preparation(prepared, client_of):  # noqa: F811
    plain, _keys = books.plain_of(prepared.budget())
    assert ledger_from(plain, gaps=True).budget.control is None
    for language in ("zh", "en"):
        address = f"/budget/{prepared.budget().pk}/ledger/workbook/?language={language}"
        assert client_of(prepared.officer).get(address).status_code == 200
    assert prepared.budget().versions.get().ledger["budget"]["control"] is None
    for path in ("control/", "../years/2022/control/", "../years/2022/control/workbook/"):
        assert client_of(prepared.head).get(f"/budget/{prepared.budget().pk}/{path}").status_code in (403, 404)


def test_figures_are_seen_by_the_unit_once_they_are_given(prepared, client_of):  # noqa: F811
    prepared.move("reviewer", "give-figures")
    client, pk = client_of(prepared.officer), prepared.budget().pk
    assert left_by(client, pk)[0] is not None
    text = seen(client, pk)
    assert PLAIN in text
    assert ONLY_IN_PREPARATION in text
    assert "正在编制：下达后" not in text


def test_list_with_many_budgets_makes_as_many_queries_as_with_few(desk, client_of):  # noqa: F811
    year, client = desk.opened(), client_of(desk.other_head)

    def asked() -> int:
        client.get("/budget/")
        with CaptureQueriesContext(connection) as found:
            client.get("/budget/")
        return len(found)

    few = asked()
    for number in range(4):
        unit = Unit.objects.create(code=f"99000{number}", name=f"示例中心{number}", parent=desk.foreign)
        made = years.budget_start(actor=desk.reviewer, unit=unit, year=year, now=timezone.now())
        years.figures_set(actor=desk.reviewer, budget=made, figures=[Figure("", 1)], now=timezone.now())
    assert len(client.get("/budget/").context["rows"]) == 5
    assert asked() == few


# --- adjustments ---


def adjusted(desk, fen: int):
    """The approved budget with a goal changed, a project's line and the income raised by ``fen``, as an adjustment."""
    budget = approved(desk)
    base = budget.approved
    bought = {row["project"] for row in base.ledger["procurement"]}
    line = next(one for one in base.ledger["lines"] if one["nature"] == "project" and one["project"] not in bought)
    income = base.ledger["income"][0]
    now = timezone.now()
    paper = adjustments.adjustment_open(actor=desk.officer, budget=budget, reason="追加", document="", now=now)
    changes = [
        {"sheet": "lines", "row": line["row"], "values": {"amount": f"{(line['amount'] + fen) / 100:.2f}"}},
        {"sheet": "income", "row": income["row"], "values": {"amount": f"{(income['amount'] + fen) / 100:.2f}"}},
    ]
    changes.append({"sheet": "targets", "row": base.ledger["targets"][0]["row"], "values": {"annual_goal": "按期完成"}})
    paper = adjustments.adjustment_set(actor=desk.officer, adjustment=paper, changes=changes, revision=0)
    for who, move in (("officer", "hand-in"), ("head", "submit"), ("reviewer", "approve")):
        paper = adjustments.adjustment_move(actor=desk.people[who], adjustment=paper, move=move, now=now, today=TODAY)
    return desk.budget(), line["project"]


def test_adjusted_budget_is_approved_and_adjusted_not_over_its_figures(desk, client_of):  # noqa: F811
    budget, project = adjusted(desk, 500_00)
    for who in ("officer", "head", "reviewer"):
        page = client_of(desk.people[who]).get(f"/budget/{budget.pk}/")
        text = page.content.decode()
        assert page.context["fault_count"] == 0
        assert "超过控制数" not in text
        assert ' over"' not in text
        assert "已批复，调剂 +500.00" in text
        found = page.context["adjusted"]
        assert (found.change, [(one.project, one.change) for one in found.parts]) == (500_00, [(project, 500_00)])
    assert "adjusted by +500.00" in client_of(desk.head, "en").get(f"/budget/{budget.pk}/").content.decode()
    assert {one.left for one in books.used_and_given(budget)} == {None}
    assert books.ledger_of(budget).budget.control is None
    told = client_of(desk.officer).get(f"/budget/{budget.pk}/ledger/check/?sheet=lines").json()
    assert told["count"] == 0
    assert {given for _project, _used, given in told["figures"]} == {None}


def test_adjustment_within_the_total_says_so(desk, client_of):  # noqa: F811
    budget, _project = adjusted(desk, 0)
    assert "已批复，已调剂，总额不变" in client_of(desk.head).get(f"/budget/{budget.pk}/").content.decode()


def test_board_counts_an_adjustment_to_what_the_bureau_gives(desk):
    budget, _project = adjusted(desk, 500_00)
    row = next(one for one in bureau.board(budget.year, TODAY).departments if one.unit == desk.unit)
    assert row.sums.left == 0
    assert row.sums.control == row.sums.bound


def test_budget_over_its_figures_before_the_approval_is_still_told(desk, client_of):  # noqa: F811
    submitted(desk)
    figures(desk, basic=100)
    desk.move("reviewer", "give-figures")
    page = client_of(desk.officer).get(f"/budget/{desk.budget().pk}/")
    assert "超过控制数" in page.content.decode()
    assert page.context["adjusted"] is None
