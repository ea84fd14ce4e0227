"""docs/rules/ is what the rules say, docs/ledger.md what the ledger's schema says."""

import runpy
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_rule_pages_are_up_to_date() -> None:
    expected = runpy.run_path(str(DOCS / "write_rules.py"))["pages"]()
    found = {path.name: path.read_text(encoding="utf-8") for path in (DOCS / "rules").glob("*.md")}
    assert found == expected, "run make docs"


def test_ledger_page_is_up_to_date() -> None:
    expected = runpy.run_path(str(DOCS / "write_ledger.py"))["page"]()
    assert (DOCS / "ledger.md").read_text(encoding="utf-8") == expected, "run make docs"
