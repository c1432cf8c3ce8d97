"""The accounts of the demonstration: one for each role, in fixed places, refused where real people are on the register."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from fupin.accounts.errors import NotPossible
from fupin.accounts.models import Post, User
from fupin.accounts.roles import Role
from fupin.divisions.codes import PROVINCE_CODE
from fupin.divisions.models import Division
from fupin.lib.orgcode import org_check_digit

PASSWORD = "fupin-demo-2014"  # noqa: S105  (public, and good for nothing outside the demonstration)
SINCE = date(2014, 1, 1)

BAIWEN = 141124101000
LINXIAN = 141124000000
KELAN = 140929000000
LVLIANG = 141100000000


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the demonstration: who it plays, in which post."""

    username: str
    full_name: str
    unit: str
    role: Role
    division: int

    @property
    def label(self) -> str:
        """Return what the sign-in page says of it."""
        return f"{self.unit} · {self.role.label}"


DEMO_ACCOUNTS = (
    DemoAccount("village", "刘改莲", "白文镇村委会", Role.VILLAGE, BAIWEN),
    DemoAccount("team", "郭建新", "驻村工作队", Role.TEAM, BAIWEN),
    DemoAccount("leader", "曹卫东", "省财政厅", Role.LEADER, BAIWEN),
    DemoAccount("township", "高志平", "临县白文镇政府", Role.TOWNSHIP, BAIWEN),
    DemoAccount("county", "薛文慧", "临县扶贫办", Role.COUNTY_ENTRY, LINXIAN),
    DemoAccount("reviewer", "李建荣", "临县扶贫办", Role.COUNTY_REVIEW, LINXIAN),
    DemoAccount("approver", "任永亮", "临县扶贫办", Role.COUNTY_APPROVE, LINXIAN),
    DemoAccount("group", "梁文彦", "临县扶贫开发领导小组", Role.LEADING_GROUP, LINXIAN),
    DemoAccount("county2", "赵岚", "岢岚县扶贫办", Role.COUNTY_ENTRY, KELAN),
    DemoAccount("reviewer2", "苏文斌", "岢岚县扶贫办", Role.COUNTY_REVIEW, KELAN),
    DemoAccount("city", "冯学军", "吕梁市扶贫办", Role.CITY, LVLIANG),
    DemoAccount("province", "王立新", "山西省扶贫办", Role.PROVINCE, PROVINCE_CODE),
    DemoAccount("finance", "郝玉梅", "临县财政局", Role.FINANCE, LINXIAN),
    DemoAccount("civil", "秦小红", "临县民政局", Role.CIVIL_AFFAIRS, LINXIAN),
    DemoAccount("auditor", "武正明", "山西省审计厅", Role.AUDITOR, PROVINCE_CODE),
    DemoAccount("enterprise", "贾富贵", "临县某枣业公司", Role.ENTERPRISE, LINXIAN),
    DemoAccount("admin", "郭系统", "山西省扶贫办信息中心", Role.SYSTEM_ADMIN, PROVINCE_CODE),
    DemoAccount("secadmin", "马安全", "山西省扶贫办信息中心", Role.SECURITY_ADMIN, PROVINCE_CODE),
    DemoAccount("logadmin", "孙审计", "山西省扶贫办信息中心", Role.LOG_ADMIN, PROVINCE_CODE),
)
"""`village`, `team` and `leader` stand in the first administrative village of 白文镇."""


@transaction.atomic
def create_demo_accounts() -> list[DemoAccount]:
    """Create the demonstration's accounts and posts, or put them back as they were; return them.

    Raise NotPossible outside the demonstration, and where one of the names belongs to a real person.
    """
    if not settings.DEMO:
        raise NotPossible("演示账号只在演示方式下建立")
    for account in DEMO_ACCOUNTS:
        _hold_post(_user(account), account.role, _division(account))
    return list(DEMO_ACCOUNTS)


def _user(account: DemoAccount) -> User:
    user = User.objects.filter(username=account.username).first()
    if user is not None and not user.is_demo:
        raise NotPossible(f"用户名 {account.username} 已有真实用户")
    values = {
        "full_name": account.full_name,
        "unit": account.unit,
        "password": make_password(PASSWORD),
        "password_changed_at": timezone.now(),
        "must_change_password": False,
        "is_demo": True,
        "is_active": True,
    }
    return User.objects.update_or_create(username=account.username, defaults=values)[0]


def _hold_post(user: User, role: Role, division: Division) -> None:
    """Give the post with which the demonstration starts: granted by nobody, so it needs no second person."""
    if Post.objects.filter(user=user, role=role, division=division, revoked_at=None).exists():
        return
    Post.objects.create(
        user=user,
        role=role,
        division=division,
        enterprise_code=enterprise_code() if role is Role.ENTERPRISE else "",
        since=SINCE,
        granted_by=None,
        approved_by=user,
        approved_at=timezone.now(),
    )


def _division(account: DemoAccount) -> Division:
    if account.role in {Role.VILLAGE, Role.TEAM, Role.LEADER}:
        villages = Division.objects.within(account.division).administrative_villages().valid_on(SINCE)
        return villages.order_by("code")[0]
    return Division.objects.get(pk=account.division)


def enterprise_code() -> str:
    """Return an organisation code that belongs to nobody, with its right check character."""
    return f"DEMO0001{org_check_digit('DEMO0001')}"
