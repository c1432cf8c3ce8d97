import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.math
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import fupin.accounts.scoped


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("divisions", "0002_grants"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("registry", "0034_measures_corrected"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AllowedStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=10, verbose_name="由")),
                ("target", models.CharField(max_length=10, verbose_name="至")),
                ("name", models.CharField(max_length=20, verbose_name="步骤")),
                ("label", models.CharField(max_length=20, verbose_name="说法")),
                (
                    "actors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), size=None, verbose_name="经办岗位"
                    ),
                ),
                (
                    "files",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), size=None, verbose_name="须有材料"
                    ),
                ),
                ("opinion", models.BooleanField(verbose_name="须写意见")),
                ("document", models.BooleanField(verbose_name="须填文号")),
                ("beneficiaries", models.BooleanField(verbose_name="到户须有名单")),
                ("others", models.BooleanField(verbose_name="须另一人")),
                ("by_province", models.BooleanField(null=True, verbose_name="省批项目")),
                ("after_notices", models.BooleanField(verbose_name="须公示期满")),
                ("posted", models.BooleanField(verbose_name="须已公告")),
            ],
            options={
                "verbose_name": "允许的环节",
                "verbose_name_plural": "允许的环节",
                "db_table": "projects_transition",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "name", "target", "by_province"),
                        name="projects_transition_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Project",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "county",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            models.F("division"),
                            "-",
                            django.db.models.functions.math.Mod(models.F("division"), 1000000),
                        ),
                        output_field=models.BigIntegerField(),
                        verbose_name="县",
                    ),
                ),
                ("number", models.CharField(max_length=16, unique=True, verbose_name="项目编号")),
                ("name", models.CharField(max_length=40, verbose_name="项目名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("INDUSTRY", "产业开发"),
                            ("RELOCATION", "易地扶贫搬迁"),
                            ("TRAINING", "就业培训"),
                            ("HOUSING", "危房改造"),
                            ("ROAD", "道路"),
                            ("WATER", "饮水安全"),
                            ("POWER", "用电"),
                            ("ENVIRONMENT", "生态和环境整治"),
                            ("EDUCATION", "教育"),
                            ("HEALTH", "卫生和计划生育"),
                            ("CULTURE", "文化"),
                            ("INFORMATION", "广电和信息化"),
                            ("TECHNOLOGY", "科技服务"),
                            ("OTHER", "其他"),
                        ],
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                (
                    "industry",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("LIVESTOCK", "牛羊规模养殖加工"),
                            ("FACILITY", "设施农业"),
                            ("HERBS", "中药材种植加工"),
                            ("GRAINS", "小杂粮加工"),
                            ("SALINE", "盐碱地开发"),
                            ("TOURISM", "乡村旅游开发"),
                            ("PARK", "特色农业开发园区"),
                            ("OTHER", "其他产业"),
                        ],
                        max_length=10,
                        verbose_name="产业",
                    ),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        help_text="列入哪一年的年度计划", verbose_name="计划年度"
                    ),
                ),
                ("content", models.TextField(max_length=1000, verbose_name="建设内容")),
                ("place", models.CharField(max_length=100, verbose_name="建设地点")),
                (
                    "planned_yuan",
                    models.DecimalField(decimal_places=2, max_digits=18, verbose_name="计划投资（元）"),
                ),
                ("money_sources", models.CharField(max_length=200, verbose_name="资金来源")),
                ("subsidy_standard", models.CharField(blank=True, max_length=200, verbose_name="补助标准")),
                ("procurement", models.CharField(blank=True, max_length=100, verbose_name="招标采购方式")),
                ("goals", models.CharField(max_length=500, verbose_name="质量与效益目标")),
                (
                    "use_way",
                    models.CharField(
                        choices=[
                            ("REWARD", "以奖代补"),
                            ("BUILD_FIRST", "先建后补"),
                            ("PRIVATE_RUN", "民办公助"),
                            ("OTHER", "其他"),
                        ],
                        max_length=12,
                        verbose_name="使用方式",
                    ),
                ),
                (
                    "use_way_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="未用竞争方式的理由"),
                ),
                ("is_to_household", models.BooleanField(default=False, verbose_name="到户项目")),
                ("needs_prov_approval", models.BooleanField(default=False, verbose_name="须省级审批")),
                (
                    "prov_approval_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="须省级审批的理由"),
                ),
                ("implementing_unit", models.CharField(max_length=80, verbose_name="实施（使用责任）单位")),
                ("responsible_person", models.CharField(max_length=40, verbose_name="实施负责人")),
                ("supervising_unit", models.CharField(max_length=80, verbose_name="监管责任单位")),
                ("supervising_person", models.CharField(max_length=40, verbose_name="监管责任人")),
                ("approving_unit", models.CharField(max_length=80, verbose_name="审批单位")),
                ("hotline", models.CharField(max_length=20, verbose_name="监督电话")),
                ("planned_start_on", models.DateField(verbose_name="计划开工日期")),
                ("planned_finish_on", models.DateField(verbose_name="计划完工日期")),
                ("planned_accept_on", models.DateField(verbose_name="计划验收日期")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("DRAFT", "拟入库"),
                            ("POOL", "入库"),
                            ("ARGUED", "论证"),
                            ("ASSESSED", "评估"),
                            ("APPROVED", "批准"),
                            ("DISCLOSED", "公示"),
                            ("PLANNED", "年度计划"),
                            ("FUNDED", "拨付"),
                            ("BUILDING", "实施"),
                            ("ACCEPTED", "验收"),
                            ("ANNOUNCED", "公告"),
                            ("EVALUATED", "后评价"),
                            ("REJECTED", "已退库"),
                            ("FAILED", "不再具备实施条件"),
                        ],
                        default="DRAFT",
                        max_length=10,
                        verbose_name="环节",
                    ),
                ),
                ("stage_on", models.DateField(null=True, verbose_name="进入环节日期")),
                ("approved_on", models.DateField(null=True, verbose_name="批准日期")),
                ("started_on", models.DateField(null=True, verbose_name="开工日期")),
                ("finished_on", models.DateField(null=True, verbose_name="完工日期")),
                ("accepted_on", models.DateField(null=True, verbose_name="验收日期")),
                ("ended_on", models.DateField(null=True, verbose_name="结束日期")),
                (
                    "entry_key",
                    models.UUIDField(
                        help_text="同一张表提交两次只成一个项目", unique=True, verbose_name="录入键"
                    ),
                ),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审批人",
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
                        verbose_name="所在地",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="录入人",
                    ),
                ),
            ],
            options={
                "verbose_name": "扶贫项目",
                "verbose_name_plural": "扶贫项目",
            },
        ),
        migrations.CreateModel(
            name="ProjectCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "link",
                    models.CharField(
                        choices=[
                            ("PLAN", "计划"),
                            ("ARGUE", "论证"),
                            ("ASSESS", "评估"),
                            ("FUND", "拨付"),
                            ("EXECUTE", "执行"),
                        ],
                        max_length=8,
                        verbose_name="环节",
                    ),
                ),
                ("on", models.DateField(verbose_name="抽查日期")),
                ("finding", models.CharField(max_length=500, verbose_name="抽查情况")),
                ("has_problem", models.BooleanField(verbose_name="有问题")),
                ("mend_by", models.DateField(blank=True, null=True, verbose_name="整改期限")),
                ("mended_on", models.DateField(blank=True, null=True, verbose_name="整改日期")),
                ("mended_how", models.CharField(blank=True, max_length=500, verbose_name="整改情况")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="销号日期")),
                (
                    "role",
                    models.CharField(
                        choices=[("CITY", "市扶贫办"), ("PROVINCE", "省扶贫办")],
                        max_length=20,
                        verbose_name="抽查级别",
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="抽查人",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="销号人",
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
                        verbose_name="所在地",
                    ),
                ),
                (
                    "mended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="整改登记人",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="checks",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
            ],
            options={
                "verbose_name": "监管抽查单",
                "verbose_name_plural": "监管抽查单",
            },
        ),
        migrations.CreateModel(
            name="ProjectEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "county",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            models.F("division"),
                            "-",
                            django.db.models.functions.math.Mod(models.F("division"), 1000000),
                        ),
                        output_field=models.BigIntegerField(),
                        verbose_name="县",
                    ),
                ),
                ("number", models.CharField(max_length=16, verbose_name="项目编号")),
                ("name", models.CharField(max_length=40, verbose_name="项目名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("INDUSTRY", "产业开发"),
                            ("RELOCATION", "易地扶贫搬迁"),
                            ("TRAINING", "就业培训"),
                            ("HOUSING", "危房改造"),
                            ("ROAD", "道路"),
                            ("WATER", "饮水安全"),
                            ("POWER", "用电"),
                            ("ENVIRONMENT", "生态和环境整治"),
                            ("EDUCATION", "教育"),
                            ("HEALTH", "卫生和计划生育"),
                            ("CULTURE", "文化"),
                            ("INFORMATION", "广电和信息化"),
                            ("TECHNOLOGY", "科技服务"),
                            ("OTHER", "其他"),
                        ],
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                (
                    "industry",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("LIVESTOCK", "牛羊规模养殖加工"),
                            ("FACILITY", "设施农业"),
                            ("HERBS", "中药材种植加工"),
                            ("GRAINS", "小杂粮加工"),
                            ("SALINE", "盐碱地开发"),
                            ("TOURISM", "乡村旅游开发"),
                            ("PARK", "特色农业开发园区"),
                            ("OTHER", "其他产业"),
                        ],
                        max_length=10,
                        verbose_name="产业",
                    ),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        help_text="列入哪一年的年度计划", verbose_name="计划年度"
                    ),
                ),
                ("content", models.TextField(max_length=1000, verbose_name="建设内容")),
                ("place", models.CharField(max_length=100, verbose_name="建设地点")),
                (
                    "planned_yuan",
                    models.DecimalField(decimal_places=2, max_digits=18, verbose_name="计划投资（元）"),
                ),
                ("money_sources", models.CharField(max_length=200, verbose_name="资金来源")),
                ("subsidy_standard", models.CharField(blank=True, max_length=200, verbose_name="补助标准")),
                ("procurement", models.CharField(blank=True, max_length=100, verbose_name="招标采购方式")),
                ("goals", models.CharField(max_length=500, verbose_name="质量与效益目标")),
                (
                    "use_way",
                    models.CharField(
                        choices=[
                            ("REWARD", "以奖代补"),
                            ("BUILD_FIRST", "先建后补"),
                            ("PRIVATE_RUN", "民办公助"),
                            ("OTHER", "其他"),
                        ],
                        max_length=12,
                        verbose_name="使用方式",
                    ),
                ),
                (
                    "use_way_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="未用竞争方式的理由"),
                ),
                ("is_to_household", models.BooleanField(default=False, verbose_name="到户项目")),
                ("needs_prov_approval", models.BooleanField(default=False, verbose_name="须省级审批")),
                (
                    "prov_approval_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="须省级审批的理由"),
                ),
                ("implementing_unit", models.CharField(max_length=80, verbose_name="实施（使用责任）单位")),
                ("responsible_person", models.CharField(max_length=40, verbose_name="实施负责人")),
                ("supervising_unit", models.CharField(max_length=80, verbose_name="监管责任单位")),
                ("supervising_person", models.CharField(max_length=40, verbose_name="监管责任人")),
                ("approving_unit", models.CharField(max_length=80, verbose_name="审批单位")),
                ("hotline", models.CharField(max_length=20, verbose_name="监督电话")),
                ("planned_start_on", models.DateField(verbose_name="计划开工日期")),
                ("planned_finish_on", models.DateField(verbose_name="计划完工日期")),
                ("planned_accept_on", models.DateField(verbose_name="计划验收日期")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("DRAFT", "拟入库"),
                            ("POOL", "入库"),
                            ("ARGUED", "论证"),
                            ("ASSESSED", "评估"),
                            ("APPROVED", "批准"),
                            ("DISCLOSED", "公示"),
                            ("PLANNED", "年度计划"),
                            ("FUNDED", "拨付"),
                            ("BUILDING", "实施"),
                            ("ACCEPTED", "验收"),
                            ("ANNOUNCED", "公告"),
                            ("EVALUATED", "后评价"),
                            ("REJECTED", "已退库"),
                            ("FAILED", "不再具备实施条件"),
                        ],
                        default="DRAFT",
                        max_length=10,
                        verbose_name="环节",
                    ),
                ),
                ("stage_on", models.DateField(null=True, verbose_name="进入环节日期")),
                ("approved_on", models.DateField(null=True, verbose_name="批准日期")),
                ("started_on", models.DateField(null=True, verbose_name="开工日期")),
                ("finished_on", models.DateField(null=True, verbose_name="完工日期")),
                ("accepted_on", models.DateField(null=True, verbose_name="验收日期")),
                ("ended_on", models.DateField(null=True, verbose_name="结束日期")),
                (
                    "entry_key",
                    models.UUIDField(help_text="同一张表提交两次只成一个项目", verbose_name="录入键"),
                ),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                (
                    "approved_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审批人",
                    ),
                ),
                (
                    "division",
                    fupin.accounts.scoped.DivisionKey(
                        db_column="division",
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="divisions.division",
                        verbose_name="所在地",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="录入人",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="projects.project",
                    ),
                ),
            ],
            options={
                "verbose_name": "项目变更",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ProjectFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("FEASIBILITY", "可行性研究报告"),
                            ("DESIGN", "设计"),
                            ("ARGUMENT", "论证意见"),
                            ("ASSESSMENT", "评估报告"),
                            ("APPROVAL", "批复文件"),
                            ("PLAN", "年度计划文件"),
                            ("CONTRACT", "合同"),
                            ("ACCEPTANCE", "验收报告"),
                            ("EVALUATION", "后评价报告"),
                            ("PHOTO", "照片"),
                            ("OTHER", "其他"),
                        ],
                        max_length=12,
                        verbose_name="种类",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=100, verbose_name="说明")),
                ("file", models.FileField(max_length=200, upload_to="projects/%Y/%m/", verbose_name="文件")),
                ("content_type", models.CharField(max_length=60, verbose_name="类型")),
                ("size", models.PositiveIntegerField(verbose_name="字节数")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("uploaded_at", models.DateTimeField(auto_now_add=True, verbose_name="上传时间")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="撤下时间")),
                (
                    "division",
                    fupin.accounts.scoped.DivisionKey(
                        db_column="division",
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="divisions.division",
                        verbose_name="所在地",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="files",
                        to="projects.project",
                        verbose_name="项目",
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
                "verbose_name": "项目材料",
                "verbose_name_plural": "项目材料",
            },
        ),
        migrations.CreateModel(
            name="ProjectHousehold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "promised_yuan",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="承诺金额（元）"
                    ),
                ),
                ("promised", models.CharField(blank=True, max_length=100, verbose_name="承诺内容")),
                ("added_on", models.DateField(verbose_name="列入日期")),
                ("removed_on", models.DateField(blank=True, null=True, verbose_name="移出日期")),
                ("removed_because", models.CharField(blank=True, max_length=200, verbose_name="移出原因")),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="列入人",
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
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="projects",
                        to="registry.household",
                        verbose_name="户",
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="registry.assistmeasure",
                        verbose_name="帮扶措施",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="projects",
                        to="registry.member",
                        verbose_name="劳动力",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="households",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
                (
                    "removed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="移出人",
                    ),
                ),
            ],
            options={
                "verbose_name": "项目受益户",
                "verbose_name_plural": "项目受益户",
            },
        ),
        migrations.CreateModel(
            name="ProjectHouseholdEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "promised_yuan",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="承诺金额（元）"
                    ),
                ),
                ("promised", models.CharField(blank=True, max_length=100, verbose_name="承诺内容")),
                ("added_on", models.DateField(verbose_name="列入日期")),
                ("removed_on", models.DateField(blank=True, null=True, verbose_name="移出日期")),
                ("removed_because", models.CharField(blank=True, max_length=200, verbose_name="移出原因")),
                (
                    "added_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="列入人",
                    ),
                ),
                (
                    "division",
                    fupin.accounts.scoped.DivisionKey(
                        db_column="division",
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="divisions.division",
                        verbose_name="村",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.household",
                        verbose_name="户",
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.assistmeasure",
                        verbose_name="帮扶措施",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.member",
                        verbose_name="劳动力",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="projects.projecthousehold",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
                (
                    "removed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="移出人",
                    ),
                ),
            ],
            options={
                "verbose_name": "项目受益户变更",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ProjectStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(help_text="由数据库给出", verbose_name="序号")),
                ("name", models.CharField(max_length=20, verbose_name="步骤")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("DRAFT", "拟入库"),
                            ("POOL", "入库"),
                            ("ARGUED", "论证"),
                            ("ASSESSED", "评估"),
                            ("APPROVED", "批准"),
                            ("DISCLOSED", "公示"),
                            ("PLANNED", "年度计划"),
                            ("FUNDED", "拨付"),
                            ("BUILDING", "实施"),
                            ("ACCEPTED", "验收"),
                            ("ANNOUNCED", "公告"),
                            ("EVALUATED", "后评价"),
                            ("REJECTED", "已退库"),
                            ("FAILED", "不再具备实施条件"),
                        ],
                        max_length=10,
                        verbose_name="由",
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("DRAFT", "拟入库"),
                            ("POOL", "入库"),
                            ("ARGUED", "论证"),
                            ("ASSESSED", "评估"),
                            ("APPROVED", "批准"),
                            ("DISCLOSED", "公示"),
                            ("PLANNED", "年度计划"),
                            ("FUNDED", "拨付"),
                            ("BUILDING", "实施"),
                            ("ACCEPTED", "验收"),
                            ("ANNOUNCED", "公告"),
                            ("EVALUATED", "后评价"),
                            ("REJECTED", "已退库"),
                            ("FAILED", "不再具备实施条件"),
                        ],
                        max_length=10,
                        verbose_name="至",
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                ("document_no", models.CharField(blank=True, max_length=60, verbose_name="文号")),
                ("opinion", models.CharField(blank=True, max_length=500, verbose_name="意见")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("VILLAGE", "村信息员"),
                            ("TEAM", "驻村工作队"),
                            ("TOWNSHIP", "乡镇专干"),
                            ("COUNTY_ENTRY", "县扶贫办录入"),
                            ("COUNTY_REVIEW", "县扶贫办审核"),
                            ("COUNTY_APPROVE", "县扶贫办审批"),
                            ("LEADING_GROUP", "县领导小组"),
                            ("CITY", "市扶贫办"),
                            ("PROVINCE", "省扶贫办"),
                            ("CIVIL_AFFAIRS", "民政"),
                            ("FINANCE", "财政"),
                            ("LEADER", "包村领导"),
                            ("AUDITOR", "审计纪检"),
                            ("ENTERPRISE", "企业"),
                            ("SYSTEM_ADMIN", "系统管理员"),
                            ("SECURITY_ADMIN", "安全管理员"),
                            ("LOG_ADMIN", "审计管理员"),
                        ],
                        max_length=20,
                        verbose_name="岗位",
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
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
                        verbose_name="所在地",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="steps",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
            ],
            options={
                "verbose_name": "项目环节记录",
                "verbose_name_plural": "项目环节记录",
            },
        ),
        migrations.CreateModel(
            name="ProjectVillage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
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
                        verbose_name="村",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="villages",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
            ],
            options={
                "verbose_name": "项目村",
                "verbose_name_plural": "项目村",
            },
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(fields=["division", "stage", "-id"], name="project_division"),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(fields=["county", "year", "stage"], name="project_county_year"),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "county__gt",
                        django.db.models.expressions.CombinedExpression(
                            models.F("county"),
                            "-",
                            django.db.models.functions.math.Mod(models.F("county"), 100000000),
                        ),
                    )
                ),
                name="project_not_above_county",
                violation_error_message="项目须落在县、乡镇或村",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("planned_yuan__gt", 0)),
                name="project_money_positive",
                violation_error_message="计划投资应大于 0",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "INDUSTRY"), models.Q(("industry", ""), _negated=True)),
                    models.Q(models.Q(("kind", "INDUSTRY"), _negated=True), ("industry", "")),
                    _connector="OR",
                ),
                name="project_industry_of_an_industry",
                violation_error_message="产业开发项目须选产业，其他项目不选",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("use_way", "OTHER"), models.Q(("use_way_reason", ""), _negated=True)),
                    models.Q(models.Q(("use_way", "OTHER"), _negated=True), ("use_way_reason", "")),
                    _connector="OR",
                ),
                name="project_other_way_for_a_reason",
                violation_error_message="使用方式填“其他”须写理由，填竞争方式的不写",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("needs_prov_approval", True), models.Q(("prov_approval_reason", ""), _negated=True)
                    ),
                    models.Q(("needs_prov_approval", False), ("prov_approval_reason", "")),
                    _connector="OR",
                ),
                name="project_province_for_a_reason",
                violation_error_message="须省级审批的项目要写理由，切块资金项目由县级批准",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("planned_accept_on__gte", models.F("planned_finish_on")),
                    ("planned_finish_on__gte", models.F("planned_start_on")),
                ),
                name="project_days_in_order",
                violation_error_message="计划日期应依次为开工、完工、验收",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("finished_on__isnull", True),
                        ("finished_on__gte", models.F("started_on")),
                        _connector="OR",
                    ),
                    models.Q(
                        ("accepted_on__isnull", True),
                        ("accepted_on__gte", models.F("finished_on")),
                        _connector="OR",
                    ),
                ),
                name="project_done_in_order",
                violation_error_message="实际日期应依次为开工、完工、验收",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by__isnull", True),
                    models.Q(("approved_by", models.F("entered_by")), _negated=True),
                    _connector="OR",
                ),
                name="project_approved_by_another",
                violation_error_message="录入人不能批准自己录入的项目",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="project",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_projectevent" ("accepted_on", "approved_by_id", "approved_on", "approving_unit", "content", "division", "ended_on", "entered_at", "entered_by_id", "entry_key", "finished_on", "goals", "hotline", "id", "implementing_unit", "industry", "is_demo", "is_to_household", "kind", "money_sources", "name", "needs_prov_approval", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "planned_accept_on", "planned_finish_on", "planned_start_on", "planned_yuan", "procurement", "prov_approval_reason", "responsible_person", "stage", "stage_on", "started_on", "subsidy_standard", "supervising_person", "supervising_unit", "use_way", "use_way_reason", "year") SELECT new_values."accepted_on", new_values."approved_by_id", new_values."approved_on", new_values."approving_unit", new_values."content", new_values."division", new_values."ended_on", new_values."entered_at", new_values."entered_by_id", new_values."entry_key", new_values."finished_on", new_values."goals", new_values."hotline", new_values."id", new_values."implementing_unit", new_values."industry", new_values."is_demo", new_values."is_to_household", new_values."kind", new_values."money_sources", new_values."name", new_values."needs_prov_approval", new_values."number", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."place", new_values."planned_accept_on", new_values."planned_finish_on", new_values."planned_start_on", new_values."planned_yuan", new_values."procurement", new_values."prov_approval_reason", new_values."responsible_person", new_values."stage", new_values."stage_on", new_values."started_on", new_values."subsidy_standard", new_values."supervising_person", new_values."supervising_unit", new_values."use_way", new_values."use_way_reason", new_values."year" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="79cc1f5d896ef3e077fc9130b3d76ad5e008d8dc",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_2e147",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="projects_project",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="project",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_projectevent" ("accepted_on", "approved_by_id", "approved_on", "approving_unit", "content", "division", "ended_on", "entered_at", "entered_by_id", "entry_key", "finished_on", "goals", "hotline", "id", "implementing_unit", "industry", "is_demo", "is_to_household", "kind", "money_sources", "name", "needs_prov_approval", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "planned_accept_on", "planned_finish_on", "planned_start_on", "planned_yuan", "procurement", "prov_approval_reason", "responsible_person", "stage", "stage_on", "started_on", "subsidy_standard", "supervising_person", "supervising_unit", "use_way", "use_way_reason", "year") SELECT new_values."accepted_on", new_values."approved_by_id", new_values."approved_on", new_values."approving_unit", new_values."content", new_values."division", new_values."ended_on", new_values."entered_at", new_values."entered_by_id", new_values."entry_key", new_values."finished_on", new_values."goals", new_values."hotline", new_values."id", new_values."implementing_unit", new_values."industry", new_values."is_demo", new_values."is_to_household", new_values."kind", new_values."money_sources", new_values."name", new_values."needs_prov_approval", new_values."number", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."place", new_values."planned_accept_on", new_values."planned_finish_on", new_values."planned_start_on", new_values."planned_yuan", new_values."procurement", new_values."prov_approval_reason", new_values."responsible_person", new_values."stage", new_values."stage_on", new_values."started_on", new_values."subsidy_standard", new_values."supervising_person", new_values."supervising_unit", new_values."use_way", new_values."use_way_reason", new_values."year" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="21914d8d35e1b433a1aad4fa318852937e83e9fa",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_804c3",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="projects_project",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="projectcheck",
            index=models.Index(fields=["project", "on"], name="projectcheck_project"),
        ),
        migrations.AddConstraint(
            model_name="projectcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("has_problem", True), ("mend_by__gte", models.F("on"))),
                    models.Q(("has_problem", False), ("mend_by__isnull", True)),
                    _connector="OR",
                ),
                name="projectcheck_problem_has_day",
                violation_error_message="有问题的须定整改期限，期限不早于抽查日期；没有问题的不定",
            ),
        ),
        migrations.AddConstraint(
            model_name="projectcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("mended_by__isnull", True), ("mended_how", ""), ("mended_on__isnull", True)),
                    models.Q(
                        ("has_problem", True),
                        ("mended_by__isnull", False),
                        ("mended_on__gte", models.F("on")),
                        models.Q(("mended_how", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="projectcheck_mended_in_words",
                violation_error_message="整改须写明日期和情况，日期不早于抽查日期",
            ),
        ),
        migrations.AddConstraint(
            model_name="projectcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_by__isnull", True), ("closed_on__isnull", True)),
                    models.Q(
                        ("closed_by__isnull", False),
                        ("closed_on__gte", models.F("mended_on")),
                        models.Q(("closed_by", models.F("mended_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="projectcheck_closed_after_mending",
                violation_error_message="整改后由另一人销号，销号日期不早于整改日期",
            ),
        ),
        migrations.AddIndex(
            model_name="projectfile",
            index=models.Index(fields=["project", "kind"], name="projectfile_project"),
        ),
        migrations.AddConstraint(
            model_name="projectfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("size__gt", 0)),
                name="projectfile_not_empty",
                violation_error_message="文件是空的",
            ),
        ),
        migrations.AddIndex(
            model_name="projecthousehold",
            index=models.Index(fields=["household", "project"], name="projecthousehold_household"),
        ),
        migrations.AddIndex(
            model_name="projecthousehold",
            index=models.Index(fields=["division", "project"], name="projecthousehold_division"),
        ),
        migrations.AddConstraint(
            model_name="projecthousehold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_on__isnull", True)),
                fields=("project", "household", "member"),
                name="projecthousehold_once",
                nulls_distinct=False,
                violation_error_message="该户（人）已在本项目名单中",
            ),
        ),
        migrations.AddConstraint(
            model_name="projecthousehold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("promised_yuan__isnull", True), ("promised_yuan__gte", 0), _connector="OR"
                ),
                name="projecthousehold_promise_not_negative",
                violation_error_message="承诺金额不能为负",
            ),
        ),
        migrations.AddConstraint(
            model_name="projecthousehold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("removed_because", ""), ("removed_by__isnull", True), ("removed_on__isnull", True)
                    ),
                    models.Q(
                        ("removed_by__isnull", False),
                        ("removed_on__gte", models.F("added_on")),
                        models.Q(("removed_because", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="projecthousehold_removed_for_a_reason",
                violation_error_message="移出须写明日期和原因，日期不早于列入日期",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="projecthousehold",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_projecthouseholdevent" ("added_by_id", "added_on", "division", "household_id", "id", "measure_id", "member_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "promised", "promised_yuan", "removed_because", "removed_by_id", "removed_on") SELECT new_values."added_by_id", new_values."added_on", new_values."division", new_values."household_id", new_values."id", new_values."measure_id", new_values."member_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."project_id", new_values."promised", new_values."promised_yuan", new_values."removed_because", new_values."removed_by_id", new_values."removed_on" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="0628df05d2f7724afc1592b2055dc62a3f362f7f",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_99509",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="projects_projecthousehold",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="projecthousehold",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_projecthouseholdevent" ("added_by_id", "added_on", "division", "household_id", "id", "measure_id", "member_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "promised", "promised_yuan", "removed_because", "removed_by_id", "removed_on") SELECT new_values."added_by_id", new_values."added_on", new_values."division", new_values."household_id", new_values."id", new_values."measure_id", new_values."member_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."project_id", new_values."promised", new_values."promised_yuan", new_values."removed_because", new_values."removed_by_id", new_values."removed_on" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="7ef75ab895fdc197c96c8b15c5f5a3c8bb625523",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_2cc55",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="projects_projecthousehold",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="projectstep",
            constraint=models.UniqueConstraint(fields=("project", "position"), name="projectstep_position"),
        ),
        migrations.AddIndex(
            model_name="projectvillage",
            index=models.Index(fields=["division", "project"], name="projectvillage_division"),
        ),
        migrations.AddConstraint(
            model_name="projectvillage",
            constraint=models.UniqueConstraint(
                fields=("project", "division"),
                name="projectvillage_once",
                violation_error_message="该村已是项目村",
            ),
        ),
    ]
