"""A few paragraphs audited as if they were a published narrative."""

from zhengwu.model.document import Block, Document, Paragraph, Place, Source
from zhengwu.model.fact import Fact
from zhengwu.model.finding import Finding, State
from zhengwu.recognition.understand import understand
from zhengwu.rules.engine import Audit, audit

BUDGET = "某市甲局2024年部门预算"
FINAL = "某市甲局2024年度部门决算"


def audited(*paragraphs: str, title: str = BUDGET) -> Audit:
    """The audit of a document of these paragraphs under its title."""
    blocks: list[Block] = [Paragraph(text, Place(line=line)) for line, text in enumerate((title, *paragraphs), start=1)]
    return audit(understand(Document(Source("text.txt", "txt", ""), tuple(blocks))))


def found(result: Audit, rule: str) -> list[Finding]:
    """The findings of one rule."""
    return [finding for finding in result.findings if finding.rule == rule]


def state_of(result: Audit, rule: str) -> State:
    """How a rule ended."""
    return next(run.state for run in result.runs if run.rule == rule)


def fact_of(result: Audit, quote: str) -> Fact:
    """The fact printed as ``quote`` (the first one)."""
    return next(fact for fact in result.disclosure.facts if fact.quote == quote)


def members_of(result: Audit, quote: str) -> dict[str, object]:
    """What the amount printed as ``quote`` is understood to be: the members that are not the default."""
    identity = fact_of(result, quote).identity
    if identity is None:
        return {}
    defaults = {"year": 2024, "stage": "budget", "aspect": "amount"}
    return {
        name: member for name, member in identity._asdict().items() if member != "" and defaults.get(name) != member
    }
