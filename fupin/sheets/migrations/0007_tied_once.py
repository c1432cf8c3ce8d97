"""The batch of a unit is tied by the key with the division, and found by the key with the ordinal."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sheets", "0006_import_walls"),
    ]

    operations = [
        migrations.AlterField(
            model_name="stagedunit",
            name="batch",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="units",
                to="sheets.importbatch",
                verbose_name="批次",
            ),
        ),
    ]
