"""Clocks and reminders lie in divisions; the worker writes them, the web reads them, a person takes note of his own."""

from django.db import migrations

from fupin.servers.rls import AUDIT, WEB, WORKER, grant, same_division, scoped


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0001_initial"), ("accounts", "0002_grants"), ("divisions", "0002_grants")]
    operations = [
        *scoped("deadlines_clock", "SELECT"),
        grant("deadlines_clock", "INSERT, UPDATE", (WORKER,)),
        *scoped("deadlines_reminder", "SELECT"),
        grant("deadlines_reminder", "INSERT, UPDATE", (WORKER,)),
        grant("deadlines_reminder", "UPDATE (acknowledged_at)", (WEB,)),
        same_division("deadlines_reminder", "clock_id", "deadlines_clock"),
        migrations.RunSQL(
            f"CREATE POLICY own_reminder ON deadlines_reminder AS RESTRICTIVE FOR UPDATE TO {WEB}"
            " USING (user_id = (SELECT nullif(current_setting('app.user'), '')::bigint));",
            "DROP POLICY own_reminder ON deadlines_reminder;",
        ),
        grant("deadlines_digest", "SELECT, INSERT, UPDATE", (WORKER,)),
        grant("deadlines_digest", "SELECT", (AUDIT,)),
        grant("deadlines_workedday", "SELECT, INSERT", (WORKER,)),
        grant("deadlines_calendaraddress", "SELECT, INSERT, UPDATE", (WEB,)),
    ]
