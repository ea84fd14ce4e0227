"""How values are typed into forms."""

from typing import Any

from django import forms


class DayInput(forms.DateInput):
    """A day by the browser's own calendar, or typed: four digits of the year, then month and day follow by themselves.

    Without a last day a browser waits for years of six digits, and takes the month's first digits for the year's.
    """

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"max": "9999-12-31", **(attrs or {})}, format="%Y-%m-%d")
