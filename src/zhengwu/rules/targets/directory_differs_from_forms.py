"""The directory of target forms differs from the forms.

Checks: the projects that the directory lists are those of the forms, and the other way round.
Why: a project without its form promises nothing; a form without its entry is not found.
Fails: 目录: A, B; 目标表: A
Passes: 目录: A, B; 目标表: A, B
Known gaps: needs a directory.
"""

from collections.abc import Iterator

from zhengwu.model.document import Cell
from zhengwu.model.finding import Finding, Gap, Held, Outcome, Severity, Spot
from zhengwu.model.message import Message
from zhengwu.rules.names import same_project
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "directory-differs-from-forms"


@rule(
    title=("绩效目标表目录与各表不符", "The directory of target forms differs from the forms"),
    severity=Severity.ERROR,
    basis=(
        "财预〔2015〕88号：绩效目标随预算公开",
        "Rules for target forms (2015) No. 88: targets are published with the budget",
    ),
    mend=("补充缺少的目标表，或更正目录。", "Add the missing form, or correct the directory."),
)
def check(view: View) -> Iterator[Outcome]:
    """Names listed against names of forms."""
    tables = view.disclosure.tables
    forms = [form for form in view.disclosure.forms if tables[form.table].kind == "target_form"]
    listed = [
        (cell, index)
        for index, table in enumerate(tables)
        if table.kind == "target_directory"
        for row in table.rows
        for cell, column in zip(row.cells, table.columns, strict=True)
        if column.role == "project" and cell and cell.text.strip()
    ]
    if not listed:
        return
    if not forms or not all(form.project for form in forms):
        yield Gap(
            CODE,
            Message(
                "有目标表目录，但没有读到目标表或目标表的项目名称，未核对。",
                "There is a directory, but no form or not every form's project name was read.",
            ),
        )
        return
    for cell, index in listed:
        name = _name(cell)
        if any(same_project(form.project, name) for form in forms):
            yield Held(CODE)
        else:
            yield _finding(
                f"目录列有“{name}”，没有它的目标表：应补充该表或更正目录。",
                f"The directory lists “{name}”, which has no form: add the form or correct the directory.",
                Spot(cell.place, cell.text.strip(), index),
            )
    for form in forms:
        if not any(same_project(form.project, _name(cell)) for cell, _ in listed):
            yield _finding(
                f"目标表“{form.project}”不在目录之中：应补入目录。",
                f"The form “{form.project}” is not in the directory, which should list it.",
                Spot(form.project_place, form.project, form.table),
            )


def _name(cell: Cell) -> str:
    return "".join(cell.text.split())


def _finding(zh: str, en: str, at: Spot) -> Finding:
    return Finding(CODE, Severity.ERROR, Message(zh, en), (at,))
