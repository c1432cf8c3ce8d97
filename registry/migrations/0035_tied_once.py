"""Keys that say what a key with the division says as well, and indexes that begin another: each is kept once."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0034_measures_corrected"),
    ]

    operations = [
        migrations.AlterField(
            model_name="householdyear",
            name="household",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="years",
                to="registry.household",
                verbose_name="户",
            ),
        ),
        migrations.AlterField(
            model_name="member",
            name="household",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="members",
                to="registry.household",
                verbose_name="户",
            ),
        ),
        migrations.AlterField(
            model_name="memberyear",
            name="household_year",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="members",
                to="registry.householdyear",
                verbose_name="户年度卡",
            ),
        ),
        migrations.AlterField(
            model_name="memberyear",
            name="member",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="years",
                to="registry.member",
                verbose_name="成员",
            ),
        ),
    ]
