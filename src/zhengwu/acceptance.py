"""Findings that a reviewer has accepted, with a reason, in a small file beside the document.

``budget.pdf`` has ``budget.pdf.accepted.toml``: one ``[[accepted]]`` entry a finding. The next audit leaves these
findings out of its result, and says so with their reasons. An entry whose finding is gone is said too.
"""

import tomllib
from pathlib import Path
from typing import NamedTuple

from zhengwu.model.finding import Finding
from zhengwu.model.message import Message, RefusedError
from zhengwu.rules.engine import Audit
from zhengwu.rules.fingerprint import fingerprint

SUFFIX = ".accepted.toml"
_FIELDS = ("finding", "rule", "quote", "reason", "by", "on")


class Acceptance(NamedTuple):
    """One entry: the finding's fingerprint, its rule and first quote for people to recognise it, the reason, and,
    when given, who accepted it and on which day (YYYY-MM-DD)."""

    finding: str
    rule: str
    quote: str
    reason: str
    by: str = ""
    on: str = ""


def path_beside(document: Path) -> Path:
    """Where a document's acceptances stand."""
    return document.with_name(document.name + SUFFIX)


def load(path: Path) -> tuple[Acceptance, ...]:
    """The acceptances in a file; none when it is absent. Raises RefusedError naming the file and the entry."""
    if not path.exists():
        return ()
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise RefusedError(
            "acceptance-unreadable",
            f"{path}：不是有效的接受记录（{error}），请改正或删除。",
            f"{path}: not a valid file of acceptances ({error}); correct or delete it.",
        ) from error
    entries = []
    for number, entry in enumerate(raw.get("accepted", []), 1):
        unknown = sorted(set(entry) - set(_FIELDS)) if isinstance(entry, dict) else ["?"]
        missing = (
            [name for name in ("finding", "reason") if not str(entry.get(name, "")).strip()] if not unknown else []
        )
        if unknown or missing:
            names = "、".join(unknown or missing)
            raise RefusedError(
                "acceptance-incomplete",
                f"{path}：第 {number} 条接受记录的 {names} {'不认识' if unknown else '是空的'}，请改正。",
                f"{path}: entry {number}: {', '.join(unknown or missing)} {'unknown' if unknown else 'empty'}; correct it.",
            )
        entries.append(Acceptance(**{name: str(entry.get(name, "")) for name in _FIELDS}))
    return tuple(entries)


def honoured(audit: Audit, acceptances: tuple[Acceptance, ...]) -> Audit:
    """The audit without the accepted findings, which it keeps apart with their reasons."""
    if not acceptances:
        return audit
    by_name = {one.finding: one for one in acceptances}
    left: list[Finding] = []
    accepted: list[tuple[Finding, Message]] = []
    used: set[str] = set()
    for finding in audit.findings:
        entry = by_name.get(fingerprint(finding, audit.disclosure))
        if entry is None:
            left.append(finding)
            continue
        used.add(entry.finding)
        accepted.append((finding, _said(entry)))
    stale = tuple(
        Message(
            f"接受记录 {one.finding}（{one.rule}“{one.quote}”）已不适用：该问题不再出现。",
            f"Acceptance {one.finding} ({one.rule} “{one.quote}”) no longer applies: its finding is gone.",
        )
        for one in acceptances
        if one.finding not in used
    )
    return audit._replace(findings=tuple(left), accepted=tuple(accepted), stale=stale)


def _said(entry: Acceptance) -> Message:
    """The reason, by whom and when; a reviewer's own words are not translated."""
    who = "，".join(part for part in (entry.by, entry.on) if part)
    text = f"{entry.reason}（{who}）" if who else entry.reason
    return Message(text, text)


def chosen(audit: Audit, name: str) -> Finding:
    """The finding whose fingerprint begins with ``name``. Raises RefusedError when none or several do."""
    found = [one for one in audit.findings if fingerprint(one, audit.disclosure).startswith(name.lower())]
    if len(found) == 1:
        return found[0]
    raise RefusedError(
        "no-such-finding",
        f"没有唯一的问题以“{name}”为编号：zhengwu audit 在每个问题后面印有编号。",
        f"No single finding is named “{name}”: zhengwu audit prints the name behind each finding.",
    )


def with_entry(entries: tuple[Acceptance, ...], audit: Audit, finding: Finding, reason: str, by: str, on: str) -> str:
    """The text of the file with one more entry; an older one for the same finding is replaced."""
    name = fingerprint(finding, audit.disclosure)
    quote = " ".join(finding.at[0].quote.split())[:60] if finding.at else ""
    entry = Acceptance(name, finding.rule, quote, reason, by, on)
    kept = [one for one in entries if one.finding != name]
    return "\n".join(_entry(one) for one in [*kept, entry])


def _entry(one: Acceptance) -> str:
    lines = ["[[accepted]]"]
    lines += [f"{field} = {_quoted(value)}" for field, value in zip(_FIELDS, one, strict=True) if value]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "").replace("\t", "\\t")
    return '"' + "".join(c for c in escaped if c >= " " and c != "\x7f") + '"'
