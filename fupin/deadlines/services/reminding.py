"""Tell whoever has to act, once for each stage that a clock reaches, and the level above when it ran out.

All in one statement: the unique key of the reminder decides what was already told, not the code.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db import connection

from fupin.accounts.models import Post
from fupin.accounts.roles import Role
from fupin.accounts.scope import whole_province
from fupin.deadlines.models import Clock
from fupin.deadlines.rules import Stage, above
from fupin.deadlines.services.locking import LOCK, hold

PostKey = tuple[Role, int]
"""A role and the division that it is held in."""


class Telling(NamedTuple):
    """Who is told of the clocks of a post: ``overdue`` only when they have run out for long."""

    role: str
    at: int
    user_id: int
    overdue: bool


def remind(*, today: date) -> int:
    """Give the reminders of a day that are not out yet; return how many. May run any number of times.

    The person named on a clock is told while he holds a post there; else whoever holds the post that answers for it. Where
    that post stands empty, the next above is told in its stead: no clock runs out unseen.
    """
    with whole_province():
        hold(LOCK)
        clocks = Clock.objects.to_tell(today)
        tellings = list(_tellings(clocks.order_by().values_list("role", "at_id").distinct(), today))
        rows = clocks.order_by().values(*_STAGED)
        staged, parameters = rows.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(
                _STATEMENT.format(staged=staged),
                [
                    *parameters,
                    today,
                    today,
                    [telling.role for telling in tellings],
                    [telling.at for telling in tellings],
                    [telling.user_id for telling in tellings],
                    [telling.overdue for telling in tellings],
                    Stage.ESCALATED.value,
                    today,
                ],
            )
            return int(cursor.rowcount)


def _tellings(posts: Iterable[tuple[str, int]], today: date) -> Iterable[Telling]:
    """Return whom each post's clocks are told to on a day: its holders, and those above for what is long overdue."""
    holders = _Holders(today)
    for role, at in posts:
        post = (Role(role), at)
        for user_id in holders[post]:
            yield Telling(role, at, user_id, overdue=False)
        for user_id in holders.above(post):
            yield Telling(role, at, user_id, overdue=True)


class _Holders(dict[PostKey, list[int]]):
    """Who holds a post on a day; of one that stands empty, who holds the nearest above it that is held."""

    def __init__(self, today: date) -> None:
        super().__init__()
        held = Post.objects.held_on(today).filter(user__is_active=True).order_by("user_id")
        for role, division, user_id in held.values_list("role", "division_id", "user_id").iterator():
            self.setdefault((Role(role), division), []).append(user_id)

    def __missing__(self, post: PostKey) -> list[int]:
        self[post] = found = self.above(post)
        return found

    def above(self, post: PostKey) -> list[int]:
        """Return who is told one level higher."""
        higher = above(*post)
        return self[higher] if higher else []


_STAGED = ("id", "division_id", "stage", "due_on", "user_id", "role", "at_id")

_STATEMENT = """
    WITH staged AS ({staged}),
    standing AS MATERIALIZED (
        SELECT staged.*, user_id IS NOT NULL AND EXISTS (
            SELECT FROM accounts_post p JOIN accounts_user u ON u.id = p.user_id AND u.is_active
            WHERE p.user_id = staged.user_id AND p.approved_by_id IS NOT NULL AND p.revoked_at IS NULL
                AND p.since <= %s AND (p.until IS NULL OR p.until > %s)
                AND staged.division_id >= p.division_id AND staged.division_id < division_hi(p.division_id)
        ) AS in_person
        FROM staged
    ),
    holder AS (
        SELECT * FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::boolean[]) AS h (role, at_id, user_id, overdue)
    ),
    told AS (
        SELECT id, division_id, stage, due_on, user_id FROM standing WHERE in_person
        UNION
        SELECT s.id, s.division_id, s.stage, s.due_on, h.user_id
        FROM standing s JOIN holder h USING (role, at_id)
        WHERE CASE WHEN h.overdue THEN s.stage = %s ELSE NOT s.in_person END
    )
    INSERT INTO deadlines_reminder (clock_id, division, stage, due_on, user_id, day, made_at)
    SELECT id, division_id, stage, due_on, user_id, %s, now() FROM told
    ON CONFLICT (clock_id, stage, due_on, user_id) DO NOTHING
"""
