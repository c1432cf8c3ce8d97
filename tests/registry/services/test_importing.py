"""A workbook of households in: checked as cards are, compared, written by another person, once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from fupin.accounts.errors import Refused
from fupin.accounts.models import User
from fupin.lib.idnumber import read
from fupin.sheets import deciding, receiving
from fupin.sheets.models import ImportBatch, ImportStatus, StagedUnit
from fupin.sheets.opening import Sent
from registry.models import Household, HouseholdYear, Member, MemberYear
from registry.reports.cards import read_card
from registry.rules.card import Card
from tests.registry import factories as make
from tests.registry.workbooks import rows_of, workbook

Scope = Callable[[User], Any]


@pytest.fixture(autouse=True)
def kept_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the files of this test lie in a folder of its own."""
    monkeypatch.setattr(settings, "HOME", tmp_path)


def nobody(_done: int, _total: int | None, _words: str) -> None:
    """Look at nothing."""


def taken_in(actor: User, sent: Sent, in_scope: Scope) -> ImportBatch:
    """Return a workbook that was sent, and checked."""
    with in_scope(actor):
        batch = receiving.receive(kind="households", files=[sent], actor=actor)
    batch = receiving.stage(batch, on=make.TODAY, told=nobody)
    assert batch.status == ImportStatus.READY, batch.message
    return batch


def written(actor: User, batch: ImportBatch, in_scope: Scope, mode: str = "ALL") -> ImportBatch:
    """Return a batch that somebody else has let be written."""
    with in_scope(actor):
        deciding.decide(batch=batch, mode=mode, actor=actor)
    batch = ImportBatch.objects.select_related("post", "uploaded_by").get(pk=batch.pk)
    return deciding.apply(batch, actor=actor, on=make.TODAY, told=nobody)


def counts(batch: ImportBatch) -> dict[str, int]:
    return {
        name: number
        for name in ("new", "changed", "unchanged", "wrong", "ambiguous")
        if (number := getattr(batch, name))
    }


def faults(batch: ImportBatch) -> list[tuple[str, int, str, str]]:
    return [(one["sheet"], one["row"], one["column"], one["rule"]) for one in receiving.faults_of(batch)]  # type: ignore[misc]


def cards() -> list[Card]:
    return [
        make.card(),
        make.card(
            phone="13800000002",
            natural_village="后庄",
            bank_name="农信社",
            bank_account="6228480123456789012",
        ),
        make.card(
            make.member(health=("02", "04"), disease="高血压", phone="13811112222"), phone="13800000003"
        ),
    ]


@pytest.mark.django_db
def test_new_households_are_written_by_another(bo: User, chen: User, in_scope: Scope) -> None:
    batch = taken_in(bo, workbook(rows_of(cards())), in_scope)
    assert counts(batch) == {"new": 3}
    assert not Household.objects.exists()
    batch = written(chen, batch, in_scope)
    assert (batch.status, batch.applied) == (ImportStatus.APPLIED, 3)
    assert Household.objects.count() == 3
    assert set(Household.objects.values_list("status", "entered_by__username")) == {("D", "bo")}


DIFFERENT = {"id", "household_id", "household_year_id", "member_id", "updated_at", "member_no"}


def columns_of(row: Any) -> dict[str, Any]:
    """Return what a row says, sealed values by whether they are there: each sealing has a key of its own."""
    found = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.attname not in DIFFERENT:
            found[field.attname] = bytes(value) if isinstance(value, memoryview) else value
        if field.attname.endswith("_sealed"):
            found[field.attname] = value is not None
    return found


def another_number(id_no: str) -> str:
    """Return the number of somebody else who was born on the same day."""
    holder = read(id_no)
    assert holder is not None
    return make.id_number(holder.birth_date, male=holder.sex == "1")


@pytest.mark.django_db
def test_an_imported_card_is_the_card_that_a_clerk_would_have_saved(
    bo: User, chen: User, in_scope: Scope
) -> None:
    given = cards()
    with in_scope(bo):
        typed = [make.saved(bo, one).household for one in given]
    with in_scope(bo):
        kept = {
            household.pk: (
                columns_of(HouseholdYear.objects.get(household=household)),
                [columns_of(row) for row in Member.objects.filter(household=household).order_by("member_no")],
                [
                    columns_of(row)
                    for row in MemberYear.objects.filter(member__household=household).order_by("seat")
                ],
            )
            for household in typed
        }
    fresh = [
        replace(one, members=tuple(replace(m, id_no=another_number(m.id_no or "")) for m in one.members))
        for one in given
    ]
    batch = written(chen, taken_in(bo, workbook(rows_of(fresh)), in_scope), in_scope)
    assert batch.applied == 3
    made = Household.objects.exclude(pk__in=kept).order_by("household_no")
    for household, (card, people, years) in zip(made, kept.values(), strict=True):
        mine = columns_of(HouseholdYear.objects.get(household=household))
        # Telephones of the first three are on the cards of the second three, and the natural villages known by then.
        assert {k: v for k, v in mine.items() if k not in {"remarks", "open_remarks"}} == {
            k: v for k, v in card.items() if k not in {"remarks", "open_remarks"}
        }
        numbers = {"id_no_index", "id_no_masked"}
        for now, was in zip(
            Member.objects.filter(household=household).order_by("member_no"), people, strict=True
        ):
            assert {k: v for k, v in columns_of(now).items() if k not in numbers} == {
                k: v for k, v in was.items() if k not in numbers
            }
        for then, before in zip(
            MemberYear.objects.filter(member__household=household).order_by("seat"), years, strict=True
        ):
            assert {k: v for k, v in columns_of(then).items() if k not in numbers} == {
                k: v for k, v in before.items() if k not in numbers
            }


@pytest.mark.django_db
def test_history_says_who_let_it_be_written(bo: User, chen: User, in_scope: Scope) -> None:
    batch = written(chen, taken_in(bo, workbook(rows_of(cards())), in_scope), in_scope)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.metadata->>'user', c.metadata->>'reason' FROM registry_memberyearevent e"
            " LEFT JOIN pghistory_context c ON c.id = e.pgh_context_id"
        )
        assert cursor.fetchall() == [(str(chen.pk), f"导入 {batch.serial}")]


@pytest.mark.django_db
def test_the_same_file_twice_applies_once(bo: User, chen: User, in_scope: Scope) -> None:
    sent = workbook(rows_of(cards()))
    written(chen, taken_in(bo, sent, in_scope), in_scope)
    again = taken_in(bo, sent, in_scope)
    assert counts(again) == {"unchanged": 3}
    with in_scope(chen), pytest.raises(receiving.ImportRefused, match="没有可写入"):
        deciding.decide(batch=again, mode="ALL", actor=chen)
    assert Household.objects.count() == 3


@pytest.mark.django_db
def test_two_sendings_of_one_file_that_wait_apply_once(
    bo: User, chen: User, tong: User, in_scope: Scope
) -> None:
    sent = workbook(rows_of(cards()))
    first = taken_in(bo, sent, in_scope)
    with in_scope(bo):
        assert receiving.receive(kind="households", files=[sent], actor=bo) == first
    with in_scope(bo):
        second = receiving.receive(kind="households", files=[sent], actor=bo, console=True)
    second = receiving.stage(second, on=make.TODAY, told=nobody)
    assert written(chen, first, in_scope).applied == 3
    late = written(chen, second, in_scope)
    assert (late.applied, late.unchanged) == (0, 3)
    assert Household.objects.count() == 3


@pytest.mark.django_db
def test_nobody_lets_his_own_be_written(bo: User, tong: User, in_scope: Scope) -> None:
    batch = taken_in(tong, workbook(rows_of(cards())), in_scope)
    with in_scope(tong), pytest.raises(Refused, match="另一人"):
        deciding.decide(batch=batch, mode="ALL", actor=tong)
    with in_scope(bo), pytest.raises(Refused):
        deciding.decide(batch=batch, mode="ALL", actor=bo)


@pytest.mark.django_db
def test_what_is_wrong_is_told_at_its_cell_and_nothing_is_stored(
    bo: User, chen: User, in_scope: Scope
) -> None:
    bad = make.card(
        make.member(sex="2", relation="02"),
        make.pupil(id_no="141124200309010011"),
        cause_main=None,
        income=make.income(wage_income=None),
    )
    batch = taken_in(bo, workbook(rows_of([make.card(phone="13800000009"), bad])), in_scope)
    assert counts(batch) == {"new": 1, "wrong": 1}
    told = faults(batch)
    assert ("户", 3, "主要致贫原因", "R-18") in told
    assert ("户", 3, "工资性收入", "R-20") in told
    assert ("成员", 6, "证件号码", "R-02") in told
    assert any(rule == "R-16" for _, _, _, rule in told)
    with in_scope(chen), pytest.raises(receiving.ImportRefused, match="有误"):
        deciding.decide(batch=batch, mode="ALL", actor=chen)
    assert not Household.objects.exists()
    assert written(chen, batch, in_scope, "GOOD").applied == 1
    assert Household.objects.count() == 1


@pytest.mark.django_db
def test_a_filled_in_workbook_of_what_stands_changes_nothing(bo: User, in_scope: Scope) -> None:
    with in_scope(bo):
        stood = [make.saved(bo, one) for one in cards()]
        read = [read_card(one.household_year) for one in stood]
    batch = taken_in(
        bo, workbook(rows_of(read, versions={one.household_no or "": 1 for one in read})), in_scope
    )
    assert counts(batch) == {"unchanged": 3}


@pytest.mark.django_db
def test_changes_are_shown_and_written_as_the_next_version(bo: User, chen: User, in_scope: Scope) -> None:
    with in_scope(bo):
        stood = make.saved(bo)
        read = read_card(stood.household_year)
    changed = replace(
        read, address="白文镇前庄99号", income=replace(read.income, lines=(), wage_income=make.Decimal(1200))
    )
    batch = taken_in(bo, workbook(rows_of([changed], versions={read.household_no or "": 1})), in_scope)
    assert counts(batch) == {"changed": 1}
    unit = StagedUnit.objects.get()
    assert {"label": "家庭住址", "old": "白文镇前庄12号", "new": "白文镇前庄99号"} in unit.changes
    assert written(chen, batch, in_scope).applied == 1
    card = HouseholdYear.objects.get()
    assert (card.version, card.address, card.wage_income) == (2, "白文镇前庄99号", 1200)


@pytest.mark.django_db
def test_a_stale_workbook_overwrites_nothing(bo: User, in_scope: Scope) -> None:
    with in_scope(bo):
        stood = make.saved(bo)
        read = read_card(stood.household_year)
        make.change(bo, stood, replace(read, address="白文镇前庄13号"))
    batch = taken_in(bo, workbook(rows_of([read], versions={read.household_no or "": 1})), in_scope)
    assert counts(batch) == {"wrong": 1}
    assert faults(batch) == [("户", 2, "版本", "R-20")]


@pytest.mark.django_db
def test_no_whole_number_lies_in_what_is_staged(bo: User, in_scope: Scope) -> None:
    given = [
        *cards(),
        make.card(make.member(id_type="90", id_no=None, birth_date=date(1970, 5, 6)), phone="13800000077"),
    ]
    wrong = make.card(make.member(name="李四"), phone="13877776666", cause_main=None)
    batch = taken_in(bo, workbook(rows_of([*given, wrong])), in_scope)
    assert counts(batch) == {"new": 4, "wrong": 1}
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(u::text, ' ') FROM sheets_stagedunit u")
        (everything,) = cursor.fetchone()
    for card in (*given, wrong):
        for secret in (
            card.phone,
            card.bank_account,
            *(m.id_no for m in card.members),
            *(m.phone for m in card.members),
        ):
            assert not secret or secret not in everything


@pytest.mark.django_db
def test_undone_while_nothing_is_built_on_it(bo: User, chen: User, in_scope: Scope) -> None:
    batch = written(chen, taken_in(bo, workbook(rows_of(cards())), in_scope), in_scope)
    with in_scope(bo):
        first = HouseholdYear.objects.order_by("pk").select_related("household")[0]
        from registry.services.cards import save_card

        save_card(
            actor=bo, household=first.household, card=replace(read_card(first), address="改过的地址"),
            base_version=1, entry_key=first.household.entry_key, on=make.TODAY,
        )  # fmt: skip
    with in_scope(chen):
        deciding.ask_to_undo(batch=batch, actor=chen, reason="选错了文件")
    batch = ImportBatch.objects.select_related("post", "uploaded_by").get(pk=batch.pk)
    undone = deciding.undo(batch, actor=chen, on=make.TODAY, told=nobody)
    assert (undone.status, undone.applied) == (ImportStatus.APPLIED, 1)
    assert sorted(Household.objects.values_list("status", flat=True)) == ["D", "Z", "Z"]
