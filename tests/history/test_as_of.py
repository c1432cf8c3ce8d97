"""The register as it stood at the end of a day: lists, cards, figures and files answer as they did then."""

import uuid
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from fupin.accounts.models import User
from fupin.accounts.roles import Role
from fupin.divisions.codes import PROVINCE_CODE
from fupin.history.looking import NoSuchDay, as_of, day_from, end_of
from fupin.history.services.checking import present
from fupin.history.tables import tracked
from fupin.sheets import exports
from fupin.sheets.kinds import NotAsked, Request
from fupin.sheets.models import ExportLog
from registry.models import Case, Household, HouseholdYear, MemberYear, VillageOnFile
from registry.services.lineage import move_household, split_household
from registry.services.undoing import undo_link
from tests.conftest import person
from tests.registry import cases as files, factories as make
from tests.registry.standing import days_pass, put

pytestmark = pytest.mark.django_db
Scope = Callable[[User], Any]


@pytest.fixture(autouse=True)
def files_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)


@pytest.fixture
def yesterday() -> date:
    return timezone.localdate() - timedelta(days=1)


@pytest.fixture
def mover(db: None) -> User:
    """Somebody who may move households between counties."""
    return person("mover", Role.COUNTY_ENTRY, PROVINCE_CODE, full_name="省录")


def taken(
    actor: User, scope: Scope, how: Any, day: date | None = None, kind: str = "households"
) -> ExportLog:
    query = f"as_of={day}" if day else ""
    with scope(actor):
        asked = Request(actor, 2014, QueryDict(query))
        return exports.export(
            kind=kind,
            selection=exports.select(kind, asked),
            actor=actor,
            format=how,
            at=timezone.now(),
            key=uuid.uuid4(),
        )


def csv_of(log: ExportLog) -> dict[str, bytes]:
    with zipfile.ZipFile(exports.path_of(log)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name.endswith(".csv")}


def cells_of(log: ExportLog) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_path(str(exports.path_of(log)))
    return {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
        if name != "说明"
    }


def note_of(log: ExportLog) -> dict[str, str]:
    book = CalamineWorkbook.from_path(str(exports.path_of(log)))
    return {str(row[0]): str(row[1]) for row in book.get_sheet_by_name("说明").to_python()}


KINDS = ("households", "labourers", "villages")


def test_a_file_of_a_past_day_is_the_file_that_was_taken_then(
    bo: User, mover: User, in_scope: Scope, yesterday: date
) -> None:
    """Saved, changed, split, moved to another county and put on the register since: the old list is the old list."""
    with in_scope(bo):
        stays, changes, goes, parts = (
            make.saved(bo, phone=f"1380000010{n}", address=f"前庄{n}号") for n in range(4)
        )
        put(stays.household, "N", first_identified_year=2014)
    then = {
        kind: (
            csv_of(taken(bo, in_scope, "csv", kind=kind)),
            cells_of(taken(bo, in_scope, "xlsx", kind=kind)),
        )
        for kind in KINDS
    }
    days_pass(1)
    with in_scope(bo):
        make.change(bo, changes, replace(make.card(address="后庄1号"), members=make.card().members))
        make.saved(bo, phone="13800000109")
        put(stays.household, "O", exit_year=2014, exited_on="2014-12-01", first_identified_year=2014)
        second = parts.household_year.members.order_by("seat")[1].member
        split_household(
            actor=bo,
            household=parts.household,
            leaving=[second.member_no],
            relations={second.member_no: "01"},
            reason="成家",
            on=make.TODAY,
        )
    with in_scope(mover):
        move_household(
            actor=mover,
            household=goes.household,
            to_village=make.KELAN_VILLAGE,
            natural_village="东沟",
            reason="投亲",
            on=make.TODAY,
        )
    for kind in KINDS:
        files_then, cells_then = then[kind]
        assert csv_of(taken(bo, in_scope, "csv", kind=kind)) != files_then
        past = taken(bo, in_scope, "csv", yesterday, kind=kind)
        assert csv_of(past) == files_then
        assert past.as_of == end_of(yesterday)
        book = taken(bo, in_scope, "xlsx", yesterday, kind=kind)
        assert cells_of(book) == cells_then
        assert note_of(book)["数据截至"] == f"{yesterday} 日终"


def test_who_moved_is_in_the_old_place_then_and_in_the_new_one_now(
    bo: User, du: User, mover: User, in_scope: Scope, yesterday: date
) -> None:
    with in_scope(bo):
        household = make.saved(bo).household
    days_pass(1)
    with in_scope(mover):
        link = move_household(
            actor=mover,
            household=household,
            to_village=make.KELAN_VILLAGE,
            natural_village="东沟",
            reason="投亲",
            on=make.TODAY,
        )

    def seen(user: User, day: date | None) -> int:
        with in_scope(user), as_of(day):
            return HouseholdYear.objects.visible_to(user).filter(household=household).count()

    assert (seen(bo, yesterday), seen(du, yesterday)) == (1, 0)
    assert (seen(bo, None), seen(du, None)) == (0, 1)
    assert (seen(bo, timezone.localdate()), seen(du, timezone.localdate())) == (0, 1)
    with in_scope(du):  # its whole history can be read where it lives now
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(DISTINCT division) FROM registry_householdyearevent WHERE household_id = %s",
                [household.pk],
            )
            assert cursor.fetchone() == (2,)
        assert list(present()) == []
    with in_scope(bo):
        assert list(present()) == []
    days_pass(1)
    with in_scope(mover):
        undo_link(actor=mover, link=link, reason="没有去", on=make.TODAY)
        assert list(present()) == []
    two_days_ago = yesterday - timedelta(days=1)
    assert (seen(bo, two_days_ago), seen(du, two_days_ago)) == (1, 0)
    assert (seen(bo, yesterday), seen(du, yesterday)) == (0, 1)
    assert (seen(bo, None), seen(du, None)) == (1, 0)


def test_nobody_sees_in_the_past_what_lies_outside(bo: User, du: User, in_scope: Scope) -> None:
    with in_scope(bo):
        make.saved(bo)
    with in_scope(du), as_of(timezone.localdate()):
        assert not Household.objects.exists()
        assert not MemberYear.objects.exists()
        assert not VillageOnFile.objects.exists()


def test_a_status_that_a_step_moved_is_in_the_history(office: files.Office, yesterday: date) -> None:
    in_round = files.round_of(office)
    case = files.applicant(office, in_round)
    days_pass(1)
    before = Household.objects.get(pk=case.household_id).status
    put(case.household, "K")
    with transaction.atomic(), as_of(yesterday):
        assert Household.objects.get(pk=case.household_id).status == before
        assert Case.objects.get(pk=case.pk).status == case.status


@pytest.fixture
def office(db: None) -> files.Office:
    return files.office()


def test_nothing_can_be_written_to_the_past(bo: User, in_scope: Scope) -> None:
    with in_scope(bo):
        saved = make.saved(bo)
        with as_of(timezone.localdate()):
            for act in (
                lambda: Household.objects.filter(pk=saved.household.pk).update(status="K"),
                lambda: Household.objects.filter(pk=saved.household.pk).delete(),
                lambda: make.saved(bo),
            ):
                with pytest.raises(DatabaseError), transaction.atomic():
                    act()


def test_after_looking_back_one_is_in_the_present_again(bo: User, in_scope: Scope, yesterday: date) -> None:
    with in_scope(bo):
        make.saved(bo)
        with as_of(yesterday):
            assert not Household.objects.exists()
        assert Household.objects.exists()
        with pytest.raises(ZeroDivisionError), as_of(yesterday):
            raise ZeroDivisionError
        assert Household.objects.exists()


@pytest.mark.parametrize("text", ["2014-06-31", "30.6.2014", "2012-12-31", "2999-01-01"])
def test_days_that_cannot_be_looked_at(text: str, bo: User, in_scope: Scope) -> None:
    with pytest.raises(NoSuchDay):
        day_from(text)
    with in_scope(bo), pytest.raises(NotAsked):
        _ = Request(bo, 2014, QueryDict(f"as_of={text}")).day


def test_every_table_with_history_has_its_past_and_every_deletion_is_tracked() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT viewname FROM pg_views WHERE schemaname = 'as_of'")
        views = {name for (name,) in cursor.fetchall()}
        for one in tracked():
            assert one.table in views
            cursor.execute("SELECT has_table_privilege('fupin_web', %s, 'DELETE')", [one.table])
            if cursor.fetchone()[0]:
                labels = {tracker.label for tracker in one.event.pgh_trackers}  # type: ignore[attr-defined]
                assert "delete" in labels, one.table


def test_pages_answer_for_a_day_that_is_over(
    bo: User, in_scope: Scope, client_for: Callable[[User], Any], yesterday: date
) -> None:
    with in_scope(bo):
        saved = make.saved(bo, make.card(year=2013))
    days_pass(1)
    with in_scope(bo):
        make.change(bo, saved, replace(saved_card(saved), address="白文镇后庄99号"))
        late = make.saved(bo, make.card(year=2013, phone="13800000103"))
    browser = client_for(bo)
    number, day = saved.household.household_no, f"?as_of={yesterday}"
    listed = browser.get(reverse("household_list") + f"{day}&year=2013").content.decode()
    assert "日终，只能查看" in listed
    assert number[12:] in listed
    assert late.household.household_no[12:] + "</b>" not in listed
    assert f"/2013/{day}" in listed  # the card opens on the same day
    card = browser.get(reverse("household_card", args=[number, 2013]) + day).content.decode()
    assert "白文镇前庄12号" in card
    assert "后庄99号" not in card
    assert "日终，只能查看" in card
    assert "data-saved" not in card
    assert 'name="then"' not in card
    assert (
        browser.get(reverse("household_card", args=[late.household.household_no, 2013]) + day).status_code
        == 404
    )
    for name, args in (("village_list", []), ("labourer_list", []), ("village_table", [make.VILLAGE, 2013])):
        page = browser.get(reverse(name, args=args) + day)
        assert page.status_code == 200
        assert "日终，只能查看" in page.content.decode()
    member = saved.household_year.members.select_related("member").order_by("seat")[0].member
    assert (
        "日终" in browser.get(reverse("labourer_card", args=[member.member_no, 2013]) + day).content.decode()
    )
    refused = browser.post(reverse("household_card", args=[number, 2013]) + day, {"version": "2"})
    assert refused.status_code == 400
    back = browser.get(reverse("household_list") + "?year=2013&as_of=2999-01-01")
    assert back.status_code == 302
    assert back["Location"].endswith("?year=2013")


def saved_card(saved: Any) -> Any:
    from registry.reports.cards import read_card

    return read_card(HouseholdYear.objects.select_related("household").get(pk=saved.household_year.pk))


def test_villages_sums_are_those_of_the_day(bo: User, in_scope: Scope, yesterday: date) -> None:
    from registry.reports.villages import sums_of_all

    with in_scope(bo):
        make.saved(bo)
    days_pass(1)
    with in_scope(bo):
        make.saved(bo, phone="13800000103")
        cards = HouseholdYear.objects.visible_to(bo)
        with as_of(yesterday):
            assert sums_of_all(cards, 2014).households == 1
            assert VillageOnFile.objects.count() == 1
        with as_of(yesterday - timedelta(days=1)):
            assert sums_of_all(cards, 2014).households == 0
            assert VillageOnFile.objects.count() == 0
        assert sums_of_all(cards, 2014).households == 2
