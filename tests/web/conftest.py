"""A fresh cache for every test: what the rows of one held is not the next one's, though they have the same keys."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()
