"""How much of what an inspector finds the audit finds, and how much of what it says is true.

The labels (``tests/real/labels``) were written by reading the documents, not from what the tool says. Measured
are errors and warnings; disputable labels count neither as hit nor as miss, templates not at all.
"""

import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from zhengwu.audit import audit_document
from zhengwu.model.finding import Finding, Severity, Spot
from zhengwu.reading import read_path
from zhengwu.recognition.words import squeeze
from zhengwu.rules.engine import Audit

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared" / "real"
LABELS = ROOT / "tests" / "real" / "labels"
TARGET = 0.95


class Label(NamedTuple):
    """A true defect: the rule it breaks (and others under which it may be reported), where it stands, why."""

    id: str
    rules: frozenset[str]
    severity: Severity
    quotes: tuple[str, ...]
    proof: str
    table: str = ""  # the table's number, "" in the narrative
    page: int | None = None
    disputable: bool = False

    @property
    def counts(self) -> bool:
        """Whether it must be found."""
        return not self.disputable and self.severity is not Severity.INFO


class Measured(NamedTuple):
    """One file: what was found, what was not, what was said without reason. ``name`` is the file's."""

    name: str
    hits: tuple[Label, ...]
    misses: tuple[Label, ...]
    alarms: int  # errors and warnings said, disputable ones left out
    false_alarms: tuple[Finding, ...]  # among them a second finding of one defect


def labels() -> dict[str, tuple[Label, ...]]:
    """Labels by file name; templates are left out."""
    found: dict[str, tuple[Label, ...]] = {}
    for path in sorted(LABELS.glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        if data.get("template"):
            continue
        entries = tuple(_label(entry) for entry in data.get("label", ()))
        found |= dict.fromkeys(data["files"], entries)
    return found


def _label(entry: dict[str, Any]) -> Label:
    return Label(
        entry["id"],
        frozenset((entry["rule"], *entry.get("also", ()))),
        Severity(entry["severity"]),
        tuple(squeeze(quote) for quote in entry["quotes"]),
        entry["proof"],
        entry.get("table", ""),
        entry.get("page"),
        entry.get("disputable", False),
    )


def measure(path: Path, expected: tuple[Label, ...]) -> Measured:
    """The audit of a file against its labels."""
    return compare(path.name, audit_document(read_path(path)), expected)


def compare(name: str, audit: Audit, expected: tuple[Label, ...]) -> Measured:
    """An audit's errors and warnings against labels: a label is one finding, a second one is a false alarm."""
    said = [finding for finding in audit.findings if finding.severity is not Severity.INFO]
    taken: set[str] = set()
    disputed = 0
    wrong: list[Finding] = []
    for finding in said:
        fitting = [label for label in expected if fits(label, finding, audit)]
        fresh = next((label for label in fitting if label.id not in taken), None)
        if fresh is not None and fresh.disputable:
            disputed += 1
        elif fresh is not None:
            taken.add(fresh.id)
        else:
            wrong.append(finding)
    wanted = [label for label in expected if label.counts]
    return Measured(
        name,
        tuple(label for label in wanted if label.id in taken),
        tuple(label for label in wanted if label.id not in taken),
        len(said) - disputed,
        tuple(wrong),
    )


def fits(label: Label, finding: Finding, audit: Audit) -> bool:
    """Whether the finding is of the label's rule and one of its places carries the label's quote."""
    return finding.rule in label.rules and any(_carries(spot, label, audit) for spot in finding.at)


def _carries(spot: Spot, label: Label, audit: Audit) -> bool:
    if label.table and (spot.table < 0 or audit.disclosure.tables[spot.table].number != label.table):
        return False
    if label.page and spot.place.page and spot.place.page != label.page:
        return False
    printed = squeeze(spot.quote)
    return any(quote in printed for quote in label.quotes)


def rates(measured: list[Measured]) -> tuple[float, float]:
    """(precision, recall) over all documents. A document that is there in several formats counts once, with the
    format in which least was found and most was said without reason."""
    worst: dict[str, Measured] = {}
    for one in measured:
        stem = Path(one.name).stem
        worst[stem] = max(worst.get(stem, one), one, key=lambda each: len(each.misses) + len(each.false_alarms))
    measured = list(worst.values())
    hits = sum(len(one.hits) for one in measured)
    wanted = hits + sum(len(one.misses) for one in measured)
    said = sum(one.alarms for one in measured)
    true = said - sum(len(one.false_alarms) for one in measured)
    return (true / said if said else 1.0), (hits / wanted if wanted else 1.0)


def all_measured() -> list[Measured]:
    """Every labelled document that is there."""
    return [measure(REAL / name, expected) for name, expected in labels().items() if (REAL / name).exists()]


def listing(measured: list[Measured]) -> list[str]:
    """Figures, every miss and every false alarm as lines."""
    lines = []
    for one in measured:
        true = one.alarms - len(one.false_alarms)
        lines.append(f"  {one.name:40} found {len(one.hits)} of {len(one.hits) + len(one.misses)}, "
                     f"true {true} of {one.alarms}")  # fmt: skip
        lines += [f"      miss {label.id} {'/'.join(sorted(label.rules))}: {label.proof}" for label in one.misses]
        lines += [f"      false alarm {finding.rule}: {finding.message.zh}" for finding in one.false_alarms]
    precision, recall = rates(measured)
    return [*lines, f"  precision {precision:.3f}, recall {recall:.3f} (target {TARGET} each)"]


def report() -> str:
    """The figures for ``make bench``."""
    measured = all_measured()
    if not measured:
        return "../shared/real is absent: accuracy is not measured."
    return "\n".join(["accuracy on labelled real documents, errors and warnings:", *listing(measured)])
