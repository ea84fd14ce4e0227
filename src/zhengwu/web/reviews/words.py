"""Rules and findings in the language of the page."""

from typing import Any, NamedTuple

from django.utils.translation import get_language

from zhengwu.reporting.audited import grouped
from zhengwu.rules.registry import rule_named
from zhengwu.web.reviews.models import Finding, Round


def page_language() -> str:
    """ "zh" or "en", as the library counts languages."""
    return "en" if (get_language() or "").startswith("en") else "zh"


class RuleWords(NamedTuple):
    """A rule for people: what is wrong, why it is, how to mend it."""

    code: str
    title: str
    basis: str = ""
    mend: str = ""


def rule_words(code: str, language: str | None = None) -> RuleWords:
    """A rule in words; of one that is no more (an old audit), its code."""
    language = language or page_language()
    try:
        found = rule_named(code)
    except KeyError:
        return RuleWords(code, code)
    return RuleWords(
        code, found.title.in_language(language), found.basis.in_language(language), found.mend.in_language(language)
    )


class Place(NamedTuple):
    """A place of a finding: its name, its page."""

    name: str
    page: int | None


class FindingWords(NamedTuple):
    """A finding in full; ``message`` is without the rule's title, which stands above it."""

    message: str
    rule: RuleWords
    steps: list[str]
    places: list[Place]
    expected: str
    actual: str
    difference: str


def finding_words(finding: Finding) -> FindingWords:
    """A finding as the page says it."""
    language = page_language()
    rule = rule_words(finding.rule, language)
    message, steps = line_of(finding, rule.title), finding.steps_en if language == "en" else finding.steps_zh
    places = [Place(place[f"name_{language}"], place["page"]) for place in finding.places]
    both = finding.expected and finding.actual
    return FindingWords(
        message, rule, [step for step in steps if step not in message],
        list(dict.fromkeys(places)), grouped(finding.expected) if both else "", grouped(finding.actual) if both else "",
        grouped(finding.difference) if both else "",
    )  # fmt: skip


def message_of(finding: Finding) -> str:
    """What a finding says."""
    return finding.message_en if page_language() == "en" else finding.message_zh


def line_of(finding: Finding, title: str) -> str:
    """The message without the rule's title, which stands before it already."""
    message = message_of(finding)
    for sign in ("：", ": "):
        message = message.removeprefix(f"{title}{sign}")
    return message


def unread_of(one: Round) -> list[dict[str, Any]]:
    """What of a round could not be read, and why."""
    report: dict[str, Any] = one.report or {}
    return list(report.get("unread_en" if page_language() == "en" else "unread") or ())


def gaps_of(one: Round) -> list[str]:
    """What could not be evaluated: each reason once."""
    report: dict[str, Any] = one.report or {}
    gaps = report.get("not_evaluated_en" if page_language() == "en" else "not_evaluated") or ()
    return list(dict.fromkeys(str(gap["reason"]) for gap in gaps))
