"""Imports lie in the scope of their sender's post; what is staged goes when its time is over."""

from django.db import migrations

from fupin.servers.rls import same_division, scoped


class Migration(migrations.Migration):
    dependencies = [("sheets", "0005_imports"), ("accounts", "0002_grants")]
    operations = [
        *scoped("sheets_importbatch"),
        *scoped("sheets_stagedunit", "SELECT, INSERT, UPDATE, DELETE"),
        same_division("sheets_stagedunit", "batch_id", "sheets_importbatch"),
        migrations.RunSQL(
            # Ciphertext does not grow smaller, and pressing it costs more than writing it.
            "ALTER TABLE sheets_stagedunit ALTER COLUMN payload SET STORAGE EXTERNAL;",
            "ALTER TABLE sheets_stagedunit ALTER COLUMN payload SET STORAGE EXTENDED;",
        ),
    ]
