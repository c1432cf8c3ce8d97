"""The export log is append-only."""

from django.db import migrations

from fupin.servers.rls import AUDIT, grant


class Migration(migrations.Migration):
    dependencies = [("sheets", "0001_initial"), ("accounts", "0002_grants")]
    operations = [
        grant("sheets_exportlog", "SELECT, INSERT"),
        grant("sheets_exportlog", "SELECT", (AUDIT,)),
    ]
