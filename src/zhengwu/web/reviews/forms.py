"""Forms of the review desk. What is wrong with an input is said by the services; these only turn text into values."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengwu.web.common.models import Unit, User
from zhengwu.web.common.widgets import DayInput
from zhengwu.web.reviews.models import DocumentState

KINDS = [("budget", _("budget")), ("final", _("final accounts"))]


class ConfirmForm(forms.Form):
    """Whose document it is."""

    unit = forms.ModelChoiceField(queryset=Unit.objects.none(), label=_("Unit"))
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2099)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", "—"), *KINDS])
    title = forms.CharField(label=_("Title"), max_length=200, required=False)

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units])  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.CharField(
        label=_("What has to be mended"), required=False, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 4000})
    )


class AssignForm(forms.Form):
    """Whom something is given to."""

    to = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Assigned to"), required=False)

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = User.objects.filter(pk__in=[person.pk for person in people])  # type: ignore[attr-defined]


class AssignDocumentForm(AssignForm):
    """Whom a document is given to, and until when it is due."""

    due = forms.DateField(label=_("Due"), required=False, widget=DayInput())


class DecideForm(forms.Form):
    """What is made of a finding; ``revision`` is the one that was seen."""

    decision = forms.CharField(max_length=10)
    reason = forms.CharField(required=False, max_length=20_000)
    revision = forms.IntegerField(min_value=0)


class CommentForm(forms.Form):
    """A comment."""

    text = forms.CharField(
        label=_("Comment"), required=False, widget=forms.Textarea(attrs={"rows": 2, "maxlength": 4000})
    )


class BoardForm(forms.Form):
    """What of the board is shown."""

    q = forms.CharField(label=_("Title or unit"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("all")), *DocumentState.choices])
    unit = forms.ModelChoiceField(
        queryset=Unit.objects.order_by("code"), label=_("Unit"), required=False, empty_label=_("all")
    )
    year = forms.IntegerField(
        label=_("Year"),
        required=False,
        min_value=1900,
        max_value=9999,
        widget=forms.NumberInput(attrs={"style": "width:6em"}),
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all")), *KINDS])
    severity = forms.ChoiceField(
        label=_("Severity"), required=False,
        choices=[("", _("all")), ("error", _("error")), ("warning", _("warning")), ("info", _("hint"))],
    )  # fmt: skip
    rule = forms.CharField(label=_("Rule"), required=False, max_length=80, widget=forms.HiddenInput)
    mine = forms.BooleanField(label=_("Assigned to me"), required=False)
    overdue = forms.BooleanField(label=_("Overdue"), required=False)

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units]).order_by("code")  # type: ignore[attr-defined]
