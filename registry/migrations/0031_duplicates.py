"""Pairs of households that look like one: written by the refresh, decided by findings, moved by the database alone."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import fupin.accounts.scoped
from fupin.servers.rls import same_division, scoped

PAIR = """
CREATE FUNCTION registry_keep_duplicate() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.decision := '';
        NEW.decided_signs := '{}';
        NEW.decided_by_id := NULL;
        NEW.decided_at := NULL;
    END IF;
    IF (SELECT count(*) FROM registry_household h WHERE h.id IN (NEW.first_id, NEW.second_id)
            AND h.division >= NEW.division AND h.division < division_hi(NEW.division)) <> 2 THEN
        PERFORM registry_refuse('duplicateticket_holds_both', '核查单的区划须包含这两户');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER keep_duplicate BEFORE INSERT OR UPDATE OF division, first_id, second_id ON registry_duplicateticket
    FOR EACH ROW EXECUTE FUNCTION registry_keep_duplicate();
"""

DECIDE = """
CREATE FUNCTION registry_decide_duplicate() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    pair registry_duplicateticket%ROWTYPE;
BEGIN
    SELECT * INTO pair FROM registry_duplicateticket WHERE id = NEW.ticket_id FOR NO KEY UPDATE;
    IF pair.division < current_setting('app.lo')::bigint OR pair.division >= current_setting('app.hi')::bigint THEN
        PERFORM registry_refuse('duplicatefinding_in_scope', '不在您的岗位所属区划之内');
    END IF;
    IF NEW.by_id IS DISTINCT FROM registry_actor() THEN
        PERFORM registry_refuse('duplicatefinding_by_its_actor', '核查人须是登录的本人');
    END IF;
    IF NEW.decision = '' AND pair.decision = '' THEN
        PERFORM registry_refuse('duplicatefinding_takes_back', '还没有结论，无须撤回');
    END IF;
    IF NEW.decision <> '' AND pair.decision <> '' AND pair.signs <@ pair.decided_signs THEN
        PERFORM registry_refuse('duplicatefinding_once', '已有结论，要改请先撤回');
    END IF;
    IF NEW.decision = 'JUSTIFIED' AND EXISTS (
        SELECT FROM registry_householdlink l WHERE l.kind = 'SPLIT' AND l.undone_at IS NULL AND l.done_by_id = NEW.by_id
            AND l.household_id IN (pair.first_id, pair.second_id) AND l.other_id IN (pair.first_id, pair.second_id)
    ) THEN
        PERFORM registry_refuse('duplicatefinding_by_another', '分户是您办理的，是否属实须由另一人核查');
    END IF;
    UPDATE registry_duplicateticket SET decision = NEW.decision,
        decided_signs = CASE WHEN NEW.decision = '' THEN '{}' ELSE pair.signs END,
        decided_by_id = CASE WHEN NEW.decision = '' THEN NULL ELSE NEW.by_id END,
        decided_at = CASE WHEN NEW.decision = '' THEN NULL ELSE now() END
    WHERE id = pair.id;
    RETURN NEW;
END
$$;
CREATE TRIGGER decide_duplicate BEFORE INSERT ON registry_duplicatefinding
    FOR EACH ROW EXECUTE FUNCTION registry_decide_duplicate();
"""

REFRESHED = "division, year, signs, people, weight, seen_at, gone_at"


class Migration(migrations.Migration):
    dependencies = [
        ("divisions", "0002_grants"),
        ("registry", "0030_announced_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DuplicateTicket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                (
                    "signs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("SPLIT", "拆户：转出的人立在另一户"),
                                ("NAME_V", "同村同名同生日"),
                                ("NAME_C", "同县同名同生日"),
                                ("ACCOUNT", "同一银行账号"),
                                ("PHONE", "同一联系电话"),
                            ],
                            max_length=10,
                        ),
                        default=list,
                        size=None,
                        verbose_name="迹象",
                    ),
                ),
                ("people", models.JSONField(default=list, verbose_name="相同的人")),
                ("weight", models.PositiveSmallIntegerField(default=0, verbose_name="轻重")),
                ("found_at", models.DateTimeField(verbose_name="首次发现")),
                ("seen_at", models.DateTimeField(verbose_name="最近一次查到")),
                ("gone_at", models.DateTimeField(null=True, verbose_name="不再查到")),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("SAME", "一户两卡，并为一户"),
                            ("ONE_CARD", "同一人在两户，只留一户"),
                            ("TWO", "两户两人，不是重复"),
                            ("JUSTIFIED", "分户属实，理由成立"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="结论",
                    ),
                ),
                (
                    "decided_signs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10),
                        default=list,
                        size=None,
                        verbose_name="核查时的迹象",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="核查时间")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="核查人",
                    ),
                ),
                (
                    "division",
                    fupin.accounts.scoped.DivisionKey(
                        db_column="division",
                        db_index=False,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="divisions.division",
                        verbose_name="所在区划",
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="registry.household",
                        verbose_name="甲户",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="registry.household",
                        verbose_name="乙户",
                    ),
                ),
            ],
            options={
                "verbose_name": "疑似重复户",
                "verbose_name_plural": "疑似重复户",
            },
        ),
        migrations.CreateModel(
            name="DuplicateFinding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("SAME", "一户两卡，并为一户"),
                            ("ONE_CARD", "同一人在两户，只留一户"),
                            ("TWO", "两户两人，不是重复"),
                            ("JUSTIFIED", "分户属实，理由成立"),
                        ],
                        max_length=10,
                        verbose_name="结论",
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="理由")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="核查人",
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
                        verbose_name="所在区划",
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="registry.householdlink",
                        verbose_name="并户",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="findings",
                        to="registry.duplicateticket",
                        verbose_name="疑似重复户",
                    ),
                ),
            ],
            options={
                "verbose_name": "重复户核查记录",
                "verbose_name_plural": "重复户核查记录",
            },
        ),
        migrations.AddIndex(
            model_name="duplicateticket",
            index=models.Index(fields=["division", "-weight", "id"], name="duplicateticket_queue"),
        ),
        migrations.AddIndex(
            model_name="duplicateticket",
            index=models.Index(fields=["second"], name="duplicateticket_second"),
        ),
        migrations.AddConstraint(
            model_name="duplicateticket",
            constraint=models.UniqueConstraint(
                fields=("first", "second"),
                name="duplicateticket_once",
                violation_error_message="这两户已有核查单",
            ),
        ),
        migrations.AddConstraint(
            model_name="duplicateticket",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__lt", models.F("second"))), name="duplicateticket_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="duplicateticket",
            constraint=models.CheckConstraint(
                condition=models.Q(("signs__len__gte", 1)), name="duplicateticket_has_signs"
            ),
        ),
        migrations.AddConstraint(
            model_name="duplicateticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("decision", "")),
                    models.Q(
                        models.Q(("decision", ""), _negated=True),
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="duplicateticket_decided_by_somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="duplicatefinding",
            index=models.Index(fields=["ticket", "id"], name="duplicatefinding_ticket"),
        ),
        migrations.AddConstraint(
            model_name="duplicatefinding",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="duplicatefinding_has_a_reason",
                violation_error_message="请写明理由",
            ),
        ),
        migrations.AddConstraint(
            model_name="duplicatefinding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision", "SAME"), ("link__isnull", False)),
                    models.Q(models.Q(("decision", "SAME"), _negated=True), ("link__isnull", True)),
                    _connector="OR",
                ),
                name="duplicatefinding_merged_iff_same",
                violation_error_message="认定为一户的须随即并户",
            ),
        ),
        *scoped("registry_duplicateticket", f"SELECT, INSERT, UPDATE ({REFRESHED})"),
        *scoped("registry_duplicatefinding", "SELECT, INSERT"),
        same_division("registry_duplicatefinding", "ticket_id", "registry_duplicateticket"),
        migrations.RunSQL(
            PAIR,
            "DROP TRIGGER keep_duplicate ON registry_duplicateticket; DROP FUNCTION registry_keep_duplicate();",
        ),
        migrations.RunSQL(
            DECIDE,
            "DROP TRIGGER decide_duplicate ON registry_duplicatefinding; DROP FUNCTION registry_decide_duplicate();",
        ),
    ]
