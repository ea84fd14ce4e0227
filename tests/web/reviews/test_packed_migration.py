"""Results that were stored before they were packed are there afterwards."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from zhengwu.web.reviews.models import Round

READING = {"tables": [{"title": "表一", "rows": []}], "text": []}


@pytest.fixture
def _back():
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_back")
def test_results_of_before_are_packed_and_kept():
    executor = MigrationExecutor(connection)
    old = executor.migrate([("reviews", "0001_initial")]).apps
    by = old.get_model("common", "User").objects.create(username="u", role="reviewer")
    document = old.get_model("reviews", "Document").objects.create(title="t", created_by=by)
    for number in (1, 2):
        old.get_model("reviews", "Round").objects.create(
            document=document, number=number, name="a", sha256="0" * 64, size=1, uploaded_by=by, current=number == 2,
            reading=READING, report={"number": number}, coverage={"facts": [[0, 1, "1.00", None, "tied", []]]},
        )  # fmt: skip
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    rounds = list(Round.objects.order_by("number"))
    assert [one.report for one in rounds] == [{"number": 1}, {"number": 2}]
    assert all(one.reading == READING and one.coverage["facts"][0][2] == "1.00" for one in rounds)
