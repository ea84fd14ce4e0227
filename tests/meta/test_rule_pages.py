"""docs/rules/ is what the rules say."""

import runpy
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_rule_pages_are_up_to_date() -> None:
    expected = runpy.run_path(str(DOCS / "write_rules.py"))["pages"]()
    found = {path.name: path.read_text(encoding="utf-8") for path in (DOCS / "rules").glob("*.md")}
    assert found == expected, "run make docs"
