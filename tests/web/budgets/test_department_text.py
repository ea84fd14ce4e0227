"""A department is published with its units: what each says of its own figures stands with its name."""

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.budgets.test_bureau import typed
from tests.web.budgets.test_units import again, merged, to_approved, two
from zhengwu.web.budgets import publication
from zhengwu.web.budgets.rows import Change, rows_save

__all__ = ["two"]
_BOTH = "示例区财政局压减支出；示例中心新增任务"


@pytest.fixture
def apart(desk, two, tmp_path, settings):
    """The department spends 100 yuan less than last year, the unit below 300 more; each says why."""
    settings.MEDIA_ROOT = tmp_path / "files"
    own, below = two
    for budget, officer, more, why in ((own, desk.stranger, -100, "压减支出"), (below, desk.people["below"], 300, "新增任务")):  # fmt: skip
        for sheet, amount in (("lines", 600 + more), ("income", 1000 + more)):
            row = budget.rows.filter(sheet=sheet).order_by("position").first()
            change = [Change("", row.pk, {"amount": str(amount)})]
            rows_save(actor=officer, budget=again(budget), sheet_key=sheet, changes=change, now=timezone.now())
        typed(again(budget), officer, "reasons", *({"subject": one, "text": why} for one in ("income", "basic")))
    return again(own), again(below)


def page_of(person, address: str) -> str:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_department_is_previewed_with_its_units_while_they_compile(desk, apart):
    own, _ = apart
    text = page_of(desk.stranger, f"/budget/{own.pk}/publication/preview/html")
    assert "增加200.00元" in text
    assert f"{_BOTH}</span>。" in text
    assert "1 个下属单位" in page_of(desk.stranger, f"/budget/{own.pk}/publication/")


def test_what_is_published_of_a_department_contradicts_none_of_its_units(desk, apart):
    own, below = apart
    own = to_approved(desk, own, desk.stranger, desk.other_head)
    to_approved(desk, below, desk.people["below"], desk.people["below_head"], 1300_00)
    assert publication.ledger_in_force(own).reasons[0].text == _BOTH
    publication.budget_publish(actor=desk.other_head, budget=again(own), now=timezone.now())
    text = page_of(desk.stranger, f"/budget/{own.pk}/publication/preview/html")
    assert "增加200.00元" in text
    assert f"{_BOTH}</span>。" in text


def test_merged_budget_cannot_be_published(desk, apart):
    own, below = apart
    own = to_approved(desk, own, desk.stranger, desk.other_head)
    below = to_approved(desk, below, desk.people["below"], desk.people["below_head"], 1300_00)
    publication.budget_publish(actor=desk.people["below_head"], budget=below, now=timezone.now())
    merged(desk, again(below), own)
    text = page_of(desk.people["below_head"], f"/budget/{below.pk}/publication/")
    assert "公开这份预算" not in text
    assert 'name="csrfmiddlewaretoken"' not in text.split("<main", 1)[1]
