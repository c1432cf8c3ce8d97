"""贫困劳动力卡 (data standard §5; policy §1 “贫困劳动力逐个建档立卡”)."""

from typing import Final

from registry.standard.fields import Field, table

LABOURER: Final = table(
    Field("year", "年度", "year", "Y", low=2013),
    Field("member_no", "人编号", "str", "Y", digits=18),
    Field("household_no", "户编号", "str", "D", digits=16),
    Field("village_code", "省市县乡村", "str", "D", digits=12),
    Field("is_female", "是否妇女劳动力", "bool", "D"),
    Field("hukou", "户口性质", "enum", "Y", codes="hukou"),
    Field("emp_status", "就业失业类型", "enum", "Y", codes="emp_status"),
    Field("employer", "就业单位", "str", "C", digits=100, note="务工、公益岗必填"),
    Field("job", "工种", "str", "C", digits=50, note="务工、公益岗必填"),
    Field("job_addr", "单位地址", "str", "C", digits=200, note="务工、公益岗必填"),
    Field("project_no", "项目号", "str", "N", digits=30, note="属百企千村项目时填"),
    Field("contract", "劳动合同", "bool", "C", note="务工、公益岗填"),
    Field("contract_start", "合同起始日期", "date", "C", note="有劳动合同时填", may_come=True),
    Field("contract_end", "合同终止日期", "date", "C", may_come=True),
    Field("wage", "月工资", "money", "C", note="务工、公益岗填"),
    Field("emp_months", "年内就业月数", "int", "Y", unit="月", low=0, high=12),
    Field("longest_stay", "同一单位连续就业月数", "int", "N", unit="月", low=0, high=600),
    Field("stable_emp", "是否稳定就业", "bool", "D"),
    Field("work_area", "务工区域", "enum", "N", codes="CL13"),
    Field("unemp_reason", "未就业/失业原因", "str", "C", digits=200, note="失业、未就业必填"),
    Field("train_will", "培训意愿", "bool", "Y"),
    Field("train_job", "意愿工种", "str", "C", digits=50, note="愿意培训时填"),
    Field("train_time", "意愿培训时间", "str", "N", digits=50),
    Field("train_place", "意愿培训地点", "str", "N", digits=100),
    Field("job_will", "就业意愿行业", "str", "N", digits=50),
    Field("job_will_area", "就业意愿去向", "enum", "N", codes="CL13"),
    Field("job_will_wage", "期望薪资", "money", "N"),
    Field("certificate_note", "无证书说明", "str", "C", digits=200, note="技能劳动力无证书时填"),
    Field("plan", "劳动力帮扶计划", "str", "Y", digits=500),
    Field("measure", "劳动力帮扶措施", "str", "Y", digits=500),
    Field("is_away_youth", "外出青壮年", "bool", "D", note="16–45岁且在县外务工"),
    Field("return_will", "返乡意向", "bool", "N"),
    Field("is_tech_backbone", "农业技术骨干", "bool", "N"),
)
"""§5 the labourer in a year; trainings and certificates are rows of their own."""

TRAINING: Final = table(
    Field("institution", "培训机构", "str", "Y", digits=100),
    Field("job", "培训工种", "str", "Y", digits=50),
    Field("start", "培训起始日期", "date", "Y"),
    Field("end", "培训终止日期", "date", "Y"),
    Field("hours", "学时", "int", "N", unit="学时", high=10_000),
    Field("certificate_no", "证书号", "str", "N", digits=50),
    Field("subsidy", "补助额", "money", "N"),
    Field("is_thousand_villages", "是否“千村万人”", "bool", "Y"),
)
"""培训经历, a row each."""

CERTIFICATE: Final = table(
    Field("category", "证书类别", "str", "Y", digits=50),
    Field("job", "工种", "str", "Y", digits=50),
    Field("level", "等级", "str", "N", digits=20),
    Field("number", "号码", "str", "Y", digits=50),
    Field("issued_on", "日期", "date", "Y"),
)
"""技能证书, a row each."""
