"""What every list of the register has in common when it is asked for: year, scope, filters in words."""

from fupin.divisions.codes import contains
from fupin.divisions.models import Division
from fupin.sheets.kinds import NotAsked, Request
from registry.models.household_year import FIRST_YEAR
from registry.reports.years import entry_year

LAST_YEAR = 2100


def year_of(asked: Request) -> int:
    """Return the year asked for, the one being entered where none is; raise NotAsked for none that can be."""
    year = asked.year if asked.year is not None else entry_year()
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotAsked(f"没有 {year} 年度的数据")
    return year


def scope_of(asked: Request) -> Division:
    """Return the division that the list is cut to: the one filtered by, else the post's own.

    Raise NotAsked for one that lies outside the post.
    """
    post = asked.actor.post
    if post is None:
        raise NotAsked("现在没有在任的岗位")
    text = asked.query.get("division", "").strip()
    if not text:
        return post.division
    found = Division.objects.filter(pk=int(text)).first() if text.isascii() and text.isdigit() else None
    if found is None or not contains(post.division_id, found.pk):
        raise NotAsked("所选区划不在您的岗位所属区划之内")
    return found
