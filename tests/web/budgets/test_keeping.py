"""What is kept of a budget is made once, and anew whenever it may be another."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.web.budgets.conftest import small
from tests.web.budgets.test_cycle import copied, figures, submitted
from tests.web.budgets.test_pages import client_of  # noqa: F401 - a fixture
from zhengwu.web.budgets import books, years
from zhengwu.web.budgets.keeping import kept, stamp_of
from zhengwu.web.budgets.rows import Change, rows_save


def typed(desk) -> None:
    row = desk.budget().rows.filter(sheet="lines").first()
    change = Change("", row.pk, {"amount": f"{row.amount // 100 + 1}"})
    rows_save(actor=desk.officer, budget=desk.budget(), sheet_key="lines", changes=[change], now=timezone.now())


def test_answer_is_made_once_for_a_stamp(db):
    asked = []
    for stamp in ("a", "a", "b", "a"):
        assert kept("tried", stamp, lambda stamp=stamp: asked.append(stamp) or stamp) == stamp
    assert asked == ["a", "b"]


def test_stamp_changes_with_every_edit_move_and_figure_and_with_nothing_else(desk):
    submitted(desk)
    seen = [stamp_of(desk.budget())]
    assert stamp_of(desk.budget()) == seen[0]
    for change in (
        lambda: figures(desk), lambda: figures(desk), lambda: desk.move("reviewer", "give-figures"), lambda: typed(desk),
        lambda: years.asset_date_set(actor=desk.officer, budget=desk.budget(), date="2021年11月30日"),
    ):  # fmt: skip
        change()
        seen.append(stamp_of(desk.budget()))
    assert len(set(seen)) == len(seen) == 6


def test_live_audit_follows_an_edit_and_reads_the_lines_once(desk, client_of):  # noqa: F811
    copied(desk)
    client, address = client_of(desk.officer), f"/budget/{desk.budget().pk}/ledger/check/?sheet=lines"
    before = client.get(address).json()
    typed(desk)
    with CaptureQueriesContext(connection) as captured:
        told = client.get(address).json()
    assert told["totals"]["total"] == books.Look(desk.budget()).sums.total != before["totals"]["total"]
    assert told["count"] > before["count"]
    assert len([one for one in captured if 'FROM "budgets_row"' in one["sql"]]) == 1
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).json() == told
    assert not [one for one in captured if 'FROM "budgets_row"' in one["sql"]]


def test_live_audit_demands_nothing_any_more_once_the_year_is_closed(desk, client_of):  # noqa: F811
    desk.opened()
    budget = small(desk, desk.budget(), desk.officer)
    row = budget.rows.get(sheet="last_year", values__subject="basic")
    change = Change("", row.pk, {"amount": "900"})
    rows_save(actor=desk.officer, budget=budget, sheet_key="last_year", changes=[change], now=timezone.now())
    client, address = client_of(desk.officer), f"/budget/{budget.pk}/ledger/check/?sheet=lines"
    first = client.get(address)
    assert first.json()["todo"]
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    years.year_close(actor=desk.reviewer, year=budget.year, closed=True)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert again.json()["todo"] == []
