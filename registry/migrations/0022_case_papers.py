"""A step's papers lie with it as files: without them the database takes no step that procedures prove on paper (§4.2)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import fupin.accounts.scoped
from fupin.servers.rls import same_division, scoped
from registry.rules.procedure import FILED, Evidence

WORDS = ", ".join(f"('{one.value}', '{one.label}')" for one in Evidence if one in FILED)

OF_THE_NEXT_STEP = """
CREATE FUNCTION registry_paper_of_the_next_step() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    of_case registry_case%ROWTYPE;
BEGIN
    SELECT * INTO of_case FROM registry_case WHERE id = NEW.case_id;
    IF of_case.id IS NULL OR of_case.closed_on IS NOT NULL THEN
        PERFORM registry_refuse('paper_of_open_case', '档案已结，不能再附材料');
    END IF;
    IF NEW.uploaded_by_id IS DISTINCT FROM registry_actor() THEN
        PERFORM registry_refuse('paper_by_its_actor', '上传人须是登录的本人');
    END IF;
    NEW.division := of_case.division;
    NEW.number := 1 + coalesce((SELECT max(number) FROM registry_casestep WHERE case_id = NEW.case_id), 0);
    RETURN NEW;
END
$$;
CREATE TRIGGER of_the_next_step BEFORE INSERT ON registry_casepaper
    FOR EACH ROW EXECUTE FUNCTION registry_paper_of_the_next_step();
"""

# Runs after `take_step`, which has found the step allowed and given it its number.
WITH_PAPERS = f"""
CREATE FUNCTION registry_step_with_papers() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    wanted text;
BEGIN
    SELECT string_agg(paper.words, '、') INTO wanted
    FROM registry_case c
    JOIN registry_transition t ON t.track IN (c.track, 'CLEARANCE', 'CLOSURE') AND t.source = NEW.source
        AND t.target = NEW.target AND t.name = NEW.name AND NOT t.system
    JOIN (VALUES {WORDS}) AS paper (kind, words) ON paper.kind = ANY (t.evidence)
    WHERE c.id = NEW.case_id AND NOT EXISTS (
        SELECT FROM registry_casepaper p WHERE p.case_id = NEW.case_id AND p.number = NEW.number AND p.kind = paper.kind
    );
    IF wanted IS NOT NULL THEN
        PERFORM registry_refuse('step_with_papers', format('请上传：%s', wanted));
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER v_step_with_papers BEFORE INSERT ON registry_casestep
    FOR EACH ROW EXECUTE FUNCTION registry_step_with_papers();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("divisions", "0002_grants"),
        ("registry", "0021_register_in_quota"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CasePaper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="步骤序号")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("APPLICATION", "户主签字的申请书"),
                            ("SURVEY", "入户调查表"),
                            ("PHOTO", "照片"),
                            ("MINUTES", "会议记录"),
                            ("ATTENDANCE", "签到表"),
                            ("VOTES", "票数"),
                            ("NOTICE", "公示文本"),
                            ("POSTED", "带日期的张贴照片"),
                            ("NO_OBJECTION", "公示无异议证明"),
                            ("VERIFICATION", "村委会和工作队双签的核实表"),
                            ("VISIT", "入户核查记录"),
                            ("OPINION", "审核意见"),
                            ("MATCHING", "比对结果"),
                            ("ANNOUNCEMENT", "公告文本"),
                            ("EFFECTS", "成效台账"),
                            ("CONSENT", "农户认可签字"),
                            ("STRUCK_OFF", "销号记录"),
                            ("CLEARANCE_FORM", "清退审批表"),
                            ("TOLD", "告知书"),
                            ("POLICE", "派出所证明"),
                            ("RESOLUTION", "领导小组审定意见"),
                            ("OBJECTION", "异议登记"),
                            ("FINDINGS", "调查结论"),
                            ("ANSWER", "答复书"),
                        ],
                        max_length=20,
                        verbose_name="种类",
                    ),
                ),
                ("file", models.FileField(max_length=200, upload_to="cases/%Y/%m/", verbose_name="文件")),
                ("content_type", models.CharField(max_length=60, verbose_name="类型")),
                ("size", models.PositiveIntegerField(verbose_name="字节数")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("uploaded_at", models.DateTimeField(auto_now_add=True, verbose_name="上传时间")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="papers",
                        to="registry.case",
                        verbose_name="档案",
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
                        verbose_name="村",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上传人",
                    ),
                ),
            ],
            options={
                "verbose_name": "证据材料",
                "verbose_name_plural": "证据材料",
                "indexes": [models.Index(fields=["case", "number"], name="casepaper_of_step")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("size__gt", 0)),
                        name="casepaper_not_empty",
                        violation_error_message="文件是空的",
                    )
                ],
            },
        ),
        *scoped("registry_casepaper", "SELECT, INSERT"),
        same_division("registry_casepaper", "case_id", "registry_case"),
        migrations.RunSQL(
            OF_THE_NEXT_STEP,
            "DROP TRIGGER of_the_next_step ON registry_casepaper; DROP FUNCTION registry_paper_of_the_next_step();",
        ),
        migrations.RunSQL(
            WITH_PAPERS,
            "DROP TRIGGER v_step_with_papers ON registry_casestep; DROP FUNCTION registry_step_with_papers();",
        ),
    ]
