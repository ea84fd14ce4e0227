"""Whose password others know, and until when sessions have ended."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Both columns have a default in the database: the version before goes on adding people."""

    dependencies = (("common", "0002_append_only"),)
    operations = (
        migrations.AddField("user", "must_change_password", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("user", "sessions_end", models.DateTimeField(blank=True, null=True)),
    )
