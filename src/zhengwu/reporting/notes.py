"""What a comment in the document itself says, and at which places comments stand."""

import re
from typing import NamedTuple

from zhengwu.model.finding import Finding, Severity, Spot
from zhengwu.reporting.as_text import Style, place_name
from zhengwu.reporting.audited import Audited, grouped, in_order, spots_to_mark
from zhengwu.rules.registry import rule_named

AUTHOR = "zhengwu"
_MAX_PLACES = 40  # of one finding: a template left in at a hundred places is said forty times
_MAX_STEPS = 6
_RANK = {Severity.ERROR: 2, Severity.WARNING: 1, Severity.INFO: 0}
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class Note(NamedTuple):
    """A comment: where it stands (None: on the whole document), the numbers of the findings it is about,
    what it says of each, and the gravest severity among them."""

    spot: Spot | None
    numbers: tuple[int, ...]
    texts: tuple[str, ...]
    severity: Severity

    @property
    def text(self) -> str:
        """All that it says."""
        return "\n\n".join(self.texts)


def notes(audited: Audited, language: str) -> list[Note]:
    """One note for each place, with what all findings say of it; those without a place come first."""
    style = Style(language)
    found: dict[object, Note] = {}
    for number, finding in enumerate(in_order(audited.audit), 1):
        spots: list[Spot | None] = list(spots_to_mark(finding)[:_MAX_PLACES])
        for index, spot in enumerate(spots or [None]):
            if index == 0:
                text = _text(finding, number, style)
            else:
                near = spots[0] is not None and spot is not None and _together(spots[0], spot)
                text = _again(finding, number, near, audited, style)
            key = (spot.place, _squeezed(spot.quote)) if spot else None
            there = found.get(key)
            if there is None:
                found[key] = Note(spot, (number,), (text,), finding.severity)
            else:
                severity = max(there.severity, finding.severity, key=_RANK.__getitem__)
                found[key] = Note(spot, (*there.numbers, number), (*there.texts, text), severity)
    return sorted(found.values(), key=lambda note: note.spot is not None)


def _together(first: Spot, spot: Spot) -> bool:
    """Whether both stand in one paragraph or cell, where nobody needs to read the message twice."""
    return first.place.line == spot.place.line and first.place.line is not None


def _head(finding: Finding, number: int, style: Style) -> str:
    title = rule_named(finding.rule).title.in_language(style.language)
    severity = style.word(finding.severity.value)
    if style.language == "en":
        return f"[{number}] {severity}: {title} ({finding.rule})"
    return f"[{number}] {severity}：{title}（{finding.rule}）"


def _text(finding: Finding, number: int, style: Style) -> str:
    """The finding in full."""
    english = style.language == "en"
    message = finding.message.in_language(style.language)
    lines = [_head(finding, number, style), message]
    if finding.expected is not None and finding.actual is not None:
        actual = f"{style.word('actual')} {grouped(finding.actual)}"
        expected = f"{style.word('expected')} {grouped(finding.expected)}"
        lines.append(f"{actual}; {expected}" if english else f"{actual}，{expected}")
    steps = [step.in_language(style.language) for step in finding.steps[:_MAX_STEPS]]
    lines += [step for step in steps if step not in message]
    mend = rule_named(finding.rule).mend.in_language(style.language)
    lines.append(f"{style.word('mend')}{': ' if english else '：'}{mend}")
    return clean("\n".join(lines))


def _again(finding: Finding, number: int, near: bool, audited: Audited, style: Style) -> str:
    """What stands at the finding's other places: enough to see why, and where it is explained."""
    lines = [_head(finding, number, style)]
    if not near:
        lines.append(finding.message.in_language(style.language))
    where = place_name(finding.at[0], audited.audit.disclosure, style)
    lines.append(f"See {where}" if style.language == "en" else f"见{where}处")
    return clean("\n".join(lines))


def clean(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return _CONTROL.sub("", text)


def _squeezed(text: str) -> str:
    return "".join(text.split())
