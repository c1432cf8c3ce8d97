"""The left navigation: the four areas of the policy and what stands beside them. Only pages that exist appear, and only to whom they are open."""

from dataclasses import dataclass
from functools import lru_cache

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the navigation: its words, its URL name, and the permission that opens it (empty: open to all who are signed in)."""

    label: str
    name: str
    permission: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of the navigation with its pages; the first has none."""

    label: str
    entries: tuple[Entry, ...]


NAVIGATION = (
    Group("", (Entry("待办", "home"),)),
    Group(
        "贫困对象",
        (
            Entry("贫困户", "household_list", "registry.view_household"),
            Entry("贫困村", "village_list", "registry.view_village"),
            Entry("贫困劳动力", "labourer_list", "registry.view_labourer"),
        ),
    ),
    Group(
        "其他",
        (
            Entry("导出记录", "export_list", "sheets.view_exports"),
            Entry("区划", "division_list", "divisions.view"),
        ),
    ),
    Group(
        "系统",
        (
            Entry("用户与岗位", "post_list", "accounts.view_posts"),
            Entry("操作记录", "audit_list", "accounts.view_audit"),
            Entry("查阅记录", "access_list", "accounts.view_access"),
        ),
    ),
)


@lru_cache(maxsize=256)
def address(name: str) -> str:
    """Return the address of a page without arguments, or nothing where no such page exists."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
