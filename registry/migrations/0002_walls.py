"""Row policies, grants and composite keys of the register: nobody reads, writes or attaches a row outside his division."""

from django.db import migrations

from fupin.servers.rls import APPLICATION, AUDIT, grant, history, same_division, scoped

TABLES = (
    "household",
    "householdyear",
    "relocation",
    "naturalvillage",
    "householdlink",
    "attachment",
    "correctionslip",
    "village",
    "villageyear",
    "laboureryear",
)
DELETABLE = ("member", "memberyear", "training", "certificate")
EVENTS = (
    "householdevent",
    "householdyearevent",
    "memberevent",
    "memberyearevent",
    "relocationevent",
    "villageevent",
    "villageyearevent",
    "laboureryearevent",
    "trainingevent",
    "certificateevent",
)
PARENTS = (
    ("householdyear", "household_id", "household"),
    ("member", "household_id", "household"),
    ("memberyear", "member_id", "member"),
    ("memberyear", "household_year_id", "householdyear"),
    ("relocation", "household_year_id", "householdyear"),
    ("householdlink", "household_id", "household"),
    ("attachment", "household_id", "household"),
    ("correctionslip", "household_year_id", "householdyear"),
    ("correctionslip", "village_year_id", "villageyear"),
    ("villageyear", "village_id", "village"),
    ("laboureryear", "member_id", "member"),
    ("laboureryear", "member_year_id", "memberyear"),
    ("training", "member_id", "member"),
    ("certificate", "member_id", "member"),
)

OWN = "author_id = (SELECT nullif(current_setting('app.user'), '')::bigint)"


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial"), ("accounts", "0002_grants"), ("vault", "0002_grants")]
    operations = [
        *(operation for table in TABLES for operation in scoped(f"registry_{table}")),
        *(
            operation
            for table in DELETABLE
            for operation in scoped(f"registry_{table}", "SELECT, INSERT, UPDATE, DELETE")
        ),
        *(operation for table in EVENTS for operation in history(f"registry_{table}")),
        *(
            same_division(f"registry_{table}", column, f"registry_{parent}")
            for table, column, parent in PARENTS
        ),
        grant("registry_yearclose", "SELECT", (*APPLICATION, AUDIT)),
        grant("registry_formdraft", "SELECT, INSERT, UPDATE, DELETE"),
        migrations.RunSQL(
            "ALTER TABLE registry_formdraft ENABLE ROW LEVEL SECURITY; ALTER TABLE registry_formdraft FORCE ROW LEVEL SECURITY;"
            f"CREATE POLICY own ON registry_formdraft USING ({OWN}) WITH CHECK ({OWN});",
            "DROP POLICY own ON registry_formdraft; ALTER TABLE registry_formdraft DISABLE ROW LEVEL SECURITY;",
        ),
        migrations.RunSQL(
            # The number that stands on a member's year is the member's own, in every year.
            """
            CREATE UNIQUE INDEX registry_member_id_id_no_index ON registry_member (id, id_no_index);
            ALTER TABLE registry_memberyear ADD CONSTRAINT memberyear_id_no_is_the_members
                FOREIGN KEY (member_id, id_no_index) REFERENCES registry_member (id, id_no_index)
                ON UPDATE CASCADE ON DELETE RESTRICT;
            """,
            "ALTER TABLE registry_memberyear DROP CONSTRAINT memberyear_id_no_is_the_members;"
            "DROP INDEX registry_member_id_id_no_index;",
        ),
    ]
