"""The index that the board counts open findings with."""

from django.db import migrations, models

from zhengwu.web.common.schema import AddIndexOnline


class Migration(migrations.Migration):
    """Made while others write."""

    atomic = False
    dependencies = (("reviews", "0002_packed_results"),)
    operations = (
        AddIndexOnline(
            "finding",
            models.Index(
                fields=("round", "severity", "rule"), condition=models.Q(decision="open"), name="open_findings"
            ),
        ),
    )
