"""What is published: superseded visibly, never deleted."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengwu.web.common.models import Unit
from zhengwu.web.reviews.models import Round


class Publication(models.Model):
    """A document in the open book: the round that was published. ``edition`` counts the publications of one unit,
    year and kind; the current one has no ``superseded_at``."""

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="publication")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="publications")
    year = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    edition = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=200)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(null=True, blank=True, db_index=True)
    total = models.DecimalField(max_digits=24, decimal_places=2, null=True)  # expenditure, for lists of publications
    parts = models.PositiveIntegerField(default=1, db_default=1)  # of its page: explorer.parts

    class Meta:
        ordering = ("-year", "unit__code", "kind", "-edition")
        constraints = (
            models.UniqueConstraint(fields=("unit", "year", "kind", "edition"), name="one_publication_an_edition"),
            models.UniqueConstraint(
                fields=("unit", "year", "kind"),
                condition=models.Q(superseded_at__isnull=True),
                name="one_current_edition",
            ),
        )
        verbose_name = _("publication")
        verbose_name_plural = _("publications")

    def __str__(self) -> str:
        return self.title


class PublicationFile(models.Model):
    """A file of a publication beside the one that was reviewed: the same budget in another format, or its open data."""

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=120)  # "budget-2022.docx", "data/lines.csv"
    file = models.FileField(upload_to="published/", max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("publication", "name"), name="one_file_a_name"),)

    def __str__(self) -> str:
        return self.name


class PublishedFact(models.Model):
    """A printed amount with its identity (model.fact.Identity) and place: for charts, search and links.

    ``value`` is in yuan (percentages: per cent; counts: one), ``unit`` says which; ``table``, ``row``, ``column`` and
    ``line`` are the place as Round.reading counts it."""

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="facts")
    measure = models.CharField(max_length=40)
    year = models.PositiveIntegerField()
    stage = models.CharField(max_length=20)
    function = models.CharField(max_length=10, blank=True)
    government = models.CharField(max_length=10, blank=True)
    departmental = models.CharField(max_length=10, blank=True)
    fund = models.CharField(max_length=40, blank=True)
    nature = models.CharField(max_length=20, blank=True)
    item = models.CharField(max_length=300, blank=True)
    aspect = models.CharField(max_length=40, default="amount")
    value = models.DecimalField(max_digits=24, decimal_places=4)
    unit = models.CharField(max_length=10, default="元")
    quote = models.CharField(max_length=80)
    label = models.CharField(max_length=300, blank=True)
    table = models.IntegerField(default=-1)  # index in the reading's tables, -1 in the text
    row = models.PositiveIntegerField(null=True)
    column = models.PositiveIntegerField(null=True)
    page = models.PositiveIntegerField(null=True)
    line = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ("pk",)
        indexes = (
            models.Index(fields=("publication", "measure", "year"), name="facts_of_publication"),
            models.Index(fields=("measure", "year", "function"), name="facts_across_publications"),
        )

    def __str__(self) -> str:
        return f"{self.label} {self.quote}"


class PublishedProject(models.Model):
    """A project that a published document names, for the search."""

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="projects")
    name = models.CharField(max_length=300, db_index=True)
    amount = models.DecimalField(max_digits=24, decimal_places=2, null=True)
    lines = models.PositiveIntegerField(default=0)  # how many lines of the detail table it has; 0: a target form only
    table = models.IntegerField(default=-1)
    row = models.PositiveIntegerField(null=True)
    column = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name


class Scope(models.TextChoices):
    """What a token may be used for; its owner's permissions bound it further."""

    READ = "read", _("read whatever you may see")
    DECIDE = "decide", _("review: decide, comment, assign, return, close, publish")
    UPLOAD = "upload", _("upload documents and confirm what they are")
    BUDGET = "budget", _("compile budgets: rows, projects, remarks, adjustments; control figures and years")
    STEP = "budget-step", _("move budgets on: hand in, sign, return, give figures, approve, publish")


class ApiToken(models.Model):
    """A key to the API. Only the SHA-256 of its secret is kept: it has 256 bits of chance, so a slow hash adds
    nothing; ``prefix`` finds it and names it to its owner."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"
