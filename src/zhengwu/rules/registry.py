"""Rules declare themselves; the registry finds them."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from functools import cache
from typing import NamedTuple

from zhengwu.model.finding import Outcome, Severity
from zhengwu.model.message import Message
from zhengwu.rules.set_view import SetView

FAMILIES = ("tables", "crossing", "narrative", "targets", "formality", "sets")

Check = Callable[[SetView], Iterable[Outcome]]


class Rule(NamedTuple):
    """A rule's declaration. ``code`` is permanent and says what is wrong when the rule is broken."""

    code: str
    title: Message
    family: str
    severity: Severity
    basis: Message
    mend: Message
    since: int
    check: Check
    doc: str


def rule(
    *,
    title: tuple[str, str],
    severity: Severity,
    basis: tuple[str, str],
    mend: tuple[str, str],
    since: int = 2017,
) -> Callable[[Check], Rule]:
    """Declare the decorated check as the rule of its module; the module's name is its code."""

    def declare(check: Check) -> Rule:
        module = check.__module__.split(".")
        doc = importlib.import_module(check.__module__).__doc__ or ""
        return Rule(
            module[-1].replace("_", "-"), Message(*title), module[-2], severity,
            Message(*basis), Message(*mend), since, check, doc,
        )  # fmt: skip

    return declare


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, by family and code. A rule's module holds one: what ``rule`` made of its check."""
    found: list[Rule] = []
    for family in FAMILIES:
        package = importlib.import_module(f"zhengwu.rules.{family}")
        for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda item: item.name):
            module = importlib.import_module(f"{package.__name__}.{info.name}")
            found += [value for value in vars(module).values() if isinstance(value, Rule)]
    return tuple(found)


@cache
def rule_named(code: str) -> Rule:
    """The rule of a code. Raises KeyError."""
    for one in rules():
        if one.code == code:
            return one
    raise KeyError(code)
