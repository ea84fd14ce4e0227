"""Documents with one digit changed, and whether the audit sees it."""

import random
from typing import NamedTuple

from zhengwu.model.document import Block, Document, Grid, Paragraph
from zhengwu.model.fact import Fact
from zhengwu.model.finding import Finding
from zhengwu.recognition.understand import understand
from zhengwu.rules.engine import Audit, audit


class Mutant(NamedTuple):
    """One changed amount and what came of it."""

    fact: Fact
    changed: str
    seen: bool


def changed_digit(quote: str, chance: random.Random) -> str:
    """``quote`` with one of its digits replaced by another; a leading digit is not made 0."""
    positions = [index for index, character in enumerate(quote) if character.isascii() and character.isdigit()]
    index = chance.choice(positions)
    choices = [digit for digit in "0123456789" if digit != quote[index]]
    if index == positions[0] and len(positions) > 1 and "0" in choices:
        choices.remove("0")
    return quote[:index] + chance.choice(choices) + quote[index + 1 :]


def with_change(document: Document, fact: Fact, changed: str) -> Document:
    """The document with the fact's printed number replaced at its place."""
    blocks: list[Block] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            blocks.append(_paragraph(block, fact, changed))
        else:
            blocks.append(_grid(block, fact, changed))
    return document._replace(blocks=tuple(blocks))


def _paragraph(paragraph: Paragraph, fact: Fact, changed: str) -> Paragraph:
    if fact.table >= 0 or paragraph.place != fact.place or fact.span is None:
        return paragraph
    text = paragraph.text.strip()
    begin, end = fact.span
    assert text[begin:end] == fact.quote
    return paragraph._replace(text=text[:begin] + changed + text[end:])


def _grid(grid: Grid, fact: Fact, changed: str) -> Grid:
    if fact.table < 0:
        return grid
    rows = []
    for row in grid.rows:
        rows.append(
            tuple(
                cell._replace(text=cell.text.replace(fact.quote, changed, 1)) if cell.place == fact.place else cell
                for cell in row
            )
        )
    return grid._replace(rows=tuple(rows))


def names_place(finding: Finding, fact: Fact, changed: str) -> bool:
    """Whether a finding names the place of the changed number."""
    return any(spot.place == fact.place and (changed in spot.quote or spot.quote in changed) for spot in finding.at)


def mutants(document: Document, count: int, seed: int) -> tuple[Audit, list[Mutant]]:
    """The audit of the document itself, and of ``count`` copies with one digit of a tied amount changed."""
    chance = random.Random(seed)
    sound = audit(understand(document))
    known = {(finding.rule, finding.message) for finding in sound.findings}
    facts = [
        fact
        for position, fact in enumerate(sound.disclosure.facts)
        if position in sound.tied and any(character.isdigit() for character in fact.quote)
    ]
    found = []
    for _ in range(count):
        fact = chance.choice(facts)
        changed = changed_digit(fact.quote, chance)
        after = audit(understand(with_change(document, fact, changed)))
        fresh = [finding for finding in after.findings if (finding.rule, finding.message) not in known]
        found.append(Mutant(fact, changed, any(names_place(finding, fact, changed) for finding in fresh)))
    return sound, found
