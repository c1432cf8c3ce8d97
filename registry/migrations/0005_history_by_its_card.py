"""What a province's size asks of the indexes: histories by their card, lists counted without reading the cards."""

from django.db import migrations, models

BY_OBJECT = (
    "householdevent",
    "householdyearevent",
    "memberevent",
    "laboureryearevent",
    "trainingevent",
    "certificateevent",
    "villageevent",
    "villageyearevent",
)
BY_CARD = ("memberyearevent", "relocationevent")


def _index(table: str, column: str) -> migrations.RunSQL:
    name = f"{table}_{column.removesuffix('_id')}"
    return migrations.RunSQL(f"CREATE INDEX {name} ON registry_{table} ({column})", f"DROP INDEX {name}")


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_numbers_and_moves")]
    operations = [
        *(_index(table, "pgh_obj_id") for table in BY_OBJECT),
        *(_index(table, "household_year_id") for table in BY_CARD),
        migrations.AddIndex(
            "household", models.Index(fields=["status", "division"], name="household_status")
        ),
        migrations.RemoveIndex("householdyear", "householdyear_list"),
        migrations.AddIndex(
            "householdyear",
            models.Index(
                fields=["year", "division", "household"],
                include=[
                    "id",
                    "poor_type",
                    "cause_main",
                    "id_standard",
                    "danger_level",
                    "water_difficult",
                    "is_zero_employment",
                    "open_remarks",
                    "member_count",
                    "net_income",
                ],
                name="householdyear_list",
            ),
        ),
        migrations.AddIndex(
            "householdyear",
            models.Index(
                condition=models.Q(("open_remarks__gt", 0)),
                fields=["year", "division", "household"],
                name="householdyear_remarks",
            ),
        ),
    ]
