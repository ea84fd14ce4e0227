"""An adjustment may be withdrawn: no change of the table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A state more."""

    dependencies = (("budgets", "0002_append_only"),)
    operations = (
        migrations.AlterField(
            "adjustment", "state",
            models.CharField(
                choices=[
                    ("draft", "being prepared"), ("signing", "waiting for the head"), ("submitted", "with the bureau"),
                    ("approved", "approved"), ("refused", "refused"), ("withdrawn", "withdrawn"),
                ],
                default="draft", max_length=10,
            ),
        ),
    )  # fmt: skip
