"""Names by their pinyin in the order of an index, which finds beginnings of names too: bytes, whatever the cluster's language."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("divisions", "0002_grants"),
        ("registry", "0014_villages_on_file"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="householdyear",
            name="householdyear_pinyin",
        ),
        migrations.RemoveIndex(
            model_name="member",
            name="member_pinyin",
        ),
        migrations.AlterField(
            model_name="householdyear",
            name="head_pinyin",
            field=models.CharField(blank=True, db_collation="C", max_length=150, verbose_name="户主拼音"),
        ),
        migrations.AlterField(
            model_name="householdyearevent",
            name="head_pinyin",
            field=models.CharField(blank=True, db_collation="C", max_length=150, verbose_name="户主拼音"),
        ),
        migrations.AlterField(
            model_name="member",
            name="name_pinyin",
            field=models.CharField(blank=True, db_collation="C", max_length=150, verbose_name="姓名拼音"),
        ),
        migrations.AlterField(
            model_name="memberevent",
            name="name_pinyin",
            field=models.CharField(blank=True, db_collation="C", max_length=150, verbose_name="姓名拼音"),
        ),
        migrations.AddIndex(
            model_name="householdyear",
            index=models.Index(fields=["head_pinyin", "id"], name="householdyear_pinyin"),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(fields=["name_pinyin"], name="member_pinyin"),
        ),
        # A column whose type was altered has lost its statistics: until they are taken again, a name is looked for along every card.
        migrations.RunSQL("ANALYZE registry_member, registry_householdyear;", migrations.RunSQL.noop),
    ]
