"""How long whoever helps stays: teams and leaders' villages five years, team leaders two (policy §19, §20; procedures §8)."""

from datetime import date, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta
from django.db.models import TextChoices

from fupin.policy.cites import cites
from fupin.policy.standards import figure


class Term(TextChoices):
    """How a term stands on a day."""

    NOT_YET = "NOT_YET", "未到任"
    RUNNING = "RUNNING", "在任"
    ENDING = "ENDING", "将到期"
    OVER = "OVER", "已到期未轮换"


TEAM_YEARS: Final = 5
LEADER_YEARS: Final = 2
VILLAGE_YEARS: Final = 5


@cites("§20", "驻村工作队一定五年不变，队长两年一换")
def team_stays_until(since: date) -> date:
    """Return the day from which a team may serve another village: five years after it came."""
    return since + relativedelta(years=TEAM_YEARS)


def leader_stays_until(since: date) -> date:
    """Return the day on which a team's leader is to be replaced: two years after he began."""
    return since + relativedelta(years=LEADER_YEARS)


@cites("§19", "包扶村一包五年不变")
def village_stays_until(since: date) -> date:
    """Return the day on which a leader's five years with his village end."""
    return since + relativedelta(years=VILLAGE_YEARS)


def leader_term(since: date, until: date | None, today: date) -> Term:
    """Return how a team leader's term stands: warned of sixty days before its end, red from the day on which it ended."""
    if today < since:
        return Term.NOT_YET
    end = leader_stays_until(since)
    if until is not None and until <= end:
        return Term.RUNNING
    if today >= end:
        return Term.OVER
    warn = int(figure("team_leader_warn_days", today.year))
    return Term.ENDING if today >= end - timedelta(days=warn) else Term.RUNNING


def is_silent(last_log: date | None, posted: date, today: date) -> bool:
    """Tell whether a team is silent: no day of work logged in the last thirty days, nor come in them."""
    since = max(last_log or posted, posted)
    return (today - since).days >= int(figure("team_silent_days", today.year))
