"""Names of classes in a sentence do not belong together.

Checks: paths such as “类-款-项” and 名（类）名（款）名（项）: some code of the classification, or of the document's own
tables, bears all these names from the top down; a name alone before （类）, （款） or （项） is one of that level.
Why: a name taken from the line above, or from another class, sends the reader to the wrong head.
Fails: 社会保障和就业支出（类）住房改革支出（款）住房公积金（项）
Passes: 住房保障支出（类）住房改革支出（款）住房公积金（项）
Known gaps: a path with a name that neither the classification nor the tables know is left alone.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from zhengwu.dialects.classifications import functional, normalise_name
from zhengwu.model.finding import Finding, Held, Outcome, Severity, Spot
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "names-do-not-form-a-path"
_LENGTHS = {"类": 3, "款": 5, "项": 7}
_LEVELS = tuple(_LENGTHS)
_NAME = r"[一-鿿（）()、]"
_WITH_LEVELS = re.compile(rf"({_NAME}{{2,60}}?)[（(]([类款项])[）)]")
_MARK = re.compile(r"[（(][类款项][)）]")
_QUOTED = re.compile(r"[“\"]([^“”\"。；]{5,120})[”\"]")
_ENDING = re.compile(r"(?<=..)支出$")

Step = tuple[str, str]  # level, name
Codes = dict[str, set[str]]  # a name without its ending -> the codes that bear it


@rule(
    title=("类款项名称不属于同一科目", "Names of classes do not belong together"),
    severity=Severity.ERROR,
    basis=("财政部《政府收支分类科目》（当年）", "Government budget classification of the year, Ministry of Finance"),
    mend=("按科目编码逐级核对类、款、项名称。", "Check class, section and item by their code."),
)
def check(view: View) -> Iterator[Outcome]:
    """Paths in sentences."""
    codes = _codes(view)
    for section in view.disclosure.sections:
        for steps in (*_levelled(section.text, codes), *_quoted(section.text, codes)):
            if not all(name for _, name in steps):
                continue  # a name that is not known
            if _leads_to_a_code(steps, codes):
                yield Held(CODE)
                continue
            path, wrong = "-".join(name for _, name in steps), _odd_one(steps, codes)
            zh, en = (f"：“{wrong}”不在其中", f": “{wrong}” does not belong to it") if wrong else ("", "")
            message = Message(f"没有“{path}”这一科目{zh}。", f"There is no class “{path}”{en}.")
            yield Finding(CODE, Severity.ERROR, message, (Spot(section.place, wrong or path),), None, wrong or path)


def _codes(view: View) -> Codes:
    """Codes by name: of the classification in any year, and of the document's tables."""
    found: Codes = defaultdict(set)
    for use in view.disclosure.names:
        if use.axis == "function":
            found[_core(use.name)].add(use.code)
    return _of_the_book() | {name: codes | _of_the_book().get(name, set()) for name, codes in found.items()}


@cache
def _of_the_book() -> Codes:
    found: Codes = defaultdict(set)
    book = functional()
    for code in book.codes():
        for entry in book.names_of(code):
            for spelling in (entry.name, *entry.also):
                found[_core(spelling)].add(code)
    return dict(found)


def _core(name: str) -> str:
    return _ENDING.sub("", normalise_name(name))


def _levelled(text: str, codes: Codes) -> Iterator[list[Step]]:
    """名（类）名（款）名（项）: steps that follow each other without a gap."""
    paths: list[list[Step]] = []
    end = -1
    for match in _WITH_LEVELS.finditer(text) if _MARK.search(text) else ():
        step = (match[2], _longest_known(match[1], codes))
        if paths and match.start() == end and match[2] in _LEVELS[_LEVELS.index(paths[-1][-1][0]) + 1 :][:1]:
            paths[-1].append(step)
        else:
            paths.append([step])
        end = match.end()
    yield from paths


def _quoted(text: str, codes: Codes) -> Iterator[list[Step]]:
    """“类-款-项”."""
    for match in _QUOTED.finditer(text):
        names = [name if _core(name) in codes else "" for name in re.split(r"[-－—–→]+", match[1])]
        if 2 <= len(names) <= len(_LEVELS):
            yield list(zip(_LEVELS, names, strict=False))


def _longest_known(words: str, codes: Codes) -> str:
    """The end of ``words`` that is a name, the longest such; "" where there is none."""
    return next((words[begin:] for begin in range(len(words) - 1) if _core(words[begin:]) in codes), "")


def _leads_to_a_code(steps: list[Step], codes: Codes) -> bool:
    """Whether one code, cut to each level, bears the names of all steps."""
    level, name = steps[-1]
    return any(
        len(code) == _LENGTHS[level] and all(code[: _LENGTHS[at]] in codes.get(_core(above), ()) for at, above in steps)
        for code in codes.get(_core(name), ())
    )


def _odd_one(steps: list[Step], codes: Codes) -> str:
    """The one name without which the others form a path; "" where that does not tell."""
    odd = [name for name in steps if len(steps) > 2 and _leads_to_a_code([s for s in steps if s != name], codes)]
    return odd[0][1] if len(odd) == 1 else ""
