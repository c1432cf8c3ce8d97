"""Until when stranded money has to be back with the province, and on which days the county is reminded (funds.md F-05)."""

from datetime import date

from django.db.models import Case, F, IntegerField, Max, OuterRef, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Concat

from funds.models import FundReturn, Stranding
from funds.models.stranded import StrandingStatus
from funds.rules.stranded import Window
from fupin.accounts.roles import Role
from fupin.deadlines.kinds import Rows, arguments, clock_rule, rows
from fupin.divisions.codes import Level


def _reminders(today: date) -> tuple[int, int]:
    """Return how many reminders of this year have passed by a day, and how many days before the end the last of them lay."""
    window = Window(date(today.year, 1, 1), date(today.year, 12, 31))
    days = window.reminders()
    passed = [day for day in days if day <= today]
    return len(passed), (window.last - (passed[-1] if passed else days[0])).days


@clock_rule(
    kind="funds.return_due",
    title="滞留资金归还省级财政",
    basis="§6 在下一财政年度内全额无条件返还省级财政",
    role=Role.FINANCE,
    level=Level.COUNTY,
    permission="funds.view_money",
    url="stranded_page",
    warn_days=350,
    escalate_days=1,
)
def returning(today: date) -> Rows:
    """Clocks of stranded money until all of it is back.

    Each of the year's five reminders opens a clock anew, so that each is told: 15 January, 30 June, 30 September, 30 November,
    15 December.
    """
    number, warn_days = _reminders(today)
    back = FundReturn.objects.filter(stranding=OuterRef("pk")).order_by().values("stranding")
    received = back.annotate(last=Max("received_on")).values("last")
    done = Case(
        When(
            status__in=[StrandingStatus.RETURNED, StrandingStatus.REDISTRIBUTED],
            then=Subquery(received),
        )
    )
    this_year = When(due_on__year=today.year, then=Value(number))
    before = When(due_on__year__lt=today.year, then=Value(5))
    reminder = Case(this_year, before, default=Value(0), output_field=IntegerField())
    key = Concat(
        Cast(F("pk"), TextField()), Value("/"), Cast(reminder, TextField()), output_field=TextField()
    )
    return rows(
        Stranding.objects.all(),
        subject_key=key,
        division="division_id",
        title=Concat(Value("归还滞留资金 "), "number"),
        starts_on="recognised_on",
        due_on="due_on",
        warn_days=Case(
            When(due_on__year=today.year, then=Value(warn_days)),
            default=Value(350),
            output_field=IntegerField(),
        ),
        done_on=done,
        url_args=arguments("pk"),
    )
