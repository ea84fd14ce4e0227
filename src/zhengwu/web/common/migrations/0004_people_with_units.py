"""People are loaded by a manager of ours: nothing changes in the database."""

from django.db import migrations


class Migration(migrations.Migration):
    """Migrations go on with Django's own manager."""

    dependencies = (("common", "0003_own_passwords_and_sessions"),)
    operations = (migrations.AlterModelManagers("user", []),)
