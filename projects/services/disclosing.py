"""The notices of a project are drawn up: in the county, in each of its villages, and of its beneficiaries there (procedures §9)."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery

from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.divisions.models import Division
from fupin.notices.errors import NoticeError
from fupin.notices.models import DraftStatus, NoticeDraft
from fupin.notices.rules import Row
from fupin.notices.services.drawing import draw_up
from projects.codes import Stage
from projects.errors import StageRefused
from projects.models import Project
from projects.reports.progress import (
    BENEFICIARIES,
    COUNTY,
    COUNTY_DONE,
    VILLAGE,
    VILLAGE_DONE,
    subject_of,
    villages_of,
)
from registry.models import HouseholdYear


@transaction.atomic
def draw_up_notices(*, actor: User, project: Project, on: date) -> list[NoticeDraft]:
    """Return the drafts of all the notices that a project needs now, to be posted on a day: those not drawn up yet.

    After the approval what is to be done and for whom; after the acceptance what was achieved. Raise StageRefused where nothing is to
    be made public now, or a text holds what may not be, Refused.
    """
    require(actor, "projects.draw_up_notice", at=project.division_id)
    if project.stage == Stage.APPROVED:
        in_county, in_village = COUNTY, VILLAGE
    elif project.stage == Stage.ACCEPTED:
        in_county, in_village = COUNTY_DONE, VILLAGE_DONE
    else:
        raise StageRefused(f"项目现在是“{project.get_stage_display()}”，没有要公示、公告的")
    county = Division.objects.get(pk=project.county)
    wanted: list[tuple[str, Division, Sequence[Row]]] = [(in_county, county, [_row(project)])]
    lists = _lists(project) if project.stage == Stage.APPROVED else {}
    for village in villages_of(project):
        wanted.append((in_village, village, [_row(project, village)]))
        if rows := lists.get(village.code):
            wanted.append((BENEFICIARIES, village, rows))
    open_ones = set(
        NoticeDraft.objects.filter(
            status=DraftStatus.DRAFT, division__in=[place for _kind, place, _ in wanted]
        )
        .filter(
            kind__in={kind for kind, _place, _ in wanted},
            rows__0__subject_key__startswith=subject_of(project),
        )
        .values_list("kind", "division_id")
    )
    try:
        drafts = [
            draw_up(
                actor=actor,
                kind=kind,
                division=place,
                rows=rows,
                year=project.year,
                on=on,
                contact_phone=project.hotline,
            )
            for kind, place, rows in wanted
            if (kind, place.code) not in open_ones
        ]
    except NoticeError as refused:
        raise StageRefused(str(refused)) from refused
    if not drafts:
        raise StageRefused("公示稿都已拟好，请到“公告公示”打印、张贴")
    note(
        action="projects.draw_up_notice",
        object_key=project.number,
        division=project.division_id,
        detail={"drafts": [one.number for one in drafts]},
    )
    return drafts


def _row(project: Project, village: Division | None = None) -> Row:
    place = village or project.division
    return Row(
        project.name,
        subject_of(project, village.code if village else None),
        village=place.name,
        kind=project.get_kind_display(),
        amount=project.planned_yuan,
    )


def _lists(project: Project) -> Mapping[int, Sequence[Row]]:
    """The beneficiaries of each village as they are made public: a household once, whoever of it is meant."""
    latest = HouseholdYear.objects.filter(household=OuterRef("household")).order_by("-year")
    rows: dict[int, dict[str, Row]] = {}
    found = (
        project.households.standing()
        .annotate(
            head=Subquery(latest.values("head_name")[:1]),
            place=Subquery(latest.values("natural_village")[:1]),
            persons=Subquery(latest.values("member_count")[:1]),
        )
        .select_related("household")
        .order_by("division_id", "household__household_no", "pk")
    )
    one: Any  # with its head, place and persons
    for one in found:
        number = one.household.household_no
        here = rows.setdefault(one.division_id, {})
        before = here.get(number)
        amount = (
            (before.amount if before and before.amount else Decimal(0)) + (one.promised_yuan or Decimal(0))
            if one.promised_yuan is not None or (before and before.amount is not None)
            else None
        )
        here[number] = Row(
            one.head,
            subject_of(project, one.division_id, number),
            natural_village=one.place or "",
            persons=one.persons,
            amount=amount,
        )
    return {village: list(of_village.values()) for village, of_village in rows.items()}
