"""What money has to have done by when: issued whole by the province, placed on projects by the county (F-04, §6)."""

from datetime import date
from typing import Final

from django.db.models import (
    Case,
    DateField,
    DecimalField,
    F,
    Func,
    Max,
    Min,
    OuterRef,
    Q,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat

from funds.codes.allotment import AllotmentSource, LineKind
from funds.models import Allotment, Appropriation, LineAccount
from funds.rules.clocks import MONTHS, REMIND_DAYS
from fupin.accounts.roles import Role
from fupin.deadlines.kinds import Rows, arguments, clock_rule, rows
from fupin.divisions.codes import Level
from fupin.policy.standards import figure

VIEW: Final = "funds.view_money"
_YUAN: Final = DecimalField(max_digits=18, decimal_places=2)


class _TwoMonthsFrom(Func):
    """The day two calendar months after a column's; where there is no such day, the month's last."""

    template = f"((%(expressions)s + interval '{MONTHS} months')::date)"
    output_field = DateField()


class _ThirtyFirstOfMarch(Func):
    """31 March of a column's year."""

    template = "make_date(%(expressions)s::int, 3, 31)"
    output_field = DateField()


class _DaysFrom(Func):
    """The day so many days after a column's."""

    template = "((%(expressions)s + %(days)s)::date)"
    output_field = DateField()

    def __init__(self, since: str, days: int) -> None:
        super().__init__(F(since), days=int(days))


@clock_rule(
    kind="funds.issue",
    title="资金下达完毕",
    basis="§6 提前下达的 3 月底前、其余 2 个月内下达完毕",
    role=Role.PROVINCE,
    level=Level.PROVINCE,
    permission=VIEW,
    url="appropriation_page",
    warn_days=max(REMIND_DAYS),
    escalate_days=None,
)
def issuing(today: date) -> Rows:
    """Clocks of documents that the province has to issue whole; those that it must approve project by project have none."""
    issued = (
        Allotment.objects.filter(appropriation=OuterRef("pk"))
        .exclude(source=AllotmentSource.REDISTRIBUTION)
        .order_by()
        .values("appropriation")
    )
    found = (
        Appropriation.objects.approved()
        .filter(needs_prov_approval=False)
        .annotate(
            out=Coalesce(
                Subquery(issued.annotate(sum=Sum("amount_yuan")).values("sum")), Value(0), output_field=_YUAN
            ),
            last=Subquery(issued.annotate(on=Max("issued_on")).values("on"), output_field=DateField()),
        )
    )
    return rows(
        found,
        subject_key=Cast(F("pk"), TextField()),
        division="division_id",
        title=Concat(F("number"), Value(" 下达完毕"), output_field=TextField()),
        starts_on="issued_on",
        due_on=Case(
            When(is_advance=True, then=_ThirtyFirstOfMarch(F("fiscal_year"))),
            default=_TwoMonthsFrom(F("issued_on")),
            output_field=DateField(),
        ),
        done_on=Case(
            When(Q(out__gte=F("amount_yuan")), then=F("last")), default=None, output_field=DateField()
        ),
        url_args=arguments("pk"),
    )


@clock_rule(
    kind="funds.place",
    title="资金落实到项目",
    basis="§6 县级及时将上级安排的资金落实到具体项目",
    role=Role.COUNTY_ENTRY,
    level=Level.COUNTY,
    permission=VIEW,
    url="appropriation_page",
    warn_days=14,
)
def placing(today: date) -> Rows:
    """Clocks of what a county has received of a document, from its first arrival until nothing waits to be placed."""
    arrived = (
        Allotment.objects.filter(
            appropriation=OuterRef("appropriation"), division=OuterRef("county"), received_on__isnull=False
        )
        .order_by()
        .values("appropriation")
        .annotate(first=Min("received_on"))
        .values("first")
    )
    found = LineAccount.objects.filter(kind=LineKind.COUNTY).annotate(
        first=Subquery(arrived, output_field=DateField())
    )
    return rows(
        found.filter(first__isnull=False),
        subject_key=Cast(F("pk"), TextField()),
        division="division_id",
        title=Concat(F("appropriation__number"), Value(" 落实到项目"), output_field=TextField()),
        starts_on="first",
        due_on=_DaysFrom("first", int(figure("placing_days", today.year))),
        done_on=Case(
            When(account__balance=0, then=F("account__latest_on")), default=None, output_field=DateField()
        ),
        url_args=arguments("appropriation_id"),
    )
