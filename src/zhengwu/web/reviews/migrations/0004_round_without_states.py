"""The states of amounts that nothing reads: ``coverage`` has them. The column itself goes a version later."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """This version writes no value there any more, the version before still does."""

    dependencies = (("reviews", "0003_index_of_open_findings"),)
    operations = (
        migrations.AlterField("round", "states", models.JSONField(default=list, null=True)),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("round", "states")]),
    )
