"""Codes of a household: CL01–CL03, CL14–CL17, CL24."""

from typing import Final

from django.db import models


class IdentificationStandard(models.TextChoices):
    """CL01 识别标准: whose poverty line the household was identified by."""

    NATIONAL = "1", "国家标准"
    PROVINCIAL = "2", "省定标准"
    CITY = "3", "市定标准"


class PoorType(models.TextChoices):
    """CL02 贫困户属性."""

    GENERAL = "01", "一般贫困户"
    DIBAO_POOR = "02", "低保贫困户"
    DIBAO = "03", "低保户"
    WUBAO = "04", "五保户"


class Cause(models.TextChoices):
    """CL03 致贫原因: main, other and relapse causes alike; the 2014 list ends at 12."""

    ILLNESS = "01", "因病"
    DISABILITY = "02", "因残"
    SCHOOLING = "03", "因学"
    DISASTER = "04", "因灾"
    NO_LAND = "05", "缺土地"
    NO_WATER = "06", "缺水"
    NO_SKILL = "07", "缺技术"
    NO_LABOUR = "08", "缺劳力"
    NO_CAPITAL = "09", "缺资金"
    POOR_TRANSPORT = "10", "交通条件落后"
    LOW_MOTIVATION = "11", "自身发展动力不足"
    OTHER = "12", "其他"


class RoadType(models.TextChoices):
    """CL14 入户路类型."""

    EARTH = "01", "泥土路"
    GRAVEL = "02", "砂石路"
    CONCRETE = "03", "水泥路"
    ASPHALT = "04", "沥青路"


class FuelType(models.TextChoices):
    """CL15 主要燃料类型."""

    FIREWOOD = "01", "柴草"
    DUNG = "02", "干畜粪"
    COAL = "03", "煤炭"
    CLEAN = "04", "清洁能源"
    OTHER = "99", "其他"


class DangerLevel(models.TextChoices):
    """CL16 住房危房等级; C and D make the household a 危房户."""

    A = "1", "A级(结构安全)"
    B = "2", "B级(个别构件危险,主体安全)"
    C = "3", "C级(局部危房)"
    D = "4", "D级(整幢危房)"
    NOT_ASSESSED = "9", "未鉴定"


class HouseStructure(models.TextChoices):
    """CL17 房屋结构."""

    REINFORCED_CONCRETE = "1", "钢混"
    BRICK_CONCRETE = "2", "砖混"
    BRICK_TIMBER = "3", "砖木"
    EARTH_TIMBER = "4", "土木/土坯"
    BRICK_CAVE = "5", "窑洞(砖石窑)"
    EARTH_CAVE = "6", "窑洞(土窑)"
    OTHER = "9", "其他"


class HouseholdStatus(models.TextChoices):
    """CL24 户状态 (procedures §4.1)."""

    DRAFT = "D", "草稿"
    APPLIED = "A", "已申请"
    DELIBERATED = "M", "已评议(通过)"
    DELIBERATION_FAILED = "M-", "评议未通过"
    FIRST_NOTICE = "P1", "第一次公示中"
    VILLAGE_REPORTED = "V", "村上报"
    TOWNSHIP_PASSED = "T", "乡镇审核通过"
    SECOND_NOTICE = "P2", "第二次公示中"
    COUNTY_PASSED = "C", "县级复审通过"
    REGISTERED = "N", "在册"
    EXIT_NOMINATED = "X1", "拟脱贫"
    EXIT_DELIBERATED = "X2", "退出评议通过"
    EXIT_VERIFIED = "X3", "退出已核实"
    EXIT_ACCEPTED = "X4", "农户已认可"
    EXIT_NOTICE = "XP", "退出公示中"
    EXITED = "O", "已脱贫"
    RELAPSE_REVIEW = "R", "返贫待复核"
    REMOVED = "K", "错评清退"
    CLOSED = "Z", "自然注销"
    OBJECTION = "S", "异议中"


DANGEROUS_LEVELS: Final = frozenset({DangerLevel.C.value, DangerLevel.D.value})
"""CL16: the levels that make a 危房户."""
