"""Work teams, their leaders, rosters, logs and days in the village (policy §19, §20)."""

from datetime import date

from django.db import transaction

from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from registry.errors import HelpRefused
from registry.models import (
    AssistPerson,
    Household,
    Organ,
    RosterEntry,
    TeamLeader,
    TeamPosting,
    VillageStay,
    WorkLog,
    WorkTeam,
)
from registry.services.help.refusing import clocks_changed, needed, not_future, spoken


def found_team(
    *,
    actor: User,
    division: int,
    name: str,
    organ: Organ,
    village: int,
    leader: AssistPerson,
    since: date,
    document: str,
) -> WorkTeam:
    """Found a team and send it under its leader to one village for five years.

    `division` is the county, city or province that keeps it. Raise HelpRefused where the place is no administrative village; Refused.
    """
    require(actor, "registry.assign_help", at=division)
    with transaction.atomic(), spoken():
        team = WorkTeam.objects.create(
            division_id=division, name=needed(name, "名称"), organ=organ, entered_by=actor
        )
        post_team(actor=actor, team=team, village=village, since=since, document=document)
        TeamLeader.objects.create(
            division_id=division, team=team, person=leader, since=since, entered_by=actor
        )
    return team


def post_team(*, actor: User, team: WorkTeam, village: int, since: date, document: str) -> TeamPosting:
    """Send a team to a village for five years; raise HelpRefused within the five years of its last posting; Refused."""
    require(actor, "registry.assign_help", at=village)
    with spoken():
        posting = TeamPosting.objects.create(
            division_id=village,
            team=team,
            since=since,
            document=needed(document, "派驻文号"),
            entered_by=actor,
        )
    clocks_changed("team", "team_leader")
    note(object_key=f"work_team/{team.pk}", division=village)
    return posting


def appoint_leader(
    *, actor: User, team: WorkTeam, person: AssistPerson, since: date, reason: str = ""
) -> TeamLeader:
    """Let a new leader follow the present one from a day on; the team stays. `reason` is needed before the two years are over.

    Raise HelpRefused for the same man again, a day before the present one began, or no reason; Refused.
    """
    require(actor, "registry.assign_help", at=team.division_id)
    with spoken():
        present = (
            TeamLeader.objects.select_for_update(of=("self",)).filter(team=team, until__isnull=True).first()
        )
        if present is not None:
            present.until = since
            present.reason = reason.strip()
            present.save(update_fields=["until", "reason"])
        leader = TeamLeader.objects.create(
            division_id=team.division_id, team=team, person=person, since=since, entered_by=actor
        )
    clocks_changed("team_leader")
    note(object_key=f"work_team/{team.pk}", division=team.division_id, reason=reason or None)
    return leader


def enrol(
    *,
    actor: User,
    village: int,
    person: AssistPerson,
    kind: str,
    since: date,
    until: date | None = None,
    team: WorkTeam | None = None,
    is_young_cadre: bool = False,
    incentive: str = "",
    support: str = "",
) -> RosterEntry:
    """Put somebody on a village's roster; raise HelpRefused where he is on it in those days; Refused."""
    require(actor, "registry.assign_help", at=village)
    with spoken():
        entry = RosterEntry.objects.create(
            division_id=village,
            person=person,
            kind=kind,
            team=team,
            since=since,
            until=until,
            is_young_cadre=is_young_cadre,
            incentive=incentive.strip(),
            support=support.strip(),
            entered_by=actor,
        )
    note(object_key=f"roster/{entry.pk}", division=village)
    return entry


def leave_roster(*, actor: User, entry: RosterEntry, on: date) -> RosterEntry:
    """End somebody's term in a village: `on` is the first day on which he no longer serves; raise HelpRefused, Refused."""
    require(actor, "registry.assign_help", at=entry.division_id)
    with spoken():
        entry = RosterEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
        if entry.until is not None:
            raise HelpRefused("该人员已离任")
        entry.until = on
        entry.save(update_fields=["until"])
    note(object_key=f"roster/{entry.pk}", division=entry.division_id)
    return entry


def log_work(
    *,
    actor: User,
    entry: RosterEntry,
    on: date,
    kind: str,
    content: str,
    household: Household | None = None,
    project_no: str = "",
    today: date,
) -> WorkLog:
    """Log a day's work for a card or a project; raise HelpRefused on a day off the roster or in the future; Refused."""
    require(actor, "registry.change_help", at=entry.division_id)
    not_future(on, today, "日志日期")
    if household is not None and household.division_id != entry.division_id:
        raise HelpRefused("日志服务的户应在本村")
    with spoken():
        log = WorkLog.objects.create(
            division_id=entry.division_id,
            entry=entry,
            on=on,
            kind=kind,
            household=household,
            project_no=project_no.strip(),
            content=needed(content, "工作内容"),
            entered_by=actor,
        )
    note(object_key=f"roster/{entry.pk}", division=entry.division_id)
    return log


def log_stay(*, actor: User, entry: RosterEntry, first_day: date, last_day: date, today: date) -> VillageStay:
    """Log days lived in the village, both ends counted; raise HelpRefused for days off the roster or counted already; Refused."""
    require(actor, "registry.change_help", at=entry.division_id)
    not_future(last_day, today, "住村日期")
    with spoken():
        stay = VillageStay.objects.create(
            division_id=entry.division_id,
            entry=entry,
            first_day=first_day,
            last_day=last_day,
            entered_by=actor,
        )
    note(object_key=f"roster/{entry.pk}", division=entry.division_id)
    return stay
