"""Which adjustment a notice is about: it leads there."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A column more, empty for what was told before."""

    dependencies = (("budgets", "0004_adjustment_handed_in"),)
    operations = (
        migrations.AddField(
            "notice", "adjustment",
            models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+",
                to="budgets.adjustment",
            ),
        ),
    )  # fmt: skip
