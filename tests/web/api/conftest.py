"""A folder for files for every test of the API."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.web.api.budget_calls import Caller
from tests.web.budgets.conftest import Desk, desk

__all__ = ["desk"]


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def call(desk: Desk, client: Client) -> Caller:
    """The people of a budget desk, each with a token."""
    return Caller(desk, client)


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """schemathesis calls the tests of all operations alike, and pytest-xdist runs one of each name: without this, one
    operation in all."""
    for item in items:
        label = getattr(item, "operation_label", None)
        if label is not None and not item.nodeid.endswith("]"):
            item._nodeid = f"{item.nodeid}[{label}]"
