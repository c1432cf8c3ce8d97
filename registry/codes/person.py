"""Codes of a person: CL04–CL13, CL23, and those of the labourer card."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.db import models


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


RELATION_SEX: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("03", "06", "07", "09", "11", "13", "15", "17", "19"), Sex.MALE.value),
        **dict.fromkeys(("04", "05", "08", "10", "12", "14", "16", "18", "20"), Sex.FEMALE.value),
    }
)
"""CL06: the sex a relation implies; 01, 02 and 99 imply none (02 is compared with the head's)."""
