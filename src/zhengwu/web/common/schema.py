"""Operations for migrations that run while the platform answers (docs/adr/0011)."""

import contextlib
from collections.abc import Iterator
from typing import Any

from django.db.migrations import AddIndex


class AddIndexOnline(AddIndex):
    """An index made while others write: CONCURRENTLY on PostgreSQL, the ordinary way on SQLite. Its migration has
    ``atomic = False``. It may be run again when it failed: what that left behind goes first."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Make the index."""
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            with _unbounded(schema_editor.connection):
                _drop_invalid(schema_editor, self.index.name)
                schema_editor.add_index(model, self.index, concurrently=True)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Drop it."""
        if schema_editor.connection.vendor != "postgresql":
            super().database_backwards(app_label, schema_editor, from_state, to_state)
            return
        model = from_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            with _unbounded(schema_editor.connection):
                schema_editor.remove_index(model, self.index, concurrently=True)


@contextlib.contextmanager
def _unbounded(connection: Any) -> Iterator[None]:
    """Without the bound on waiting that ``prepare`` sets: this waits for others, but nobody waits for it."""
    if connection.in_atomic_block:
        raise RuntimeError("a migration with an index made online has atomic = False")
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        bound = cursor.fetchone()[0]
        cursor.execute("SET lock_timeout = 0")
        try:
            yield
        finally:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [bound])


def _drop_invalid(schema_editor: Any, name: str) -> None:
    quoted = schema_editor.quote_name(name)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(%s) AND NOT indisvalid", [quoted])
        left = cursor.fetchone()
    if left:
        schema_editor.execute(f"DROP INDEX CONCURRENTLY {quoted}")
