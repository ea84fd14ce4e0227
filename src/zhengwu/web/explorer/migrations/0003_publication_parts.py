"""Publications say in how many parts their page is: see explorer.parts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A new column."""

    dependencies = (("explorer", "0002_published_files"),)
    operations = (migrations.AddField("publication", "parts", models.PositiveIntegerField(default=1, db_default=1)),)
