"""Forms of the finance bureau. What is wrong with an input is said by the services; these turn text into values."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhengwu.ledger.schema import UNIT_KINDS, Choice, Column
from zhengwu.web.budgets import books, figures
from zhengwu.web.budgets.bureau import STEPS
from zhengwu.web.budgets.models import Budget, BudgetYear, State
from zhengwu.web.budgets.years import Figure, publishing_dialects
from zhengwu.web.common.errors import sentence
from zhengwu.web.common.models import Unit
from zhengwu.web.common.widgets import DayInput

SPARE = 3  # empty rows at the end of a list


class YuanField(forms.CharField):
    """An amount as it may stand in a workbook's cell; its value is in 分, None for none."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "n", "autocomplete": "off"})
        )
        super().__init__(**options)

    def clean(self, value: Any) -> Any:
        """In 分."""
        text = super().clean(value)
        if not text:
            return None
        made, wrong = books.typed("lines", {"amount": text})
        if wrong:
            raise forms.ValidationError(sentence(wrong["amount"]))
        return made["amount"]

    def prepare_value(self, value: Any) -> Any:
        """In yuan; what was typed stays as it is."""
        return yuan_text(value) if isinstance(value, int) else value


def yuan_text(fen: int | None) -> str:
    """An amount as it is typed: 1234.50; "" for none."""
    return "" if fen is None else books.shown(Column("amount", "", "", "amount"), fen)


class _Day(forms.DateField):
    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, widget=DayInput(), **options)


class DeadlinesForm(forms.Form):
    """Until when units report."""

    first_due = _Day(label=_("First report due (一上)"))
    second_due = _Day(label=_("Second report due (二上)"))
    publish_due = _Day(label=_("Publication due"))


class _Units(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Unit) -> str:
        return "\u3000" * max(obj.path.count("/") - 2, 0) + f"{obj.code} {obj.name}"


class YearForm(DeadlinesForm):
    """A year that is opened."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2099)
    dialect = forms.ChoiceField(label=_("Format of publication"))
    units = _Units(
        label=_("Units that get a budget"), queryset=Unit.objects.none(), required=False,
        help_text=_("All are chosen; those that were merged into others are not. Ctrl or Cmd chooses several."),
        widget=forms.SelectMultiple(attrs={"size": 12}),
    )  # fmt: skip
    field_order = ("year", "dialect", "first_due", "second_due", "publish_due", "units")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dialect"].choices = [(one.key, one.title) for one in publishing_dialects()]  # type: ignore[attr-defined]
        self.fields["units"].queryset = Unit.objects.order_by("code")  # type: ignore[attr-defined]


class BoardFilter(forms.Form):
    """Which budgets the board shows."""

    q = forms.CharField(label=_("Unit"), required=False, max_length=100)
    department = forms.ChoiceField(label=_("Department"), required=False)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("all")), *((one, State(one).label) for one in STEPS)]
    )

    def __init__(self, *args: Any, departments: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(one.code, f"{one.code} {one.name}") for one in departments]
        self.fields["department"].choices = [("", _("all")), *named]  # type: ignore[attr-defined]


class _OfUnit(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        unit = obj.unit if isinstance(obj, Budget) else obj
        return f"{unit.code} {unit.name}"


class StartForm(forms.Form):
    """A unit that came later."""

    unit = _OfUnit(label=_("Unit"), queryset=Unit.objects.none())

    def __init__(self, *args: Any, year: BudgetYear, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.exclude(budgets__year=year).order_by("code")  # type: ignore[attr-defined]


class MergeForm(forms.Form):
    """Which unit is merged into which, and why."""

    gone = _OfUnit(label=_("Unit that is merged"), queryset=Budget.objects.none())
    into = _OfUnit(label=_("Unit that takes it over"), queryset=Budget.objects.none())
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3, "maxlength": 2000}))
    document = forms.CharField(label=_("Document number"), required=False, max_length=100)

    def __init__(self, *args: Any, year: BudgetYear, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = Budget.objects.filter(year=year).exclude(state__in=(State.MERGED, State.EARLIER))
        for name in ("gone", "into"):
            self.fields[name].queryset = found.select_related("unit", "year").order_by("unit__code")  # type: ignore[attr-defined]


class ExportForm(forms.Form):
    """What stands in an export."""

    drafts = forms.ChoiceField(
        label=_("Budgets"), widget=forms.RadioSelect, initial="",
        choices=[("", _("in force only")), ("1", _("in force, and drafts that are marked as drafts"))], required=False,
    )  # fmt: skip


class FileForm(forms.Form):
    """A workbook."""

    file = forms.FileField(label=_("Workbook (.xlsx)"), widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}))


class EarlierForm(FileForm):
    """The ledger workbook of an earlier year."""


class BasicForm(forms.Form):
    """The control figure of basic expenditure."""

    staff = forms.IntegerField(label=_("Staff"), required=False, min_value=0, max_value=1_000_000)
    standard = YuanField(label=_("Standard a head (yuan)"))
    amount = YuanField(label=_("Control figure of basic expenditure (yuan)"))
    remark = forms.CharField(label=_("Explanation"), required=False, max_length=200)

    def figure(self) -> Figure | None:
        """As the service takes it; None where no amount was typed."""
        given = self.cleaned_data
        if given["amount"] is None:
            return None
        return Figure("", given["amount"], given["staff"], given["standard"], given["remark"])


class ProjectFigureForm(forms.Form):
    """The control figure of a project."""

    project = forms.CharField(label=_("Project"), required=False, max_length=300)
    amount = YuanField(label=_("Control figure (yuan)"))
    remark = forms.CharField(label=_("Explanation"), required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        """An amount names its project."""
        given = super().clean() or {}
        if given.get("amount") is not None and not given.get("project", "").strip():
            self.add_error("project", _("Name the project."))
        return given

    def figure(self) -> Figure | None:
        """As the service takes it; None where no amount was typed."""
        given = self.cleaned_data
        if given.get("amount") is None:
            return None
        return Figure(" ".join(given["project"].split()), given["amount"], None, None, given["remark"])


class StandardForm(forms.Form):
    """A staff standard."""

    name = forms.CharField(label=_("Name"), required=False, max_length=100)
    nature = forms.ChoiceField(label=_("Nature"), required=False)
    counted = forms.ChoiceField(label=_("Counted"), required=False)
    unit_kind = forms.ChoiceField(label=_("Kind of unit"), required=False)
    each = YuanField(label=_("Yuan a head"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        english = (get_language() or "").startswith("en")
        natures = [Choice(one, *figures.nature_title(one)) for one in figures.NATURES]
        self._choices("nature", natures, english)
        self._choices("counted", figures.COUNTED, english)
        self._choices("unit_kind", UNIT_KINDS, english, str(_("both")))
        self.fields["counted"].initial = "staff"

    def _choices(self, name: str, among: Sequence[Choice | Column], english: bool, empty: str = "") -> None:
        listed = [(one.key, one.en if english else one.zh) for one in among]
        self.fields[name].choices = [("", empty), *listed] if empty else listed  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A standard has a name and an amount, or neither."""
        given = super().clean() or {}
        name, each = given.get("name", "").strip(), given.get("each")
        if name and each is None and "each" not in self.errors:
            self.add_error("each", _("Give the amount."))
        if each is not None and not name:
            self.add_error("name", _("Name the standard."))
        return given


class _Rows(BaseFormSet):  # type: ignore[type-arg]
    """Rows that need no form tags of their own."""


def project_figures(data: Any, initial: Sequence[dict[str, Any]]) -> BaseFormSet:  # type: ignore[type-arg]
    """The projects of a unit with their figures, and empty rows."""
    return _rows(ProjectFigureForm, data, initial, "p")


def standards(data: Any, initial: Sequence[dict[str, Any]]) -> BaseFormSet:  # type: ignore[type-arg]
    """The standards of a year, and empty rows."""
    return _rows(StandardForm, data, initial, "s")


def _rows(form: type[forms.Form], data: Any, initial: Sequence[dict[str, Any]], prefix: str) -> BaseFormSet:  # type: ignore[type-arg]
    made = formset_factory(form, formset=_Rows, extra=SPARE, absolute_max=2_000, max_num=2_000)
    return made(data, initial=list(initial), prefix=prefix)
