"""A card's history is looked up by the card: without an index each page of history would read every event of the province."""

from django.db import migrations

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
    ]
