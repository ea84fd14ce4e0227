"""The large parts of a round become compressed bytes: see common.packed."""

from typing import Any

from django.db import migrations

from zhengwu.web.common.packed import PackedJsonField

LARGE = ("report", "reading", "coverage")


def packed(apps: Any, schema_editor: object) -> None:
    """Copy, one round at a time: each may be megabytes."""
    rounds = apps.get_model("reviews", "Round").objects
    for pk in rounds.order_by("pk").values_list("pk", flat=True):
        one = rounds.only(*LARGE).get(pk=pk)
        rounds.filter(pk=pk).update(**{f"{name}_packed": getattr(one, name) for name in LARGE})


class Migration(migrations.Migration):
    """New columns, copied, in the place of the old ones."""

    stop = "the results of audits move to other columns"
    dependencies = (("reviews", "0001_initial"),)
    operations = (
        *(migrations.AddField("round", f"{name}_packed", PackedJsonField()) for name in LARGE),
        migrations.RunPython(packed, migrations.RunPython.noop),
        *(migrations.RemoveField("round", name) for name in LARGE),
        *(migrations.RenameField("round", f"{name}_packed", name) for name in LARGE),
    )
