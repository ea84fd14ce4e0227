"""What the pages show: read in a number of queries that does not grow with rows."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from zhengwu.model.message import RefusedError
from zhengwu.rules.set_names import same_unit
from zhengwu.web.common.models import AuditEvent, Role, Unit, User
from zhengwu.web.common.permissions import may, visible
from zhengwu.web.reviews.models import Decision, Document, DocumentState, Finding, JobState, Round

HEAVY = ("report", "reading", "coverage")  # of a round: megabytes that no list needs
SEVERITIES = ("error", "warning", "info")
_RECENT = timedelta(days=2)
_SOON, _LATER = 300, 1500  # milliseconds
_ORDINARY = timedelta(seconds=6)
_HEAVY_OF_FINDING = ("steps_zh", "steps_en", "places", "context")
_ACTIVE = (DocumentState.RECEIVED, DocumentState.CONFIRMING, DocumentState.OPEN, DocumentState.RETURNED)


def documents_of(actor: User) -> "QuerySet[Document]":
    """All documents that a person may see."""
    found: QuerySet[Document] = visible(Document.objects.all(), actor)
    return found


def document_seen(actor: User, pk: int) -> Document:
    """A document that the actor may see. Raises RefusedError "not-found" for any other: whether there is one is
    nobody else's business."""
    related = ("unit", "assigned_to", "created_by")
    found = documents_of(actor).select_related(*related).filter(pk=pk).first()
    if found is None:
        raise not_found()
    return found


def merged_into(actor: User, pk: int) -> int | None:
    """The document that took in the rounds of one that is gone (services.document_confirm), where the actor may see
    it. The trail knows, for it keeps what was merged."""
    while True:
        event = AuditEvent.objects.filter(action="document.merge", subject=f"document:{pk}").first()
        if event is None:
            return None
        pk = int(event.data["into"])
        if documents_of(actor).filter(pk=pk).exists():
            return pk


def round_seen(actor: User, pk: int, number: int | None, *, heavy: tuple[str, ...] = ()) -> Round:
    """A round (the last one without a number) of a document that the actor may see, with its document; ``heavy``
    names what of its large parts is needed. Raises RefusedError "not-found"."""
    rounds = Round.objects.select_related(
        "document__unit", "document__assigned_to", "document__created_by", "uploaded_by"
    )
    rounds = rounds.defer(*(name for name in HEAVY if name not in heavy))
    rounds = rounds.filter(document__in=documents_of(actor).order_by(), document=pk)
    found = rounds.filter(current=True).first() if number is None else rounds.filter(number=number).first()
    if found is None:
        raise not_found()
    return found


def finding_seen(actor: User, pk: int) -> Finding:
    """A finding of a document that the actor may see. Raises RefusedError "not-found"."""
    findings = Finding.objects.select_related("round__document__unit", "decided_by", "assigned_to", "earlier")
    findings = findings.defer(*(f"round__{name}" for name in HEAVY))
    found = findings.filter(pk=pk, round__document__in=documents_of(actor).order_by()).first()
    if found is None:
        raise not_found()
    return found


def not_found() -> RefusedError:
    """What is not there, or not to be seen."""
    return RefusedError(
        "not-found",
        "没有这个页面，或您不能查看；请从“审核”重新进入。",
        "There is no such page, or you may not see it; go to the review desk and start from there.",
    )


def recent_rounds(actor: User) -> list[Round]:
    """The actor's own uploads that still run, wait to be confirmed, or ended lately: newest first."""
    since = timezone.now() - _RECENT
    rounds = Round.objects.defer(*HEAVY).select_related("document__unit")
    rounds = rounds.filter(uploaded_by=actor, current=True, document__in=documents_of(actor).order_by())
    rounds = rounds.filter(
        Q(uploaded_at__gte=since) | Q(document__state__in=(DocumentState.RECEIVED, DocumentState.CONFIRMING))
    )
    counted = rounds.annotate(
        errors=Count("findings", filter=Q(findings__severity="error")),
        warnings=Count("findings", filter=Q(findings__severity="warning")),
    )
    return list(counted.order_by("-pk")[:200])


def is_running(one: Round) -> bool:
    """Whether a page that shows this round should look again."""
    return one.job in (JobState.QUEUED, JobState.RUNNING)


def pause_of(running: Iterable[Round], now: datetime) -> int:
    """Milliseconds until a page that shows running audits asks again: an ordinary one ends within two seconds, and
    its reader waits; for long ones, or for a hundred, a look now and then will do."""
    newest = max((one.uploaded_at for one in running), default=now)
    return _SOON if now - newest < _ORDINARY else _LATER


class Proposal(NamedTuple):
    """What a document was recognised to be; ``complete`` when a click confirms it."""

    unit: Unit | None
    year: int | None
    kind: str

    @property
    def complete(self) -> bool:
        """Whether nothing is left to be asked."""
        return self.unit is not None and self.year is not None and bool(self.kind)


def units_seen(actor: User) -> list[Unit]:
    """The units whose documents the actor may see, by their code."""
    return [unit for unit in Unit.objects.order_by("code") if may(actor, "document.view", unit)]


def units_of(actor: User) -> list[Unit]:
    """The units that the actor may confirm documents of, by their code."""
    return [unit for unit in Unit.objects.order_by("code") if may(actor, "document.confirm", unit)]


def proposal(one: Round, units: Iterable[Unit]) -> Proposal:
    """What the audit recognised, as far as it is among ``units``; else the unit that it was uploaded for."""
    said = one.recognised or {}
    name = str(said.get("unit") or "")
    units = list(units)
    matching = [unit for unit in units if unit.name == name] or [
        unit for unit in units if name and same_unit(unit.name, name)
    ]
    unit = matching[0] if len(matching) == 1 else None
    if unit is None and not name and one.document.unit_id is not None:
        unit = next((candidate for candidate in units if candidate.pk == one.document.unit_id), None)
    year, kind = said.get("year"), str(said.get("kind") or "")
    return Proposal(unit, int(year) if isinstance(year, int) else None, kind if kind in ("budget", "final") else "")


def reviewers() -> list[User]:
    """Everybody whom a document can be given to."""
    return list(User.objects.filter(role=Role.REVIEWER, is_active=True).order_by("username"))


def assignees(document: Document) -> list[User]:
    """Everybody whom a finding can be given to: reviewers, and the people of the unit."""
    own = Q(unit__isnull=False, unit_id__in=[int(part) for part in (document.unit.path if document.unit else "").split("/") if part])  # fmt: skip
    wanted = Q(role=Role.REVIEWER) | (Q(role__in=(Role.OFFICER, Role.HEAD)) & own)
    return list(User.objects.filter(wanted, is_active=True).order_by("username"))


class Filters(NamedTuple):
    """What of a round's findings is shown."""

    rule: str = ""
    severity: str = ""
    table: str = ""
    decision: str = ""

    def admits(self, finding: Finding) -> bool:
        """Whether a finding is shown."""
        return (
            self.rule in ("", finding.rule)
            and self.severity in ("", finding.severity)
            and self.table in ("", finding.table or "-")
            and self.decision in ("", finding.decision)
        )


class Listed(NamedTuple):
    """A round's findings: those shown, and how many there are of each kind among all."""

    shown: list[Finding]
    all: list[Finding]
    by_rule: dict[str, int]
    by_severity: dict[str, int]
    by_table: dict[str, int]
    by_decision: dict[str, int]


def findings_of(one: Round, filters: Filters) -> Listed:
    """The findings of a round in their order."""
    light = one.findings.defer(*_HEAVY_OF_FINDING).select_related("assigned_to").order_by("position")
    everything = list(light)
    return Listed(
        [finding for finding in everything if filters.admits(finding)],
        everything,
        dict(Counter(finding.rule for finding in everything)),
        dict(Counter(finding.severity for finding in everything)),
        dict(Counter(finding.table or "-" for finding in everything)),
        dict(Counter(finding.decision for finding in everything)),
    )


class Changes(NamedTuple):
    """A round against the one audited before it."""

    before: Round | None
    mended: list[Finding]  # of the round before
    remaining: list[Finding]
    new: list[Finding]


def changes_of(one: Round) -> Changes:
    """What was mended, what remains and what is new. Of a first round everything is new."""
    rounds = Round.objects.defer(*HEAVY).filter(document=one.document_id, number__lt=one.number, job=JobState.DONE)
    before = rounds.order_by("-number").first()
    findings = list(one.findings.defer(*_HEAVY_OF_FINDING).order_by("position"))
    mended: list[Finding] = []
    if before is not None:
        still = {finding.earlier_id for finding in findings if finding.earlier_id}
        old = before.findings.defer(*_HEAVY_OF_FINDING).order_by("position")
        mended = [finding for finding in old if finding.pk not in still]
    remaining = [finding for finding in findings if finding.earlier_id]
    return Changes(before, mended, remaining, [finding for finding in findings if not finding.earlier_id])


class Board(NamedTuple):
    """All departments at a glance. The counts are of what the filters leave."""

    documents: "QuerySet[Document]"
    states: dict[str, int]
    overdue: int
    severities: dict[str, int]
    rules: list[tuple[str, int]]
    years: list[tuple[int | None, int]]
    units: list[tuple[int | None, str, int]]


class BoardFilters(NamedTuple):
    """What of the board is shown."""

    state: str = ""
    unit: Unit | None = None
    year: int | None = None
    kind: str = ""
    severity: str = ""
    rule: str = ""
    mine: bool = False
    overdue: bool = False
    text: str = ""


_MOST_LISTED = 12


def board(actor: User, filters: BoardFilters, today: date) -> Board:
    """The board of what the actor may see. Findings count while they are open, in the last rounds alone."""
    late = Q(due__lt=today, state__in=_ACTIVE)
    found = _filtered(documents_of(actor), filters, actor, late)
    counted = dict(found.order_by().values_list("state").annotate(count=Count("pk")))
    states = {state: counted.get(state, 0) for state in DocumentState.values}
    if filters.state:
        found = found.filter(state=filters.state)
    # The documents as a subquery: the counts need no list of ids, however many there are.
    ids = found.order_by().values("pk")
    findings = Finding.objects.filter(round__current=True, round__document__in=ids, decision=Decision.OPEN)
    severities: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    # Count("*"), not of a column: then the index of open findings answers alone, without their large rows.
    for severity, rule, count in findings.order_by().values_list("severity", "rule").annotate(count=Count("*")):
        severities[severity] += count
        rules[rule] += count
    by_year = found.order_by().values_list("year").annotate(count=Count("pk")).order_by("-year")
    by_unit = found.order_by().values_list("unit", "unit__name").annotate(count=Count("pk")).order_by("-count", "unit")
    return Board(
        found.select_related("unit", "assigned_to"),
        states,
        found.filter(late).count(),
        {severity: severities[severity] for severity in SEVERITIES},
        sorted(rules.items(), key=lambda one: (-one[1], one[0]))[:_MOST_LISTED],
        list(by_year[:_MOST_LISTED]),
        [(pk, name or "", count) for pk, name, count in by_unit[:_MOST_LISTED]],
    )


def _filtered(documents: "QuerySet[Document]", filters: BoardFilters, actor: User, late: Q) -> "QuerySet[Document]":
    if filters.unit is not None:
        documents = documents.filter(unit__path__startswith=filters.unit.path)
    if filters.year is not None:
        documents = documents.filter(year=filters.year)
    if filters.kind:
        documents = documents.filter(kind=filters.kind)
    if filters.mine:
        documents = documents.filter(assigned_to=actor)
    if filters.overdue:
        documents = documents.filter(late)
    if filters.text:
        documents = documents.filter(Q(title__icontains=filters.text) | Q(unit__name__icontains=filters.text))
    if filters.severity or filters.rule:
        findings = Finding.objects.filter(round__current=True, decision=Decision.OPEN)
        if filters.severity:
            findings = findings.filter(severity=filters.severity)
        if filters.rule:
            findings = findings.filter(rule=filters.rule)
        documents = documents.filter(pk__in=findings.order_by().values("round__document"))
    return documents


class Row(NamedTuple):
    """A document on the board with its last round and its open findings."""

    document: Document
    round: Round | None
    counts: dict[str, int]
    overdue: bool


def rows_of(documents: Iterable[Document], today: date) -> list[Row]:
    """The documents of one page of the board: two queries more, however many they are."""
    documents = list(documents)
    ids = [document.pk for document in documents]
    rounds = {one.document_id: one for one in Round.objects.defer(*HEAVY).filter(current=True, document__in=ids)}
    open_ones = Finding.objects.filter(round__current=True, round__document__in=ids, decision=Decision.OPEN)
    counts: dict[int, dict[str, int]] = {}
    grouped = open_ones.order_by().values_list("round__document", "severity").annotate(count=Count("*"))
    for pk, severity, count in grouped:
        counts.setdefault(pk, {})[severity] = count
    return [
        Row(
            document, rounds.get(document.pk), counts.get(document.pk, {}),
            document.due is not None and document.due < today and document.state in _ACTIVE,
        )
        for document in documents
    ]  # fmt: skip


def rounds_of(document: Document) -> list[Any]:
    """All rounds of a document with the number of their findings, the last one first."""
    rounds = document.rounds.defer(*HEAVY).select_related("uploaded_by").annotate(
        errors=Count("findings", filter=Q(findings__severity="error")),
        others=Count("findings", filter=~Q(findings__severity="error")),
    )  # fmt: skip
    return list(rounds.order_by(F("number").desc()))
