"""Forms of people, units, sign-in and the trail."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from zhengwu.web.common.models import Role, Unit, User
from zhengwu.web.common.widgets import DayInput

_rules = lazy(password_validators_help_text_html, str)


class _UnitField(forms.ModelChoiceField):
    """Units by their place in the tree."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Unit.objects.order_by("code"), required=False, **options)

    def label_from_instance(self, obj: Unit) -> str:
        """Indented, code first."""
        depth = max(obj.path.count("/") - 2, 0)
        return "\u3000" * depth + f"{obj.code} {obj.name}"


class PersonForm(forms.Form):
    """A person who exists already."""

    name = forms.CharField(label=_("Full name"), max_length=150)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    unit = _UnitField(label=_("Unit"), help_text=_("Officers and heads belong to a unit."))
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)


class NewPersonForm(PersonForm):
    """A new person with a first password."""

    username = forms.CharField(
        label=_("User name"), max_length=150, validators=[User.username_validator],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )  # fmt: skip
    password = forms.CharField(
        label=_("First password"), strip=False, help_text=_rules(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
    )  # fmt: skip
    field_order = ("username", "name", "role", "unit", "email", "password")


class UnitForm(forms.Form):
    """A unit and its place in the tree."""

    code = forms.CharField(label=_("Unit code"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=200)
    parent = _UnitField(label=_("Belongs to"), help_text=_("Empty: a department of its own."))


class CodeForm(forms.Form):
    """Six digits from the authenticator app."""

    code = forms.RegexField(
        r"^\s*\d{3}\s?\d{3}\s*$",
        label=_("Code of six digits"),
        error_messages={"invalid": _("The code has six digits, such as 123456.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )

    def clean_code(self) -> str:
        """Without spaces."""
        return "".join(str(self.cleaned_data["code"]).split())


class PasswordForm(forms.Form):
    """One's own password: the old one, the new one twice."""

    old = forms.CharField(
        label=_("Present password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    password = forms.CharField(
        label=_("New password"), strip=False, help_text=_rules(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label=_("New password again"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self._user = user
        super().__init__(*args, **kwargs)

    def clean_old(self) -> str:
        """Whoever sits at an open screen does not know it."""
        old = str(self.cleaned_data["old"])
        if not self._user.check_password(old):
            raise forms.ValidationError(_("This is not your present password."))
        return old

    def clean_again(self) -> str:
        """Typed twice the same."""
        again = str(self.cleaned_data["again"])
        if again != self.cleaned_data.get("password", again):
            raise forms.ValidationError(_("The two new passwords differ."))
        return again


class PeopleFilter(forms.Form):
    """What the list of people shows."""

    q = forms.CharField(label=_("Full name"), required=False, max_length=100)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("all")), *Role.choices])
    unit = _UnitField(label=_("Unit"), empty_label=_("all"))


class TrailFilter(forms.Form):
    """What the audit trail shows."""

    actor = forms.CharField(label=_("Who"), required=False, max_length=150)
    action = forms.CharField(label=_("Action"), required=False, max_length=60)
    subject = forms.CharField(label=_("Subject"), required=False, max_length=120)
    unit = _UnitField(label=_("Unit"), empty_label=_("all"))
    since = forms.DateField(label=_("From"), required=False, widget=DayInput())
    until = forms.DateField(label=_("To"), required=False, widget=DayInput())
