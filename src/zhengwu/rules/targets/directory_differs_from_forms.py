"""The directory of target forms differs from the forms.

Checks: the projects that the directory lists are those of the forms, and the other way round.
Why: a project without its form promises nothing; a form without its entry is not found.
Fails: 目录: A, B; 目标表: A
Passes: 目录: A, B; 目标表: A, B
Known gaps: needs a directory.
"""

from collections.abc import Iterator

from zhengwu.model.document import Cell
from zhengwu.model.finding import Finding, Gap, Outcome, Relation, Severity, Spot, Term
from zhengwu.model.fact import Fact
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "directory-differs-from-forms"


@rule(
    title=("绩效目标表目录与各表不符", "The directory of target forms differs from the forms"),
    severity=Severity.ERROR,
    basis=("财预〔2015〕88号：绩效目标随预算公开", "Rules for target forms (2015) No. 88: targets are published with the budget"),
    mend=("补充缺少的目标表，或更正目录。", "Add the missing form, or correct the directory."),
)
def RULE(view: View) -> Iterator[Outcome]:
    """Names listed against names of forms."""
    tables = view.disclosure.tables
    forms = {form.project: form for form in view.disclosure.forms if tables[form.table].kind == "target_form"}
    for index, table in enumerate(tables):
        if table.kind != "target_directory":
            continue
        if not forms:
            yield Gap(CODE, Message("有目录而没有读到目标表。", "There is a directory but no form was read."))
            continue
        listed: dict[str, Cell] = {}
        for row in table.rows:
            for cell, column in zip(row.cells, table.columns, strict=True):
                if column.role == "project" and cell and cell.text.strip():
                    listed["".join(cell.text.split())] = cell
        for name, cell in listed.items():
            if name in forms:
                yield _same(cell, index)
            else:
                yield _finding(f"目录列有“{name}”，没有它的目标表。", f"The directory lists “{name}”, which has no form.",
                               Spot(cell.place, cell.text.strip(), index))  # fmt: skip
        for name, form in forms.items():
            if name and name not in listed:
                yield _finding(f"目标表“{name}”不在目录之中。", f"The form “{name}” is not in the directory.",
                               Spot(form.project_place, name, form.table))  # fmt: skip


def _finding(zh: str, en: str, at: Spot) -> Finding:
    return Finding(CODE, Severity.ERROR, Message(zh, en), (at,))


def _same(cell: Cell, index: int) -> Relation:
    """A held relation of presence: one listed, one form."""
    from decimal import Decimal

    one = Fact(Decimal(1), Decimal(1), None, cell.place, cell.text.strip(), index)
    return Relation(CODE, (Term(-1, one), Term(1, one)), Message("目录 = 目标表", "listed as the form"))
