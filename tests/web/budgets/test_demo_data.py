"""The demonstration's data: complete, and there once however often it is made."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from tests.web.explorer.making import EXAMPLES
from zhengwu.web.budgets import books
from zhengwu.web.budgets.models import Budget, Project
from zhengwu.web.common.models import User
from zhengwu.web.common.trail import verify
from zhengwu.web.explorer.models import Publication
from zhengwu.web.reviews.models import Document, Finding


@pytest.mark.django_db
def test_demo_data_made_twice_stands_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGWU_DEMO_PASSWORD", "a demo pass 2026")
    out = StringIO()
    call_command("demo_data", examples=str(EXAMPLES), stdout=out)
    counts = (Publication.objects.count(), Document.objects.count(), User.objects.count())
    assert counts == (6, 7, 5)
    assert out.getvalue().count("a demo pass 2026") == 5
    assert sorted(Publication.objects.values_list("year", flat=True)) == [2021, 2021, 2022, 2022, 2023, 2023]
    # Only the planted defects are found: what we publish ourselves is clean.
    assert not Finding.objects.filter(round__document__state="published").exclude(severity="info").exists()
    assert Finding.objects.filter(round__name="faulty-budget.docx").count() >= 7
    budget = Budget.objects.get(unit__code="999001", year__year=2024)
    assert (budget.state, budget.copied_from.budget.year.year) == ("first_draft", 2023)
    assert not books.checked(budget).faults
    # What ended is told with the year that the library has, too.
    ended = [one for one in budget.notes if one["kind"] == "project_ended"]
    assert ended
    for one in ended:
        project = Project.objects.get(unit=budget.unit, name=one["found"])
        assert project.ends == 2023
        assert f"ended in {project.ends} and" in one["en"]
    call_command("demo_data", examples=str(EXAMPLES), stdout=out)
    assert (Publication.objects.count(), Document.objects.count(), User.objects.count()) == counts
    assert verify()[1] == ""
    assert User.objects.get(username="reviewer").check_password("a demo pass 2026")
    for path in ("/", "/d/299001/", "/d/999001/2023/budget/"):
        assert client.get(path).status_code == 200
