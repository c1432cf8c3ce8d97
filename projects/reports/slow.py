"""Which counties are slow (policy §6; policy-trace 6.7): what should have started, been finished or accepted, and what was spent."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q, Sum

from fupin.accounts.models import User
from fupin.divisions.models import Division
from fupin.policy.cites import cites
from projects.codes import Stage
from projects.models import Project
from projects.reports.spending import is_told, spent_on
from projects.rules.stages import DONE

_IN_PLAN = Q(stage__in=[Stage.PLANNED, Stage.FUNDED, Stage.BUILDING, *DONE])
_NOT_STARTED = Q(stage__in=[Stage.PLANNED, Stage.FUNDED], started_on__isnull=True)
_GOING = Q(stage__in=[Stage.PLANNED, Stage.FUNDED, Stage.BUILDING])


@dataclass(frozen=True, slots=True)
class County:
    """How fast a county carries out the projects of a year's plan."""

    code: int
    name: str
    projects: int
    start_late: int
    finish_late: int
    accept_late: int
    done: int
    planned_yuan: Decimal
    paid_yuan: Decimal | None
    """None where nobody keeps account yet."""

    @property
    def late(self) -> int:
        """How many times something is late."""
        return self.start_late + self.finish_late + self.accept_late

    @property
    def late_share(self) -> Decimal:
        """How often a project is late, on average: what ranks."""
        return Decimal(self.late) / self.projects if self.projects else Decimal(0)

    @property
    def spent_percent(self) -> Decimal | None:
        """The share of the planned money that is paid, in hundredths."""
        if self.paid_yuan is None or not self.planned_yuan:
            return None
        return self.paid_yuan * 100 / self.planned_yuan


@cites("§6", "加快扶贫资金拨付进度和扶贫项目实施进度")
def slow_counties(user: User, *, year: int, day: date) -> list[County]:
    """Return the counties with projects in a year's plan, the slowest first: lateness by project, then what is not spent, then code."""
    projects = Project.objects.visible_to(user).filter(_IN_PLAN, year=year)
    rows = list(
        projects.order_by()
        .values("county")
        .annotate(
            projects=Count("pk"),
            start_late=Count("pk", filter=_NOT_STARTED & Q(planned_start_on__lt=day)),
            finish_late=Count("pk", filter=_GOING & Q(finished_on__isnull=True, planned_finish_on__lt=day)),
            accept_late=Count("pk", filter=_GOING & Q(planned_accept_on__lt=day)),
            done=Count("pk", filter=Q(stage__in=DONE)),
            planned=Sum("planned_yuan"),
        )
        .order_by("county")
    )
    names = dict(
        Division.objects.filter(code__in=[row["county"] for row in rows]).values_list("code", "name")
    )
    paid: dict[int, Decimal] = {}
    if is_told():
        county_of = dict(projects.order_by("pk").values_list("pk", F("county")))
        for project, spent in spent_on(county_of).items():
            county = county_of[project]
            paid[county] = paid.get(county, Decimal(0)) + spent.paid
    found = [
        County(
            row["county"],
            names.get(row["county"], ""),
            row["projects"],
            row["start_late"],
            row["finish_late"],
            row["accept_late"],
            row["done"],
            row["planned"],
            paid.get(row["county"], Decimal(0)) if is_told() else None,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (-one.late_share, one.spent_percent or Decimal(0), one.code))
