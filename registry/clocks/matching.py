"""What has to be compared and answered by when: civil affairs' lists each quarter, slips within their days (procedures §5; policy §1)."""

from datetime import date, timedelta
from typing import Final

from django.db.models import DateField, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat

from fupin.accounts.roles import Role
from fupin.deadlines.kinds import Rows, arguments, clock_rule, rows
from fupin.divisions.codes import Level
from fupin.divisions.models import Division
from fupin.policy.standards import figure
from registry.clocks.help import MonthsFrom
from registry.codes.outside import ListKind
from registry.models import OutsideList, TransferSlip

KEPT: Final = timedelta(days=400)
"""How long a clock that has stopped is still looked at."""


@clock_rule(
    kind="registry.transfer_reply",
    title="低保移送单回执",
    basis="§1 由民政部门通过农村低保解决基本生存问题；程序 §5",
    role=Role.CIVIL_AFFAIRS,
    level=Level.COUNTY,
    permission="registry.view_matching",
    url="transfer_page",
    warn_days=7,
    escalate_days=15,
)
def replies(today: date) -> Rows:
    """Return the clocks of slips that were sent: stopped when every household is answered."""
    found = TransferSlip.objects.filter(sent_on__isnull=False)
    found = found.filter(Q(answered_on__isnull=True) | Q(answered_on__gte=today - KEPT))
    return rows(
        found,
        subject_key="number",
        division="division_id",
        title=Concat(Value("低保移送单回执 "), "number"),
        starts_on="sent_on",
        due_on="reply_due_on",
        done_on="answered_on",
        url_args=arguments("number"),
    )


@clock_rule(
    kind="registry.matching_dibao",
    title="与民政低保名册比对",
    basis="§1 低保衔接；程序 §5：每季",
    role=Role.COUNTY_ENTRY,
    level=Level.COUNTY,
    permission="registry.view_matching",
    url="matching_lists",
    warn_days=14,
)
def comparing(today: date) -> Rows:
    """Return a clock for each county that has compared before: due so many months after the day of its newest list."""
    newest = (
        OutsideList.objects.standing()
        .filter(kind=ListKind.DIBAO, division_id=OuterRef("code"))
        .order_by("-as_of", "-pk")
    )
    counties = Division.objects.filter(level=Level.COUNTY).annotate(
        compared=Subquery(newest.values("as_of")[:1], output_field=DateField())
    )
    return rows(
        counties.filter(compared__isnull=False),
        subject_key=Cast("code", TextField()),
        division="code",
        starts_on="compared",
        due_on=MonthsFrom("compared", int(figure("matching_months", today.year))),
    )
