"""Codes: known in the year, named at every level, and fitting each other."""

from collections.abc import Iterator

from zhengwu.dialects.classifications import Kind, government_codes_for
from zhengwu.dialects.classifications.changes import Change, successors
from zhengwu.ledger.books import Books
from zhengwu.ledger.problem import Problem, at, listed, rows_alike
from zhengwu.ledger.values import CLASSIFICATIONS
from zhengwu.model.message import Message

_DIGITS = {"function": 7, "government": 5, "departmental": 5}
_FIRST = {"function": "2", "government": "5", "departmental": "3"}
_EXAMPLES = {"function": "2010301", "government": "50201", "departmental": "30201"}
_ENGLISH = {"function": "functional item", "government": "government economic", "departmental": "departmental economic"}


def units(books: Books) -> Iterator[Problem]:
    """Each line's unit stands in the sheet of units."""
    for code, rows in books.rows_by(lambda line: line.unit).items():
        if code in books.kinds:
            continue
        others = rows_alike(rows)
        known = listed(list(books.kinds))
        yield at(
            "lines", rows[0], "unit",
            f"“{code}”不在“单位”表中{others.zh}；“单位”表有：{known.zh}。请改正，或在“单位”表补充。",
            f"“{code}” is not in the sheet of units{others.en}, which has {known.en}; correct it or add the unit",
        )  # fmt: skip


def codes(books: Books) -> Iterator[Problem]:
    """Each code of a line (and of a purpose) is an item that the classification or the ledger itself names, and that
    the classification has not surely given up by then."""
    for classification in _DIGITS:
        for code, rows in books.rows_of(classification).items():
            yield from _code(books, classification, code, "lines", rows)
    for purpose in books.ledger.purposes:
        yield from _code(books, "function", purpose.function, "purposes", [purpose.row])


def parents(books: Books) -> Iterator[Problem]:
    """The levels above a code are named too, as the tables print them."""
    told: set[str] = set()
    for classification in _DIGITS:
        for code, rows in books.rows_of(classification).items():
            if len(code) != _DIGITS[classification] or books.name_of(classification, code) is None:
                continue
            for parent in (code[:3], code[:5])[: 2 if classification == "function" else 1]:
                if parent not in told and books.name_of(classification, parent) is None:
                    told.add(parent)
                    yield at(
                        "lines", rows[0], classification,
                        f"{code} 的上级科目 {parent} 没有名称；请在“补充科目”表补充 {parent}。",
                        f"{parent}, which stands above {code}, has no name; add it to the sheet of codes",
                    )  # fmt: skip


def economic_pairs(books: Books) -> Iterator[Problem]:
    """A line's two economic codes correspond for its kind of unit. A code without a known mapping passes."""
    pairs = books.rows_by(lambda line: (line.departmental, line.government, books.kinds.get(line.unit, "")))
    for (departmental, government, kind), rows in pairs.items():
        narrowed: Kind | None = "agency" if kind == "agency" else "institution" if kind == "institution" else None
        allowed = sorted(government_codes_for(departmental, narrowed))
        # What only the ledger names is newer than the mapping.
        unmapped = not CLASSIFICATIONS["government"]().names_of(government)
        if not allowed or government in allowed or unmapped:
            continue
        others = rows_alike(rows)
        goes_with = listed([_named(books, "government", code) for code in allowed])
        unit_zh = {"agency": "行政单位的", "institution": "事业单位的"}.get(kind, "")
        unit_en = {"agency": "of an agency ", "institution": "of an institution "}.get(kind, "")
        yield at(
            "lines", rows[0], "government",
            f"{_named(books, 'government', government)} 与部门经济分类 {_named(books, 'departmental', departmental)} 不对应{others.zh}；{unit_zh}{departmental} 对应：{goes_with.zh}。",
            f"{_named(books, 'government', government)} does not go with departmental economic {_named(books, 'departmental', departmental)}{others.en}; {departmental} {unit_en}goes with {goes_with.en}",
        )  # fmt: skip


def extra_codes(books: Books) -> Iterator[Problem]:
    """The ledger's own codes have the shape of their classification and do not contradict it."""
    for one in books.ledger.codes:
        book = CLASSIFICATIONS[one.classification]()
        most = _DIGITS[one.classification]
        first = _FIRST[one.classification]
        if not (one.code.isdecimal() and one.code.startswith(first) and len(one.code) in range(3, most + 1, 2)):
            lengths = "3、5、7" if most == 7 else "3、5"
            yield at(
                "codes", one.row, "code",
                f"“{one.code}”不是{book.title}编码；应以 {first} 开头，{lengths} 位数字。",
                f"“{one.code}” is no {_ENGLISH[one.classification]} code; it begins with {first} and has {lengths.replace('、', ', ')} digits",
            )  # fmt: skip
        elif book.accepts(one.code, one.name, books.year) is False:
            official = book.name_of(one.code, books.year)
            yield at(
                "codes", one.row, "name",
                f"“{one.name}”与科目表不符：{books.year} 年 {one.code} 是“{official}”；请改正或删除这一行。",
                f"“{one.name}” contradicts the classification: in {books.year} {one.code} is “{official}”; correct or delete the row",
            )  # fmt: skip


def _code(books: Books, classification: str, code: str, sheet: str, rows: list[int]) -> Iterator[Problem]:
    digits, first = _DIGITS[classification], _FIRST[classification]
    others = rows_alike(rows)
    if not (len(code) == digits and code.isdecimal()):
        level = "项" if digits == 7 else "款"
        yield at(
            sheet, rows[0], classification,
            f"“{code}”不是{level}级编码{others.zh}；应为 {digits} 位数字，如 {_EXAMPLES[classification]}。",
            f"“{code}” is no {_ENGLISH[classification]} code{others.en}; it has {digits} digits, as in {_EXAMPLES[classification]}",
        )  # fmt: skip
    elif (classification, code) not in books.extra and (change := successors().ended(classification, code, books.year)):
        instead = _instead(books, change)
        named = _named(books, classification, code)
        yield at(
            sheet, rows[0], classification,
            f"{named} 自 {change.year} 年起{'改为其他科目' if change.new else '不再使用'}{others.zh}；{instead.zh}确需沿用的，请在“补充科目”表补充。",
            f"{named} is {'replaced' if change.new else 'no longer used'} since {change.year}{others.en}; {instead.en}where it is still to be used, add it to the sheet of codes",
        )  # fmt: skip
    elif not code.startswith(first) or books.name_of(classification, code) is None:
        siblings = listed(_siblings(books, classification, code))
        title = CLASSIFICATIONS[classification]().title
        listed_zh = f"；{code[: digits - 2]} 下有：{siblings.zh}" if siblings.zh else ""
        listed_en = f"; {code[: digits - 2]} has {siblings.en}" if siblings.en else ""
        yield at(
            sheet, rows[0], classification,
            f"“{code}”不在 {books.year} 年{title}科目中{others.zh}；请改正，或在“补充科目”表补充{listed_zh}。",
            f"“{code}” is no {_ENGLISH[classification]} code of {books.year}{others.en}; correct it or add it to the sheet of codes{listed_en}",
        )  # fmt: skip


def _instead(books: Books, change: Change) -> Message:
    """What came in the place of a code, as the beginning of a sentence."""
    if not change.new:
        return Message("", "")
    whole = _DIGITS[change.classification]
    names = [(_named(books, change.classification, code), len(code) == whole) for code in change.new]
    zh = listed([name if item else f"{name}下的科目" for name, item in names]).zh
    en = listed([name if item else f"what is below {name}" for name, item in names]).en
    return Message(f"可选：{zh}。", f"choose {en}; ")


def _siblings(books: Books, classification: str, code: str) -> list[str]:
    """The codes of the year beside an unknown one, with names; the likeliest of what was meant."""
    found = []
    for last in range(100):
        other = f"{code[:-2]}{last:02d}"
        if CLASSIFICATIONS[classification]().name_of(other, books.year) or (classification, other) in books.extra:
            found.append(_named(books, classification, other))
    return found


def _named(books: Books, classification: str, code: str) -> str:
    return f"{code} {books.name_of(classification, code) or ''}".rstrip()
