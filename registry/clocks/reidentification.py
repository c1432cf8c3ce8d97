"""The three-year cycle counts down: the whole register is to be adjusted by the end of every third year (policy §3, policy-trace 3.3)."""

from datetime import date

from django.db.models import DateField, Max, OuterRef, Subquery, TextField, Value
from django.db.models.functions import TruncDate

from fupin.accounts.roles import Role
from fupin.deadlines.kinds import Rows, clock_rule, rows
from fupin.divisions.codes import PROVINCE_CODE, Level
from fupin.divisions.models import Division
from fupin.policy.standards import figure
from registry.models import ReidentificationRun
from registry.rules.reidentify import next_adjustment


@clock_rule(
    kind="registry.three_years",
    title="三年动态调整",
    basis="§3 原则上扶贫对象每三年进行一次动态调整",
    role=Role.PROVINCE,
    level=Level.PROVINCE,
    permission="registry.view_reidentification",
    url="reidentification_list",
    warn_days=365,
)
def three_years(today: date) -> Rows:
    """The clock of the adjustment year that comes next: it runs from the last one on and is stopped by the statutory run's end."""
    year = next_adjustment(today.year)
    cycle = int(figure("adjust_cycle", year))
    ended = (
        ReidentificationRun.objects.filter(year=year, round__isnull=False, division_id=OuterRef("code"))
        .order_by()
        .values("division_id")
        .annotate(last=Max(TruncDate("finished_at")))
        .values("last")
    )
    return rows(
        Division.objects.filter(code=PROVINCE_CODE).annotate(ended=Subquery(ended)),
        subject_key=Value(str(year), output_field=TextField()),
        division="code",
        title=Value(f"{year} 年三年动态调整", output_field=TextField()),
        starts_on=Value(date(year - cycle + 1, 1, 1), output_field=DateField()),
        due_on=Value(date(year, 12, 31), output_field=DateField()),
        done_on="ended",
    )
