"""Which migrations may run while the version before still answers (docs/adr/0011)."""

from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db.migrations import Migration, operations
from django.db.migrations.state import ProjectState
from django.db.models import NOT_PROVIDED

from zhengwu.web.common.schema import AddIndexOnline

_BREAKS = {
    operations.RemoveField: "the version before still reads and writes the column",
    operations.RenameField: "the version before knows the old name only: add, copy, and remove in a later version",
    operations.RenameModel: "the version before knows the old name only",
    operations.DeleteModel: "the version before still reads and writes the table",
    operations.AlterModelTable: "the version before knows the old name only",
    operations.AlterUniqueTogether: "use a constraint",
    operations.RunSQL: "nobody can tell what it locks",
}
_HARMLESS = (
    operations.CreateModel, operations.RunPython,
    operations.AlterModelOptions, operations.AlterModelManagers, operations.AlterModelTableComment,
    operations.AlterOrderWithRespectTo, operations.RemoveIndex, operations.RemoveConstraint, operations.RenameIndex,
    AddConstraintNotValid, ValidateConstraint,
)  # fmt: skip


def problems(migration: Migration, before: ProjectState) -> list[str]:
    """What of a migration must not run beside the version before; ``before`` is the state that it starts from.

    A migration may say ``online = "why it is safe all the same"``, or ``stop = "why the platform is stopped for it"``:
    then ``zhengwu manage prepare`` asks for --stopped.
    """
    if migration.initial:
        return []
    for name in ("online", "stop"):
        reason = getattr(migration, name, None)
        if reason is not None:
            return [] if len(str(reason)) > 20 else [f"{name} says no reason"]
    return list(_problems(migration, before.clone()))


def _problems(migration: Migration, state: ProjectState) -> Iterator[str]:
    app = migration.app_label
    new: set[str] = set()  # tables that this migration makes: nobody uses them yet
    kinds = set()
    for operation in _flat(migration.operations):
        said = _problem(operation, app, state, new, migration.atomic)
        if said:
            yield f"{operation.describe()}: {said}"
        if isinstance(operation, operations.CreateModel):
            new.add(operation.name_lower)
        kinds.add("data" if isinstance(operation, operations.RunPython) else "schema")
        operation.state_forwards(app, state)
    if len(kinds) > 1:
        yield "data is copied in a migration of its own: else the table stays locked until all is copied"


def _flat(found: Any) -> Iterator[Any]:
    for operation in found:
        if isinstance(operation, operations.SeparateDatabaseAndState):
            yield from _flat(operation.database_operations)
        else:
            yield operation


def _problem(operation: Any, app: str, state: ProjectState, new: set[str], atomic: bool) -> str:
    if isinstance(operation, _HARMLESS):
        return ""
    if getattr(operation, "model_name_lower", "") in new:
        return ""
    for kind, reason in _BREAKS.items():
        if isinstance(operation, kind):
            return reason
    if isinstance(operation, AddIndexOnline | AddIndexConcurrently):
        return "its migration needs atomic = False" if atomic else ""
    if isinstance(operation, operations.AddIndex):
        return "writers wait while it is made: use common.schema.AddIndexOnline"
    if isinstance(operation, operations.AddConstraint):
        return "the table is locked while it is checked: AddConstraintNotValid, then ValidateConstraint"
    if isinstance(operation, operations.AddField):
        return _added(operation.field)
    if isinstance(operation, operations.AlterField):
        return _altered(operation, app, state)
    return f"{type(operation).__name__} is not known here: look at what it locks"


def _added(field: Any) -> str:
    if field.many_to_many:
        return ""
    if not field.null and field.db_default is NOT_PROVIDED:
        return "NOT NULL without db_default: the version before cannot add rows"
    if field.unique or field.db_index:
        return "its index is made while writers wait: without it, then AddIndexOnline"
    return ""


def _altered(operation: Any, app: str, state: ProjectState) -> str:
    old = state.models[app, operation.model_name_lower].fields[operation.name]
    new = operation.field
    ours, theirs = _in_database(old), _in_database(new)
    if ours == theirs:
        return ""
    widened = type(old) is type(new) and (new.max_length or 0) >= (old.max_length or 0) and new.null >= old.null
    same_otherwise = {**ours, "max_length": 0, "null": 0} == {**theirs, "max_length": 0, "null": 0}
    return "" if widened and same_otherwise else "the column is rewritten or checked, its table locked"


def _in_database(field: Any) -> dict[str, Any]:
    """Of a field what its column shows."""
    _name, path, _positional, named = field.deconstruct()
    return {"path": path, **{key: value for key, value in named.items() if key not in field.non_db_attrs}}
