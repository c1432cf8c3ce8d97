"""The shapes that the API answers and takes, built from the data standard."""

from typing import Any, Final

from rest_framework import serializers

from registry.api.fields import StandardField, serializer, standard_fields
from registry.codes import HouseholdStatus
from registry.forms.income_lines import LineForm
from registry.models.income import AMOUNTS
from registry.standard.fields import Field, by_name
from registry.standard.household import CONDITION, HOUSEHOLD_YEAR, INCOME, RELOCATION
from registry.standard.labourer import CERTIFICATE, LABOURER, TRAINING
from registry.standard.member import MEMBER
from registry.standard.village import VILLAGE_YEAR

SUBSIDY: Final = (
    Field("channel", "渠道", "str", "Y", digits=20),
    Field("amount", "金额", "money", "Y"),
    Field("year", "年度", "year", "N"),
)

READ: Final[dict[str, Any]] = {"read_only": True}
_FIELDS: Final = by_name(HOUSEHOLD_YEAR)


WARNING = serializer(
    "Warning",
    {
        "rule": serializers.CharField(help_text="规则号，如 R-41"),
        "field": serializers.CharField(help_text="字段路径，如 members[2].labor"),
        "message": serializers.CharField(),
    },
    doc="一条提示：不拦截，等说明。",
)
ERROR_LINE = serializer(
    "Error",
    {
        "field": serializers.CharField(allow_blank=True, help_text="字段路径；与整张卡有关的为空"),
        "rule": serializers.CharField(allow_blank=True, help_text="数据标准的规则号，没有的为空"),
        "message": serializers.CharField(),
    },
    doc="一处错误。",
)
ERRORS = serializer("Errors", {"errors": ERROR_LINE(many=True)}, doc="全部错误，一次列出。")
CONFLICT_LINE = serializer(
    "ConflictField",
    {
        "field": serializers.CharField(help_text="字段路径"),
        "label": serializers.CharField(help_text="字段名称"),
        "base": serializers.CharField(help_text="您开始时的值"),
        "theirs": serializers.CharField(help_text="现在的值"),
        "mine": serializers.CharField(help_text="您提交的值"),
        "who": serializers.CharField(help_text="改动的人"),
        "at": serializers.DateTimeField(allow_null=True, help_text="改动的时间"),
    },
    doc="两人填得不同的一个字段，号码掩码。",
)


def _write_only() -> dict[str, serializers.Field[Any, Any, Any, Any]]:
    reasons = serializers.DictField(
        child=serializers.CharField(max_length=500),
        required=False,
        help_text="对提示的说明：键为规则号，或“规则号 字段路径”；值为理由",
    )
    return {"confirmed_warnings": reasons}


def _versioned() -> dict[str, serializers.Field[Any, Any, Any, Any]]:
    return {
        "version": serializers.IntegerField(
            required=False, allow_null=True, help_text="修改时带上所依据的版本；本年度还没有卡的不带"
        ),
        "updated_at": serializers.DateTimeField(**READ),
        "warnings": WARNING(many=True, **READ),
    }


INCOME_LINE = serializer(
    "IncomeLine",
    {"kind": serializers.ChoiceField(choices=AMOUNTS, help_text="所属收入项")},
    standard_fields(LineForm.table),
    doc="收入明细的一行：有数量和单价的，金额应为二者之积。",
)
INCOME_PART = serializer(
    "Income",
    standard_fields(INCOME),
    {"lines": INCOME_LINE(many=True, required=False)},
    doc="收入支出（元）：填各项金额，或填明细，明细之和即金额。",
)
CONDITION_PART = serializer("Condition", standard_fields(CONDITION), doc="生产生活条件。")
SUBSIDY_LINE = serializer("RelocationSubsidy", standard_fields(SUBSIDY), doc="易地搬迁的一笔补助。")
RELOCATION_PART = serializer(
    "Relocation",
    standard_fields(RELOCATION),
    {"subsidies": SUBSIDY_LINE(many=True, required=False)},
    doc="易地搬迁。",
)
MEMBER_PART = serializer(
    "HouseholdMember",
    standard_fields(MEMBER, typed=("member_no", "birth_date")),
    doc="家庭成员。证件号码收全号，答掩码；掩码送回即不变。",
)
HOUSEHOLD = serializer(
    "Household",
    standard_fields(HOUSEHOLD_YEAR, without=("exit_year", "relapse_year", "relapse_cause")),
    {
        "status": serializers.ChoiceField(choices=HouseholdStatus.choices, **READ),
        "url": serializers.URLField(**READ),
        "exit_year": StandardField(_FIELDS["exit_year"], **READ),
        "relapse_year": StandardField(_FIELDS["relapse_year"], **READ),
        "relapse_cause": StandardField(_FIELDS["relapse_cause"], **READ),
        "income": INCOME_PART(),
        "condition": CONDITION_PART(),
        "members": MEMBER_PART(many=True),
        "relocation": RELOCATION_PART(required=False, allow_null=True),
        "entry_key": serializers.UUIDField(
            required=False, write_only=True, help_text="由录入端生成；同一键送两次只成一户"
        ),
    },
    _versioned(),
    _write_only(),
    doc="贫困户某年度的户卡。",
)
MEMBER_ROW = serializer(
    "Member",
    {
        "household_no": serializers.CharField(**READ),
        "village_code": serializers.CharField(**READ),
        "year": serializers.IntegerField(**READ),
        "url": serializers.URLField(**READ),
    },
    standard_fields(MEMBER),
    {"is_labourer": serializers.BooleanField(help_text="按年龄、劳动能力、在校和现役推定", **READ)},
    doc="成员某年度的情况；改动请提交整张户卡。",
)
TRAINING_ROW = serializer("Training", standard_fields(TRAINING), doc="培训经历。")
CERTIFICATE_ROW = serializer("Certificate", standard_fields(CERTIFICATE), doc="技能证书。")
LABOURER_CARD = serializer(
    "Labourer",
    standard_fields(LABOURER),
    {
        "name": serializers.CharField(**READ),
        "url": serializers.URLField(**READ),
        "trainings": TRAINING_ROW(many=True, required=False),
        "certificates": CERTIFICATE_ROW(many=True, required=False),
    },
    _versioned(),
    _write_only(),
    doc="贫困劳动力某年度的卡。",
)
VILLAGE = serializer(
    "Village",
    {
        "village_code": serializers.CharField(**READ),
        "name": serializers.CharField(**READ),
        "path_name": serializers.CharField(help_text="省以下各级名称连写", **READ),
        "url": serializers.URLField(**READ),
    },
    doc="可建户卡的行政村（代码末三位 200–599）。",
)
VILLAGE_TABLE = serializer(
    "VillageYear",
    standard_fields(VILLAGE_YEAR, without=("village_code",)),
    {
        "village_code": serializers.CharField(**READ),
        "path_name": serializers.CharField(**READ),
        "url": serializers.URLField(**READ),
    },
    _versioned(),
    _write_only(),
    doc="村某年度的村表；贫困户数、人口由户卡汇总。",
)
CONFLICT = serializer(
    "Conflict",
    {
        "errors": ERROR_LINE(many=True),
        "base_version": serializers.IntegerField(help_text="您依据的版本"),
        "current_version": serializers.IntegerField(help_text="现在的版本"),
        "current": serializers.DictField(help_text="现在的内容"),
        "submitted": serializers.DictField(help_text="您提交的内容，号码掩码"),
        "conflicts": CONFLICT_LINE(many=True),
    },
    doc="已被他人改动：两个版本和逐字段的差别。",
)
