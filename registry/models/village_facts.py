"""What a village's table says of a year (data-standard §6): one column a row of the standard."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models

from registry.codes import DevelopmentTag, Disaster, Landform, VillageTag
from registry.models.condition import measure, mu, yes_no
from registry.models.income import yuan


def count(label: str) -> "models.PositiveIntegerField[int | None, int | None]":
    """Return a column for a number of persons, households or things."""
    return models.PositiveIntegerField(label, null=True, blank=True)


def wan(label: str) -> "models.DecimalField[Decimal | None, Decimal | None]":
    """Return a column for an amount in 10,000 yuan."""
    return models.DecimalField(
        label,
        max_digits=14,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )


class VillageFacts(models.Model):
    """贫困村登记表的填报项; what can be counted from the cards is not typed here but derived."""

    head = models.CharField("村负责人", max_length=50, blank=True)
    head_post = models.CharField("村负责人职务", max_length=50, blank=True)
    head_phone_sealed = models.UUIDField("村负责人电话密文", null=True)
    head_phone_index = models.BinaryField("村负责人电话盲索引", max_length=16, null=True)
    head_phone_masked = models.CharField("村负责人电话", max_length=20, blank=True)
    tags = ArrayField(
        models.CharField(max_length=2, choices=VillageTag.choices),
        verbose_name="村标签",
        default=list,
        blank=True,
    )
    dev_dir = models.CharField("发展方向", max_length=200, blank=True)
    dev_tags = ArrayField(
        models.CharField(max_length=2, choices=DevelopmentTag.choices),
        verbose_name="发展方向标签",
        default=list,
        blank=True,
    )
    landform = models.CharField("地形地貌", max_length=1, choices=Landform.choices, blank=True)
    lon = models.DecimalField("经度", max_digits=9, decimal_places=6, null=True, blank=True)
    lat = models.DecimalField("纬度", max_digits=9, decimal_places=6, null=True, blank=True)
    alt = models.PositiveSmallIntegerField("高程", null=True, blank=True)
    party_members = count("中共党员数")
    cadre_grads = count("大学生村官数")
    natural_villages = count("自然村(村民小组)数")
    households = count("总户数")
    population = count("总人口")
    rural_pop = count("乡村户籍(农业)人口")
    dibao_households = count("低保户数")
    dibao_pop = count("低保人口")
    wubao_households = count("五保户数")
    wubao_pop = count("五保人口")
    minority_pop = count("少数民族人口")
    women_pop = count("妇女人口")
    disabled_pop = count("残疾人人口")
    labor = count("劳动力人数")
    migrant = count("外出务工人数")
    arable_area = mu("耕地面积")
    irrigated_area = mu("有效灌溉面积")
    forest_area = mu("林地面积")
    returned_forest_area = mu("退耕还林面积")
    fruit_area = mu("林果面积")
    pasture_area = mu("牧草地面积")
    water_area = mu("水域面积")
    net_income_pc = yuan("农民人均纯收入")
    collective_income = wan("村集体经济收入")
    ncms_pop = count("参加新农合人数")
    resident_pension_pop = count("参加城乡居民养老保险人数")
    employee_pension_pop = count("参加职工养老保险人数")
    paved_to_town = yes_no("到乡镇是否通沥青(水泥)路")
    unpaved_to_town = measure("行政村到乡镇未通硬化路里程")
    nv_unpaved = count("自然村到行政村未通硬化路村数")
    nv_unpaved_km = measure("自然村到行政村未通硬化路里程")
    has_bus = yes_no("是否通客运班车")
    unsafe_water = count("未实现饮水安全户数")
    diff_water = count("饮水困难户数")
    tap_households = count("自来水通达户数")
    powered_nv = count("已通电自然村(20户以上)数")
    no_prod_power_nv = count("未通生产用电自然村数")
    no_life_power_nv = count("未通生活用电自然村数")
    no_prod_power_households = count("未通生产用电户数")
    no_life_power_households = count("未通生活用电户数")
    danger_c = count("C级危房户数")
    danger_d = count("D级危房户数")
    coops = count("农民专业合作社数")
    coop_poor = count("贫困户参社数")
    mutual_orgs = count("互助资金协会数")
    mutual_size = wan("互助资金规模")
    tourism_households = count("乡村旅游户数")
    tourism_workers = count("乡村旅游从业人数")
    farm_stays = count("农家乐户数")
    tourism_income = yuan("乡村旅游户均收入")
    clinics = count("卫生室数")
    clinic_area = measure("卫生室面积")
    clinic_standard = yes_no("卫生室是否达标")
    licensed_doctors = count("执业(助理)医师数")
    village_doctors = count("乡村医生数")
    public_toilets = count("公共厕所数")
    garbage_points = count("垃圾集中堆放点数")
    culture_rooms = count("文化(图书)室数")
    tv_households = count("通广播电视户数")
    broadband_households = count("通宽带户数")
    broadband_schools = count("通宽带村小学数")
    mobile_net_households = count("能手机上网户数")
    info_staff = count("信息员数")
    kindergartens = count("幼儿园数")
    primary_schools = count("小学数")
    school_age_children = count("义务教育适龄儿童数")
    enrolled_children = count("适龄入学儿童数")
    relocate_households = count("需搬迁户数")
    relocate_pop = count("需搬迁人数")
    relocated_households = count("已搬迁户数")
    relocated_pop = count("已搬迁人数")
    disasters = ArrayField(
        models.CharField(max_length=2, choices=Disaster.choices),
        verbose_name="上年自然灾害",
        default=list,
        blank=True,
    )
    team = models.CharField("驻村工作队", max_length=100, blank=True)
    team_leader = models.CharField("工作队队长", max_length=50, blank=True)
    team_since = models.DateField("工作队驻村起始日期", null=True, blank=True)
    team_until = models.DateField("工作队驻村终止日期", null=True, blank=True)
    lead = models.CharField("包村领导", max_length=50, blank=True)
    secretary = models.CharField("第一书记", max_length=50, blank=True)
    plan_exit_year = models.PositiveSmallIntegerField("脱贫退出计划年份", null=True, blank=True)

    class Meta:
        abstract = True
