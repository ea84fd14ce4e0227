"""Packed JSON comes back as it went in."""

import pytest
from django.core import serializers
from django.db import connection

from tests.web.people import world
from zhengwu.web.reviews.models import Document, Round

pytestmark = pytest.mark.django_db
DATA = {"字": ["<&>", 1, 2.5, None, True, {"": []}], "large": "预算" * 10_000}


@pytest.fixture
def made() -> Round:
    by = world().people["reviewer"]
    document = Document.objects.create(title="t", created_by=by)
    return Round.objects.create(
        document=document, number=1, name="a", sha256="0" * 64, size=1, uploaded_by=by, reading=DATA
    )


def test_data_comes_back(made):
    made.refresh_from_db()
    assert made.reading == DATA
    assert made.coverage == {}


def test_column_is_a_fraction_of_its_json(made):
    with connection.cursor() as cursor:
        cursor.execute("SELECT reading FROM reviews_round WHERE id = %s", [made.pk])
        assert len(bytes(cursor.fetchone()[0])) < 1000


def test_update_and_serializer_take_data(made):
    Round.objects.filter(pk=made.pk).update(report={"一": 1})
    text = serializers.serialize("json", Round.objects.filter(pk=made.pk))
    (again,) = serializers.deserialize("json", text)
    assert again.object.report == {"一": 1}
    assert again.object.reading == DATA
