"""What help has to have done by when: effects, terms, planned exits, gaps (policy §2, §3, §18–§20; procedures §7, §8)."""

from datetime import date
from typing import Final

from dateutil.relativedelta import relativedelta
from django.db.models import (
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Concat

from fupin.accounts.roles import Role
from fupin.deadlines.kinds import Rows, arguments, clock_rule, rows
from fupin.divisions.codes import Level
from fupin.divisions.models import Division
from fupin.policy.standards import figure
from registry.models import (
    AssistEffect,
    AssistPair,
    Case,
    Household,
    HouseholdYear,
    LeaderVillage,
    LinkActivity,
    MeasureRecipient,
    TeamLeader,
    TeamPosting,
)
from registry.models.help import Progress
from registry.models.help.reach import YearsFrom
from registry.rules.help.after_exit import ON_REGISTER
from registry.rules.help.terms import LEADER_YEARS, TEAM_YEARS, VILLAGE_YEARS
from registry.rules.procedure import Track

TERM_WARNING: Final = int(figure("team_leader_warn_days", 2014))
PERMISSION: Final = "registry.view_help"


class MonthsFrom(Func):
    """The day so many calendar months after the day in a column; after 29 February comes 28 February."""

    template = "((%(expressions)s + interval '%(months)s months')::date)"
    output_field = DateField()

    def __init__(self, since: str, months: int) -> None:
        super().__init__(F(since), months=int(months))


def _key(*parts: str | Value) -> Concat | Cast:
    said = [one if isinstance(one, Value) else Cast(F(one), TextField()) for one in parts]
    return Concat(*said, output_field=TextField()) if len(said) > 1 else Cast(said[0], TextField())


@clock_rule(
    kind="registry.help_effect",
    title="措施满一年应有农户确认的成效",
    basis="§3 跟踪监测到村到户到人；程序 §7：12 个月",
    role=Role.VILLAGE,
    level=Level.VILLAGE,
    permission=PERMISSION,
    url="help_recipient",
)
def effects(today: date) -> Rows:
    """Clocks of measures until their effect is confirmed; the person who answers for the measure answers for it by name."""
    confirmed = AssistEffect.objects.filter(recipient_id=OuterRef("pk"), confirmed_on__isnull=False)
    found = MeasureRecipient.objects.filter(measure__withdrawn_on__isnull=True, stop="").annotate(
        confirmed=Subquery(confirmed.order_by("confirmed_on", "pk").values("confirmed_on")[:1])
    )
    return rows(
        found,
        subject_key=_key("pk"),
        division="division_id",
        starts_on="measure__on",
        due_on=MonthsFrom("measure__on", int(figure("effect_months", today.year))),
        user="measure__person__user_id",
        done_on="confirmed",
        url_args=arguments("pk"),
    )


@clock_rule(
    kind="registry.help_team_leader",
    title="驻村工作队队长两年一换",
    basis="§20 队长两年一换",
    role=Role.COUNTY_ENTRY,
    level=Level.COUNTY,
    permission=PERMISSION,
    url="help_team",
    warn_days=TERM_WARNING,
)
def team_leaders(today: date) -> Rows:
    """Clocks of team leaders, in the village where the team serves."""
    place = TeamPosting.objects.filter(team_id=OuterRef("team_id")).order_by("-since", "-pk")
    found = TeamLeader.objects.filter(since__lte=today).annotate(
        place=Subquery(place.values("division_id")[:1])
    )
    return rows(
        found.filter(place__isnull=False),
        subject_key=_key("pk"),
        division="place",
        starts_on="since",
        due_on=YearsFrom("since", LEADER_YEARS),
        done_on="until",
        url_args=arguments("team_id"),
    )


@clock_rule(
    kind="registry.help_team",
    title="驻村工作队五年期满",
    basis="§20 驻村工作队一定五年不变",
    role=Role.COUNTY_ENTRY,
    level=Level.COUNTY,
    permission=PERMISSION,
    url="help_team",
    warn_days=TERM_WARNING,
)
def team_terms(today: date) -> Rows:
    """Clocks of teams until they are sent anew."""
    later = TeamPosting.objects.filter(team_id=OuterRef("team_id"), since__gt=OuterRef("since"))
    found = TeamPosting.objects.filter(~Exists(later), since__lte=today)
    return rows(
        found,
        subject_key=_key("pk"),
        division="division_id",
        starts_on="since",
        due_on=YearsFrom("since", TEAM_YEARS),
        url_args=arguments("team_id"),
    )


@clock_rule(
    kind="registry.help_leader_village",
    title="包扶村五年内农民人均纯收入翻番",
    basis="§19 一包五年不变，确保五年内翻番",
    role=Role.COUNTY_ENTRY,
    level=Level.COUNTY,
    permission=PERMISSION,
    url="lead_village",
    warn_days=365,
)
def leader_villages(today: date) -> Rows:
    """Clocks of leaders' villages until their task is approved as done."""
    return rows(
        LeaderVillage.objects.filter(since__lte=today),
        subject_key=_key("pk"),
        division="division_id",
        starts_on="since",
        due_on=YearsFrom("since", VILLAGE_YEARS),
        done_on="done_on",
        url_args=arguments("pk"),
    )


@clock_rule(
    kind="registry.help_planned_exit",
    title="到计划脱贫年度仍在册",
    basis="§2 确保规定时间内达到稳定脱贫目标",
    role=Role.TOWNSHIP,
    level=Level.TOWNSHIP,
    permission=PERMISSION,
    url="help_household",
    warn_days=90,
)
def planned_exits(today: date) -> Rows:
    """Clocks of households on the register, due on the last day of the year in which they are planned to leave it."""
    later = HouseholdYear.objects.filter(household_id=OuterRef("household_id"), year__gt=OuterRef("year"))
    found = HouseholdYear.objects.filter(
        ~Exists(later), plan_exit_year__isnull=False, household__status__in=ON_REGISTER
    )
    last_day = Func(F("plan_exit_year"), 12, 31, function="make_date", output_field=DateField())
    first_day = Func(F("year"), 1, 1, function="make_date", output_field=DateField())
    return rows(
        found.filter(year__lte=F("plan_exit_year")),
        subject_key=_key("household_id"),
        division="division_id",
        starts_on=first_day,
        due_on=last_day,
        url_args=arguments("household__household_no"),
    )


@clock_rule(
    kind="registry.help_no_measure",
    title="本年还没有任何措施的在册户",
    basis="§2 落实帮扶措施，逐户；按季提醒",
    role=Role.VILLAGE,
    level=Level.VILLAGE,
    permission=PERMISSION,
    url="help_village",
    warn_days=14,
)
def without_measure(today: date) -> Rows:
    """Clocks of villages with a household on the register that has no measure this year: one a quarter, due on its last day."""
    first = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    last = first + relativedelta(months=3, days=-1)
    helped = MeasureRecipient.objects.filter(
        household_id=OuterRef("pk"), measure__on__year=today.year, measure__withdrawn_on__isnull=True
    )
    left_out = Household.objects.filter(~Exists(helped), division_id=OuterRef("code"), status__in=ON_REGISTER)
    quarter = Value(f"/{first:%Y}Q{(first.month + 2) // 3}", output_field=TextField())
    return rows(
        Division.objects.administrative_villages().filter(Exists(left_out)),
        subject_key=_key("code", quarter),
        division="code",
        starts_on=Value(first, output_field=DateField()),
        due_on=Value(last, output_field=DateField()),
        url_args=arguments("code"),
    )


@clock_rule(
    kind="registry.help_pair",
    title="公告在册后落实帮扶责任人",
    basis="§20 每个贫困户都有帮扶责任人；程序 §8：空窗 30 天",
    role=Role.TOWNSHIP,
    level=Level.TOWNSHIP,
    permission=PERMISSION,
    url="help_household",
    warn_days=10,
)
def pairs(today: date) -> Rows:
    """Clocks of households announced on the register until somebody answers for them: thirty days."""
    days = int(figure("pair_gap_days", today.year))
    announced = (
        Case.objects.filter(household_id=OuterRef("pk"), track=Track.ENTRY, closed_on__isnull=False)
        .order_by()
        .values("household_id")
        .annotate(last=Max("closed_on"))
        .values("last")
    )
    running = AssistPair.objects.filter(household_id=OuterRef("pk"), end_date__isnull=True)
    found = Household.objects.filter(~Exists(running), status__in=ON_REGISTER).annotate(
        announced=Subquery(announced)
    )
    due = ExpressionWrapper(
        F("announced") + Value(days, output_field=IntegerField()), output_field=DateField()
    )
    return rows(
        found.filter(announced__isnull=False),
        subject_key=_key("pk"),
        division="division_id",
        starts_on="announced",
        due_on=due,
        url_args=arguments("household_no"),
    )


@clock_rule(
    kind="registry.help_link_problem",
    title="省领导联系中的问题办理",
    basis="§18 解决当地经济社会发展特别是扶贫开发面临的重大问题",
    role=Role.PROVINCE,
    level=Level.PROVINCE,
    permission=PERMISSION,
    url="help_link",
    warn_days=7,
)
def link_problems(today: date) -> Rows:
    """Clocks of problems raised with a provincial leader's county that have a day to be solved by."""
    found = LinkActivity.objects.filter(~Q(progress=Progress.NONE), due_on__gte=F("on"))
    return rows(
        found,
        subject_key=_key("pk"),
        division="division_id",
        starts_on="on",
        due_on="due_on",
        done_on="solved_on",
        url_args=arguments("link_id"),
    )
