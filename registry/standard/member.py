"""家庭成员 (data standard §4)."""

from typing import Final

from registry.standard.fields import Field, table

MEMBER: Final = table(
    Field("member_no", "人编号", "str", "D", nat_code="AAB001", digits=18, note="系统编号"),
    Field("name", "姓名", "str", "Y", nat_code="AAB002", digits=50, note="2–25字，允许“·”"),
    Field("sex", "性别", "enum", "Y", codes="CL05", nat_code="AAB003"),
    Field("birth_date", "出生日期", "date", "D", nat_code="AAB005", note="由身份号码推导;无身份号码者须填"),
    Field("id_type", "证件类型", "enum", "Y", codes="CL04", nat_code="AAB018"),
    Field("id_no", "证件号码", "str", "Y", nat_code="AAB004", digits=22),
    Field("relation", "与户主关系", "enum", "Y", codes="CL06", nat_code="AAB006"),
    Field("ethnic", "民族", "enum", "Y", codes="CL07", nat_code="AAB007", rule="R-11"),
    Field("political", "政治面貌", "enum", "Y", codes="CL08", nat_code="AAK033"),
    Field("education", "文化程度", "enum", "C", codes="CL09", nat_code="AAB008", note="非在校生必填"),
    Field("student", "在校生状况", "enum", "C", codes="CL10", nat_code="AAB009", note="6–23岁必填"),
    Field("school", "就读学校", "str", "C", digits=100),
    Field("dropout_reason", "失学辍学原因", "str", "C", digits=100, note="6–15岁非在校必填"),
    Field("health", "健康状况", "enums", "Y", codes="CL11", nat_code="AAB017", rule="R-14"),
    Field("disability_no", "残疾证号", "str", "C", digits=22, note="残疾者填，20或22位"),
    Field("disease", "患病名称", "str", "C", nat_code="ABB001", digits=100, note="长期慢性病、大病者填"),
    Field("disease_level", "患病等级", "str", "C", nat_code="ABB002", digits=50),
    Field("labor", "劳动能力", "enum", "C", codes="CL12", nat_code="AAB010", note="16–65岁必填"),
    Field("work_area", "务工状况", "enum", "N", codes="CL13", nat_code="AAB011", note="未务工留空"),
    Field(
        "work_months", "务工时间", "int", "C", nat_code="AAB012", unit="月", low=0, high=12, range_rule="R-63"
    ),
    Field("work_org", "务工企业", "str", "N", nat_code="AAB029", digits=100),
    Field("work_place", "务工地点", "str", "N", nat_code="AAB025", digits=100),
    Field("in_ncms", "参加新农合", "bool", "Y", nat_code="AAB013"),
    Field("in_major_ins", "参加大病保险", "bool", "N", nat_code="AAB022"),
    Field("in_pension", "参加城乡居民养老保险", "bool", "C", nat_code="AAB014", note="16岁以上非在校者填"),
    Field("is_dibao", "享受农村低保", "bool", "Y", nat_code="AAB030"),
    Field("is_wubao", "五保供养", "bool", "Y", note="与享受农村低保互斥"),
    Field("is_soldier", "是否现役军人", "bool", "Y", nat_code="AAB019"),
    Field("phone", "联系电话", "str", "N", nat_code="AAB031", digits=20),
    Field("change_type", "变动类型", "enum", "C", codes="CL23"),
    Field("change_date", "变动日期", "date", "C", note="与变动类型同有同无"),
)
"""§4 a member in a year."""
