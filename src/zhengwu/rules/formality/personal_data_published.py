"""Personal data are published.

Checks: identity card numbers (with their check digit), mobile phone numbers, bank card numbers (with theirs).
Why: what is published stays published; the law protects persons named in official documents.
Fails: 联系人手机 a mobile number of eleven digits
Passes: 联系电话 010-80000000
Known gaps: names and addresses are not judged; office telephones are public.
"""

import re
from collections.abc import Iterator

from zhengwu.model.document import Place
from zhengwu.model.finding import Finding, Outcome, Severity, Spot
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "personal-data-published"
_DIGITS = re.compile(r"(?<![\d.,A-Za-z])(?:\d{17}[\dXx]|1[3-9]\d{9}|62\d{14,17})(?![\d.,A-Za-z])")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"


@rule(
    title=("公开了个人信息", "Personal data are published"),
    severity=Severity.ERROR,
    basis=(
        "《个人信息保护法》；《政府信息公开条例》第十五条",
        "Personal Information Protection Law; Open Government Regulations, art. 15",
    ),
    mend=("删除或遮盖个人信息后重新公开。", "Remove or mask the data and publish again."),
)
def check(view: View) -> Iterator[Outcome]:
    """Numbers that identify persons, anywhere."""
    for table, place, text in _texts(view):
        for match in _DIGITS.finditer(text):
            kind = _kind(match.group())
            if kind:
                masked = match.group()[:3] + "*" * (len(match.group()) - 5) + match.group()[-2:]
                yield Finding(
                    CODE, Severity.ERROR,
                    Message(f"含有{kind[0]} {masked}。", f"There is {kind[1]}, {masked}."),
                    (Spot(place, masked, table),),
                )  # fmt: skip


def _kind(digits: str) -> tuple[str, str] | None:
    if len(digits) == 11:
        return "手机号", "a mobile phone number"
    if len(digits) == 18 and _is_identity(digits):
        return "身份证号", "an identity card number"
    if digits.isdigit() and digits.startswith("62") and _luhn(digits):
        return "银行卡号", "a bank card number"
    return None


def _is_identity(digits: str) -> bool:
    """GB 11643: date of birth and check digit."""
    month, day = int(digits[10:12]), int(digits[12:14])
    if not (digits[6:8] in ("19", "20") and 1 <= month <= 12 and 1 <= day <= 31):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits[:17], _ID_WEIGHTS, strict=True))
    return _ID_CHECK[total % 11] == digits[17].upper()


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812: the check digit of card numbers."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + position % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _texts(view: View) -> Iterator[tuple[int, Place, str]]:
    for section in view.disclosure.sections:
        yield -1, section.place, section.text
    for index, table in enumerate(view.disclosure.tables):
        coded = {number for number, column in enumerate(table.columns) if column.role == "code"}
        for row in table.rows:
            for number, cell in enumerate(row.cells):
                if cell and len(cell.text) >= 11 and number not in coded:
                    yield index, cell.place, cell.text
