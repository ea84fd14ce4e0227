"""Every migration can run while the version before answers, or says why not."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState

from tests.deploy.migration_rules import problems
from zhengwu.model.message import RefusedError
from zhengwu.web.common import prepare
from zhengwu.web.common.schema import AddIndexOnline

INDEX = models.Index(fields=("name",), name="by_name")


def of_ours() -> list[tuple[str, str]]:
    labels = {config.label for config in apps.get_app_configs() if config.name.startswith("zhengwu.web.")}
    return sorted(key for key in MigrationLoader(None).disk_migrations if key[0] in labels)


@pytest.mark.parametrize("key", of_ours(), ids=".".join)
def test_migration_runs_beside_the_version_before(key: tuple[str, str]) -> None:
    loader = MigrationLoader(None)
    assert problems(loader.disk_migrations[key], loader.project_state(key, at_end=False)) == []


def migration(*given: Any, **attributes: Any) -> tuple[migrations.Migration, ProjectState]:
    """A migration of an app "a" with one model."""
    kind = type("Migration", (migrations.Migration,), {"operations": given, "initial": None, **attributes})
    state = ProjectState()
    fields = [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=10))]
    state.add_model(ModelState("a", "Thing", fields))
    return kind("0002", "a"), state


def text(**named: Any) -> models.CharField:
    return models.CharField(**{"max_length": 10, **named})


@pytest.mark.parametrize("operation", [
    migrations.RemoveField("thing", "name"), migrations.RenameField("thing", "name", "title"),
    migrations.RenameModel("Thing", "Other"), migrations.DeleteModel("Thing"),
    migrations.AlterModelTable("thing", "things"), migrations.RunSQL("SELECT 1"),
    migrations.AddField("thing", "more", text(default="")), migrations.AddField("thing", "more", text()),
    migrations.AddField("thing", "more", text(null=True, db_index=True)),
    migrations.AddField("thing", "more", text(null=True, unique=True)),
    migrations.AddIndex("thing", INDEX), AddIndexOnline("thing", INDEX), AddIndexConcurrently("thing", INDEX),
    migrations.AddConstraint("thing", models.UniqueConstraint(fields=("name",), name="one_name")),
    migrations.AlterField("thing", "name", text(max_length=5)), migrations.AlterField("thing", "name", models.TextField()),
    migrations.AlterField("thing", "name", text(unique=True)),
    migrations.SeparateDatabaseAndState(database_operations=[migrations.RemoveField("thing", "name")]),
], ids=lambda operation: operation.describe())  # fmt: skip
def test_operation_that_locks_or_breaks_is_refused(operation: Any) -> None:
    assert len(problems(*migration(operation))) == 1


@pytest.mark.parametrize("given", [
    [migrations.AddField("thing", "more", text(null=True))], [migrations.AddField("thing", "more", text(db_default=""))],
    [migrations.AddField("thing", "more", text(default="", db_default=""))],
    [migrations.AlterField("thing", "name", text(max_length=20))],
    [migrations.AlterField("thing", "name", text(null=True))],
    [migrations.AlterField("thing", "name", text(verbose_name="n", choices=[("a", "b")], help_text="h"))],
    [migrations.AlterModelOptions("thing", {"ordering": ("name",)})],
    [migrations.RunPython(migrations.RunPython.noop)],
    [
        migrations.CreateModel("New", [("id", models.BigAutoField(primary_key=True)), ("name", text())]),
        migrations.AddIndex("new", models.Index(fields=("name",), name="of_new")),
        migrations.AddConstraint("new", models.UniqueConstraint(fields=("name",), name="one_new")),
    ],
    [migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("thing", "name")])],
])  # fmt: skip
def test_operation_that_expands_is_taken(given: list[Any]) -> None:
    assert problems(*migration(*given)) == []


def test_index_made_online_is_taken_outside_a_transaction() -> None:
    assert problems(*migration(AddIndexOnline("thing", INDEX), atomic=False)) == []


def test_data_copied_beside_a_new_column_is_refused() -> None:
    given = (migrations.AddField("thing", "more", text(null=True)), migrations.RunPython(migrations.RunPython.noop))
    assert problems(*migration(*given))


@pytest.mark.parametrize("name", ["online", "stop"])
def test_reason_is_taken_and_has_to_be_one(name: str) -> None:
    gone = migrations.RemoveField("thing", "name")
    assert problems(*migration(gone, **{name: "no code reads the column since version 0.3"})) == []
    assert problems(*migration(gone, **{name: "safe"}))


@pytest.mark.django_db
def test_prepare_refuses_what_the_platform_has_to_be_stopped_for(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = SimpleNamespace(app_label="a", name="0002", stop="a column goes that is read")
    monkeypatch.setattr(prepare.MigrationExecutor, "migration_plan", lambda *_given, **_named: [(waiting, False)])
    with pytest.raises(RefusedError) as refused:
        prepare.prepare()
    assert refused.value.code == "stop-first"
    assert "a.0002" in refused.value.message.zh


@pytest.mark.django_db(transaction=True)
def test_index_online_is_made_and_dropped() -> None:
    class Thing(models.Model):
        name = models.CharField(max_length=10)

        class Meta:
            app_label = "a"

    state = ProjectState()
    state.add_model(ModelState.from_model(Thing))
    after = state.clone()
    operation = AddIndexOnline("thing", INDEX)
    operation.state_forwards("a", after)

    def indexes() -> set[str]:
        with connection.cursor() as cursor:
            return set(connection.introspection.get_constraints(cursor, Thing._meta.db_table))

    with connection.schema_editor() as editor:
        editor.create_model(Thing)
    try:
        with connection.schema_editor(atomic=False) as editor:
            operation.database_forwards("a", editor, state, after)
        assert "by_name" in indexes()
        with connection.schema_editor(atomic=False) as editor:
            operation.database_backwards("a", editor, after, state)
        assert "by_name" not in indexes()
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(Thing)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no CONCURRENTLY")
@pytest.mark.django_db(transaction=True)
def test_index_online_in_a_transaction_is_an_error() -> None:
    state = ProjectState.from_apps(apps)
    index = models.Index(fields=("name",), name="x")
    after = state.clone()
    operation = AddIndexOnline("unit", index)
    operation.state_forwards("common", after)
    with pytest.raises(RuntimeError), connection.schema_editor(atomic=True) as editor:
        operation.database_forwards("common", editor, state, after)
