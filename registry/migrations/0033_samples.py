"""Samples and what was found: written once, read within the division; a sampled household lies where its household does."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import fupin.accounts.scoped
from fupin.servers.rls import same_division, scoped

SIGNED = """
CREATE FUNCTION registry_sample_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.drawn_by_id IS DISTINCT FROM registry_actor() THEN
        PERFORM registry_refuse('sample_by_its_actor', '抽样人须是登录的本人');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER drawn_by BEFORE INSERT ON registry_sample FOR EACH ROW EXECUTE FUNCTION registry_sample_signed();
CREATE FUNCTION registry_finding_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.by_id IS DISTINCT FROM registry_actor() OR NEW.found_on > registry_today() THEN
        PERFORM registry_refuse('samplefinding_by_its_actor', '复核人须是登录的本人，入户日期不能晚于今天');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER found_by BEFORE INSERT ON registry_samplefinding FOR EACH ROW EXECUTE FUNCTION registry_finding_signed();
CREATE FUNCTION registry_sampled_within() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM registry_sample s WHERE s.id = NEW.sample_id
            AND NEW.division >= s.division AND NEW.division < division_hi(s.division)
    ) THEN
        PERFORM registry_refuse('sampledhousehold_within', '样本户须在抽样的区划之内');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER sampled_within BEFORE INSERT ON registry_sampledhousehold FOR EACH ROW EXECUTE FUNCTION registry_sampled_within();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("divisions", "0002_grants"),
        ("registry", "0032_printed_sheets"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Sample",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("seed", models.CharField(max_length=40, verbose_name="种子")),
                (
                    "stratum",
                    models.CharField(
                        choices=[
                            ("TOWNSHIP", "按乡镇"),
                            ("POOR_TYPE", "按贫困户属性"),
                            ("CAUSE", "按主要致贫原因"),
                            ("STATUS", "按户状态"),
                            ("NONE", "不分层"),
                        ],
                        max_length=10,
                        verbose_name="分层",
                    ),
                ),
                ("size", models.PositiveSmallIntegerField(verbose_name="样本户数")),
                ("frame", models.PositiveIntegerField(verbose_name="总体户数")),
                ("purpose", models.CharField(max_length=200, verbose_name="用途")),
                ("drawn_at", models.DateTimeField(auto_now_add=True, verbose_name="抽样时间")),
                (
                    "division",
                    fupin.accounts.scoped.DivisionKey(
                        db_column="division",
                        db_index=False,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="divisions.division",
                        verbose_name="范围",
                    ),
                ),
                (
                    "drawn_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="抽样人",
                    ),
                ),
            ],
            options={
                "verbose_name": "抽样",
                "verbose_name_plural": "抽样",
            },
        ),
        migrations.CreateModel(
            name="SampledHousehold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seat", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("stratum", models.CharField(max_length=50, verbose_name="层")),
                ("card_version", models.PositiveIntegerField(verbose_name="抽样时户卡版本")),
                (
                    "division",
                    fupin.accounts.scoped.DivisionKey(
                        db_column="division",
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="divisions.division",
                        verbose_name="所在村",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="registry.household",
                        verbose_name="户",
                    ),
                ),
                (
                    "sample",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="households",
                        to="registry.sample",
                        verbose_name="抽样",
                    ),
                ),
            ],
            options={
                "verbose_name": "样本户",
                "verbose_name_plural": "样本户",
            },
        ),
        migrations.CreateModel(
            name="SampleFinding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "item",
                    models.CharField(
                        choices=[
                            ("member_count", "家庭人口数"),
                            ("poor_type", "贫困户属性"),
                            ("cause_main", "主要致贫原因"),
                            ("net_income", "家庭纯收入"),
                            ("wage_income", "工资性收入"),
                            ("arable_area", "耕地面积"),
                            ("danger_level", "危房等级"),
                            ("water_safe", "饮水是否安全"),
                        ],
                        max_length=20,
                        verbose_name="项目",
                    ),
                ),
                ("recorded", models.CharField(max_length=100, verbose_name="卡上")),
                ("found", models.CharField(max_length=100, verbose_name="复核")),
                ("agrees", models.BooleanField(verbose_name="一致")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                ("found_on", models.DateField(verbose_name="入户日期")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="复核人",
                    ),
                ),
                (
                    "division",
                    fupin.accounts.scoped.DivisionKey(
                        db_column="division",
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="divisions.division",
                        verbose_name="所在村",
                    ),
                ),
                (
                    "sampled",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="findings",
                        to="registry.sampledhousehold",
                        verbose_name="样本户",
                    ),
                ),
            ],
            options={
                "verbose_name": "复核记录",
                "verbose_name_plural": "复核记录",
            },
        ),
        migrations.AddIndex(
            model_name="sample",
            index=models.Index(fields=["division", "-id"], name="sample_division"),
        ),
        migrations.AddConstraint(
            model_name="sample",
            constraint=models.CheckConstraint(
                condition=models.Q(("size__gte", 1), ("size__lte", models.F("frame"))),
                name="sample_within_its_frame",
                violation_error_message="样本户数应在 1 和总体户数之间",
            ),
        ),
        migrations.AddConstraint(
            model_name="sample",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("seed", ""), _negated=True), models.Q(("purpose", ""), _negated=True)
                ),
                name="sample_seeded_for_a_purpose",
                violation_error_message="请填种子和用途",
            ),
        ),
        migrations.AddConstraint(
            model_name="sampledhousehold",
            constraint=models.UniqueConstraint(fields=("sample", "household"), name="sampledhousehold_once"),
        ),
        migrations.AddConstraint(
            model_name="sampledhousehold",
            constraint=models.UniqueConstraint(fields=("sample", "seat"), name="sampledhousehold_one_seat"),
        ),
        migrations.AddIndex(
            model_name="samplefinding",
            index=models.Index(fields=["sampled", "item", "-id"], name="samplefinding_latest"),
        ),
        migrations.AddConstraint(
            model_name="samplefinding",
            constraint=models.CheckConstraint(
                condition=models.Q(("agrees", True), models.Q(("found", ""), _negated=True), _connector="OR"),
                name="samplefinding_says_what_was_found",
                violation_error_message="不一致的须填复核值",
            ),
        ),
        *scoped("registry_sample", "SELECT, INSERT"),
        *scoped("registry_sampledhousehold", "SELECT, INSERT"),
        *scoped("registry_samplefinding", "SELECT, INSERT"),
        same_division("registry_sampledhousehold", "household_id", "registry_household"),
        same_division("registry_samplefinding", "sampled_id", "registry_sampledhousehold"),
        migrations.RunSQL(
            SIGNED,
            "DROP TRIGGER found_by ON registry_samplefinding; DROP TRIGGER drawn_by ON registry_sample;"
            "DROP TRIGGER sampled_within ON registry_sampledhousehold;"
            "DROP FUNCTION registry_finding_signed(); DROP FUNCTION registry_sample_signed();"
            "DROP FUNCTION registry_sampled_within();",
        ),
    ]
