"""The first page after signing in: what waits for me, and where to begin."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.home.navigation import address
from fupin.home.todo import todos
from registry.reports.years import entry_year


class Beginning(NamedTuple):
    """A page from which work often begins."""

    label: str
    url: str
    hint: str


_BEGINNINGS = (
    ("registry.enter_household", "household_new", "新建户卡", "照纸表填，键盘可录完一整张"),
    ("registry.view_household", "household_list", "贫困户", "按村、状态、收入筛选，打开户卡"),
    ("registry.view_village", "village_list", "贫困村", "村表、整村批量更新、打印"),
    ("registry.view_labourer", "labourer_list", "贫困劳动力", "劳动力卡与务工情况"),
    ("registry.view_case", "case_list", "识别与退出", "每一份档案办到哪一步、轮到谁"),
    ("registry.view_help", "help_gaps", "帮扶缺口", "还没有责任人、计划、措施、工作队的"),
    ("notices.view", "notice_list", "公告公示", "正在公示的、期满的、有异议的"),
    ("deadlines.view", "deadline_board", "时限", "按区划和剩余天数看各项期限"),
    ("accounts.grant_post", "post_list", "用户与岗位", "授予、批准、撤销岗位"),
    ("accounts.view_audit", "audit_list", "操作记录", "谁在何时做了什么"),
    ("divisions.view", "division_list", "区划", "名称、代码与县的名单"),
)


@door(None)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits for the user under his present post; a user without a post learns how to get one."""
    user = actor(request)
    context = {
        "todos": todos(user) if user.post else [],
        "beginnings": _beginnings(user) if user.post else [],
        "year": entry_year(),
        "post": user.post,
    }
    return render(request, "home/home.html", context)


def _beginnings(user: User) -> list[Beginning]:
    return [
        Beginning(label, url, hint)
        for permission, page, label, hint in _BEGINNINGS
        if may(user, permission) and (url := address(page))
    ]
