"""A document under review, its rounds, their findings and what was decided about them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengwu.web.common.models import Unit
from zhengwu.web.common.packed import PackedJsonField


class DocumentState(models.TextChoices):
    """Where a document stands; ``workflow.TABLE`` says how it moves."""

    RECEIVED = "received", _("received")  # uploaded; its first round is being audited
    CONFIRMING = "confirming", _("to be confirmed")  # unit, year and kind were recognised, or not
    OPEN = "open", _("under review")
    RETURNED = "returned", _("returned to the unit")
    DONE = "done", _("reviewed")
    PUBLISHED = "published", _("published")


class Document(models.Model):
    """What one unit publishes for one year: a budget or final accounts, over one or several rounds."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="documents")
    year = models.PositiveIntegerField(null=True, blank=True)
    kind = models.CharField(
        max_length=10, choices=[("budget", _("budget")), ("final", _("final accounts"))], blank=True
    )
    title = models.CharField(max_length=200)
    state = models.CharField(
        max_length=20, choices=DocumentState.choices, default=DocumentState.RECEIVED, db_index=True
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="assigned_documents"
    )
    due = models.DateField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="created_documents")
    created_at = models.DateTimeField(auto_now_add=True)
    return_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "year", "kind"),
                condition=models.Q(unit__isnull=False),
                name="one_document_a_unit_year_kind",
            ),
        )
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def __str__(self) -> str:
        return self.title


class JobState(models.TextChoices):
    """How far the audit of a round is."""

    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class Round(models.Model):
    """One version of a document, as uploaded, and its audit. ``lease_until`` and ``attempts`` let another worker take
    it up when the one that had it died; its result stands once."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=255)  # of the file as uploaded: shown, never used as a path
    file = models.FileField(upload_to="rounds/%Y/%m/", max_length=255)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    job = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED, db_index=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    error_zh = models.TextField(blank=True)
    error_en = models.TextField(blank=True)
    format = models.CharField(max_length=10, blank=True)
    pages = models.PositiveIntegerField(null=True, blank=True)
    dialect = models.CharField(max_length=80, blank=True)
    recognised = models.JSONField(default=dict)  # unit, year, kind as read
    report: Any = PackedJsonField()  # reporting.as_json.audit_report
    reading: Any = PackedJsonField()  # reporting.as_json.read_report: tables and text with places
    coverage: Any = PackedJsonField()  # audit_process.coverage_of: every amount, its state, its relations
    amounts = models.PositiveIntegerField(default=0)
    tied = models.PositiveIntegerField(default=0)
    current = models.BooleanField(default=True)  # the last of its document: lists and counts look at these alone

    class Meta:
        ordering = ("document", "number")
        constraints = (
            models.UniqueConstraint(fields=("document", "number"), name="one_round_a_number"),
            models.UniqueConstraint(
                fields=("document",), condition=models.Q(current=True), name="one_current_round_a_document"
            ),
        )
        verbose_name = _("round")
        verbose_name_plural = _("rounds")

    def __str__(self) -> str:
        return f"{self.document} #{self.number}"


class Decision(models.TextChoices):
    """What a reviewer made of a finding."""

    OPEN = "open", _("open")
    ACCEPTED = "accepted", _("to be mended")
    DISMISSED = "dismissed", _("dismissed")


class Finding(models.Model):
    """A finding of a round. ``fingerprint`` names it across rounds (rules.fingerprint); ``earlier`` is the same one
    in the round before: then it remains, else it is new. A finding without one in the next round was mended."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="findings")
    position = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=20, db_index=True)
    rule = models.CharField(max_length=80, db_index=True)
    severity = models.CharField(max_length=10, db_index=True)
    message_zh = models.TextField()
    message_en = models.TextField()
    steps_zh = models.JSONField(default=list)
    steps_en = models.JSONField(default=list)
    table = models.CharField(max_length=200, blank=True)  # number or title of the first place's table; "" in the text
    page = models.PositiveIntegerField(null=True, blank=True)
    places = models.JSONField(default=list)  # audit_process.places_of: name_zh, name_en, table, line, marks on pages
    context = models.JSONField(default=list)  # audit_process.context_of: the sentences and parts of tables around
    expected = models.TextField(blank=True)
    actual = models.TextField(blank=True)
    difference = models.TextField(blank=True)
    earlier = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="later")
    decision = models.CharField(max_length=10, choices=Decision.choices, default=Decision.OPEN, db_index=True)
    carried = models.BooleanField(default=False)  # the decision was taken over from the earlier finding
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="assigned_findings"
    )
    revision = models.PositiveIntegerField(default=0)  # of the decision: the second of two at once is told

    class Meta:
        ordering = ("round", "position")
        constraints = (models.UniqueConstraint(fields=("round", "position"), name="one_finding_a_position"),)
        indexes = (
            # What the board counts, without a look into the rows: they are large.
            models.Index(
                fields=("round", "severity", "rule"), condition=models.Q(decision="open"), name="open_findings"
            ),
        )
        verbose_name = _("finding")
        verbose_name_plural = _("findings")

    def __str__(self) -> str:
        return f"{self.rule} {self.fingerprint}"


class Comment(models.Model):
    """What somebody says about a finding."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return self.text[:40]
