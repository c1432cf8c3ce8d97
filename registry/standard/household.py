"""贫困户登记表 (data standard §3): the household in a year, its income, living conditions, relocation."""

from decimal import Decimal
from typing import Final

from registry.standard.fields import Field, table

FIRST_YEAR: Final = 2013
LAST_EXIT_YEAR: Final = 2020

HOUSEHOLD_YEAR: Final = table(
    Field("year", "年度", "year", "Y", nat_code="AAR040", low=FIRST_YEAR),
    Field("household_no", "户编号", "str", "D", nat_code="AAC001", digits=16, note="系统编号，终身不变"),
    Field(
        "village_code", "省市县乡村", "str", "Y", nat_code="AAR006", digits=12, note="村级200–399或400–599段"
    ),
    Field("natural_village", "村民小组/自然村", "str", "Y", digits=50),
    Field("address", "家庭住址", "str", "Y", digits=200),
    Field("head_name", "户主姓名", "str", "D", nat_code="AAC029", digits=50, note="与户主关系为01的成员"),
    Field("phone", "联系电话", "str", "Y", nat_code="AAR012", digits=20),
    Field("bank_name", "开户银行", "str", "C", nat_code="AAQ002", digits=60, note="首次列入发放名单时必填"),
    Field("bank_account", "银行账号", "str", "C", nat_code="AAC004", digits=30, note="户名须为本户成员"),
    Field("id_standard", "识别标准", "enum", "Y", codes="CL01"),
    Field("poor_type", "贫困户属性", "enum", "Y", codes="CL02", nat_code="AAC006"),
    Field("cause_main", "主要致贫原因", "enum", "Y", codes="CL03", nat_code="AAC007", rule="R-18"),
    Field("cause_other", "其他致贫原因", "enums", "N", codes="CL03", nat_code="AAC008", note="最多2项"),
    Field("cause_note", "致贫原因说明", "str", "C", digits=500, note="主要致贫原因为12时必填"),
    Field("member_count", "家庭人口数", "int", "D", nat_code="AAC017", unit="人"),
    Field("first_identified_year", "首次识别年度", "year", "D", nat_code="AAR041", note="公告时由系统记"),
    Field("exit_year", "脱贫年度", "year", "C", nat_code="AAC016", low=FIRST_YEAR, note="已脱贫必填"),
    Field("relapse_year", "返贫年度", "year", "C", nat_code="AAC024", low=FIRST_YEAR, note="返贫户必填"),
    Field("relapse_cause", "返贫原因", "enum", "C", codes="CL03", nat_code="AAC009", note="返贫户必填"),
    Field("plan_exit_year", "计划脱贫年度", "year", "Y", nat_code="A4", low=FIRST_YEAR, high=LAST_EXIT_YEAR),
    Field("is_martyr_family", "是否军烈属", "bool", "N", nat_code="AAC012"),
    Field("is_one_child", "独生子女户", "bool", "N"),
    Field("is_two_girls", "双女户", "bool", "N"),
    Field("is_zero_employment", "是否零就业家庭", "bool", "D"),
    Field("photo", "户主照片", "file", "Y", attached=True),
    Field("sign_file", "农户签字", "file", "Y", attached=True),
    Field("filler", "填表人", "str", "Y", digits=50, note="缺省为登录人", defaulted=True),
    Field("fill_date", "填表日期", "date", "Y", note="缺省为当日", defaulted=True),
)
"""§3.1 基本情况."""

INCOME: Final = table(
    Field("wage_income", "工资性收入", "money", "Y", nat_code="AAC073"),
    Field("business_income", "生产经营性收入", "money", "Y", nat_code="AAC071"),
    Field("property_income", "财产性收入", "money", "Y", nat_code="AAC072"),
    Field("transfer_income", "转移性收入", "money", "D", nat_code="AAC085"),
    Field("tr_family_planning", "计划生育金", "money", "Y", nat_code="AAC076"),
    Field("tr_dibao", "低保金", "money", "Y", nat_code="AAC077"),
    Field("tr_wubao", "五保金", "money", "Y", nat_code="AAC086"),
    Field("tr_pension", "养老保险金", "money", "Y", nat_code="AAC087"),
    Field("tr_eco", "生态补偿金", "money", "Y", nat_code="AAC078"),
    Field("tr_other", "其他转移性收入", "money", "Y", nat_code="AAC083"),
    Field("business_expense", "生产经营性支出", "money", "Y", nat_code="AAC074"),
    Field("gross_income", "家庭总收入", "money", "D", nat_code="AAC081"),
    Field("net_income", "家庭纯收入", "money", "D", nat_code="AAC079"),
    Field("net_income_pc", "人均纯收入", "money", "D", nat_code="AAC082"),
)
"""§3.2 收入支出, yuan in the year."""

CONDITION: Final = table(
    Field("arable_area", "耕地面积", "mu", "Y", nat_code="AAC301"),
    Field("irrigated_area", "有效灌溉面积", "mu", "Y", nat_code="AAC302"),
    Field("forest_area", "林地面积", "mu", "Y", nat_code="AAC303"),
    Field("returned_forest_area", "退耕还林面积", "mu", "Y", nat_code="AAC304"),
    Field("fruit_area", "林果面积", "mu", "Y", nat_code="AAC305"),
    Field("pasture_area", "牧草地面积", "mu", "Y", nat_code="AAC306"),
    Field("water_area", "水面面积", "mu", "Y", nat_code="AAC307"),
    Field("has_prod_power", "是否通生产用电", "bool", "Y", nat_code="AAC308", rule="R-19"),
    Field("has_life_power", "是否通生活用电", "bool", "Y", nat_code="AAC313", rule="R-19"),
    Field("has_tv", "是否通广播电视", "bool", "Y", nat_code="AAC314"),
    Field("water_difficult", "饮水是否困难", "bool", "Y", nat_code="AAC311", rule="R-19", note="CL18"),
    Field("water_safe", "饮水是否安全", "bool", "Y", nat_code="AAC312", rule="R-19"),
    Field("tap_water", "自来水是否入户", "bool", "Y"),
    Field("has_broadband", "是否通宽带", "bool", "N"),
    Field("road_distance", "与村主干路距离", "km", "Y", nat_code="AAC315", rule="R-19"),
    Field("road_type", "入户路类型", "enum", "Y", codes="CL14", nat_code="AAC316", rule="R-19"),
    Field("house_area", "住房面积", "m2", "Y", nat_code="AAC317", rule="R-19"),
    Field("house_structure", "房屋结构", "enum", "N", codes="CL17"),
    Field("is_dangerous", "是否危房户", "bool", "D", nat_code="AAC318", note="危房等级为C、D级"),
    Field("danger_level", "危房等级", "enum", "Y", codes="CL16", nat_code="AAC322"),
    Field("danger_appraiser", "危房鉴定机构", "str", "C", digits=100, note="C、D级申请时另交", attached=True),
    Field("danger_appraised_on", "危房鉴定日期", "date", "C", note="C、D级申请时另交", attached=True),
    Field("danger_report", "危房鉴定报告", "file", "C", note="C、D级申请时另交", attached=True),
    Field("renovate_year", "危改年度", "year", "C"),
    Field("renovate_subsidy", "危改补助额", "money", "C"),
    Field("fuel_type", "主要燃料类型", "enum", "Y", codes="CL15", nat_code="AAC320", rule="R-19"),
    Field("fuel_other", "其他燃料名称", "str", "N", digits=20, note="主要燃料类型为99时填"),
    Field("has_toilet", "有无卫生厕所", "bool", "Y", nat_code="AAC319", rule="R-19"),
    Field("in_coop", "是否加入农民专业合作组织", "bool", "Y", nat_code="AAC084", rule="R-19"),
    Field("coop_code", "合作社代码", "str", "N", digits=18, note="加入合作组织时填"),
    Field("has_leading_ent", "是否有龙头企业带动", "bool", "Y", nat_code="AAC088"),
    Field("leading_ent_code", "带动企业或项目号", "str", "N", digits=30, note="有龙头企业带动时填"),
    Field("has_leader", "是否有致富带头人带动", "bool", "N", nat_code="AAC089"),
    Field("in_mutual_fund", "是否加入村级互助资金", "bool", "Y"),
    Field("is_credit_household", "是否信用户", "bool", "N"),
)
"""§3.3 生产生活条件."""

RELOCATION: Final = table(
    Field("willing", "搬迁意愿", "bool", "Y", nat_code="AAC40"),
    Field("mode", "搬迁方式", "enum", "N", codes="CL19.mode"),
    Field("form", "安置方式", "enum", "N", codes="CL19"),
    Field("place", "安置地", "enum", "N", codes="CL19.place"),
    Field("old_homestead_area", "旧宅基地面积", "mu", "N"),
    Field("reclaimed", "旧宅基地是否复垦", "bool", "N"),
    Field("reclaimed_to", "复垦为", "enum", "C", codes="reclaimed_to", note="已复垦时填"),
    Field("persons", "搬迁人数", "int", "N", unit="人"),
    Field("build_area", "建房面积", "m2", "N"),
    Field("build_cost", "建房成本", "money", "N"),
    Field("own_funds", "自筹资金", "money", "N"),
    Field("new_address", "新址地址", "str", "N", digits=200),
    Field("moved_in_on", "入住日期", "date", "N"),
    Field("demolished_on", "旧房拆除日期", "date", "N"),
    Field("follow_up", "后续措施", "enum", "C", codes="follow_up", note="已定安置地时必填其一(§26)"),
)
"""§3.4 易地搬迁 (§25–27); subsidies by channel are rows of their own."""

INCOME_PARTS: Final = ("wage_income", "business_income", "property_income")
TRANSFER_PARTS: Final = (
    "tr_family_planning",
    "tr_dibao",
    "tr_wubao",
    "tr_pension",
    "tr_eco",
    "tr_other",
)
"""The six kinds of transfer income whose sum is 转移性收入."""

LAND_LIMIT_PER_HEAD: Final = {"arable_area": Decimal(50), "forest_area": Decimal(70)}
"""R-81: 亩 a head above which the area is doubted."""

ROAD_DISTANCE_LIMIT: Final = Decimal(50)
"""R-81: km to the village's main road above which the distance is doubted."""
