"""The real documents beside the project; tests on them are skipped, saying so, where they are absent."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "shared" / "real"


def real(name: str) -> Path:
    """The path of a real document, or a skip that says what is missing."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"real document absent: ../shared/real/{name}")
    return path
