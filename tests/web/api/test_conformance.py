"""The API against its own description, with thousands of requests that nobody would write by hand.

schemathesis makes them from the description: right ones and wrong ones, wrong methods, no token. No answer may be a
500, have a status or shape that is not described, take what the description forbids, or work without a token.
``API_EXAMPLES=100 pytest -n 0 tests/web/api/test_conformance.py`` asks more of each operation.
"""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.web.api.budget_rows import ROWS as BUDGET_ROWS
from tests.web.api.budget_rows import BudgetRow, budget_case
from tests.web.api.calls import SCOPES, token_of
from tests.web.api.rows import Row, case
from tests.web.matrix import ROLES
from tests.web.people import world
from zhengwu.web import api_common
from zhengwu.web.api import api
from zhengwu.web.common.models import User
from zhengwu.web.explorer.models import Publication, PublishedFact, PublishedProject
from zhengwu.web.wsgi import application

EXAMPLES = int(os.environ.get("API_EXAMPLES", "5"))
schema = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema())), config=SchemathesisConfig())
schema.app = application
# What a string must not hold beyond its length (a NUL, a date without its year) JSON Schema does not say.
_BEYOND_THE_SCHEMA = [positive_data_acceptance]


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """As Django's own test client does it: the end of a request does not end the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def known(db: None, _one_connection: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Something of each kind, and a token for it."""
    monkeypatch.setattr(api_common, "RATE", 10**9)
    here = world()
    one = case(here, here.own, Row("", "", ""))
    published = Publication.objects.create(
        round=one.round, unit=here.own, year=2021, kind="budget", title="t", published_by=here.people["reviewer"],
        published_at=datetime(2026, 3, 1, tzinfo=UTC),
    )  # fmt: skip
    PublishedFact.objects.create(publication=published, measure="expenditure", year=2021, stage="budget", value=1, quote="1")  # fmt: skip
    PublishedProject.objects.create(publication=published, name="p")
    # A budget that is compiled, and one that is approved: of a unit below, with an officer of its own.
    draft = budget_case(here, here.own, BudgetRow("", "", "", "", ""))
    approved = budget_case(here, here.below, BudgetRow("", "", "", "", "", state="approved"))
    below = User.objects.create(username="below", role="officer", unit=here.below)
    tokens = {role: token_of(person, *SCOPES) for role, person in (*here.people.items(), ("below", below))}
    numbers = one.numbers | draft.numbers | {"publication": published.pk}
    return {"numbers": numbers, "tokens": tokens, "draft": draft, "approved": approved}


@schema.parametrize()
@settings(
    max_examples=EXAMPLES, derandomize=True, database=None, deadline=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_operation_keeps_to_its_description(case: Any, known: dict[str, Any]) -> None:
    path = case.operation.path
    later = "/adjustments" in path or "/publication" in path
    budget = known["approved" if later else "draft"]
    numbers = known["numbers"] | ({"budget": budget.budget.pk} if "/budgets" in path else {})
    for name, number in (case.path_parameters or {}).items():
        if type(number) is int and number > 0 and number % 4:
            # Most numbers stand for nothing: let them mean what there is.
            kind = path.split("/{pk}")[0].rsplit("/", 1)[-1].removesuffix("s").replace("people", "person")
            case.path_parameters[name] = numbers.get(kind if name == "pk" else name, number)
    right = case.meta.generation.mode == GenerationMode.POSITIVE and isinstance(case.body, dict)
    if right and isinstance(case.body.get("revision"), str) and case.body["revision"]:
        case.body["revision"] = budget.adjusted if "{number}" in path else budget.revision
    case.call_and_validate(headers=known["tokens"][_who(case, later)], excluded_checks=_BEYOND_THE_SCHEMA)


def _who(case: Any, later: bool) -> str:
    """Somebody who may."""
    name = case.operation.definition.raw["operationId"]
    row = next((one for one in BUDGET_ROWS if one.operation == name), None)
    if row is None:
        return "administrator" if "/administration/" in case.operation.path else "reviewer"
    role = next(role for role, status in zip(ROLES, row.own.split(), strict=True) if status not in ("401", "403"))
    return "below" if later and role == "officer" else role
