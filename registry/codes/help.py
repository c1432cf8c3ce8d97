"""Codes of help: CL20–CL22."""

from django.db import models


class UnitAffiliation(models.TextChoices):
    """CL20 单位隶属关系."""

    CENTRAL = "01", "中央"
    PROVINCE = "02", "省"
    CITY = "03", "市"
    COUNTY = "04", "县"
    TOWNSHIP = "05", "乡镇"
    MILITARY = "06", "部队"
    OTHER = "99", "其他"


class MeasureKind(models.TextChoices):
    """CL21 帮扶措施种类; the articles they come from stand in standard.crosswalk."""

    PROJECT_SUBSIDY = "01", "项目直补"
    INDUSTRY_COVERAGE = "02", "产业覆盖"
    TRAINING = "03", "就业培训"
    LOAN_INTEREST = "04", "贷款贴息"
    RELOCATION = "05", "易地扶贫搬迁"
    HOUSING = "06", "危房改造"
    MUTUAL_FUND = "07", "互助资金借款"
    ENTERPRISE_JOBS = "08", "企业带动就业增收"
    COOPERATIVE = "09", "专业合作组织带动"
    LEADING_FARMER = "10", "生产大户/农村经纪人带动"
    TECH_BACKBONE = "11", "农业技术骨干带动"
    RETURNEE = "12", "返乡就业扶持"
    LEADER_VILLAGE = "13", "领导包村增收项目"
    WORK_TEAM = "14", "驻村工作队帮扶项目"
    SCIENCE = "15", "科技服务"
    STUDENT_AID = "16", "教育资助(万人助学)"
    FAMILY_PLANNING = "17", "计生创业扶助"
    MEDICAL = "18", "医疗救助"
    DIBAO_LINK = "19", "低保五保衔接"
    DONATION = "20", "社会捐助"
    LAND_TRANSFER = "21", "土地流转收益"
    WATER = "22", "饮水"
    POWER = "23", "用电"
    ROAD = "24", "道路"
    BROADBAND = "25", "广电宽带"
    FOLLOW_UP_INDUSTRY = "26", "后续产业奖补"
    OTHER = "99", "其他"


class HelperEducation(models.TextChoices):
    """CL22 帮扶责任人学历."""

    JUNIOR = "1", "初中及以下"
    SENIOR = "2", "高中/中专"
    JUNIOR_COLLEGE = "3", "大专"
    BACHELOR = "4", "本科"
    GRADUATE = "5", "研究生"
