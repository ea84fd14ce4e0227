"""Budget years, the budgets that units compile, their rows, versions, control figures, notes and adjustments.

Rows hold typed values as ``ledger.store`` writes them: amounts are whole 分, codes and texts are texts, a choice is
its key. Nothing is ever deleted: a row that is gone is marked so, and a version is never changed.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengwu.web.common.models import Unit

PERSON = settings.AUTH_USER_MODEL


class BudgetYear(models.Model):
    """A year that the finance bureau has opened: the format in which it is published and until when units report."""

    year = models.PositiveIntegerField(_("year"), unique=True)
    dialect = models.CharField(_("format"), max_length=80)
    first_due = models.DateField(_("first report due"), null=True, blank=True)  # 一上
    second_due = models.DateField(_("second report due"), null=True, blank=True)  # 二上
    publish_due = models.DateField(_("publication due"), null=True, blank=True)
    opened_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed = models.BooleanField(default=False)  # nothing of it moves any more

    class Meta:
        ordering = ("-year",)
        verbose_name = _("budget year")
        verbose_name_plural = _("budget years")

    def __str__(self) -> str:
        return str(self.year)


class State(models.TextChoices):
    """Where a budget stands; ``workflow.TABLE`` says how it moves."""

    FIRST_DRAFT = "first_draft", _("request being compiled")  # 一上
    FIRST_SIGNING = "first_signing", _("request waiting for the head")
    FIRST_SUBMITTED = "first_submitted", _("request with the bureau")
    SECOND_DRAFT = "second_draft", _("budget being compiled")  # 一下 given, 二上
    SECOND_SIGNING = "second_signing", _("budget waiting for the head")
    SECOND_SUBMITTED = "second_submitted", _("budget with the bureau")
    APPROVED = "approved", _("approved")  # 二下
    PUBLISHED = "published", _("published")
    EARLIER = "earlier", _("taken over from an earlier year")
    MERGED = "merged", _("merged into another unit")  # its lines are the other's


class Budget(models.Model):
    """A unit's budget of one year. ``revision`` counts its accepted edits: a page asks for what came after the one
    that it knows."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="budgets")
    year = models.ForeignKey(BudgetYear, on_delete=models.PROTECT, related_name="budgets")
    state = models.CharField(max_length=20, choices=State.choices, default=State.FIRST_DRAFT, db_index=True)
    revision = models.PositiveBigIntegerField(default=0)
    asset_date = models.CharField(_("assets as of"), max_length=40, blank=True)
    handed_in_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    moved_at = models.DateTimeField()
    copied_from = models.ForeignKey("Version", on_delete=models.PROTECT, null=True, related_name="+")
    notes = models.JSONField(default=list)  # what could not be carried forward: books.note_of
    approved = models.ForeignKey("Version", on_delete=models.PROTECT, null=True, related_name="+")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")

    class Meta:
        ordering = ("-year__year", "unit__code")
        constraints = (models.UniqueConstraint(fields=("unit", "year"), name="one_budget_a_unit_and_year"),)
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")

    def __str__(self) -> str:
        return f"{self.unit} {self.year}"


class Row(models.Model):
    """A row of a sheet of a budget's ledger. ``revision`` counts its own edits, ``stamp`` is the budget's revision
    of the last one; ``amount`` repeats the amount of a line, for sums."""

    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=20)
    name = models.CharField(max_length=40, blank=True)  # given by the page that made it: sent twice, it is made once
    position = models.PositiveIntegerField()
    values = models.JSONField(default=dict)
    amount = models.BigIntegerField(null=True)
    revision = models.PositiveIntegerField(default=0)
    stamp = models.PositiveBigIntegerField(default=0)
    gone = models.BooleanField(default=False)
    changed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(fields=("budget", "name"), condition=~models.Q(name=""), name="one_row_a_name"),
        )
        indexes = (
            models.Index(fields=("budget", "sheet", "gone", "position"), name="rows_of_a_sheet"),
            models.Index(fields=("budget", "stamp"), name="rows_since"),
        )
        verbose_name = _("row")
        verbose_name_plural = _("rows")

    def __str__(self) -> str:
        return f"{self.sheet} {self.position}"


class VersionKind(models.TextChoices):
    """At which step a version was kept."""

    FIRST = "first", _("request")
    SECOND = "second", _("budget handed in")
    APPROVED = "approved", _("approved budget")
    ADJUSTED = "adjusted", _("after an adjustment")
    EARLIER = "earlier", _("taken over")


class Version(models.Model):
    """A state of a budget that somebody answered for: never changed, never deleted (the database refuses both)."""

    budget = models.ForeignKey(Budget, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=VersionKind.choices)
    ledger = models.JSONField()  # ledger.store.plain
    sha256 = models.CharField(max_length=64)  # of the ledger's JSON, keys sorted
    total = models.BigIntegerField()  # expenditure in 分
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    comment = models.TextField(blank=True)

    class Meta:
        ordering = ("budget", "number")
        constraints = (models.UniqueConstraint(fields=("budget", "number"), name="one_version_a_number"),)
        verbose_name = _("version")
        verbose_name_plural = _("versions")

    def __str__(self) -> str:
        return f"{self.budget} #{self.number}"


class ControlFigure(models.Model):
    """What the finance bureau lets a unit spend: all basic expenditure, or one project. The basic figure may say how
    it was made: staff times a standard, and what is added."""

    budget = models.ForeignKey(Budget, on_delete=models.PROTECT, related_name="controls")
    project = models.CharField(max_length=300, blank=True)  # "": basic expenditure
    amount = models.BigIntegerField()  # 分
    staff = models.PositiveIntegerField(null=True, blank=True)
    standard = models.BigIntegerField(null=True, blank=True)  # 分 a head
    remark = models.CharField(max_length=200, blank=True)
    set_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering = ("project",)
        constraints = (models.UniqueConstraint(fields=("budget", "project"), name="one_figure_a_project"),)
        verbose_name = _("control figure")
        verbose_name_plural = _("control figures")

    def __str__(self) -> str:
        return self.project or str(_("basic expenditure"))


class Standard(models.Model):
    """So much a head for basic expenditure (定额标准), as ``ledger.control.Standard`` reckons with it. ``counted`` is a
    number of the ledger's sheet of units; ``unit_kind`` narrows it to agencies or institutions."""

    year = models.ForeignKey(BudgetYear, on_delete=models.CASCADE, related_name="standards")
    name = models.CharField(_("name"), max_length=100)
    nature = models.CharField(_("nature"), max_length=20)  # personnel | public
    counted = models.CharField(_("counted"), max_length=30)
    each = models.BigIntegerField(_("yuan a head"))  # 分
    unit_kind = models.CharField(_("kind of unit"), max_length=20, blank=True)  # "": both

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("year", "name", "unit_kind"), name="one_standard_a_name"),)
        verbose_name = _("staff standard")
        verbose_name_plural = _("staff standards")

    def __str__(self) -> str:
        return self.name


class Remark(models.Model):
    """What somebody says of a budget, of a row or of one cell: the reason of a return, a question, an answer."""

    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="remarks")
    row = models.ForeignKey(Row, on_delete=models.CASCADE, null=True, related_name="remarks")
    column = models.CharField(max_length=40, blank=True)
    text = models.TextField()
    move = models.CharField(max_length=20, blank=True)  # the move that it is the reason of
    author = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled = models.BooleanField(default=False)

    class Meta:
        ordering = ("at", "pk")
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")

    def __str__(self) -> str:
        return self.text[:40]


class Delegation(models.Model):
    """A head lets somebody of the same unit sign in his or her place, from one day to another."""

    head = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="delegations")
    to = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-since", "-pk")
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")

    def __str__(self) -> str:
        return f"{self.head} → {self.to}"


class AdjustmentState(models.TextChoices):
    """Where an adjustment stands; ``workflow.ADJUSTMENTS`` says how it moves."""

    DRAFT = "draft", _("being prepared")
    SIGNING = "signing", _("waiting for the head")
    SUBMITTED = "submitted", _("with the bureau")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Adjustment(models.Model):
    """A change of an approved budget (调剂), approved by itself. ``base`` is the version that it starts from; it can
    only be approved while that one is still the budget in force."""

    budget = models.ForeignKey(Budget, on_delete=models.PROTECT, related_name="adjustments")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=AdjustmentState.choices, default=AdjustmentState.DRAFT)
    base = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    result = models.OneToOneField(Version, on_delete=models.PROTECT, null=True, related_name="adjustment")
    reason = models.TextField()
    document = models.CharField(_("document number"), max_length=100, blank=True)
    changes = models.JSONField(default=list)  # [{"sheet", "row": place in the base or null, "values": plain or null}]
    revision = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    handed_in_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    decided_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(blank=True)

    class Meta:
        ordering = ("budget", "number")
        constraints = (models.UniqueConstraint(fields=("budget", "number"), name="one_adjustment_a_number"),)
        verbose_name = _("adjustment")
        verbose_name_plural = _("adjustments")

    def __str__(self) -> str:
        return f"{self.budget} 调剂 {self.number}"


class ProjectState(models.TextChoices):
    """Whether a project of the library may enter a budget."""

    CANDIDATE = "candidate", _("candidate")
    READY = "ready", _("ready for a budget")
    ENDED = "ended", _("ended")


class Project(models.Model):
    """A project of a unit's library (项目库): it lives over years and enters each year's budget from here.

    ``values`` are the columns of the ledger's sheet of projects without the name, ``midterm`` those of its sheet of
    targets that concern the years together."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="projects")
    name = models.CharField(_("name"), max_length=300)
    state = models.CharField(max_length=10, choices=ProjectState.choices, default=ProjectState.CANDIDATE)
    rank = models.PositiveIntegerField(default=0)  # 0: not ranked; 1 comes first
    starts = models.PositiveIntegerField()  # years
    ends = models.PositiveIntegerField(null=True, blank=True)  # its last; None: it goes on
    values = models.JSONField(default=dict)
    midterm = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("unit", "rank", "name")
        constraints = (models.UniqueConstraint(fields=("unit", "name"), name="one_project_a_name"),)
        verbose_name = _("project")
        verbose_name_plural = _("projects")

    def __str__(self) -> str:
        return self.name

    def runs_in(self, year: int) -> bool:
        """Whether a year is one of the project's."""
        return self.starts <= year and (self.ends is None or year <= self.ends)


class ProjectYear(models.Model):
    """What a project wants of one year: its money and goal, what of it is procured or purchased as a service.
    ``procurement``, ``purchased`` and ``transfers`` are rows of the ledger's sheets without the project's name."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="years")
    year = models.PositiveIntegerField()
    amount = models.BigIntegerField(null=True)  # 分
    goal = models.TextField(blank=True)
    procurement = models.JSONField(default=list)
    purchased = models.JSONField(default=list)
    transfers = models.JSONField(default=list)

    class Meta:
        ordering = ("project", "year")
        constraints = (models.UniqueConstraint(fields=("project", "year"), name="one_year_a_project"),)

    def __str__(self) -> str:
        return f"{self.project} {self.year}"


class Indicator(models.Model):
    """An indicator of a project, mid-term (``year`` 0) or of one year: as printed, and typed where the text can be
    read, as ``indicators.Typed`` says."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="indicators")
    year = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)  # a key of ledger.schema.INDICATORS
    name = models.TextField()  # printed forms have whole sentences here
    value = models.TextField()  # as printed
    comparison = models.CharField(max_length=2, blank=True)
    number = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    unit = models.CharField(max_length=20, blank=True)
    period = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ("project", "year", "position")

    def __str__(self) -> str:
        return f"{self.name} {self.value}"


class Attachment(models.Model):
    """A file that belongs to a project; it is served as a download only."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=200)
    file = models.FileField(upload_to="projects/", max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    gone = models.BooleanField(default=False)

    class Meta:
        ordering = ("added_at", "pk")

    def __str__(self) -> str:
        return self.name


class Notice(models.Model):
    """What a person is told: a budget came back, a figure was given, a day is near. ``about`` names it once."""

    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="notices")
    zh = models.CharField(max_length=300)
    en = models.CharField(max_length=300)
    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, null=True, related_name="+")
    # No index: nothing is asked for by it.
    adjustment = models.ForeignKey(Adjustment, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    about = models.CharField(max_length=80)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (models.UniqueConstraint(fields=("person", "about"), name="one_notice_about_it"),)
        indexes = (models.Index(fields=("person", "seen_at"), name="notices_of_a_person"),)

    def __str__(self) -> str:
        return self.zh


class ExportState(models.TextChoices):
    """Where the making of an export stands."""

    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("being made")
    DONE = "done", _("ready")
    FAILED = "failed", _("failed")


class Export(models.Model):
    """All departments' tables of a year in one workbook and one PDF, for the people's congress (人代会); made in the
    background by whoever holds the lease. ``drafts``: budgets that are not approved stand in it too, marked."""

    year = models.ForeignKey(BudgetYear, on_delete=models.PROTECT, related_name="exports")
    drafts = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ExportState.choices, default=ExportState.QUEUED)
    done = models.PositiveIntegerField(default=0)  # of ``total`` steps
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    workbook = models.FileField(upload_to="exports/", max_length=200, blank=True)
    pdf = models.FileField(upload_to="exports/", max_length=200, blank=True)
    said = models.JSONField(default=list)  # [zh, en] of what was left out, or of why it failed
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("export")
        verbose_name_plural = _("exports")

    def __str__(self) -> str:
        return f"{self.year} #{self.pk}"
