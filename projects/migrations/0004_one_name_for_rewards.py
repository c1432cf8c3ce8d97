"""以奖代补 has one code in projects and in money: AWARD. What history was written with the other stays as it was written."""

from django.db import migrations, models

WAYS = [("AWARD", "以奖代补"), ("BUILD_FIRST", "先建后补"), ("PRIVATE_RUN", "民办公助"), ("OTHER", "其他")]

# A code changes its spelling and a project none of its facts, so the walls that freeze those look away.
RENAME = """
ALTER TABLE projects_project DISABLE TRIGGER USER;
UPDATE projects_project SET use_way = '{new}' WHERE use_way = '{old}';
ALTER TABLE projects_project ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0003_filled_where_asked")]
    operations = [
        *(
            migrations.AlterField(
                model_name=name,
                name="use_way",
                field=models.CharField("使用方式", max_length=12, choices=WAYS),
            )
            for name in ("project", "projectevent")
        ),
        migrations.RunSQL(RENAME.format(new="AWARD", old="REWARD"), RENAME.format(new="REWARD", old="AWARD")),
    ]
