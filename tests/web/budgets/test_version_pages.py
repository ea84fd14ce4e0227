"""Versions, comparisons, histories, adjustments and the publication, as pages."""

import pytest
from django.utils import timezone

from tests.web.budgets.test_cycle import approved, copied, line_of
from tests.web.budgets.test_pages import client_of  # noqa: F401 - a fixture
from zhengwu.ledger.difference import difference
from zhengwu.ledger.store import ledger_from
from zhengwu.web.budgets.models import Adjustment, AdjustmentState, State
from zhengwu.web.budgets.rows import Change, rows_save


@pytest.fixture(autouse=True)
def _files(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"


def test_difference_reads_as_an_officer_reads_it(desk, client_of):  # noqa: F811
    copied(desk)
    row = line_of(desk.budget(), "basic")
    change = Change("", row.pk, {"amount": "1.00"}, {"amount": str(row.amount / 100)})
    rows_save(actor=desk.officer, budget=desk.budget(), sheet_key="lines", changes=[change], now=timezone.now())
    pk = desk.budget().pk
    page = client_of(desk.officer).get(f"/budget/{pk}/versions/compare/?old=last&new=now")
    assert page.status_code == 200
    text = page.content.decode()
    assert "变动" in text
    assert f"{(100 - row.amount) / 100:,.2f}" in text
    assert "1.00" in text
    english = client_of(desk.officer, "en").get(f"/budget/{pk}/versions/compare/?old=last&new=now").content.decode()
    assert "Difference" in english


def test_difference_shows_texts_before_and_after_and_what_rows_held(desk, client_of):  # noqa: F811
    copied(desk)
    pk, text = desk.budget().pk, "新设机构的职责。" * 40

    def change(key, *changes):
        rows_save(actor=desk.officer, budget=desk.budget(), sheet_key=key, changes=changes, now=timezone.now())

    reason = desk.budget().rows.get(sheet="reasons", gone=False, values__subject="income")
    division = desk.budget().rows.filter(sheet="divisions", gone=False).first()
    change("reasons", Change("", reason.pk, {"text": "设备更新<完成>"}))
    change("divisions", Change("n", None, {"name": "新设处", "duties": text}), Change("", division.pk, gone=True))
    page = client_of(desk.officer).get(f"/budget/{pk}/versions/compare/?old=last&new=now").content.decode()
    assert "<ins>设备更新&lt;完成&gt;</ins>" in page
    assert f'<ins class="text">{text}</ins>' in page
    assert "“新设处”" in page
    assert f"“{division.values['name']}”" in page
    assert f'<del class="text">{division.values["duties"]}</del>' in page
    assert "一般公共预算拨款" in page


def test_control_figure_is_no_difference_where_none_binds(desk, client_of):  # noqa: F811
    budget = approved(desk)
    assert budget.approved.ledger["budget"]["control"]
    adjusted = {**budget.approved.ledger, "budget": {**budget.approved.ledger["budget"], "control": None}}
    assert difference(ledger_from(budget.approved.ledger), ledger_from(adjusted)).same
    page = client_of(desk.officer).get(f"/budget/{budget.pk}/versions/compare/?old=1&new=3").content.decode()
    assert "支出控制数" not in page


def test_comparison_of_what_is_not_there_says_so(desk, client_of):  # noqa: F811
    copied(desk)
    page = client_of(desk.officer).get(f"/budget/{desk.budget().pk}/versions/compare/?old=99&new=now")
    assert page.status_code == 422


def test_history_tells_who_changed_which_cell(desk, client_of):  # noqa: F811
    copied(desk)
    row = line_of(desk.budget(), "basic")
    change = Change("", row.pk, {"amount": "1.00"}, {"amount": str(row.amount / 100)})
    rows_save(actor=desk.second, budget=desk.budget(), sheet_key="lines", changes=[change], now=timezone.now())
    pk = desk.budget().pk
    page = client_of(desk.officer).get(f"/budget/{pk}/history/?sheet=lines&row={row.pk}&column=amount").content.decode()
    assert f"{row.amount / 100:,.2f}" in page
    assert "second" in page
    assert f"第 {place_of(row)} 行" in page
    nothing = client_of(desk.officer).get(f"/budget/{pk}/history/?sheet=codes").content.decode()
    assert "这里没有变动" in nothing


def place_of(row) -> int:
    """As the grid counts: the titles are the first row."""
    return list(row.budget.rows.filter(sheet=row.sheet, gone=False)).index(row) + 2


def test_adjustment_shows_the_rows_that_a_refusal_names_and_keeps_new_lines(desk, client_of):  # noqa: F811
    budget = approved(desk)
    officer, address = client_of(desk.officer), f"/budget/{budget.pk}/adjustments/"
    officer.post(address, {"reason": "八月调剂", "document": ""})
    lines = budget.approved.ledger["lines"]
    gone, new = lines[0]["row"], lines[-1]["row"] + 1
    line = {**lines[1], "amount": "1.00", "government": "50999"}
    typed = {f"new-1-{name}": str(value) for name, value in line.items() if name != "row"}
    page = officer.post(f"{address}1/", {"revision": "0", f"amount-{gone}": "", "new-0-unit": desk.unit.code, **typed})
    assert page.status_code == 422
    text = page.content.decode()
    assert f"第 {new} 行" in text
    for number in (gone, new):
        assert f'<th scope="row" class="n">{number}</th>' in text
    assert 'name="new-0-government" value="50999"' in text
    # Saved, a new line stands in its fields again, and is not lost when the page is saved once more.
    one = next(row for row in lines[1:] if row["nature"] == "basic" and row["amount"] > 100)
    more = {"project": f"{one['project']}（增列）", "amount": "1.00"}
    typed = {f"new-0-{name}": str(value) for name, value in (one | more).items() if name != "row"}
    sent = {"revision": "0", f"amount-{one['row']}": f"{(one['amount'] - 100) / 100:.2f}", **typed}
    assert officer.post(f"{address}1/", sent).status_code == 302
    assert 'name="new-0-amount" value="1.00"' in officer.get(f"{address}1/").content.decode()
    assert officer.post(f"{address}1/", {**sent, "revision": "1"}).status_code == 302
    assert [change["row"] for change in Adjustment.objects.get().changes] == [one["row"], None]
    assert officer.post(f"{address}1/hand-in/").status_code == 302
    stale = officer.post(f"{address}1/hand-in/")
    assert stale.status_code == 422
    assert '<p class="note error" role="alert">调剂不在编制状态。</p>' in stale.content.decode()


def test_adjustment_from_the_first_page_to_the_approval(desk, client_of):  # noqa: F811
    budget = approved(desk)
    officer, head, reviewer = (client_of(desk.people[who]) for who in ("officer", "head", "reviewer"))
    address = f"/budget/{budget.pk}/adjustments/"
    refused = officer.post(address, {"reason": "", "document": ""})
    assert refused.status_code == 422
    assert "请说明调剂原因" in refused.content.decode()
    assert officer.post(address, {"reason": "八月调剂", "document": "财预〔2022〕1号"}).status_code == 302
    bought = {row["project"] for row in budget.approved.ledger["procurement"]}
    lines = [
        one for one in budget.approved.ledger["lines"] if one["nature"] == "project" and one["project"] not in bought
    ]
    one, other = lines[0], next(line for line in lines if line["project"] != lines[0]["project"])
    sent = {
        "revision": "0", "reason": "八月调剂", f"amount-{one['row']}": f"{(one['amount'] - 100) / 100:.2f}",
        f"amount-{other['row']}": f"{(other['amount'] + 200) / 100:.2f}",
    }  # fmt: skip
    page = officer.post(f"{address}1/", sent)
    assert page.status_code == 422  # one yuan too much
    assert sent[f"amount-{other['row']}"] in page.content.decode()  # what was typed is kept
    sent[f"amount-{other['row']}"] = f"{(other['amount'] + 100) / 100:.2f}"
    assert officer.post(f"{address}1/", sent).status_code == 302
    assert head.post(f"{address}1/", sent).status_code == 403
    for client, move in ((officer, "hand-in"), (head, "submit"), (reviewer, "approve")):
        assert client.post(f"{address}1/{move}/").status_code == 302
    assert Adjustment.objects.get().state == AdjustmentState.APPROVED
    found = client_of(desk.auditor).get(f"/budget/{budget.pk}/versions/compare/?old=3&new=4").content.decode()
    assert "+1.00" in found
    assert "-1.00" in found


def test_publication_page_says_what_remains_then_publishes(desk, client_of):  # noqa: F811
    copied(desk)
    head = client_of(desk.head)
    address = f"/budget/{desk.budget().pk}/publication/"
    assert head.get(address).status_code == 200
    assert head.post(address).status_code == 422
    budget = approved_from_here(desk)
    page = head.get(address).content.decode()
    assert "没有需要修改的" in page
    for form, begin in (("html", b"<!"), ("docx", b"PK"), ("xlsx", b"PK"), ("pdf", b"%PDF")):
        assert head.get(f"{address}preview/{form}").content.lstrip()[: len(begin)].lower() == begin.lower()
    assert client_of(desk.officer).post(address).status_code == 403
    assert head.post(address).status_code == 302
    assert desk.budget().state == State.PUBLISHED
    public = client_of(desk.auditor).get(f"/d/{budget.unit.code}/2022/budget/")
    assert public.status_code == 200
    assert "60,403,595.94" in public.content.decode()


def approved_from_here(desk):
    from tests.web.budgets.test_cycle import figures

    for who, move in (("officer", "hand-in"), ("head", "submit")):
        desk.move(who, move)
    figures(desk)
    for who, move in (
        ("reviewer", "give-figures"),
        ("officer", "hand-in"),
        ("head", "submit"),
        ("reviewer", "approve"),
    ):
        desk.move(who, move)
    return desk.budget()
