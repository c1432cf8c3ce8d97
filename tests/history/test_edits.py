"""No sequence of edits makes history and present disagree, nor changes what a day showed once it was over."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings, strategies as st

from fupin.accounts.errors import Refused
from fupin.accounts.models import User
from fupin.accounts.roles import Role
from fupin.accounts.scope import enter_scope
from fupin.divisions.codes import PROVINCE_CODE, code_range
from fupin.history.looking import as_of
from fupin.history.services.checking import present
from fupin.history.tables import tracked
from registry.errors import CardRefused, HouseholdEnded, StaleCard, StepRefused, TransferRefused, YearClosed
from registry.models import Case, Household, HouseholdLink, HouseholdYear, MemberYear
from registry.reports.cards import read_card
from registry.services.cards import SavedCard
from registry.services.lineage import merge_households, move_household, split_household
from registry.services.undoing import undo_link
from tests.conftest import person
from tests.registry import cases as files, factories as make
from tests.registry.standing import days_pass, put

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

REFUSALS = (CardRefused, HouseholdEnded, StaleCard, StepRefused, TransferRefused, YearClosed, Refused)
VILLAGES = (make.VILLAGE, make.OTHER_VILLAGE, make.KELAN_VILLAGE)
ACTS = ("enter", "change", "join", "leave", "drop", "split", "merge", "move", "undo", "step", "put", "day")
Act = tuple[str, int, int]
acts = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 5), st.integers(0, 5)), min_size=3, max_size=12
)


class Desk:
    """A desk at which everything can be done to a few households."""

    def __init__(self, actor: User, office: files.Office) -> None:
        self.actor, self.office = actor, office
        self.phones = self.steps = 0
        self.on = files.APPLIED_ON
        self.round = files.round_of(office)
        files.see_province()
        self.enter(0, 0)

    def pick(self, which: int) -> SavedCard:
        households = list(Household.objects.filter(years__year=2014).order_by("pk"))
        household = households[which % len(households)]
        row = HouseholdYear.objects.select_related("household").get(household=household, year=2014)
        return SavedCard(household, row, ())

    def enter(self, which: int, how: int) -> None:
        self.phones += 1
        village = VILLAGES[how % len(VILLAGES)]
        make.saved(self.actor, make.card(village_code=str(village), phone=f"13800{self.phones:06}"))

    def change(self, which: int, how: int) -> None:
        saved = self.pick(which)
        card = read_card(saved.household_year)
        income = replace(card.income, wage_income=Decimal(100 * how), lines=())
        make.change(self.actor, saved, replace(card, address=f"前庄{how}号", income=income))

    def join(self, which: int, how: int) -> None:
        saved = self.pick(which)
        card = read_card(saved.household_year)
        baby = make.pupil(name="张小花", relation="03", change_type="06", change_date=date(2014, 3, 1))
        make.change(self.actor, saved, replace(card, members=(*card.members, baby)))

    def leave(self, which: int, how: int) -> None:
        saved = self.pick(which)
        card = read_card(saved.household_year)
        if not card.members:
            return
        make.change(
            self.actor, saved, make.with_member(card, -1, change_type="01", change_date=date(2014, 4, 1))
        )

    def drop(self, which: int, how: int) -> None:
        """Take a member off a draft: he goes without a trace on the card."""
        saved = self.pick(which)
        card = read_card(saved.household_year)
        make.change(self.actor, saved, replace(card, members=card.members[:-1]))

    def split(self, which: int, how: int) -> None:
        household = self.pick(which).household
        rows = MemberYear.objects.filter(household_year__household=household, is_counted=True)
        members = list(rows.select_related("member").order_by("seat"))
        if not members:
            return
        leaving = members[how % len(members)].member.member_no
        split_household(
            actor=self.actor,
            household=household,
            leaving=[leaving],
            relations={leaving: "01"},
            reason="成家",
            on=make.TODAY,
        )

    def merge(self, which: int, how: int) -> None:
        old, other = self.pick(which).household, self.pick(how).household
        rows = MemberYear.objects.filter(household_year__household=old, is_counted=True).select_related(
            "member"
        )
        merge_households(
            actor=self.actor,
            household=old,
            into=other,
            relations={row.member.member_no: "10" for row in rows},
            reason="并户",
            on=make.TODAY,
        )

    def move(self, which: int, how: int) -> None:
        move_household(
            actor=self.actor,
            household=self.pick(which).household,
            to_village=VILLAGES[how % len(VILLAGES)],
            natural_village="东沟",
            reason="投亲",
            on=make.TODAY,
        )

    def undo(self, which: int, how: int) -> None:
        link = HouseholdLink.objects.order_by("-pk").first()
        if link is not None:
            undo_link(actor=self.actor, link=link, reason="办错", on=make.TODAY)

    def step(self, which: int, how: int) -> None:
        """Let a household ask for a place on the register, or go a step further on its way."""
        case = Case.objects.order_by("pk").first() or files.applicant(self.office, self.round)
        if self.steps < len(files.TO_THE_REGISTER):
            self.on = files.walk(self.office, case, files.TO_THE_REGISTER[self.steps], on=self.on)
            self.steps += 1
        files.see_province()

    def put(self, which: int, how: int) -> None:
        """Let the status move as the last steps of a case move it."""
        status = ("N", "O", "K", "Z")[how % 4]
        more: dict[str, Any] = {"first_identified_year": 2014, "exit_year": None, "exited_on": None}
        if status == "O":
            more |= {"exit_year": 2014, "exited_on": "2014-12-01"}
        put(self.pick(which).household, status, **more)


def pictures() -> dict[str, set[tuple[Any, ...]]]:
    """Return all rows of all tables with history, as text."""
    found = {}
    with connection.cursor() as cursor:
        for table in tracked():
            columns = ", ".join(f'one."{column}"' for column in table.columns)
            cursor.execute(f"SELECT ROW({columns})::text FROM {table.table} one")
            found[table.table] = set(cursor.fetchall())
    return found


@given(acts)
@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_history_and_present_agree_after_any_edits(db: None, the_acts: list[Act]) -> None:
    before = transaction.savepoint()
    try:
        office = files.office()
        actor = person("everybody", Role.COUNTY_ENTRY, PROVINCE_CODE, full_name="全能")
        enter_scope(*code_range(PROVINCE_CODE), user_id=actor.pk)
        desk = Desk(actor, office)
        shown: dict[date, dict[str, set[tuple[Any, ...]]]] = {}
        today = timezone.localdate()
        for name, which, how in the_acts:
            if name == "day":
                shown = {day - timedelta(days=1): picture for day, picture in shown.items()}
                shown[today - timedelta(days=1)] = pictures()
                days_pass(1)
                continue
            try:
                with transaction.atomic():
                    getattr(desk, name)(which, how)
            except REFUSALS:
                enter_scope(*code_range(PROVINCE_CODE), user_id=actor.pk)
            assert list(present()) == [], name
        for day, picture in shown.items():
            with as_of(day):
                assert pictures() == picture
    finally:
        transaction.savepoint_rollback(before)
