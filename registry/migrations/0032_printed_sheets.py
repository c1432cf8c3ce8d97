"""Which sheets were bound into which file: written once, read within the division."""

import django.db.models.deletion
from django.db import migrations, models

import fupin.accounts.scoped
from fupin.servers.rls import scoped


class Migration(migrations.Migration):
    dependencies = [
        ("divisions", "0002_grants"),
        ("registry", "0031_duplicates"),
        ("sheets", "0002_grants"),
    ]

    operations = [
        migrations.CreateModel(
            name="PrintedSheet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=10, verbose_name="种类")),
                ("number", models.CharField(max_length=18, verbose_name="编号")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("version", models.PositiveIntegerField(verbose_name="版本")),
                ("code", models.CharField(max_length=14, verbose_name="校验码")),
                (
                    "division",
                    fupin.accounts.scoped.DivisionKey(
                        db_column="division",
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="divisions.division",
                        verbose_name="区划",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="sheets.exportlog",
                        verbose_name="文件",
                    ),
                ),
            ],
            options={
                "verbose_name": "成批打印记录",
                "verbose_name_plural": "成批打印记录",
                "indexes": [models.Index(fields=["number", "year", "-id"], name="printedsheet_number")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("file", "kind", "number", "year"), name="printedsheet_once_a_file"
                    )
                ],
            },
        ),
        *scoped("registry_printedsheet", "SELECT, INSERT"),
    ]
