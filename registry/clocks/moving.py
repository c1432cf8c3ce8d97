"""Until when a county has to answer another that asks it to take a household over."""

from datetime import date

from django.db.models import F, TextField
from django.db.models.functions import Cast, TruncDate

from fupin.accounts.roles import Role
from fupin.deadlines.kinds import Rows, arguments, clock_rule, rows
from fupin.divisions.codes import Level
from registry.models import MovingProposal


@clock_rule(
    kind="registry.moving_answer",
    title="跨县迁移商请应答复",
    basis="迁出县商请时写明的答复期限",
    role=Role.COUNTY_REVIEW,
    level=Level.COUNTY,
    permission="registry.accept_move",
    url="moving_page",
    warn_days=3,
    escalate_days=None,
)
def answers(today: date) -> Rows:
    """Clocks of proposals, in the county that is asked, until either side has ended them."""
    return rows(
        MovingProposal.objects.all(),
        subject_key=Cast(F("pk"), TextField()),
        division="to_division_id",
        starts_on=TruncDate("asked_at"),
        due_on="answer_by",
        done_on=TruncDate("answered_at"),
        url_args=arguments("pk"),
    )
