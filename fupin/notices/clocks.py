"""Clocks of objections: five days to accept, ten more to settle and answer (procedures §4.2)."""

from datetime import date, timedelta
from typing import Final

from django.db.models import Q, Value
from django.db.models.functions import Coalesce, Concat

from fupin.accounts.roles import Role
from fupin.deadlines.kinds import Rows, arguments, clock_rule, rows
from fupin.divisions.codes import Level
from fupin.notices.models import Objection

KEPT: Final = timedelta(days=400)
"""How long a clock that has stopped is still looked at."""


@clock_rule(
    kind="notices.objection_accepted",
    title="异议受理",
    basis="程序 §4.2：异议 5 日内受理",
    role=Role.TOWNSHIP,
    level=Level.TOWNSHIP,
    permission="notices.view",
    url="objection_detail",
    warn_days=2,
    escalate_days=1,
)
def accepting(today: date) -> Rows:
    """Return the clocks of what was filed: stopped when accepted, or declined with an answer."""
    found = Objection.objects.filter(Q(status="FILED") | Q(filed_on__gte=today - KEPT))
    return rows(
        found,
        subject_key="number",
        division="division_id",
        title=Concat(Value("受理异议 "), "number"),
        starts_on="filed_on",
        due_on="accept_due_on",
        url_args=arguments("number"),
        done_on=Coalesce("accepted_on", "settled_on"),
    )


@clock_rule(
    kind="notices.objection_settled",
    title="异议办结",
    basis="程序 §4.2：受理后 10 日内办结并答复",
    role=Role.TOWNSHIP,
    level=Level.TOWNSHIP,
    permission="notices.view",
    url="objection_detail",
    warn_days=3,
    escalate_days=1,
)
def settling(today: date) -> Rows:
    """Return the clocks of what was accepted: stopped when settled."""
    found = Objection.objects.filter(accepted_on__isnull=False)
    found = found.filter(Q(status="ACCEPTED") | Q(accepted_on__gte=today - KEPT))
    return rows(
        found,
        subject_key="number",
        division="division_id",
        title=Concat(Value("办结异议 "), "number"),
        starts_on="accepted_on",
        due_on="settle_due_on",
        url_args=arguments("number"),
        done_on="settled_on",
    )
