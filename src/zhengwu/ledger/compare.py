"""Two budgets beside each other: last year's and this year's, or two drafts of one year."""

from zhengwu.ledger.compare_found import Comparison, Entry, Group, Moved, Side, comparison, leaves
from zhengwu.ledger.compare_html import comparison_html
from zhengwu.ledger.compare_text import comparison_json, comparison_text

__all__ = [
    "Comparison", "Entry", "Group", "Moved", "Side",
    "comparison", "comparison_html", "comparison_json", "comparison_text", "leaves",
]  # fmt: skip
