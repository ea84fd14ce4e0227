"""Every address and every role, as the reviewed table says."""

import pytest

from tests.web.budget_rows import BUDGETS
from tests.web.bureau_rows import BUREAU
from tests.web.grid_rows import GRID
from tests.web.library_rows import LIBRARY
from tests.web.matrix import COMMON, Row, addresses, wrong
from tests.web.people import world
from tests.web.rows import EXPLORER, REVIEWS

ROWS = (*COMMON, *REVIEWS, *EXPLORER, *BUDGETS, *GRID, *BUREAU, *LIBRARY)


@pytest.mark.django_db
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_address_answers_each_role_as_listed(row: Row) -> None:
    assert not wrong(row, world())


def test_every_address_is_listed() -> None:
    # The API has people, tokens and scopes: its own tests hold who may do what.
    pages = {name for name in addresses() if not name.startswith("api:")}
    assert sorted(pages - {row.name for row in ROWS}) == []


def test_every_listed_address_exists() -> None:
    assert {row.name for row in ROWS} <= set(addresses())
