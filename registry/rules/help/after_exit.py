"""Who has left the register enjoys no further policy (policy §3; procedures §6, policy-trace 3.5), and since when otherwise."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from fupin.policy.cites import cites
from registry.codes import HouseholdStatus as H

ON_REGISTER: Final = frozenset(
    {H.REGISTERED, H.EXIT_NOMINATED, H.EXIT_DELIBERATED, H.EXIT_VERIFIED, H.EXIT_ACCEPTED, H.EXIT_NOTICE}
)
"""Statuses in which a household is on the register and is to be helped."""

ENDED: Final = frozenset({H.EXITED, H.REMOVED, H.CLOSED})
"""Statuses in which nobody answers for a household any more."""


@dataclass(frozen=True, slots=True)
class AfterExit:
    """The switch `post_exit_policy` from a day on: whether those who leave from then on keep what they have, and until when."""

    since: date
    keeps: bool
    until: date | None
    document: str


POLICIES: Final = (
    AfterExit(date(2014, 1, 1), False, None, "2014 年实施意见 §3：脱贫人口不再享受扶贫政策"),
    AfterExit(
        date(2016, 4, 28),
        True,
        date(2020, 12, 31),
        "中办国办《关于建立贫困退出机制的意见》2016-04：退出后一定时期内原有政策保持不变；期限为本系统参数",
    ),
)
"""By the day on which the household left. A county's policies kept until 2020 (§16) are the county's and stand in no row here."""


@cites("§3", "脱贫人口不再享受扶贫政策")
def stops_on(exited_on: date) -> date:
    """Return the first day on which a household that left enjoys no further measure: the day after the announcement.

    Under a policy that keeps what households have, it is the day after that policy's term.
    """
    rule = max(
        (one for one in POLICIES if one.since <= exited_on), key=lambda one: one.since, default=POLICIES[0]
    )
    if rule.keeps and rule.until is not None and rule.until > exited_on:
        return rule.until + timedelta(days=1)
    return exited_on + timedelta(days=1)


def may_begin(status: str, exited_on: date | None, on: date) -> bool:
    """Tell whether a measure of a day may be put down for a household: it is on the register, or left it later, or is kept."""
    if status in ON_REGISTER:
        return True
    return status == H.EXITED and exited_on is not None and on < stops_on(exited_on)
