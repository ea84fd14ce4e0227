"""The database itself refuses to change or delete a version of a budget."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_SQLITE = (
    "CREATE TRIGGER budget_version_no_update BEFORE UPDATE ON budgets_version "
    "BEGIN SELECT RAISE(ABORT, 'a version of a budget is never changed'); END",
    "CREATE TRIGGER budget_version_no_delete BEFORE DELETE ON budgets_version "
    "BEGIN SELECT RAISE(ABORT, 'a version of a budget is never changed'); END",
)
_POSTGRESQL = (
    "CREATE FUNCTION budget_version_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'a version of a budget is never changed'; END $$",
    "CREATE TRIGGER budget_version_append_only BEFORE UPDATE OR DELETE ON budgets_version "
    "FOR EACH ROW EXECUTE FUNCTION budget_version_append_only()",
)


def forwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers of the database in use."""
    for statement in _POSTGRESQL if editor.connection.vendor == "postgresql" else _SQLITE:
        editor.execute(statement)


class Migration(migrations.Migration):
    """Append only."""

    dependencies = (("budgets", "0001_initial"),)
    operations = (migrations.RunPython(forwards, migrations.RunPython.noop),)
