"""Parameters of the rules of money (funds F-01 to F-17). Where the policy gives no number, the source says whose it is."""

from typing import Final

from fupin.policy.figures import Figure, figure_since as _figure

_ALLOTMENT: Final = (
    _figure("block_share_over", 50, "%", "切块到县的资金占总额须大于", "§5“主要资金切块到县”；funds F-01"),
    _figure("unit_yuan", "100.00", "元", "分配取整的单位", "funds F-01：0.01 万元"),
    _figure("exempt_share_most", 10, "%", "须省级审批的项目占比告警", "§6“少量”；funds F-04（本系统自定）"),
    _figure("grade_a_from", 90, "分", "考核得 A 等的最低分", "funds F-02 例"),
    _figure("grade_b_from", 80, "分", "考核得 B 等的最低分", "funds F-02 例"),
    _figure("grade_c_from", 60, "分", "考核得 C 等的最低分，再低为 D", "本系统自定"),
    _figure("grade_a_part", "1.0", "", "A 等的奖励系数", "funds F-02 例"),
    _figure("grade_b_part", "0.6", "", "B 等的奖励系数", "funds F-02 例"),
    _figure("grade_c_part", "0", "", "C 等的奖励系数", "funds F-02 例"),
    _figure("grade_d_part", "0", "", "D 等的奖励系数", "比照 C 等"),
    _figure("named_part", "0", "", "被约谈、问责的县的奖励系数", "funds F-02"),
)

_TIME: Final = (
    _figure("placing_days", 30, "日", "县级把资金落实到项目的天数", "§6“及时”；funds F-04：湖北例 30 日"),
    _figure("return_base", 1, "", "归还年度从哪年起算：1 到位年，2 认定年", "funds F-05：缺省到位年"),
    _figure("carry_max_years", 2, "年", "连续结转几年收回", "国办发〔2014〕70号，通行说法，待核"),
    _figure("overdue_return_pauses", 1, "", "逾期未归还暂停新项目：1 是，0 否", "funds F-05（本系统自定）"),
    _figure("overdue_return_points", 0, "分", "逾期未归还下年绩效因素扣分", "funds F-05 未给数，定前不扣"),
)

_USE: Final = (
    _figure("private_run_most", 50, "%", "民办公助：补助占投资最多", "funds F-02 未给数（本系统自定）"),
    _figure("eagerness_weight", 1, "", "优先排序：积极性的权重", "§5；三项并重（本系统自定）"),
    _figure("work_weight", 1, "", "优先排序：扶贫工作的权重", "§5；三项并重（本系统自定）"),
    _figure("regularity_weight", 1, "", "优先排序：资金使用规范的权重", "§5；三项并重（本系统自定）"),
)

_FINANCE: Final = (
    _figure(
        "interest_household",
        "5.00",
        "%",
        "到户贷款贴息率（年）",
        "勐海县“扶贫到户贷款贴息”，云贫开办发〔2014〕177号",
    ),
    _figure("interest_project", "3.00", "%", "项目贷款贴息率（年）", "通行说法，待核"),
    _figure("interest_household_most", 50_000, "元", "每户每年贴息的本金上限", "云贫开办发〔2014〕177号"),
    _figure("interest_household_years", 1, "年", "到户贷款贴息最长", "云贫开办发〔2014〕177号"),
    _figure("interest_year_days", 360, "日", "不足一年的日基数", "funds F-10（本系统自定）"),
    _figure("village_join_least", 100, "元", "入社最低交纳", "南江办法"),
    _figure("village_join_most", 500, "元", "入社最高交纳", "南江办法"),
    _figure("village_members_total", 20_000, "元", "社员交纳总额告警", "南江办法"),
    _figure("village_first_loan_most", 5000, "元", "首次借款上限", "陇县办法"),
    _figure("village_loan_most", 10_000, "元", "借款上限", "陇县办法"),
    _figure("village_loan_months", 12, "月", "借款最长期限", "陇县办法"),
    _figure("village_guarantors", 2, "人", "小组联保的其他社员至少", "陇县办法“小组联保”，人数本系统自定"),
    _figure(
        "village_dividend",
        0,
        "",
        "村级互助资金可否分红：1 可，0 否",
        "云南办法；与§13“入股”措辞冲突，缺省不分",
    ),
    _figure("risk_share", 70, "%", "扶贫贷款风险补偿比例", "§13“一定比例”；funds F-12 例"),
    _figure(
        "guarantee_multiple", 10, "倍", "在保余额为净资产的倍数上限", "融资性担保公司管理办法，通行说法，待核"
    ),
)

_PEOPLE: Final = (
    _figure("relocation_gains_over", 50, "%", "节余用地收益补助搬迁贫困户的占比须大于", "§27“大部分”"),
    _figure("training_first_part", 50, "%", "培训补助完训时付的部分", "funds F-15（本系统自定）"),
    _figure("donation_month", 10, "月", "扶贫济困日：月", "国家扶贫日；省定日期未见", since=2014),
    _figure("donation_day", 17, "日", "扶贫济困日：日", "国家扶贫日；省定日期未见", since=2014),
    _figure(
        "donation_publish_days", 30, "日", "季后几日内公开捐赠收支", "funds F-08“按季公开”（本系统自定）"
    ),
)

MONEY: Final[tuple[Figure, ...]] = (*_ALLOTMENT, *_TIME, *_USE, *_FINANCE, *_PEOPLE)
"""Parameters of the rules of money."""
