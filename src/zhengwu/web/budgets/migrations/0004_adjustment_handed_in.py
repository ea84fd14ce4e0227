"""Who handed an adjustment in: whoever did does not sign it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """A column more, empty for what was handed in before."""

    dependencies = (
        ("budgets", "0003_withdrawn_adjustments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    )
    operations = (
        migrations.AddField(
            "adjustment", "handed_in_by",
            models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    )  # fmt: skip
