"""Teams: in which village, under whom until when, how long silent; and how far the poor villages are covered (policy §20)."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, Func, IntegerField, Max, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from fupin.accounts.models import User
from registry.models import (
    AssistPair,
    CoverageStage,
    Household,
    Organ,
    RosterEntry,
    TeamLeader,
    TeamPosting,
    Village,
    VillageStay,
)
from registry.reports.help.leading import ON_REGISTER as VILLAGES_ON_REGISTER
from registry.rules.help.after_exit import ON_REGISTER
from registry.rules.help.terms import Term, is_silent, leader_stays_until, leader_term, team_stays_until


class _Days(Func):
    """The days from one to another, both counted."""

    template = "(%(expressions)s + 1)"
    arg_joiner = " - "
    output_field = IntegerField()


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team in its village on a day."""

    posting: TeamPosting
    stays_until: date
    leader: TeamLeader | None
    leader_until: date | None
    term: Term | None
    last_log: date | None
    silent: bool


def postings(user: User) -> "QuerySet[TeamPosting]":
    """Return the latest posting of each team into the villages that the user sees, with its last day of logged work."""
    later = TeamPosting.objects.filter(team_id=OuterRef("team_id"), since__gt=OuterRef("since"))
    rows = TeamPosting.objects.visible_to(user).filter(~Exists(later))
    return rows.annotate(
        last_log=Max("team__roster__logs__on", filter=Q(team__roster__division_id=F("division_id")))
    ).select_related("team__organ", "division__parent")


def team_rows(rows: "list[TeamPosting]", today: date) -> list[TeamRow]:
    """Return postings with their leaders, terms and silence, in the order given."""
    leaders = {
        one.team_id: one
        for one in TeamLeader.objects.filter(team_id__in=[row.team_id for row in rows], until__isnull=True)
        .select_related("person")
        .order_by("since", "pk")
    }
    found = []
    for row in rows:
        leader = leaders.get(row.team_id)
        last_log: date | None = getattr(row, "last_log", None)
        found.append(
            TeamRow(
                posting=row,
                stays_until=team_stays_until(row.since),
                leader=leader,
                leader_until=leader_stays_until(leader.since) if leader else None,
                term=leader_term(leader.since, leader.until, today) if leader else None,
                last_log=last_log,
                silent=is_silent(last_log, row.since, today),
            )
        )
    return found


def silent(rows: "QuerySet[TeamPosting]", today: date, days: int) -> "QuerySet[TeamPosting]":
    """Return the teams silent on a day, by the filter twin of `is_silent`: neither logged nor come in the last `days`."""
    limit = today - timedelta(days=days)
    return rows.filter(since__lte=limit).filter(Q(last_log__isnull=True) | Q(last_log__lte=limit))


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far poor villages have a team and households somebody answerable."""

    villages: int
    with_team: int
    households: int
    with_person: int


def coverage(user: User) -> Coverage:
    """Return the coverage of what the user sees."""
    villages = Village.objects.visible_to(user).filter(status__in=VILLAGES_ON_REGISTER)
    households = Household.objects.visible_to(user).filter(status__in=ON_REGISTER)
    teams = TeamPosting.objects.filter(division_id=OuterRef("division_id"))
    pairs = AssistPair.objects.filter(household_id=OuterRef("pk"), end_date__isnull=True)
    return Coverage(
        villages=villages.count(),
        with_team=villages.filter(Exists(teams)).count(),
        households=households.count(),
        with_person=households.filter(Exists(pairs)).count(),
    )


def stages(user: User) -> "QuerySet[CoverageStage]":
    """Return the stages planned for the counties that the user sees."""
    return (
        CoverageStage.objects.visible_to(user)
        .select_related("division")
        .order_by("division_id", "number", "pk")
    )


def roster(user: User) -> "QuerySet[RosterEntry]":
    """Return who serves or served in the villages, with the days that he lived there and those that he logged."""
    lived = (
        VillageStay.objects.filter(entry_id=OuterRef("pk"))
        .order_by()
        .values("entry_id")
        .annotate(total=Sum(_Days(F("last_day"), F("first_day"))))
        .values("total")
    )
    rows = RosterEntry.objects.visible_to(user).select_related("person__organ", "team", "division__parent")
    return rows.annotate(days_logged=Count("logs__on", distinct=True), days_lived=Coalesce(lived, 0))


def organs_that_sent_nobody(user: User, today: date) -> "QuerySet[Organ]":
    """Return the organs on the list that have nobody in a village on a day (policy-trace 19.1).

    Only the organs within the user's own division: of those above it, he does not see whom they sent elsewhere.
    """
    if user.post is None:
        return Organ.objects.none()
    serving = RosterEntry.objects.filter(person__organ_id=OuterRef("pk"), since__lte=today).filter(
        Q(until__isnull=True) | Q(until__gt=today)
    )
    return Organ.objects.within(user.post.division_id).filter(~Exists(serving), must_send=True)
