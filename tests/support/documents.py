"""Small documents written in a few lines, for tests of the rules.

A line is a paragraph; lines with "|" between their cells are the rows of a table, which ends at the next line
without one. What stands over a table (title, unit) are paragraphs.
"""

from decimal import Decimal

from zhengwu.model.document import Block, Cell, Document, Grid, Paragraph, Place, Source
from zhengwu.model.fact import Fact, Identity
from zhengwu.model.finding import Finding, RuleRun
from zhengwu.recognition.understand import understand
from zhengwu.rules.engine import Audit, audit

HEAD = "某某局2021年部门预算\n"


def document(text: str) -> Document:
    """The document of a text in the notation above."""
    blocks: list[Block] = []
    rows: list[tuple[Cell, ...]] = []
    number = 0
    for line in [*text.strip("\n").split("\n"), ""]:
        number += 1
        if "|" in line:
            cells = [cell.strip() for cell in line.split("|")]
            row = len(rows) + 1
            rows.append(
                tuple(
                    Cell(cell, Place(line=number * 100 + column, row=row, column=column))
                    for column, cell in enumerate(cells, 1)
                )
            )
            continue
        if rows:
            blocks.append(Grid(tuple(rows), Place(line=number - len(rows))))
            rows = []
        if line.strip():
            blocks.append(Paragraph(line.strip(), Place(line=number)))
    return Document(Source("test", "html", ""), tuple(blocks))


def audited(text: str) -> Audit:
    """The audit of a small document."""
    return audit(understand(document(text)))


def run_of(result: Audit, code: str) -> RuleRun:
    """How a rule ended."""
    return next(run for run in result.runs if run.rule == code)


def state(text: str, code: str) -> str:
    """How a rule ended on a small document: "held", "broken", ..."""
    return run_of(audited(text), code).state.value


def findings(text: str, code: str = "") -> list[Finding]:
    """The findings of a small document, of one rule or all."""
    return [finding for finding in audited(text).findings if code in ("", finding.rule)]


def quotes(finding: Finding) -> list[str]:
    """What is printed at the places of a finding."""
    return [spot.quote for spot in finding.at]


def table(title: str, rows: str, unit: str = "元") -> str:
    """A titled table with its unit."""
    return f"{title}\n单位：{unit}\n{rows.strip()}\n"


def fact(value: str, step: str = "0.01", **members: str) -> Fact:
    """A fact alone, for tests of the engine: its value in yuan and the worth of its last digit."""
    identity = Identity("expenditure", 2021, **members) if members else None
    return Fact(Decimal(value), Decimal(step), identity, Place(line=1), value, -1, None, f"“{value}”")
