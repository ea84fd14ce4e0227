"""From a document as read to a disclosure as understood."""

import re
from collections import Counter

from zhengwu.dialects import Dialect, dialects
from zhengwu.model.disclosure import Claim, Disclosure, Line, NameUse, Parts, Section, TargetForm
from zhengwu.model.document import Document
from zhengwu.model.fact import Fact
from zhengwu.model.table import Table
from zhengwu.recognition.captions import caption_of
from zhengwu.recognition.claims import ClaimReader
from zhengwu.recognition.forms import form_of
from zhengwu.recognition.given_dialect import as_given
from zhengwu.recognition.narrative import sections_of
from zhengwu.recognition.subjects import Names
from zhengwu.recognition.table_facts import Context, facts_of
from zhengwu.recognition.tables import tables_of
from zhengwu.recognition.words import plain_title, squeeze

_YEAR_OF = re.compile(r"(20\d\d)年(?:度|区级|市级|县级|省级|本级)*.{0,14}?(预算|决算)")
_LIKE = 0.6  # the share of a dialect's required tables a document must have, by title, to be taken for it


def understand(document: Document, given: Dialect | None = None) -> Disclosure:
    """Recognise tables, dialect, facts and claims. A dialect that is ``given`` is not looked for: it says what
    the document is, and what its tables are about."""
    sections = sections_of(document.blocks)
    tables = tables_of(document.blocks)
    kind = given.document if given else _kind(sections, tables)
    if given:
        tables = as_given(tables, given)
    dialect = given or _dialect(tables, kind)
    tables = _numbered(tables, dialect)
    year = _year(sections, tables)
    context = Context(year or 0, kind or "budget", dialect.basic_projects if dialect else ())

    facts: list[Fact] = []
    parts: list[Parts] = []
    lines: list[Line] = []
    names: list[NameUse] = []
    forms: list[TargetForm] = []
    claims: list[Claim] = []
    for index, table in enumerate(tables):
        if table.kind in ("target_form", "whole_target"):
            form, own = form_of(index, table, context.year, context.stage)
            forms.append(form)
            facts.extend(own)
            continue
        found = facts_of(index, table, context)
        facts.extend(found.facts)
        parts.extend(found.parts)
        lines.extend(found.lines)
        names.extend(found.names)
        claims.extend(found.claims)

    reader = ClaimReader(context.year, context.stage, Names(_codes_by_name(names), context.year), facts)
    for section in sections:
        reader.read(section)
    return Disclosure(
        document.source,
        kind,
        year,
        _unit(sections, tables),
        dialect.key if dialect else "",
        tuple(tables),
        sections,
        (*facts, *reader.out.facts),
        tuple(parts),
        tuple(lines),
        tuple(forms),
        (*claims, *reader.out.claims),
        tuple(reader.out.enumerations),
        tuple(names),
        document.unread,
    )


def _codes_by_name(names: list[NameUse]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for use in names:
        if use.axis == "function":
            found.setdefault(squeeze(use.name), set()).add(use.code)
    return found


def _titles(sections: tuple[Section, ...], tables: list[Table]) -> list[str]:
    heads = [section.text.strip() for section in sections[:12] if len(section.text) < 60]
    titles = [squeeze(head) for head in heads if not head.endswith(("。", "；"))]
    titles += [squeeze(table.title) for table in tables]
    return titles + [squeeze(p.text) for table in tables for p in table.captions]


def _kind(sections: tuple[Section, ...], tables: list[Table]) -> str:
    titles = _titles(sections, tables)
    final = sum("决算" in title for title in titles)
    budget = sum("预算" in title and "决算" not in title for title in titles)
    if not final and not budget:
        text = "".join(section.text for section in sections[:60])
        final, budget = text.count("决算"), text.count("预算")
    if not final and not budget:
        return ""
    return "final" if final > budget else "budget"


# A year that a sentence is about, not one that it compares with.
_OWN_YEAR = re.compile(r"(?<![比较与同和至截止到])(20\d\d)年度")


def _year(sections: tuple[Section, ...], tables: list[Table]) -> int | None:
    """The fiscal year: the one that most titles name, the document's first lines before all."""
    votes: Counter[int] = Counter()
    for number, section in enumerate(sections[:12]):
        match = _YEAR_OF.search(squeeze(section.text))
        if match and len(section.text) < 60:
            votes[int(match[1])] += 3 if number < 4 else 1
    for table in tables:
        match = re.search(r"(20\d\d)年", squeeze(table.title))
        if match:
            votes[int(match[1])] += 1
        for paragraph in table.captions:
            caption = caption_of(paragraph.text)
            if caption and caption.year:
                votes[caption.year] += 1
    if not votes:
        for section in sections:
            for match in _YEAR_OF.finditer(squeeze(section.text)):
                votes[int(match[1])] += 1
    if not votes:
        return None
    best = max(votes.values())
    chosen = max(year for year, count in votes.items() if count == best)
    named = Counter(int(match[1]) for section in sections for match in _OWN_YEAR.finditer(squeeze(section.text)))
    most, count = named.most_common(1)[0] if named else (chosen, 0)
    return most if count > max(2 * named[chosen], 2) else chosen  # a cover that all the rest contradicts


def _dialect(tables: list[Table], kind: str) -> Dialect | None:
    """The dialect whose tables, by kind and title, the document has most fully; none when it has too few:
    many provinces share kinds of tables, but a dialect is known by its titles."""
    titles: dict[str, list[str]] = {}
    for table in tables:
        titles.setdefault(table.kind, []).append(plain_title(table.title))
    best: tuple[float, int] = (0.0, 0)
    found: Dialect | None = None
    for dialect in dialects():
        if kind and dialect.document != kind:
            continue
        specs = [spec for spec in dialect.tables if spec.required]
        alike = [
            spec for spec in dialect.tables
            if any(title.endswith(plain_title(spec.title)) for title in titles.get(spec.kind, ()))
        ]  # fmt: skip
        score = (sum(spec.required for spec in alike) / len(specs), len(alike))
        if score[0] >= _LIKE and score > best:
            best, found = score, dialect
    return found


def _numbered(tables: list[Table], dialect: Dialect | None) -> list[Table]:
    """Tables that print no number get the one that their dialect counts."""
    if dialect is None:
        return tables
    numbers = {spec.kind: spec.number for spec in dialect.tables}
    return [
        table if table.number or not table.kind else table._replace(number=numbers.get(table.kind, ""))
        for table in tables
    ]


def _unit(sections: tuple[Section, ...], tables: list[Table]) -> str:
    """The unit whose document it is: as captions, the cover or a target form name it."""
    votes: Counter[str] = Counter()
    lines = [paragraph.text for table in tables for paragraph in table.captions]
    for text in lines + [section.text for section in sections[:10]]:
        caption = caption_of(text)
        if caption and caption.entity:
            votes[caption.entity] += 1
    for table in tables:
        if table.kind == "whole_target":
            for row in table.rows[:3]:
                cells = [cell.text.strip() for cell in row.cells if cell and cell.text.strip()]
                if len(cells) >= 2 and "名称" in cells[0]:
                    votes[squeeze(cells[1])] += 1
    return votes.most_common(1)[0][0] if votes else _on_cover(sections)


_COVER_TITLE = re.compile(r"(?P<unit>.*?)20\d\d年度?(?:部门|单位)?(?:预算|决算)(?:公开)?(?:说明|报告|情况说明)?$")


def _on_cover(sections: tuple[Section, ...]) -> str:
    """The unit that the cover names: before the title on its line, or on the line above it."""
    above = ""
    for section in sections[:4]:
        line = squeeze(section.text)
        title = _COVER_TITLE.fullmatch(line)
        if title:
            name = title["unit"] or above
            return name if 4 <= len(name) <= 30 and not re.search(r"[,。;:\d]", name) else ""
        above = line
    return ""
