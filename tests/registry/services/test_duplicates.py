"""The queue of likely duplicates: found as the rules say, one ticket a pair, decided, taken back, and kept by the database."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from itertools import combinations, permutations
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.models import F
from django.db.utils import InternalError
from django.utils import timezone

from fupin.accounts.errors import Refused
from fupin.accounts.models import User
from registry.codes.duplicates import DuplicateDecision, DuplicateSign as Sign
from registry.errors import DuplicateRefused
from registry.models import DuplicateFinding, DuplicateTicket, Household, HouseholdYear, MemberYear
from registry.rules.duplicates import Person, common_division, is_open, name_sign, split_sign, weight
from registry.services.cards import SavedCard
from registry.services.duplicates import decide_duplicate, find_duplicates, merge_duplicate, reopen_duplicate
from registry.services.lineage import split_household
from tests.conftest import KELAN, LINXIAN
from tests.registry.factories import OTHER_VILLAGE, TODAY, VILLAGE, card, change, member, pupil, saved, wife

pytestmark = pytest.mark.django_db

Scope = Callable[[User], AbstractContextManager[User]]
ACCOUNT = "6228480012345678909"
WHY = "入户核对户口簿"


def man(name: str, **values: Any) -> Any:
    return member(name=name, born=values.pop("born", date(1961, 2, 3)), **values)


def house(actor: User, *people: Any, phone: str, **values: Any) -> SavedCard:
    return saved(actor, card(*people, phone=phone, **values))


def find(actor: User) -> int:
    return find_duplicates(actor=actor, county=LINXIAN, year=2014, now=timezone.now())


@pytest.fixture
def pairs(bo: User, in_scope: Scope) -> dict[str, SavedCard]:
    """Cards of 临县 that make each sign once, and some that only look so."""
    with in_scope(bo):
        found = {
            "a": house(bo, man("李有福"), phone="13800000011"),
            "b": house(bo, man("李友福"), phone="13800000012"),  # written by ear
            "far": house(bo, man("李有福"), phone="13800000013", village_code=str(OTHER_VILLAGE)),
            "woman": house(bo, man("李有福", sex="2"), phone="13800000014"),
            "phone1": house(bo, man("王一", born=date(1960, 1, 1)), phone="13800000020"),
            "phone2": house(bo, man("王二", born=date(1960, 1, 2)), phone="13800000020"),
            "account1": house(
                bo,
                man("赵一", born=date(1959, 1, 1)),
                phone="13800000021",
                bank_account=ACCOUNT,
                bank_name="农信社",
            ),
            "account2": house(
                bo,
                man("赵二", born=date(1959, 1, 2)),
                phone="13800000022",
                bank_account=ACCOUNT,
                bank_name="农信社",
            ),
        }
        for serial in range(4):  # a clerk's own number, on four cards
            house(bo, man(f"孙{'一二三四'[serial]}", born=date(1958, 1, 1 + serial)), phone="13800000030")
        family = house(
            bo,
            member(born=date(1957, 1, 1)),
            wife(born=date(1957, 2, 1)),
            pupil(),
            man("张建军", relation="99"),
            phone="13800000040",
        )
        rows = family.household_year.members.select_related("member").order_by("seat")
        leaver = rows[3].member.member_no
        link = split_household(
            actor=bo,
            household=family.household,
            leaving=[leaver],
            relations={leaver: "01"},
            reason="兄弟分家另过",
            on=TODAY,
        )
        found["old"] = family
        assert link.other is not None
        found["new"] = SavedCard(link.other, HouseholdYear.objects.get(household=link.other), ())
    return found


def people() -> list[Person]:
    rows = MemberYear.objects.select_related("member").order_by("pk")
    return [
        Person(
            row.member.household_id,
            row.division_id,
            row.member.name_pinyin,
            row.member.sex,
            row.member.birth_date,
            bytes(row.id_no_index),
            row.change_type,
            row.is_counted,
        )
        for row in rows
    ]


def test_the_queries_find_what_the_rules_say(pairs: dict[str, SavedCard], bo: User, in_scope: Scope) -> None:
    with in_scope(bo):
        assert find(bo) == 6
        everybody = people()
        expected: dict[tuple[int, int], set[str]] = {}
        for one, other in combinations(everybody, 2):
            if sign := name_sign(one, other):
                expected.setdefault(tuple(sorted((one.household, other.household))), set()).add(sign)  # type: ignore[arg-type]
        for one, other in permutations(everybody, 2):
            if sign := split_sign(one, other):
                expected.setdefault(tuple(sorted((one.household, other.household))), set()).add(sign)  # type: ignore[arg-type]
        pk = {name: given.household.pk for name, given in pairs.items()}
        expected[pk["phone1"], pk["phone2"]] = {Sign.PHONE}
        expected[pk["old"], pk["new"]].add(
            Sign.PHONE
        )  # the card that a split copies has the old one's number
        expected[pk["account1"], pk["account2"]] = {Sign.ACCOUNT}
        tickets = {
            (t.first_id, t.second_id): t for t in DuplicateTicket.objects.select_related("first", "second")
        }
        assert {pair: set(t.signs) for pair, t in tickets.items()} == expected
        assert tickets[pk["a"], pk["b"]].signs == [Sign.NAME_VILLAGE]
        for t in tickets.values():
            assert t.weight == weight(t.signs)
            assert t.division_id == common_division(t.first.division_id, t.second.division_id)
            assert (t in DuplicateTicket.objects.open()) == is_open(t.signs, t.decision, t.decided_signs)


def test_asked_again_nothing_changes_and_decisions_stay(
    pairs: dict[str, SavedCard], bo: User, in_scope: Scope
) -> None:
    with in_scope(bo):
        find(bo)
        ticket = DuplicateTicket.objects.get(signs=[Sign.PHONE])
        decide_duplicate(actor=bo, ticket=ticket, decision=DuplicateDecision.TWO, reason=WHY)
        before = list(
            DuplicateTicket.objects.order_by("pk").values(
                "pk", "signs", "people", "weight", "decision", "found_at"
            )
        )
        assert find(bo) == 5
        assert (
            list(
                DuplicateTicket.objects.order_by("pk").values(
                    "pk", "signs", "people", "weight", "decision", "found_at"
                )
            )
            == before
        )
        # a sign that was not there when it was decided opens it again
        for name in ("phone1", "phone2"):
            row = HouseholdYear.objects.get(household=pairs[name].household)
            given = card(
                man(
                    "王" + ("一" if name == "phone1" else "二"),
                    born=date(1960, 1, 1 if name == "phone1" else 2),
                ),
                phone="13800000020",
                bank_account="6228480012345678917",
                bank_name="农信社",
            )
            kept = row.members.select_related("member").get().member
            given = replace(
                given, members=(replace(given.members[0], member_no=kept.member_no, id_no=kept.id_no_masked),)
            )
            change(bo, pairs[name], given)
        assert find(bo) == 6
        ticket.refresh_from_db()
        assert (ticket.decision, set(ticket.signs)) == (DuplicateDecision.TWO, {Sign.PHONE, Sign.ACCOUNT})


def test_a_sign_that_is_mended_goes(pairs: dict[str, SavedCard], bo: User, in_scope: Scope) -> None:
    with in_scope(bo):
        find(bo)
        row = pairs["phone1"].household_year.members.select_related("member").get().member
        given = card(man("王一", born=date(1960, 1, 1)), phone="13800000099")
        given = replace(
            given, members=(replace(given.members[0], member_no=row.member_no, id_no=row.id_no_masked),)
        )
        change(bo, pairs["phone1"], given)
        assert find(bo) == 5
        assert DuplicateTicket.objects.get(signs=[Sign.PHONE]).gone_at is not None


def test_one_household_on_two_cards_is_merged_and_taken_back(
    pairs: dict[str, SavedCard], bo: User, in_scope: Scope
) -> None:
    with in_scope(bo):
        find(bo)
        a, b = pairs["a"].household, pairs["b"].household
        ticket = DuplicateTicket.objects.get(first=a, second=b)
        joiner = b.members.get().member_no
        merge_duplicate(actor=bo, ticket=ticket, keep=a, relations={joiner: "99"}, reason=WHY, on=TODAY)
        ticket.refresh_from_db()
        b.refresh_from_db()
        assert (ticket.decision, ticket.decided_by_id, b.status) == (DuplicateDecision.SAME, bo.pk, "Z")
    with in_scope(bo):
        reopen_duplicate(actor=bo, ticket=ticket, reason="两人确是两户", on=TODAY)
        ticket.refresh_from_db()
        b.refresh_from_db()
        assert (ticket.decision, b.status) == ("", "D")
        assert [f.decision for f in ticket.findings.order_by("pk")] == ["SAME", ""]


def test_one_person_on_two_cards_is_settled_once_he_stands_on_one(
    pairs: dict[str, SavedCard], bo: User, in_scope: Scope
) -> None:
    with in_scope(bo):
        find(bo)
        ticket = DuplicateTicket.objects.get(first=pairs["a"].household, second=pairs["far"].household)
        with pytest.raises(DuplicateRefused, match="现在两户都在册"):
            decide_duplicate(actor=bo, ticket=ticket, decision=DuplicateDecision.ONE_CARD, reason=WHY)
        MemberYear.objects.filter(household_year=pairs["far"].household_year).update(
            change_type="08", change_date=TODAY
        )
        decide_duplicate(actor=bo, ticket=ticket, decision=DuplicateDecision.ONE_CARD, reason=WHY)
        ticket.refresh_from_db()
        assert ticket.decision == DuplicateDecision.ONE_CARD
        with pytest.raises(DuplicateRefused, match="已有结论"):
            decide_duplicate(actor=bo, ticket=ticket, decision=DuplicateDecision.TWO, reason=WHY)


def test_a_split_is_justified_by_another_than_who_made_it(
    pairs: dict[str, SavedCard], bo: User, chen: User, jin: User, in_scope: Scope
) -> None:
    with in_scope(bo):
        find(bo)
        ticket = DuplicateTicket.objects.get(signs__contains=[Sign.SPLIT])
        other = DuplicateTicket.objects.get(signs=[Sign.PHONE])
        with pytest.raises(DuplicateRefused, match="另一人"):
            decide_duplicate(actor=bo, ticket=ticket, decision=DuplicateDecision.JUSTIFIED, reason=WHY)
        with pytest.raises(DuplicateRefused, match="没有转出另立"):
            decide_duplicate(actor=bo, ticket=other, decision=DuplicateDecision.JUSTIFIED, reason=WHY)
    with in_scope(jin), pytest.raises(Refused):
        decide_duplicate(actor=jin, ticket=ticket, decision=DuplicateDecision.JUSTIFIED, reason=WHY)
    with in_scope(chen):
        decide_duplicate(actor=chen, ticket=ticket, decision=DuplicateDecision.JUSTIFIED, reason=WHY)
        ticket.refresh_from_db()
        assert ticket.decision == DuplicateDecision.JUSTIFIED


def refused(error: type[Exception], act: Callable[[], Any]) -> None:
    with pytest.raises(error), transaction.atomic():
        act()


def test_the_database_decides_nothing_by_itself(
    pairs: dict[str, SavedCard], bo: User, du: User, chen: User, in_scope: Scope
) -> None:
    with in_scope(bo):
        find(bo)
        ticket = DuplicateTicket.objects.get(signs=[Sign.PHONE])
        refused(ProgrammingError, lambda: DuplicateTicket.objects.filter(pk=ticket.pk).update(decision="TWO"))
        refused(
            IntegrityError,
            lambda: DuplicateTicket.objects.filter(pk=ticket.pk).update(division_id=OTHER_VILLAGE),
        )
        refused(
            IntegrityError,
            lambda: DuplicateTicket.objects.create(
                first=ticket.first,
                second=ticket.second,
                division_id=VILLAGE,
                year=2014,
                signs=["PHONE"],
                found_at=timezone.now(),
                seen_at=timezone.now(),
            ),
        )
        given = {"division_id": ticket.division_id, "ticket": ticket, "decision": "TWO", "reason": WHY}
        refused(IntegrityError, lambda: DuplicateFinding.objects.create(**given, by=chen))
        refused(IntegrityError, lambda: DuplicateFinding.objects.create(**{**given, "reason": ""}, by=bo))
        refused(
            IntegrityError, lambda: DuplicateFinding.objects.create(**{**given, "decision": "SAME"}, by=bo)
        )
        refused(IntegrityError, lambda: DuplicateFinding.objects.create(**{**given, "decision": ""}, by=bo))
        finding = DuplicateFinding.objects.create(**given, by=bo)
        refused(IntegrityError, lambda: DuplicateFinding.objects.create(**given, by=bo))
        refused(ProgrammingError, lambda: DuplicateFinding.objects.filter(pk=finding.pk).update(reason="改"))
        refused(ProgrammingError, lambda: DuplicateFinding.objects.filter(pk=finding.pk).delete())
        refused(ProgrammingError, lambda: DuplicateTicket.objects.filter(pk=ticket.pk)._raw_delete("default"))
    with in_scope(du):
        assert not DuplicateTicket.objects.exists()
        refused(
            (IntegrityError, ProgrammingError, InternalError),
            lambda: DuplicateFinding.objects.create(**{**given, "decision": ""}, by=du),
        )  # type: ignore[arg-type]
        with pytest.raises(Refused):
            find(du)
        with pytest.raises(DuplicateRefused):
            find_duplicates(actor=du, county=KELAN + 100000, year=2014, now=timezone.now())
    with in_scope(bo), connection.cursor() as cursor:
        cursor.execute("SELECT first_id, second_id FROM registry_duplicateticket WHERE first_id >= second_id")
        assert cursor.fetchall() == []
        assert Household.objects.filter(pk=F("pk")).exists()
