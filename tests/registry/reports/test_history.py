"""Every version of a card can be told from the record of the tables: who changed what, when, from what to what."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from fupin.accounts.models import User
from registry.codes import HouseholdStatus
from registry.models import HouseholdYear
from registry.reports.cards import card_history, read_card, read_cards
from registry.reports.versions import card_versions
from registry.rules.card import Relocation
from tests.registry.factories import card, change, id_number, member, pupil, saved, with_member
from tests.registry.standing import put

pytestmark = pytest.mark.django_db(transaction=True)

Scope = Callable[[User], AbstractContextManager[User]]


def test_every_version_is_rebuilt_as_it_was(ai: User, tong: User, in_scope: Scope) -> None:
    with in_scope(ai):
        first = saved(ai)
        seen = [read_card(first.household_year)]
    with in_scope(tong):
        wider = replace(seen[0], members=(*seen[0].members, pupil(name="张小红", sex="2", relation="04")))
        second = change(tong, first, with_member(wider, 0, name="张建业", education="04"))
        seen.append(read_card(second.household_year))
    with in_scope(ai):
        fewer = replace(seen[1], members=seen[1].members[:3], relocation=Relocation(willing=True))
        third = change(ai, second, fewer)
        seen.append(read_card(third.household_year))
    with in_scope(ai):
        versions = card_versions(HouseholdYear.objects.select_related("household").get())
        assert [version.card for version in versions] == seen
        assert [version.saved_by for version in versions] == [ai.pk, tong.pk, ai.pk]


def test_the_history_tells_each_field_once_and_no_number(ai: User, tong: User, in_scope: Scope) -> None:
    with in_scope(ai):
        first = saved(ai)
        read = read_card(first.household_year)
    number = id_number(date(1970, 5, 6))
    with in_scope(tong):
        changed = with_member(read, 0, id_no=number, birth_date=None, health=("02",), disease="高血压")
        income = replace(changed.income, lines=(), wage_income=Decimal(6000))
        change(tong, first, replace(changed, income=income, phone="13911112222"))
        put(first.household, HouseholdStatus.APPLIED)
    with in_scope(ai):
        history = card_history(first.household)
        told = {(c.label, c.old, c.new, c.who) for c in history if c.version == 2}
        assert told == {
            ("联系电话", "*******0001", "*******2222", "佟镇"),
            ("张建国 证件号码", "149901************", "149901************（已换号）", "佟镇"),
            ("张建国 健康状况", "01 健康", "02 长期慢性病", "佟镇"),
            ("张建国 患病名称", "", "高血压", "佟镇"),
            ("工资性收入", "0.00", "6000.00", "佟镇"),
        }
        assert ("状态", "草稿", "已申请") in {(c.label, c.old, c.new) for c in history}
        assert [(c.label, c.version) for c in history if not c.field] == [("建卡", 1)]
        assert number[6:] not in str(history)


def test_many_cards_are_read_with_three_queries(
    ai: User, in_scope: Scope, django_assert_num_queries: Any
) -> None:
    with in_scope(ai):
        for _ in range(3):
            saved(ai, card(member(), pupil()))
        rows = HouseholdYear.objects.order_by("household__household_no")
        with django_assert_num_queries(2):
            cards = list(read_cards(rows))
        assert [c.member_count for c in cards] == [2, 2, 2]
        assert cards[0] == read_card(rows[0])
