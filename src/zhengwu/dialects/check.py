"""A dialect file checked: what is wrong in it, line by line."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from zhengwu.dialects import Dialect, dialect_from, members, tree
from zhengwu.dialects.draft import kind_names
from zhengwu.dialects.layout import LayoutError, TableLayout, layout_of
from zhengwu.model.message import Message, RefusedError
from zhengwu.model.number import YUAN_IN

_TOP = {"title": str, "document": str, "money_unit": str, "basic_projects": list, "publishing": dict, "table": list}
_TABLE = {
    "kind": str, "number": str, "title": str, "money_unit": str, "required": bool, "columns": dict, "layout": dict,
}  # fmt: skip
_PUBLISHING = {
    "caption": str, "captions": list, "cover": list, "tables_heading": str, "operating": dict, "narrative": str,
    "appendix": str,
}  # fmt: skip
_TYPES = {
    str: ("文字，写在引号里", "text in quotes"), bool: ("true 或 false", "true or false"),
    list: ("列表", "a list"), dict: ("{ 列名 = { … } }", "{ label = { … } }"),
}  # fmt: skip
_MEASURES = ("income", "expenditure", "carry_out", "three_public", "operating", "meeting", "training", "procurement")
_DERIVED_MEASURES = ("outflow", "purchased_services", "special_transfers", "targets")
_STAGES = ("budget", "final", "execution", "adjusted")
_MAX_BYTES = 1_000_000


class Problem(NamedTuple):
    """Something wrong in the file; ``line`` is 1-based, 0 when it is no single line's."""

    line: int
    message: Message


def read_toml(name: str) -> str:
    """The text of a dialect file. Raises RefusedError when there is none to read."""
    try:
        data = Path(name).read_bytes()
    except OSError as error:
        raise RefusedError(
            "dialect-not-readable",
            f"{name}：不能读取（{error.strerror}），请检查路径。",
            f"{name}: cannot be read ({error.strerror}); check the path.",
        ) from error
    try:
        if len(data) > _MAX_BYTES:
            raise ValueError
        return data.decode("utf-8-sig")
    except ValueError:
        raise RefusedError(
            "dialect-not-text",
            f"{name}：不是格式文件，格式文件是 UTF-8 编码的 TOML 文本；请用 zhengwu dialect new 起草一份。",
            f"{name}: is no dialect file, which is TOML text in UTF-8; draft one with zhengwu dialect new.",
        ) from None


def load(name: str) -> Dialect:
    """The dialect of a file. Raises RefusedError with the first of its problems."""
    dialect, problems = parsed(read_toml(name), Path(name).name.removesuffix(".toml"))
    if dialect is None:
        more = len(problems) - 1
        zh, en = (problem_text(name, problems[0], language) for language in ("zh", "en"))
        if more:
            zh, en = f"{zh}另有 {more} 处，见 zhengwu dialect check。", f"{en} {more} more: see zhengwu dialect check."
        raise RefusedError("dialect-wrong", zh, en)
    return dialect


def problem_text(name: str, problem: Problem, language: str) -> str:
    """A problem as one sentence with its place."""
    if language == "en":
        return f"{name}{f', line {problem.line}' if problem.line else ''}: {problem.message.en}"
    return f"{name}{f' 第{problem.line}行' if problem.line else ''}：{problem.message.zh}"


def parsed(text: str, key: str) -> tuple[Dialect | None, list[Problem]]:
    """The dialect that a file says, or None and everything that is wrong in it, in the order of its lines."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        line = int(place[1]) if place else text.count("\n") + 1
        what = str(error).partition(" (at")[0]
        return None, [Problem(line, Message(f"不是正确的 TOML：{what}。", f"is no correct TOML: {what}."))]
    except RecursionError:
        return None, [Problem(0, Message("嵌套太深，不是格式文件。", "is nested too deeply to be a dialect file."))]
    lines = _Lines(text)
    problems = [*_keys(raw, _TOP, lines, -1), *_top(raw, lines)]
    tables = raw.get("table")
    if isinstance(tables, list) and all(isinstance(table, dict) for table in tables):
        for index, table in enumerate(tables):
            problems += [*_keys(table, _TABLE, lines, index), *_table(table, lines, index)]
        problems += _repeated(tables, lines)
    if problems:
        return None, sorted(problems, key=lambda problem: problem.line or len(text))
    return dialect_from(key, raw), []


class _Lines:
    """Where in the text a key of a table (or, with -1, of the file itself) stands."""

    def __init__(self, text: str) -> None:
        self.starts = [0]
        self.keys: dict[tuple[int, str], int] = {}
        table = -1
        for number, line in enumerate(text.splitlines(), 1):
            if re.match(r"\s*\[\[\s*table\s*\]\]", line):
                table += 1
                self.starts.append(number)
            elif re.match(r"\s*\[", line):
                name = line.strip(" []\t").split(".")[-1]
                self.keys.setdefault((table, name), number)
            elif match := re.match(r"\s*[\"']?([^=\"'#]+?)[\"']?\s*=", line):
                self.keys.setdefault((table, match[1]), number)

    def of(self, table: int, key: str = "") -> int:
        start = self.starts[table + 1] if table + 1 < len(self.starts) else 0
        return self.keys.get((table, key), start)


def _keys(raw: dict[str, Any], known: Mapping[str, type], lines: _Lines, table: int) -> list[Problem]:
    """Unknown keys and values of the wrong type."""
    problems = []
    for key, value in raw.items():
        if key not in known:
            problems.append(
                Problem(
                    lines.of(table, key),
                    Message(
                        f"不认识“{key}”：可以写 {'、'.join(known)}。",
                        f"“{key}” is not known here: one of {', '.join(known)}.",
                    ),
                )
            )
        elif not isinstance(value, known[key]):
            zh, en = _TYPES[known[key]]
            problems.append(Problem(lines.of(table, key), Message(f"“{key}”应是{zh}。", f"“{key}” must be {en}.")))
    return problems


def _top(raw: dict[str, Any], lines: _Lines) -> list[Problem]:
    problems = [_absent(lines.of(-1), key) for key in ("title", "document", "money_unit", "table") if key not in raw]
    if isinstance(raw.get("title"), str) and not raw["title"].strip():
        problems.append(_empty(lines.of(-1, "title"), "title"))
    problems += _choice(raw, "document", ("budget", "final"), lines, -1)
    problems += _choice(raw, "money_unit", tuple(YUAN_IN), lines, -1)
    basic = raw.get("basic_projects", [])
    if isinstance(basic, list) and not all(isinstance(item, str) and item for item in basic):
        problems.append(
            Problem(
                lines.of(-1, "basic_projects"),
                Message("“basic_projects”的每一项应是文字。", "each of “basic_projects” must be text."),
            )
        )
    if isinstance(raw.get("publishing"), dict):
        problems += _publishing(raw["publishing"], lines)
    tables = raw.get("table")
    wrong = tables is not None and (not tables or not isinstance(tables, list) or not isinstance(tables[0], dict))
    if wrong:
        problems.append(
            Problem(lines.of(-1, "table"), Message("没有一张 [[table]]。", "there is not a single [[table]]."))
        )
    elif isinstance(tables, list) and not all(isinstance(table, dict) for table in tables):
        problems.append(
            Problem(lines.of(-1, "table"), Message("“table”只能写成 [[table]]。", "write “table” as [[table]]."))
        )
    return problems


def _publishing(raw: dict[str, Any], lines: _Lines) -> list[Problem]:
    """What is wrong in the part that publishing needs: unknown keys, captions that are no pair, templates."""
    problems = _keys(raw, _PUBLISHING, lines, -1)
    captions = raw.get("captions", ["", ""])
    if isinstance(captions, list) and (len(captions) != 2 or not all(isinstance(one, str) for one in captions)):
        problems.append(
            Problem(
                lines.of(-1, "captions"),
                Message("“captions”是表上方左右两段文字。", "“captions” are two texts, left and right over a table."),
            )
        )
    for key in ("narrative", "appendix"):
        if isinstance(raw.get(key), str):
            problems += _template(raw[key], lines.of(-1, key))
    return problems


def _template(text: str, line: int) -> list[Problem]:
    from jinja2 import Environment, TemplateSyntaxError

    try:
        Environment(autoescape=True).parse(text)
    except TemplateSyntaxError as error:
        return [
            Problem(
                line + error.lineno - 1,
                Message(f"文字模板有误：{error.message}。", f"the template is wrong: {error.message}."),
            )
        ]
    return []


def _layout(raw: dict[str, Any], line: int) -> list[Problem]:
    try:
        layout = layout_of(raw)
        return _layout_members(layout, line)
    except LayoutError as error:
        return [Problem(line, Message(f"版式有误：{error.zh}。", f"the layout is wrong: {error.en}."))]
    except (TypeError, ValueError) as error:
        return [Problem(line, Message(f"版式有误：{error}。", f"the layout is wrong: {error}."))]


def _layout_members(layout: TableLayout, line: int) -> list[Problem]:
    """Members that no amount has: their column or row would stay blank."""
    allowed = _allowed()
    allowed["measure"] = (*allowed["measure"], *_DERIVED_MEASURES)
    rows = [*layout.left, *layout.right, *layout.items, *(row for pair in layout.foot for row in pair)]
    members = [*(column.members for column in layout.columns), *(row.members for row in rows), layout.restrict]
    problems = []
    for dimension, member in dict.fromkeys(pair for one in members for pair in one):
        known = allowed.get(dimension)
        if known and member and member not in known and not member.startswith("carryover."):
            problems.append(
                Problem(
                    line,
                    Message(
                        f"版式有误：{dimension} 没有“{member}”，可以写 {'、'.join(filter(None, known))}。",
                        f"the layout is wrong: {dimension} has no “{member}”, one of {', '.join(filter(None, known))}.",
                    ),
                )
            )
    return problems


def _table(raw: dict[str, Any], lines: _Lines, index: int) -> list[Problem]:
    problems = [_absent(lines.of(index), key) for key in ("kind", "number", "title") if key not in raw]
    problems += _choice(raw, "kind", tuple(kind_names()), lines, index)
    problems += _choice(raw, "money_unit", tuple(YUAN_IN), lines, index)
    if isinstance(raw.get("title"), str) and not raw["title"].strip():
        problems.append(_empty(lines.of(index, "title"), "title"))
    if isinstance(raw.get("layout"), dict):
        problems += _layout(raw["layout"], lines.of(index, "layout"))
    columns = raw.get("columns", {})
    if isinstance(columns, dict):
        for label, dims in columns.items():
            problems += _members(label, dims, lines.keys.get((index, label), lines.of(index, "columns")))
    return problems


def _members(label: str, dims: Any, line: int) -> list[Problem]:
    """What is wrong with the members that a column is given."""
    if not isinstance(dims, dict) or not dims:
        return [
            Problem(
                line,
                Message(
                    f'列“{label}”要写明含义，如 {{ nature = "project" }}。',
                    f'the column “{label}” needs its meaning, such as {{ nature = "project" }}.',
                ),
            )
        ]
    problems = []
    allowed = _allowed()
    for dimension, member in dims.items():
        if dimension not in allowed:
            problems.append(
                Problem(
                    line,
                    Message(
                        f"列“{label}”：不认识“{dimension}”，可以写 {'、'.join(allowed)}。",
                        f"column “{label}”: “{dimension}” is not known, one of {', '.join(allowed)}.",
                    ),
                )
            )
        elif not isinstance(member, str) or not (
            member in allowed[dimension] or (dimension == "year" and re.fullmatch(r"20\d\d", member))
        ):
            problems.append(
                Problem(
                    line,
                    Message(
                        f"列“{label}”：{dimension} 没有“{member}”，可以写 {'、'.join(allowed[dimension])}。",
                        f"column “{label}”: {dimension} has no “{member}”, one of {', '.join(allowed[dimension])}.",
                    ),
                )
            )
    return problems


def _allowed() -> dict[str, tuple[str, ...]]:
    found = {}
    for dimension in ("fund", "nature", "item"):
        named = [entry.key for entry in members() if entry.dimension == dimension]
        parts = [part for parts in tree(dimension).values() for part in parts]
        wholes = [whole for whole in tree(dimension) if whole]
        found[dimension] = tuple(dict.fromkeys([*named, *wholes, *parts]))
    return found | {"measure": _MEASURES, "stage": _STAGES, "year": ("last",)}


def _repeated(tables: list[dict[str, Any]], lines: _Lines) -> list[Problem]:
    """Two tables of one title, or of one number."""
    problems = []
    for key in ("title", "number"):
        seen: dict[str, int] = {}
        for index, table in enumerate(tables):
            value = table.get(key)
            if not isinstance(value, str) or not value:
                continue
            if value in seen:
                before = lines.of(seen[value], key)
                problems.append(
                    Problem(
                        lines.of(index, key),
                        Message(
                            f"{key} “{value}”在第 {before} 行已经有了。",
                            f"the {key} “{value}” stands in line {before} already.",
                        ),
                    )
                )
            else:
                seen[value] = index
    return problems


def _choice(raw: dict[str, Any], key: str, allowed: tuple[str, ...], lines: _Lines, table: int) -> list[Problem]:
    value = raw.get(key)
    if not isinstance(value, str) or value in allowed:
        return []
    return [
        Problem(
            lines.of(table, key),
            Message(
                f"{key} 不能是“{value}”，可以写 {'、'.join(allowed)}。",
                f"{key} cannot be “{value}”, one of {', '.join(allowed)}.",
            ),
        )
    ]


def _absent(line: int, key: str) -> Problem:
    return Problem(line, Message(f"缺“{key}”。", f"“{key}” is missing."))


def _empty(line: int, key: str) -> Problem:
    return Problem(line, Message(f"“{key}”是空的。", f"“{key}” is empty."))
