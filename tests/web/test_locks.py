"""Rows are locked without their keys."""

import re
from pathlib import Path

WEB = Path(__file__).parents[2] / "src" / "zhengwu" / "web"


def test_no_lock_takes_the_key_of_its_row() -> None:
    # An event of the trail points to its actor and unit, and PostgreSQL locks the keys of both while it is added. Who
    # had locked one of those rows whole would wait for the trail, and the trail for him: a deadlock.
    found = [
        f"{path.relative_to(WEB)}: {call}"
        for path in WEB.rglob("*.py")
        for call in re.findall(r"select_for_update\((?:[^()]|\([^()]*\))*\)", path.read_text(encoding="utf-8"))
        if "no_key=True" not in call
    ]
    assert found == []
