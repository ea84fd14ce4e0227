"""Refusals and forms: what was typed stays, the field that is wrong is marked."""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.utils.translation import get_language

from zhengwu.model.message import Message, RefusedError

T = TypeVar("T")


class FieldRefusedError(RefusedError):
    """A refusal because of one field; a form marks it, the API names it."""

    def __init__(self, field: str, zh: str, en: str) -> None:
        super().__init__("invalid", zh, en)
        self.field = field


def sentence(message: Message) -> str:
    """A message in the language of the page."""
    return message.in_language("en" if (get_language() or "").startswith("en") else "zh")


def attempt(form: forms.Form, action: Callable[[], T]) -> T | None:
    """What a service returns, or None when it refuses what was typed: then the form says why at the field (or on
    top). A missing permission or object is no matter of the form and passes on to the middleware."""
    try:
        return action()
    except RefusedError as error:
        if error.code in ("not-allowed", "not-found"):
            raise
        field = error.field if isinstance(error, FieldRefusedError) and error.field in form.fields else None
        form.add_error(field, sentence(error.message))
        return None
