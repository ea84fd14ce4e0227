"""Forms of the budget desk. What is wrong with an input is said by the services; these only turn text into values."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhengwu.ledger.schema import SHEETS
from zhengwu.web.budgets.models import State
from zhengwu.web.common.models import User
from zhengwu.web.common.widgets import DayInput


class ReasonForm(forms.Form):
    """Why a move is made."""

    reason = forms.CharField(
        label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 4000})
    )


class RemarkForm(forms.Form):
    """What is said of a budget, a row, a cell."""

    text = forms.CharField(
        label=_("Remark"), required=False, widget=forms.Textarea(attrs={"rows": 2, "maxlength": 4000})
    )
    row = forms.IntegerField(required=False, widget=forms.HiddenInput)
    column = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


class DelegateForm(forms.Form):
    """Who signs in one's place, from when until when."""

    to = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Who signs"))
    since = forms.DateField(label=_("From"), widget=DayInput())
    until = forms.DateField(label=_("Until"), widget=DayInput())

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = people  # type: ignore[attr-defined]


class FilterForm(forms.Form):
    """Which budgets are shown."""

    q = forms.CharField(label=_("Unit"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("all")), *State.choices])
    year = forms.IntegerField(label=_("Year"), required=False, min_value=1900, max_value=9999, widget=forms.NumberInput(attrs={"style": "width:6em"}))  # fmt: skip


class CompareForm(forms.Form):
    """Which two states are compared."""

    old = forms.ChoiceField(label=_("Before"))
    new = forms.ChoiceField(label=_("After"))

    def __init__(self, *args: Any, choices: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("old", "new"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.fields["old"].initial = choices[0][0]
        self.fields["new"].initial = choices[-1][0]


class HistoryForm(forms.Form):
    """What of the history is shown."""

    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    row = forms.IntegerField(required=False, widget=forms.HiddenInput)
    column = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    event = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)  # one, with all its rows

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        english = (get_language() or "").startswith("en")
        named = [(one.key, one.en if english else one.zh) for one in SHEETS if one.key != "budget"]
        self.fields["sheet"].choices = [("", _("all")), *named]  # type: ignore[attr-defined]


class AdjustmentForm(forms.Form):
    """Why the budget is adjusted, and by which paper."""

    reason = forms.CharField(
        label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 4000})
    )
    document = forms.CharField(label=_("Document number"), required=False, max_length=100)
