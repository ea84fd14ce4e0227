"""Numbers as they are printed in tables and forms: from 分 to text, exactly."""

from decimal import ROUND_HALF_UP, Decimal

from zhengwu.ledger.values import yuan
from zhengwu.model.number import YUAN_IN, number_of

_DIGITS = "一二三四五六七八九"


def money(fen: int, unit: str) -> str:
    """An amount in a table's money unit, with two decimals and thousands apart: "63,234,665.44"."""
    if unit == "元":
        return yuan(fen)
    rounded = in_unit(fen, unit).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{rounded:,}" if rounded or not fen else exact(fen, unit)  # what is not nothing is not printed as 0.00


def in_unit(fen: int, unit: str) -> Decimal:
    """An amount in a money unit, exactly."""
    return Decimal(fen) / (100 * YUAN_IN[unit])


def exact(fen: int, unit: str, thousands: bool = False) -> str:
    """An amount in a money unit with as many decimals as it needs: "1530.28", "340"."""
    value = in_unit(fen, unit).normalize()
    return f"{value:,f}" if thousands else f"{value:f}"


def printed(fen: int, unit: str) -> tuple[str, Decimal]:
    """An amount as ``money`` prints it, and the number that this says."""
    text = money(fen, unit)
    return text, Decimal(fen).scaleb(-2) if unit == "元" else value_of(text)


def value_of(text: str) -> Decimal:
    """The number that a text printed by ``money`` says."""
    return number_of(text).value if not text.startswith("-") else -number_of(text[1:]).value


def chinese(number: int) -> str:
    """A counting number up to 99 in Chinese: 十三."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens - 1] + "十"
    return head + (_DIGITS[ones - 1] if ones else "")
