"""Forms of the app explorer."""

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhengwu.web.explorer.models import Scope


class TokenForm(forms.Form):
    """A new token: what for, what it may do, how long."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("What the token is for, in your words."))
    scopes = forms.MultipleChoiceField(
        label=_("May be used to"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple, initial=[Scope.READ]
    )
    days = forms.TypedChoiceField(
        label=_("Expires"),
        coerce=int,
        initial=90,
        choices=[(30, _("in 30 days")), (90, _("in 90 days")), (365, _("in a year")), (0, _("never"))],
    )

    def expires_at(self, now: datetime | None = None) -> datetime | None:
        """When the token ends, None for never."""
        days = self.cleaned_data["days"]
        return (now or timezone.now()) + timedelta(days=days) if days else None
