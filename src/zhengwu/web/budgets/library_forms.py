"""Forms of the library of projects, made of the ledger's columns; what is typed is read as a workbook's cell would be."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhengwu.ledger.schema import INDICATORS, Column, sheet
from zhengwu.model.message import Message, RefusedError
from zhengwu.web.budgets import books, library
from zhengwu.web.budgets.models import Project, ProjectState, ProjectYear
from zhengwu.web.common.errors import FieldRefusedError, sentence
from zhengwu.web.common.models import Unit

VALUES = tuple(one for one in sheet("projects").columns if one.key != "name")
TARGETS = tuple(one for one in sheet("targets").columns if one.key in library.MIDTERM)
SPARE = 4  # empty rows at the end of a list
_OUTPUT, _EFFECT = ("quantity", "quality", "timeliness", "cost"), ("benefit", "satisfaction")
_EMPTY = Message("没有填写。", "is empty.")


class LibraryFilter(forms.Form):
    """Which projects are shown."""

    q = forms.CharField(label=_("Name"), required=False, max_length=100)
    unit = forms.ModelChoiceField(label=_("Unit"), required=False, queryset=Unit.objects.none(), empty_label=_("all"))
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("all")), *ProjectState.choices])
    year = forms.IntegerField(label=_("Year"), required=False, min_value=library.FIRST_YEAR, max_value=library.LAST_YEAR, widget=forms.NumberInput(attrs={"style": "width:6em"}))  # fmt: skip

    def __init__(self, *args: Any, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(units) > 1:
            self.fields["unit"].queryset = Unit.objects.filter(pk__in=[one.pk for one in units])  # type: ignore[attr-defined]
        else:
            del self.fields["unit"]


class AttachmentForm(forms.Form):
    """Files to add; the request has them."""

    files = forms.FileField(label=_("Files"), required=False, widget=forms.ClearableFileInput())


class Revised(forms.Form):
    """A form of something that others may change meanwhile: ``revision`` is the one that the person has seen."""

    data: Any
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def show_theirs(self, now: "Revised") -> None:
        """After a conflict: what stands now comes beside what was typed where the two differ, and the next time the
        form is sent it counts as seen. ``now`` is the form as it would begin."""
        data = self.data.copy()
        data[self.add_prefix("revision")] = now.initial["revision"]
        self.data = data
        for name, field in self.fields.items():
            theirs = now.initial.get(name)
            if name != "revision" and str(theirs or "") != str(self[name].value() or ""):
                field.theirs = _("(empty)") if theirs in ("", None, False) else _("yes") if theirs is True else theirs  # type: ignore[attr-defined]


class ProjectForm(Revised):
    """What a project is, and what of its targets concerns the years together."""

    name = forms.CharField(label=_("Project"), max_length=library.MOST_NAME)
    starts = forms.IntegerField(label=_("First year"), min_value=library.FIRST_YEAR, max_value=library.LAST_YEAR)
    ends = forms.IntegerField(
        label=_("Last year"), required=False, min_value=library.FIRST_YEAR, max_value=library.LAST_YEAR,
        help_text=_("Empty: it goes on. After its last year a project enters no budget."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for column in (*VALUES, *TARGETS):
            self.fields[column.key] = field_of(column)
        self.columns = {"projects": VALUES, "targets": TARGETS}

    @staticmethod
    def initial_of(project: Project) -> dict[str, Any]:
        """A project as the form shows it."""
        shown = {one.key: _shown(one, project.values.get(one.key)) for one in VALUES}
        shown |= {one.key: _shown(one, project.midterm.get(one.key)) for one in TARGETS}
        return {"revision": project.revision, "name": project.name, "starts": project.starts, "ends": project.ends, **shown}  # fmt: skip

    def values(self) -> dict[str, Any]:
        """What was typed, as the services take it."""
        given = self.cleaned_data
        return {
            "name": given["name"], "starts": given["starts"], "ends": given["ends"],
            "values": {one.key: given[one.key] for one in VALUES}, "midterm": {one.key: given[one.key] for one in TARGETS},
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Every column that cannot be read says so, not the first only."""
        given = self.cleaned_data
        for key, columns in self.columns.items():
            _, wrong = books.typed(key, {one.key: given.get(one.key, "") for one in columns})
            for name, message in wrong.items():
                self.add_error(name, sentence(message))
        return given


class YearForm(Revised):
    """What a project wants of a year, without its lists."""

    amount = forms.CharField(label=_("Money wanted (yuan)"), required=False, max_length=40, widget=forms.TextInput(attrs={"inputmode": "decimal"}))  # fmt: skip
    goal = forms.CharField(label=_("Annual goal"), required=False, widget=forms.Textarea(attrs={"rows": 4}))

    @staticmethod
    def initial_of(project: Project, year: ProjectYear | None) -> dict[str, Any]:
        """A year as the form shows it."""
        amount = next(one for one in sheet("lines").columns if one.key == "amount")
        return {
            "revision": project.revision, "amount": books.shown(amount, year.amount if year else None),
            "goal": year.goal if year else "",
        }  # fmt: skip


class RowForm(forms.Form):
    """A row of a sheet without its project. A row of which nothing is filled in is none."""

    key = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number = self.prefix.rpartition("-")[2] if self.prefix else ""
        for column in row_columns(self.key):
            field = self.fields[column.key] = field_of(column, short=True)
            place = f" {int(number) + 1}" if number.isdecimal() else ""
            field.widget.attrs["aria-label"] = f"{titled(column)}{place}"

    def is_blank(self) -> bool:
        """Whether nothing is filled in."""
        given = getattr(self, "cleaned_data", {})
        return not any(given.get(one.key) for one in row_columns(self.key))

    def values(self) -> dict[str, Any]:
        """What was typed, by column."""
        return {one.key: self.cleaned_data[one.key] for one in row_columns(self.key)}

    def clean(self) -> dict[str, Any]:
        """Every cell that cannot be read or is missing says so."""
        given = self.cleaned_data
        if self.is_blank():
            return given
        typed, wrong = books.typed(self.key, {one.key: given.get(one.key, "") for one in row_columns(self.key)})
        for column in row_columns(self.key):
            message = wrong.get(column.key)
            if message is None and column.required and typed[column.key] in ("", None):
                message = _EMPTY
            if message is not None:
                self.add_error(column.key, sentence(message))
        return given


class Rows(BaseFormSet):  # type: ignore[type-arg]
    """Rows of a sheet in the order that was given them."""

    def filled(self) -> list[RowForm]:
        """The rows with something in them, by their numbers."""
        forms_ = [one for one in self.forms if one.cleaned_data and not one.is_blank()]
        if not self.can_order:
            return forms_
        # A stable sort: rows without a number stay behind the others, as they stand.
        return sorted(
            forms_, key=lambda one: (one.cleaned_data.get("ORDER") is None, one.cleaned_data.get("ORDER") or 0)
        )

    def values(self) -> list[dict[str, Any]]:
        """What was typed, row by row."""
        return [one.values() for one in self.filled()]


def rows_form(
    key: str,
    data: Any = None,
    rows: Sequence[Mapping[str, Any]] = (),
    most: int = library.MOST_ROWS,
    order: bool = False,
) -> Rows:
    """The form of a sheet's rows: those that there are and some empty ones."""
    made = formset_factory(
        type("RowOf" + key.title(), (RowForm,), {"key": key}), formset=Rows, extra=max(0, min(SPARE, most - len(rows))),
        max_num=most, absolute_max=most + 50, can_order=order,
    )  # fmt: skip
    initial = [{one.key: _shown(one, row.get(one.key)) for one in row_columns(key)} for row in rows]
    found: Rows = made(data, initial=None if data is not None else initial, prefix=key)
    if order:
        for place, one in enumerate(found.forms, 1):
            one.fields["ORDER"].widget.attrs |= {"aria-label": f"{_('No.')} {place}", "class": "order", "min": 1}
            one.fields["ORDER"].widget.attrs.pop("required", None)
    return found


def attempt_rows(form: forms.Form, lists: Mapping[str, Rows], action: Callable[[], Any]) -> bool:
    """Whether a service took what was typed; else the form, or the row, says why. Passes on a missing permission."""
    try:
        action()
    except RefusedError as error:
        if error.code in ("not-allowed", "not-found"):
            raise
        field = error.field if isinstance(error, FieldRefusedError) else ""
        key, _sep, rest = field.partition("-")
        place, _sep, column = rest.partition("-")
        if key in lists and place.isdecimal():
            lists[key].filled()[int(place)].add_error(column, sentence(error.message))
        else:
            form.add_error(field if field in form.fields else None, sentence(error.message))
        return False
    return True


def row_columns(key: str) -> tuple[Column, ...]:
    """The columns of a row of the library: neither the project nor, of an indicator, the period."""
    return tuple(one for one in sheet(key).columns if one.key not in ("project", "period"))


def field_of(column: Column, short: bool = False) -> forms.Field:
    """A field for a column. Nothing is required here: the services say what is missing."""
    label, hint = titled(column), column.help_en if _english() else column.help_zh
    help_text = "" if short or hint in ("元", "yuan") else hint  # the label says that already
    if column.type == "yes":
        return forms.BooleanField(label=label, required=False, help_text=help_text)
    if column.type == "choice":
        choices: list[Any] = [("", "—")]
        if column.choices == INDICATORS:
            for group, keys in ((Message("产出指标", "Output"), _OUTPUT), (Message("效果指标", "Effect"), _EFFECT)):
                choices.append((sentence(group), [(one.key, _named(one)) for one in INDICATORS if one.key in keys]))
        else:
            choices += [(one.key, _named(one)) for one in column.choices]
        return forms.ChoiceField(label=label, required=False, choices=choices, help_text=help_text)
    attributes: dict[str, Any] = {}
    if column.type in ("amount", "year", "count"):
        attributes["inputmode"] = "decimal" if column.type == "amount" else "numeric"
    long = column.type == "long" or (short and column.key in ("name", "value"))
    widget: forms.Widget = (
        forms.Textarea(attrs={"rows": 1 if short else 3}) if long else forms.TextInput(attrs=attributes)
    )
    most = 20_000 if long else 1_000
    return forms.CharField(label=label, required=False, max_length=most, widget=widget, help_text=help_text)


def titled(column: Column) -> str:
    """A column's name in the language of the page, with the unit of amounts."""
    name = column.en[:1].upper() + column.en[1:] if _english() else column.zh
    return f"{name} ({'yuan' if _english() else '元'})" if column.type == "amount" else name


def _named(choice: Any) -> str:
    return str(choice.en if _english() else choice.zh)


def _english() -> bool:
    return (get_language() or "").startswith("en")


def _shown(column: Column, value: Any) -> Any:
    return bool(value) if column.type == "yes" else value if column.type == "choice" else books.shown(column, value)
