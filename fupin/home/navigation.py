"""The left navigation: the four areas of the policy and what stands beside them.

Only pages that exist appear, and only to those whom the page's own door lets in: the two can't disagree.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.urls import NoReverseMatch, resolve, reverse

from fupin.accounts.doors import Door, door_of
from fupin.accounts.models import User
from fupin.deadlines.reports import waiting_count


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the navigation: its words and its URL name."""

    label: str
    name: str
    count: Callable[[User], int] | None = None
    """How many things wait there for a user; said beside the words."""


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of the navigation with its pages; the first has no words."""

    label: str
    entries: tuple[Entry, ...]


NAVIGATION = (
    Group(
        "",
        (
            Entry("待办", "home"),
            Entry("提醒", "reminder_list", count=waiting_count),
            Entry("时限", "deadline_board"),
        ),
    ),
    Group(
        "贫困对象",
        (
            Entry("贫困户", "household_list"),
            Entry("贫困村", "village_list"),
            Entry("贫困劳动力", "labourer_list"),
            Entry("识别与退出", "case_list"),
            Entry("轮次与规模", "round_list"),
            Entry("动态比对", "reidentification_list"),
            Entry("在册台账", "register_ledger"),
            Entry("更正单", "correction_list"),
            Entry("跨县迁移", "moving_list"),
            Entry("年度关账", "year_close"),
            Entry("已公告名单", "announced_list"),
            Entry("名册比对", "matching_lists"),
            Entry("比对结果", "hit_list"),
            Entry("低保衔接", "linkage_list"),
            Entry("低保移送单", "transfer_list"),
            Entry("疑似重复户", "duplicate_list"),
            Entry("成批打印", "print_choose"),
        ),
    ),
    Group(
        "帮扶",
        (
            Entry("我的帮扶", "help_mine"),
            Entry("帮扶缺口", "help_gaps"),
            Entry("措施待办", "help_lists"),
            Entry("帮扶责任人", "help_people"),
            Entry("驻村工作队", "help_teams"),
            Entry("驻村名册", "help_roster"),
            Entry("领导包村", "lead_villages"),
            Entry("三合一联系", "help_links"),
            Entry("返乡和骨干", "help_ledgers"),
        ),
    ),
    Group(
        "资金",
        (
            Entry("指标与分配", "appropriation_list"),
            Entry("拨付与时限", "fund_board"),
            Entry("县级资金", "fund_desk"),
            Entry("资金落实", "placement_list"),
            Entry("支付清单", "payment_list"),
            Entry("滞留与归还", "stranded_list"),
            Entry("贷款贴息", "interest_list"),
            Entry("贴息资金分账", "interest_pots"),
            Entry("社会捐赠", "donation_list"),
            Entry("村级互助资金", "village_fund_list"),
        ),
    ),
    Group(
        "项目",
        (
            Entry("项目库", "project_list"),
            Entry("项目进度", "project_slow"),
        ),
    ),
    Group(
        "公告公示",
        (
            Entry("公示", "notice_list"),
            Entry("异议", "objection_list"),
        ),
    ),
    Group(
        "审计",
        (
            Entry("审计查询", "audit_questions"),
            Entry("抽样复核", "sample_list"),
        ),
    ),
    Group(
        "其他",
        (
            Entry("后台任务", "job_list"),
            Entry("导入", "import_list"),
            Entry("导出记录", "export_list"),
            Entry("区划", "division_list"),
        ),
    ),
    Group(
        "系统",
        (
            Entry("用户", "user_list"),
            Entry("岗位", "post_list"),
            Entry("接口令牌", "token_list"),
            Entry("操作记录", "audit_list"),
            Entry("查阅记录", "access_list"),
        ),
    ),
)


@cache
def address(name: str) -> str:
    """Return the address of a page without arguments, or nothing where no such page exists."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@cache
def door_at(url: str, method: str = "GET") -> Door | None:
    """Return the door of the view at an address."""
    return door_of(resolve(url).func, method)
