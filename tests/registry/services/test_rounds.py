"""Rounds and quotas: always adding up, set from above, lowered before raised, never below the listed."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from fupin.accounts.constraints import name_of
from fupin.accounts.permissions import Refused
from fupin.divisions.codes import PROVINCE_CODE
from fupin.divisions.models import Division
from registry.errors import QuotaRefused, StepRefused
from registry.models import Case, Quota, Round
from registry.reports.quotas import cascade, ranking
from registry.rules.quota import shared_out
from registry.services.cases import open_case, take_step
from registry.services.rounds import change_quotas, open_round, set_quotas
from tests.conftest import BAIWEN, LINXIAN, LVLIANG, VILLAGE
from tests.registry import cases
from tests.registry.cases import Office, act_as, applicant, office, round_of, walk
from tests.registry.standing import put

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> Office:
    return office()


def townships() -> list[int]:
    return list(
        Division.objects.filter(parent_id=LINXIAN).order_by("code").values_list("code", flat=True)[:3]
    )


def cascaded(people: Office) -> Round:
    """A round of 13,000 persons for the county, shared out to three townships (example 1)."""
    act_as(people.province)
    opened = open_round(
        actor=people.province, year=2014, kind="INITIAL", opens_on=date(2014, 1, 1), closes_on=date(2014, 12, 31),
        document="国开办发〔2014〕24号", persons=13_000,
    )  # fmt: skip
    for setter, above, below in (
        (people.province, PROVINCE_CODE, LVLIANG),
        (people.city, LVLIANG, LINXIAN),
    ):
        act_as(setter)
        set_quotas(
            actor=setter, in_round=opened, above=above, persons={below: 13_000}, weights={below: Decimal(1)}, basis="一处"
        )  # fmt: skip
    weights = dict(zip(townships(), map(Decimal, (5642, 5390, 4410)), strict=True))
    shares = {share.division: share.persons for share in shared_out(13_000, weights)}
    act_as(people.approver)
    set_quotas(
        actor=people.approver,
        in_round=opened,
        above=LINXIAN,
        persons=shares,
        weights=weights,
        basis="人口×发生率",
    )
    return opened


def held(opened: Round) -> list[int]:
    return list(
        Quota.objects.filter(round=opened, division_id__in=townships()).order_by("division_id").values_list("persons", flat=True)
    )  # fmt: skip


def test_example_one_goes_down_to_the_townships(people: Office) -> None:
    assert held(cascaded(people)) == [4750, 4538, 3712]


def test_sums_hold_at_the_end_of_every_transaction(people: Office) -> None:
    opened = cascaded(people)
    first, second, _ = townships()
    act_as(people.approver)
    with pytest.raises(QuotaRefused, match="应当相等"):
        change_quotas(actor=people.approver, in_round=opened, changes={first: 4751}, reason="多要一人")
    change_quotas(
        actor=people.approver,
        in_round=opened,
        changes={first: 4751, second: 4537},
        reason="县办发〔2014〕3号",
    )
    assert held(opened) == [4751, 4537, 3712]
    with (  # noqa: PT012  (the constraint is deferred)
        pytest.raises(IntegrityError) as violated,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE registry_quota SET persons = persons + 1 WHERE division = %s", [first])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert name_of(violated.value) == "quota_adds_up"


def test_what_was_shared_out_follows_by_its_weights(people: Office) -> None:
    opened = cascaded(people)
    act_as(people.city)
    with pytest.raises(QuotaRefused, match="应当相等"):
        change_quotas(actor=people.city, in_round=opened, changes={LINXIAN: 12_000}, reason="只减不增")
    assert held(opened) == [4750, 4538, 3712]
    act_as(people.province)
    change_quotas(
        actor=people.province, in_round=opened, changes={PROVINCE_CODE: 12_000, LVLIANG: 12_000, LINXIAN: 12_000}, reason="核减"
    )  # fmt: skip
    assert sum(held(opened)) == 12_000


def test_quotas_come_from_above(people: Office) -> None:
    opened = cascaded(people)
    first, second, _ = townships()
    act_as(people.city)
    with pytest.raises(Refused):
        change_quotas(actor=people.village, in_round=opened, changes={first: 1}, reason="自己加规模")
    act_as(people.approver)
    with (
        pytest.raises(IntegrityError) as violated,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE registry_quota SET persons = 99999, set_by_id = %s WHERE division = %s",
            [people.approver.pk, LINXIAN],
        )
    assert name_of(violated.value) == "quota_from_above"
    assert second


def test_a_change_has_its_reason_in_history(people: Office) -> None:
    opened = cascaded(people)
    first, second, _ = townships()
    act_as(people.approver)
    with pytest.raises(QuotaRefused, match="理由"):
        change_quotas(actor=people.approver, in_round=opened, changes={first: 4751, second: 4537}, reason=" ")
    change_quotas(
        actor=people.approver, in_round=opened, changes={first: 4740, second: 4548}, reason="核减 10 人"
    )
    events = Quota._meta.apps.get_model("registry", "QuotaEvent")._default_manager.filter(
        persons__in=[4740, 4548]
    )
    told = list(events.order_by("pgh_id").values_list("persons", "pgh_context__metadata__reason"))
    assert told == [(4740, "核减 10 人"), (4548, "核减 10 人")]


def test_a_quota_never_falls_below_the_listed(people: Office) -> None:
    opened = round_of(people, quota=10)
    case = applicant(people, opened)
    walk(people, case, "apply", "deliberate", "post_first", on=date(2014, 3, 12))
    act_as(people.province)
    chain = [PROVINCE_CODE, LVLIANG, LINXIAN, BAIWEN, VILLAGE]
    with pytest.raises(QuotaRefused, match="已列 3 人"):
        change_quotas(
            actor=people.province, in_round=opened, changes=dict.fromkeys(chain, 2), reason="减到两人"
        )
    change_quotas(actor=people.province, in_round=opened, changes=dict.fromkeys(chain, 3), reason="减到三人")


def test_one_round_of_a_kind_a_year_and_cases_in_its_window(people: Office) -> None:
    opened = round_of(people, closes_on=date(2014, 3, 11))
    with pytest.raises(QuotaRefused, match="已有此种轮次"):  # noqa: PT012  (acting belongs to the act)
        act_as(people.province)
        open_round(
            actor=people.province, year=2014, kind="INITIAL", opens_on=date(2014, 1, 1), closes_on=date(2014, 2, 1),
            document="再发", persons=None,
        )  # fmt: skip
    with pytest.raises(StepRefused, match="起止日期"):
        applicant(people, opened)


def test_from_2017_no_quota_binds(people: Office) -> None:
    opened = round_of(people, year=2017, kind="THREE_YEAR", quota=None)
    household = cases.poor_household(people, year=2016, plan_exit_year=2018)
    act_as(people.village)
    from registry.services.cases import open_case

    case = open_case(
        actor=people.village, household=household, track="ENTRY", in_round=opened, on=date(2017, 3, 12)
    )
    walk(people, case, "apply", "deliberate", "post_first", on=date(2017, 3, 12))
    assert case.status == "P1"


def annual(people: Office, quota: int) -> Round:
    """The round of the year after, under its own quota."""
    return round_of(people, year=2015, kind="ANNUAL", quota=quota)


def on_register_since_2014(people: Office, number: int, **values: object) -> None:
    """Households of three, on the register with a card of 2013 only: nobody has asked them anew."""
    for _ in range(number):
        put(cases.poor_household(people, **values), "N", first_identified_year=2014)


def applied_in_2015(people: Office, in_round: Round, **values: object) -> Case:
    """A household of three with a card of 2014, voted on, its list hung."""
    household = cases.poor_household(people, year=2014, **values)
    act_as(people.village)
    case = open_case(
        actor=people.village, household=household, track="ENTRY", in_round=in_round, on=date(2015, 3, 12)
    )
    walk(people, case, "apply", "deliberate", on=date(2015, 3, 12))
    cases.hang(people.village, case, "P1", date(2015, 4, 1))
    return case


@pytest.mark.parametrize(
    ("quota", "standard", "fits"),
    [(9, "1", True), (8, "1", False), (6, "1", False), (3, "2", True), (2, "2", False)],
)
def test_who_stands_on_the_register_takes_up_quota(
    people: Office, quota: int, standard: str, fits: bool
) -> None:
    """Six persons are on the register: a quota of nine has room for three more, one of eight has not; other standards take up none."""
    on_register_since_2014(people, 2, id_standard=standard)
    in_round = annual(people, quota)
    case = applied_in_2015(people, in_round)
    act_as(people.village)
    found = ranking(people.village, in_round, VILLAGE)
    assert found.standing == (6 if standard == "1" else 0)
    assert (found.rows[0].place.standing.value == "列入") is fits
    assert cascade(people.village, in_round, Division.objects.get(pk=BAIWEN)).listed == found.standing
    given = cases.given_for(case, "post_first", date(2015, 4, 1))
    if fits:
        take_step(actor=people.village, case=case, given=given)
        assert cascade(people.village, in_round, Division.objects.get(pk=BAIWEN)).listed == found.standing + 3
    else:
        with pytest.raises(StepRefused, match=f"规模 {quota} 人，已列 {found.standing} 人，本户 3 人列不下"):
            take_step(actor=people.village, case=case, given=given)


@pytest.mark.parametrize(
    ("status", "fits"), [("N", False), ("X1", False), ("XP", False), ("O", True), ("K", True), ("Z", True)]
)
def test_who_is_gone_gives_his_room_back(people: Office, status: str, fits: bool) -> None:
    household = cases.poor_household(people)
    gone = {"exit_year": 2014, "exited_on": "2014-12-31"} if status == "O" else {}
    put(household, status, first_identified_year=2014, **gone)
    in_round = annual(people, 5)
    case = applied_in_2015(people, in_round)
    act_as(people.village)
    assert ranking(people.village, in_round, VILLAGE).room == (5 if fits else 2)
    given = cases.given_for(case, "post_first", date(2015, 4, 1))
    if fits:
        take_step(actor=people.village, case=case, given=given)
    else:
        with pytest.raises(StepRefused, match="列不下"):
            take_step(actor=people.village, case=case, given=given)
