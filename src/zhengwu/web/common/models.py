"""Units as a tree, people with their roles, the audit trail."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class Unit(models.Model):
    """A department or one of its units. ``path`` holds the ids from the top: "/1/5/", so that a department's own
    are those whose path begins with its."""

    code = models.CharField(_("unit code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=200, db_index=True, editable=False, default="")

    class Meta:
        ordering = ("code",)
        verbose_name = _("unit")
        verbose_name_plural = _("units")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the path in step with the parent."""
        if self.pk is None:
            super().save(*args, **kwargs)  # type: ignore[arg-type]
            args, kwargs = (), {}
        self.path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class Role(models.TextChoices):
    """What a person may do; ``permissions.TABLE`` says what that is."""

    OFFICER = "officer", _("officer")
    HEAD = "head", _("head")
    REVIEWER = "reviewer", _("reviewer")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("administrator")


class People(UserManager["User"]):
    """Who is asked for comes with the unit: every permission needs it."""

    use_in_migrations = False

    def get(self, *args: Any, **kwargs: Any) -> "User":
        """One person."""
        return self.select_related("unit").get(*args, **kwargs)


class User(AbstractUser):
    """A person with one role; officers and heads belong to a unit."""

    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.OFFICER)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("unit"))
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    # Set by somebody else, who knows it: nothing else is done before a new one is chosen.
    must_change_password = models.BooleanField(default=False, db_default=False)
    sessions_end = models.DateTimeField(null=True, blank=True)  # sessions that began earlier have ended

    objects: ClassVar[People] = People()

    class Meta:
        ordering = ("username",)
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class TrailHead(models.Model):
    """The end of the audit trail: its one row is locked while an event is added, so that the chain never forks."""

    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")


class AuditEvent(models.Model):
    """Something that was done: never changed, never deleted (the database refuses both). ``hash`` covers the event
    and the hash before it."""

    sequence = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="events")
    action = models.CharField(max_length=60, db_index=True)
    subject = models.CharField(max_length=120, db_index=True)  # "document:12"
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True)
    data = models.JSONField(default=dict)
    before = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("sequence",)
        verbose_name = _("event")
        verbose_name_plural = _("audit trail")

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.subject}"
