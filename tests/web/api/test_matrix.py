"""Every operation of the API and every role, as the reviewed table says."""

import json
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tests.web.api.budget_rows import ROWS as BUDGET_ROWS
from tests.web.api.calls import ROOT, SCOPES, token_of
from tests.web.api.rows import ROWS, Row, case
from tests.web.matrix import ROLES
from tests.web.people import World, world
from zhengwu.web.api import api
from zhengwu.web.common.models import Unit


def _status(row: Row, here: World, unit: Unit, role: str, scopes: tuple[str, ...] = SCOPES) -> int:
    """What is answered; whatever it changed is undone."""
    point = transaction.savepoint()
    one = case(here, unit, row)
    person = here.people.get(role, here.people["reviewer"])
    headers = token_of(person, *scopes) if role != "anonymous" else {}
    address = ROOT + row.address.format(**one.numbers)
    client = Client(raise_request_exception=False)
    if row.body is None:
        answer = client.get(address, headers=headers)
    else:
        # A revision is asked of who may see the document; the others send one all the same.
        data: Any = row.body(one, here.people["reviewer"])
        if row.files:
            answer = client.post(address, data, headers=headers)
        else:
            answer = client.post(address, json.dumps(data), content_type="application/json", headers=headers)
    transaction.savepoint_rollback(point)
    return int(answer.status_code)


@pytest.mark.django_db
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_operation_answers_each_role_as_listed(row: Row) -> None:
    here = world()
    found = {role: _status(row, here, here.own, role) for role in ROLES}
    assert found == dict(zip(ROLES, map(int, row.own.split()), strict=True))
    if row.foreign:
        found = {role: _status(row, here, here.foreign, role) for role in ("officer", "head")}
        assert found == dict(zip(("officer", "head"), map(int, row.foreign.split()), strict=True))
    assert _status(row, here, here.below, "officer") == int(row.own.split()[1]), "what is below is one's own"


@pytest.mark.django_db
@pytest.mark.parametrize("row", [one for one in ROWS if one.scope], ids=str)
def test_operation_is_refused_to_a_token_without_its_scope(row: Row) -> None:
    here = world()
    scopes = tuple(one for one in SCOPES if one != row.scope)
    assert _status(row, here, here.own, "administrator", scopes) == 403
    assert _status(row, here, here.own, "reviewer", scopes) == 403


def test_every_operation_is_listed() -> None:
    described = [one["operationId"] for path in api.get_openapi_schema()["paths"].values() for one in path.values()]
    assert sorted(described) == sorted({row.operation for row in (*ROWS, *BUDGET_ROWS)})
