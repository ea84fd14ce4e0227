"""Rules shown: the list, one rule in full, and as data."""

import re
from typing import Any

from zhengwu.reporting.as_text import Style
from zhengwu.reporting.width import padded, wrapped
from zhengwu.rules.registry import Rule

_HEADINGS = ("Checks", "Why", "Fails", "Passes", "Known gaps")
_CHINESE = {"Checks": "检查", "Why": "原因", "Fails": "不通过", "Passes": "通过", "Known gaps": "已知局限"}


def headings(rule: Rule) -> dict[str, str]:
    """The fixed headings of a rule's docstring, each on one line."""
    found: dict[str, str] = {}
    text = " ".join(rule.doc.split("\n", 1)[-1].split())
    pattern = "|".join(_HEADINGS)
    for match in re.finditer(rf"({pattern}): (.*?)(?= (?:{pattern}): |$)", text):
        found[match.group(1)] = match.group(2)
    return found


def rule_json(rule: Rule) -> dict[str, Any]:
    """A rule as data."""
    parts = headings(rule)
    return {
        "rule": rule.code, "family": rule.family, "severity": rule.severity.value, "since": rule.since,
        "title": rule.title._asdict(), "basis": rule.basis._asdict(), "mend": rule.mend._asdict(),
        "checks": parts.get("Checks"), "why": parts.get("Why"), "fails": parts.get("Fails"),
        "passes": parts.get("Passes"), "known_gaps": parts.get("Known gaps"),
    }  # fmt: skip


def rules_text(chosen: tuple[Rule, ...], in_full: bool, style: Style) -> str:
    """A line a rule, or one rule in full."""
    lines: list[str] = []
    if not in_full:
        for rule in chosen:
            severity = style.word(rule.severity.value)
            lines.append(f"{padded(rule.code, 38)} {padded(severity, 8)} {rule.title.in_language(style.language)}")
        return "\n".join(lines) + "\n"
    for rule in chosen:
        lines.append(style.paint(f"{rule.code}  {rule.title.in_language(style.language)}", "head"))
        lines.append(f"{style.word(rule.severity.value)} · {rule.family} · {rule.since}")
        colon = ": " if style.language == "en" else "："
        lines += wrapped(f"{style.word('basis')}{colon}{rule.basis.in_language(style.language)}", style.columns, "")
        for heading, text in headings(rule).items():
            name = heading if style.language == "en" else _CHINESE[heading]
            lines += wrapped(f"{name}{colon}{text}", style.columns, "")
        lines += wrapped(f"{style.word('mend')}{colon}{rule.mend.in_language(style.language)}", style.columns, "")
    return "\n".join(lines) + "\n"
