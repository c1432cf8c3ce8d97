"""A year closed in the browser: counted first, confirmed by hand, and the database holds the same line."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.db.utils import ProgrammingError
from django.test import Client
from django.utils import timezone

from fupin.accounts.models import AuditRecord, User
from registry.models import HouseholdYear, YearClose
from registry.reports.closing import closing_figures
from tests.registry.factories import card, member, saved

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
Scope = Callable[[User], AbstractContextManager[User]]
PAGE = "/registry/years/close/"


@pytest.fixture
def unfinished(bo: User, in_scope: Scope) -> None:
    """A card of 2013 whose household is a draft, with an open remark, in a village without a table; its head has no labourer's card."""
    with in_scope(bo):
        first = saved(bo, card(member(), year=2013))
        HouseholdYear.objects.filter(pk=first.household_year.pk).update(open_remarks=1)


def given(gao: User, in_scope: Scope, **changes: str) -> dict[str, str]:
    with in_scope(gao):
        seen = closing_figures(2013).fingerprint
    return {"document": "晋扶办〔2014〕1号", "typed_year": "2013", "seen": seen, **changes}


def test_what_is_unfinished_is_counted_and_named_before(
    gao: User, client_for: Browser, in_scope: Scope, unfinished: None
) -> None:
    with in_scope(gao):
        found = closing_figures(2013)
    assert (found.cards, found.drafts, found.remarks, found.missing_tables, found.missing_labourers) == (
        1,
        1,
        1,
        1,
        1,
    )
    page = client_for(gao).get(PAGE).content.decode()
    for said in (
        "1 户还是草稿",
        "1 张户卡",
        "1 个村没有村表",
        "1 人没有劳动力表",
        "只能由更正单改动",
        "不能撤销",
    ):
        assert said in page


def test_it_is_closed_by_a_document_and_the_year_in_ones_own_hand(
    gao: User, client_for: Browser, in_scope: Scope, unfinished: None
) -> None:
    browser = client_for(gao)
    for changes, says in (
        ({"document": ""}, "必填"),
        ({"typed_year": "2014"}, "请输入 2013"),
        ({"seen": "0"}, "数字有变"),
    ):
        answer = browser.post(PAGE, given(gao, in_scope, **changes))
        assert (answer.status_code, says in answer.content.decode()) == (422, True), says
    assert not YearClose.objects.exists()
    assert browser.post(PAGE, given(gao, in_scope)).status_code == 302
    closed = YearClose.objects.get()
    assert (closed.year, closed.closed_by, closed.closed_on) == (2013, gao, timezone.localdate())
    assert AuditRecord.objects.filter(action="year.close", object_key="2013", outcome="DONE").count() == 1
    page = browser.get(PAGE).content.decode()
    assert "晋扶办〔2014〕1号" in page
    assert "2014 年度关账" in page


def test_it_asks_for_the_password_again(gao: User, client_for: Browser, in_scope: Scope) -> None:
    browser = client_for(gao)
    session = browser.session
    session["proved_at"] = (timezone.now() - timedelta(minutes=6)).timestamp()
    session.save()
    assert browser.post(PAGE, given(gao, in_scope)).status_code == 302
    assert not YearClose.objects.exists()


def test_the_database_closes_for_nobody_else_and_opens_nothing(
    gao: User, fan: User, bo: User, in_scope: Scope
) -> None:
    insert = (
        "INSERT INTO registry_yearclose (year, closed_on, closed_by_id, document) VALUES (%s, now(), %s, %s)"
    )
    this_year = timezone.localdate().year
    for who, values, says in (
        (bo, (2013, bo.pk, "x"), "省扶贫办"),
        (fan, (2013, fan.pk, "x"), "省扶贫办"),
        (bo, (2013, gao.pk, "x"), "省扶贫办"),
        (gao, (2013, gao.pk, " "), "文号"),
        (gao, (2014, gao.pk, "x"), "先后"),
        (gao, (this_year, gao.pk, "x"), "没有结束"),
    ):
        with pytest.raises(IntegrityError, match=says), in_scope(who), connection.cursor() as cursor:
            cursor.execute(insert, values)
    with in_scope(gao), connection.cursor() as cursor:
        cursor.execute(insert, (2013, gao.pk, "晋扶办〔2014〕1号"))
    for statement in ("DELETE FROM registry_yearclose", "UPDATE registry_yearclose SET year = 2020"):
        with pytest.raises(ProgrammingError), in_scope(gao), connection.cursor() as cursor:
            cursor.execute(statement)
