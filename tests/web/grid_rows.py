"""The addresses of the ledger in the browser in the permission matrix, for an own and a foreign unit."""

from typing import Any

from tests.web.budget_rows import budget_of
from tests.web.matrix import POST_ONLY, SIGNED_IN, Row


def _budget(own: bool) -> Any:
    return lambda world: {"pk": budget_of(world, own).pk}


_FOREIGN = "login 404 404 200 200 200"
_READ = ("ledger", "ledger-check", "ledger-codes", "ledger-workbook")
_WRITE = ("ledger-save", "ledger-take")
GRID = (
    *(Row(f"budgets:{name}", SIGNED_IN, arguments=_budget(True)) for name in _READ),
    *(Row(f"budgets:{name}", _FOREIGN, arguments=_budget(False)) for name in _READ),
    Row("budgets:ledger-rows", SIGNED_IN, arguments=_budget(True), data={"sheet": "lines"}),
    Row("budgets:ledger-rows", _FOREIGN, arguments=_budget(False), data={"sheet": "lines"}),
    Row("budgets:ledger-rows", "login 422 422 422 422 422", arguments=_budget(True)),
    *(Row(f"budgets:{name}", POST_ONLY, arguments=_budget(True)) for name in _WRITE),
    # What is sent is empty: whoever may edit is told so.
    *(Row(f"budgets:{name}", "login 422 403 403 403 403", "POST", _budget(True)) for name in _WRITE),
    *(Row(f"budgets:{name}", "login 404 403 403 403 403", "POST", _budget(False)) for name in _WRITE),
)
