"""A draft whose cells are empty yet hinders nobody: neither its department's pages nor a comparison nor a merger."""

import pytest
from django.test import Client

from tests.web.budgets.test_bureau import typed
from tests.web.budgets.test_department_text import apart
from tests.web.budgets.test_units import again, merged, to_approved, two
from zhengwu.web.budgets import adjustments
from zhengwu.web.budgets.models import AdjustmentState

__all__ = ["apart", "two"]
_WHOLE = {"function": "2010301", "government": "50201", "departmental": "30201", "nature": "basic", "fund": "general", "amount": "1"}  # fmt: skip


def answer(person, address: str):
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(address)


@pytest.mark.parametrize("lacking", ["amount", "nature", "fund", "function"])
def test_unit_that_is_still_typing_leaves_its_department_readable(desk, two, lacking):
    own, below = two
    typed(below, desk.people["below"], "lines", {key: text for key, text in _WHOLE.items() if key != lacking})
    page = answer(desk.stranger, f"/budget/{own.pk}/publication/").content.decode()
    assert "这里只是本预算" in page
    assert str(below.unit) in page
    for address in (
        f"/budget/{own.pk}/publication/preview/html", f"/budget/{own.pk}/rollup/", f"/budget/{below.pk}/versions/compare/?old=now&new=now",
        f"/api/v1/budgets/{own.pk}/rollup", f"/budget/{below.pk}/", f"/budget/{below.pk}/ledger/check/?sheet=lines",
    ):  # fmt: skip
        found = answer(desk.stranger if f"/{own.pk}/" in address or "api" in address else desk.people["below"], address)
        assert found.status_code == 200, (address, found.content[:300])
    assert merged(desk, again(below), again(own)).lines == 3


def test_draft_of_a_department_is_offered_as_no_file_that_lacks_its_units(desk, apart):
    own, _ = apart
    page = answer(desk.stranger, f"/budget/{own.pk}/publication/").content.decode()
    assert "preview/docx" not in page
    assert "preview/html" in page


def test_merged_unit_is_told_nothing_of_the_others_sums(desk, two):
    own, below = two
    merged(desk, below, own)
    told = answer(desk.people["below"], f"/budget/{below.pk}/history/").content.decode()
    assert "990001 并入 990" in told
    assert "990 的支出" not in told
    assert "990 的支出" in answer(desk.stranger, f"/budget/{own.pk}/history/").content.decode()
    assert answer(desk.reviewer, f"/budget/{below.pk}/rollup/").status_code < 500


def test_reason_of_a_merged_unit_has_each_name_once(desk, apart):
    own, below = apart
    merged(desk, below, own)
    (text,) = {row.values["text"] for row in again(own).rows.filter(sheet="reasons", gone=False)}
    assert text == "示例区财政局压减支出；示例中心新增任务"


def test_amount_typed_as_it_was_is_no_adjustment(desk, two):
    own = to_approved(desk, two[0], desk.stranger, desk.other_head)
    paper = adjustments.adjustment_open(actor=desk.stranger, budget=own, reason="试", document="", now=own.moved_at)
    changes = [{"row": 2, "values": {"amount": "600"}}]
    paper = adjustments.adjustment_set(actor=desk.stranger, adjustment=paper, changes=changes, revision=0)
    assert (paper.changes, paper.state) == ([], AdjustmentState.DRAFT)
