"""The words of figures in the language of the page. Names of the classification stay Chinese: it has no English ones,
so in English pages they stand behind their code."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import get_language, pgettext

from zhengwu.ledger.schema import Choice

_UNITS = {
    "zh": ((Decimal(10**8), "亿元"), (Decimal(10**4), "万元")),
    "en": ((Decimal(10**9), " bn yuan"), (Decimal(10**6), " m yuan")),
}
_YUAN = {"zh": "元", "en": " yuan"}


def language() -> str:
    """The language of the page as the library names it: "zh" or "en"."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def readable(value: Decimal | None) -> str:
    """A large amount as people say it (6,323.47万元, 63.23 m yuan); "" for what reads well as it is."""
    if value is None:
        return ""
    for size, unit in _UNITS[language()]:
        if abs(value) >= size:
            return f"{(value / size).quantize(Decimal('0.01'), ROUND_HALF_UP):,}{unit}"
    return ""


def exact(value: Decimal) -> str:
    """An amount to the 分 with its unit: 63,234,665.44元, 63,234,665.44 yuan."""
    return f"{value:,.2f}{_YUAN[language()]}"


def said(value: Decimal) -> str:
    """An amount as people say it, small ones exactly."""
    return readable(value) or exact(value)


def share(part: Decimal, whole: Decimal) -> str:
    """A share in per cent with two decimals, "" of nothing."""
    return f"{100 * part / whole:.2f}%" if whole else ""


def choice_name(choice: Choice) -> str:
    """The name of a source of income."""
    return choice.zh if language() == "zh" else choice.en[:1].upper() + choice.en[1:]


def nature_name(choice: Choice) -> str:
    """The name of a nature of expenditure."""
    # "Basic" alone says nothing to a reader.
    bare = choice.key in ("basic", "project", "business")
    return f"{choice_name(choice)} expenditure" if bare and language() == "en" else choice_name(choice)


def function_name(code: str, name: str, short: bool = False) -> str:
    """A function with its code; ``short`` leaves the code out where the name can be read without."""
    return name if name == code or (short and language() == "zh") else f"{code} {name}"


def total() -> str:
    """All expenditure."""
    return pgettext("figures", "Total expenditure")


def three_public() -> str:
    """The sum of the three public expenses."""
    return pgettext("figures", "“Three public” expenses")


def personnel() -> str:
    """The part of basic expenditure for people."""
    return pgettext("figures", "Personnel")


def office() -> str:
    """The part of basic expenditure for the office."""
    return pgettext("figures", "Office and running costs")


def three_public_items() -> tuple[tuple[str, str], ...]:
    """The items of the three public expenses with their names; those of cars come below them."""
    return (
        ("abroad", pgettext("figures", "Travel abroad")),
        ("reception", pgettext("figures", "Receptions")),
        ("cars", pgettext("figures", "Official cars, bought and run")),
        ("car_purchase", pgettext("figures", "Cars bought")),
        ("car_operation", pgettext("figures", "Cars run and maintained")),
    )
