"""Code lists CL01–CL27 of the data standard, and those of the labourer card.

A stored value is the official code, its label the official Chinese name. Lists that the standard gives
without codes (village tags, disasters, directions) are numbered here in its own order; 99 is 其他.
"""

from collections.abc import Mapping
from types import MappingProxyType
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


class IdType(models.TextChoices):
    """CL04 证件类型."""

    RESIDENT = "01", "居民身份证"
    OFFICER = "02", "军官证"
    DISABLED = "09", "残疾人证"
    NONE = "90", "无证件"


class Sex(models.TextChoices):
    """CL05 性别 (GB/T 2261.1)."""

    MALE = "1", "男"
    FEMALE = "2", "女"
    UNKNOWN = "9", "未说明"


class Relation(models.TextChoices):
    """CL06 与户主关系 (the national system's 21 items; GB/T 4761 codes in standard.crosswalk)."""

    HEAD = "01", "本人或户主"
    SPOUSE = "02", "配偶"
    SON = "03", "之子"
    DAUGHTER = "04", "之女"
    DAUGHTER_IN_LAW = "05", "之儿媳"
    SON_IN_LAW = "06", "之女婿"
    SONS_SON = "07", "之孙子"
    SONS_DAUGHTER = "08", "之孙女"
    DAUGHTERS_SON = "09", "之外孙子"
    DAUGHTERS_DAUGHTER = "10", "之外孙女"
    FATHER = "11", "之父"
    MOTHER = "12", "之母"
    WIFES_FATHER = "13", "之岳父"
    WIFES_MOTHER = "14", "之岳母"
    HUSBANDS_FATHER = "15", "之公公"
    HUSBANDS_MOTHER = "16", "之婆婆"
    FATHERS_FATHER = "17", "之祖父"
    FATHERS_MOTHER = "18", "之祖母"
    MOTHERS_FATHER = "19", "之外祖父"
    MOTHERS_MOTHER = "20", "之外祖母"
    OTHER = "99", "其他"


class Ethnic(models.TextChoices):
    """CL07 民族 (GB 3304-91 numbers; its letters in standard.crosswalk)."""

    HAN = "01", "汉族"
    MONGOL = "02", "蒙古族"
    HUI = "03", "回族"
    TIBETAN = "04", "藏族"
    UYGUR = "05", "维吾尔族"
    MIAO = "06", "苗族"
    YI = "07", "彝族"
    ZHUANG = "08", "壮族"
    BOUYEI = "09", "布依族"
    KOREAN = "10", "朝鲜族"
    MANCHU = "11", "满族"
    DONG = "12", "侗族"
    YAO = "13", "瑶族"
    BAI = "14", "白族"
    TUJIA = "15", "土家族"
    HANI = "16", "哈尼族"
    KAZAK = "17", "哈萨克族"
    DAI = "18", "傣族"
    LI = "19", "黎族"
    LISU = "20", "傈僳族"
    VA = "21", "佤族"
    SHE = "22", "畲族"
    GAOSHAN = "23", "高山族"
    LAHU = "24", "拉祜族"
    SUI = "25", "水族"
    DONGXIANG = "26", "东乡族"
    NAXI = "27", "纳西族"
    JINGPO = "28", "景颇族"
    KIRGIZ = "29", "柯尔克孜族"
    TU = "30", "土族"
    DAUR = "31", "达斡尔族"
    MULAO = "32", "仫佬族"
    QIANG = "33", "羌族"
    BLANG = "34", "布朗族"
    SALAR = "35", "撒拉族"
    MAONAN = "36", "毛南族"
    GELAO = "37", "仡佬族"
    XIBE = "38", "锡伯族"
    ACHANG = "39", "阿昌族"
    PUMI = "40", "普米族"
    TAJIK = "41", "塔吉克族"
    NU = "42", "怒族"
    UZBEK = "43", "乌孜别克族"
    RUSSIAN = "44", "俄罗斯族"
    EWENKI = "45", "鄂温克族"
    DEANG = "46", "德昂族"
    BONAN = "47", "保安族"
    YUGUR = "48", "裕固族"
    GIN = "49", "京族"
    TATAR = "50", "塔塔尔族"
    DERUNG = "51", "独龙族"
    OROQEN = "52", "鄂伦春族"
    HEZHEN = "53", "赫哲族"
    MONBA = "54", "门巴族"
    LHOBA = "55", "珞巴族"
    JINO = "56", "基诺族"
    OTHER = "97", "其他"
    FOREIGN_DESCENT = "98", "外国血统"


class Political(models.TextChoices):
    """CL08 政治面貌 (GB/T 4762)."""

    PARTY_MEMBER = "01", "中共党员"
    PROBATIONARY_MEMBER = "02", "中共预备党员"
    YOUTH_LEAGUE = "03", "共青团员"
    REVOLUTIONARY_COMMITTEE = "04", "民革"
    DEMOCRATIC_LEAGUE = "05", "民盟"
    NATIONAL_CONSTRUCTION = "06", "民建"
    PROMOTING_DEMOCRACY = "07", "民进"
    PEASANTS_AND_WORKERS = "08", "农工党"
    ZHI_GONG = "09", "致公党"
    JIUSAN_SOCIETY = "10", "九三学社"
    TAIWAN_LEAGUE = "11", "台盟"
    INDEPENDENT = "12", "无党派"
    MASSES = "13", "群众"


class Education(models.TextChoices):
    """CL09 文化程度: highest level completed."""

    ILLITERATE = "01", "文盲或半文盲"
    PRIMARY = "02", "小学"
    JUNIOR = "03", "初中"
    SENIOR = "04", "高中(含中职)"
    COLLEGE = "05", "大专及以上"
    PRESCHOOL_CHILD = "06", "学龄前儿童"


class Student(models.TextChoices):
    """CL10 在校生状况."""

    NOT_AT_SCHOOL = "01", "非在校生"
    PRESCHOOL = "02", "学前教育"
    PRIMARY = "03", "小学"
    GRADE_7 = "04", "七年级"
    GRADE_8 = "05", "八年级"
    GRADE_9 = "06", "九年级"
    SENIOR_1 = "07", "高一"
    SENIOR_2 = "08", "高二"
    SENIOR_3 = "09", "高三"
    VOCATIONAL_1 = "10", "中职一"
    VOCATIONAL_2 = "11", "中职二"
    VOCATIONAL_3 = "12", "中职三"
    HIGHER_VOCATIONAL_1 = "13", "高职一"
    HIGHER_VOCATIONAL_2 = "14", "高职二"
    HIGHER_VOCATIONAL_3 = "15", "高职三"
    COLLEGE = "16", "大专及以上"


class Health(models.TextChoices):
    """CL11 健康状况: a set on each member; 健康 excludes the others."""

    HEALTHY = "01", "健康"
    CHRONIC = "02", "长期慢性病"
    SERIOUS = "03", "患有大病"
    DISABLED = "04", "残疾"


class Labor(models.TextChoices):
    """CL12 劳动能力(劳动技能)."""

    ORDINARY = "01", "普通劳动力"
    SKILLED = "02", "技能劳动力"
    LOST = "03", "丧失劳动力"
    NONE = "04", "无劳动力"


class WorkArea(models.TextChoices):
    """CL13 务工状况(务工区域); not working away is an empty value."""

    TOWNSHIP = "01", "乡(镇)内务工"
    COUNTY = "02", "乡(镇)外县内务工"
    PROVINCE = "03", "县外省内务工"
    OUTSIDE = "04", "省外务工"
    OTHER = "99", "其他(含境外)"


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


class ResettlementForm(models.TextChoices):
    """CL19 安置方式."""

    CONCENTRATED = "1", "集中"
    SCATTERED = "2", "分散"


class ResettlementPlace(models.TextChoices):
    """CL19 安置地 (§25)."""

    COUNTY_TOWN = "a", "县城周边新区"
    SUBURB_OR_TOWN = "b", "城郊/中心镇"
    CENTRAL_VILLAGE = "c", "中心村"
    OWN_CHOICE = "d", "自主选择(分散)"
    OTHER = "e", "其他"


class RelocationMode(models.TextChoices):
    """CL19 搬迁方式."""

    WHOLE_VILLAGE = "01", "行政村整体"
    WHOLE_HAMLET = "02", "自然村整体"
    SINGLE = "03", "个别搬迁"


class ReclaimedTo(models.TextChoices):
    """旧宅基地复垦去向 (§10)."""

    ARABLE = "1", "耕地"
    OTHER_FARMLAND = "2", "其他农用地"


class FollowUp(models.TextChoices):
    """搬迁后续措施 (§26)."""

    TRAINING = "1", "二三产就业培训"
    INDUSTRY = "2", "产业项目"


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


class ChangeType(models.TextChoices):
    """CL23 人口变动原因; LEAVING_CHANGES are those by which a member leaves."""

    DEATH = "01", "死亡"
    MARRIED_OUT = "02", "嫁出"
    SETTLED_ABROAD = "03", "出国定居"
    IMPRISONED = "04", "判刑收监"
    MARRIED_IN = "05", "嫁入"
    NEWBORN = "06", "新生儿"
    MOVED_IN = "07", "其他转入"
    MOVED_OUT = "08", "其他转出"


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


class VillageStatus(models.TextChoices):
    """贫困村状态 (procedures §3)."""

    DRAFT = "VD", "草稿"
    APPLIED = "VA", "村申请"
    TOWNSHIP_PASSED = "VT", "乡镇审核"
    TOWNSHIP_NOTICE = "VP", "乡镇公示"
    COUNTY_REVIEWED = "VC", "县扶贫办复核"
    GROUP_APPROVED = "VG", "县领导小组审定"
    REGISTERED = "VN", "已公告"
    EXIT_PROPOSED = "VX", "拟退出"
    EXIT_NOTICE = "VXP", "退出公示中"
    EXITED = "VO", "已退出"


class VillageAttr(models.TextChoices):
    """CL25 村属性."""

    POOR = "1", "贫困村"
    NOT_POOR = "2", "非贫困村"


class VillageTag(models.TextChoices):
    """CL25 村标签 (several may hold)."""

    ETHNIC_MINORITY = "01", "少数民族聚居村"
    PROGRAMME_DONE = "02", "整村推进村(已实施)"
    PROGRAMME_RUNNING = "03", "整村推进村(正在实施)"
    PROGRAMME_NOT_YET = "04", "整村推进村(未实施)"
    MUTUAL_FUND = "05", "互助资金组织村"
    OLD_REVOLUTIONARY_AREA = "06", "革命老区村"


class Landform(models.TextChoices):
    """CL26 地形地貌."""

    MOUNTAIN = "1", "山区"
    HILLS = "2", "丘陵"
    PLAIN = "3", "平川"


class DevelopmentTag(models.TextChoices):
    """CL26 发展方向标签 (§22); the direction itself is free text."""

    LIVESTOCK = "01", "牛羊规模养殖加工"
    FACILITY_FARMING = "02", "设施农业"
    HERBS = "03", "中药材"
    MINOR_GRAINS = "04", "小杂粮"
    SALINE_LAND = "05", "盐碱地开发"
    TOURISM = "06", "乡村旅游"
    FARM_PARK = "07", "特色农业园区"


class Disaster(models.TextChoices):
    """CL27 自然灾害 of the year before."""

    DROUGHT = "01", "旱灾"
    FLOOD = "02", "洪涝"
    PESTS = "03", "病虫害"
    FROST = "04", "冰冻"
    DRY_HOT_WIND = "05", "干热风"
    ANIMAL_EPIDEMIC = "06", "动物疫病"
    LANDSLIDE = "07", "泥石流滑坡"
    EARTHQUAKE = "08", "地震"
    OTHER = "99", "其他"


class Hukou(models.TextChoices):
    """户口性质 of a labourer (data standard §5)."""

    AGRICULTURAL = "1", "农业"
    NON_AGRICULTURAL = "2", "非农"


class EmploymentStatus(models.TextChoices):
    """就业失业类型 of a labourer (data standard §5)."""

    FARMING = "1", "务农"
    WORKING_AWAY = "2", "务工"
    SELF_EMPLOYED = "3", "自主创业"
    PUBLIC_JOB = "4", "公益岗"
    FLEXIBLE = "5", "灵活就业"
    UNEMPLOYED = "6", "失业"
    NOT_EMPLOYED = "7", "未就业"


LEAVING_CHANGES: Final = frozenset(
    {
        ChangeType.DEATH.value,
        ChangeType.MARRIED_OUT.value,
        ChangeType.SETTLED_ABROAD.value,
        ChangeType.IMPRISONED.value,
        ChangeType.MOVED_OUT.value,
    }
)
"""CL23 减: a member so marked keeps his history and is not counted at the year's end."""

DANGEROUS_LEVELS: Final = frozenset({DangerLevel.C.value, DangerLevel.D.value})
"""CL16: the levels that make a 危房户."""

RELATION_SEX: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("03", "06", "07", "09", "11", "13", "15", "17", "19"), Sex.MALE.value),
        **dict.fromkeys(("04", "05", "08", "10", "12", "14", "16", "18", "20"), Sex.FEMALE.value),
    }
)
"""CL06: the sex a relation implies; 01, 02 and 99 imply none (02 is compared with the head's)."""
