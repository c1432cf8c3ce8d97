"""Sealed values open for a recorded reason, and in no other way."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, connections, transaction

from fupin.accounts.errors import NotPossible
from fupin.accounts.models import AccessRecord, User
from fupin.accounts.scope import enter_scope
from fupin.accounts.services.access import MANY, many, open_for
from fupin.divisions.codes import code_range
from fupin.vault.sealing import SealedValue, open_sealed, seal
from tests.conftest import KELAN, VILLAGE

ID_NO = "141124197001011234"
Scope = Callable[[User], Any]


def sealed_in(division: int) -> SealedValue:
    with transaction.atomic():
        enter_scope(*code_range(division), user_id=None)
        return seal(division=division, kind="id_no", value=ID_NO)


def ask(actor: User, *values: SealedValue, reason: str = "核对低保名册", key: str = "member:1") -> Any:
    return open_for(
        actor, sealed=[value.id for value in values], object_key=key, purpose="reveal", reason=reason
    )


@pytest.mark.django_db
def test_it_opens_for_a_reason_and_one_record_stands(chen: User, in_scope: Scope) -> None:
    value = sealed_in(VILLAGE)
    with in_scope(chen):
        assert ask(chen, value) == {value.id: ID_NO}
    record = AccessRecord.objects.get()
    assert (record.user, record.post, record.reason, record.sealed) == (
        chen,
        chen.post,
        "核对低保名册",
        [value.id],
    )


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["", "   ", "看看", "\n\n\n\n\n"])
def test_not_without_a_reason(chen: User, in_scope: Scope, reason: str) -> None:
    value = sealed_in(VILLAGE)
    with in_scope(chen), pytest.raises(NotPossible, match="事由"):
        ask(chen, value, reason=reason)
    assert not AccessRecord.objects.exists()


@pytest.mark.django_db
def test_values_out_of_scope_stay_closed(du: User, chen: User, in_scope: Scope) -> None:
    value = sealed_in(VILLAGE)
    with in_scope(du):
        assert ask(du, value) == {}


@pytest.mark.django_db
def test_a_record_opens_for_its_own_user_only(chen: User, bo: User, in_scope: Scope) -> None:
    value = sealed_in(VILLAGE)
    with in_scope(chen):
        ask(chen, value)
    record = AccessRecord.objects.get()
    with pytest.raises(ProgrammingError, match="another user"), in_scope(bo):
        open_sealed(record.pk)
    with pytest.raises(ProgrammingError, match="no access record"), in_scope(bo):
        open_sealed(uuid4())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    ["SELECT ciphertext FROM vault_sealed", "UPDATE vault_sealed SET kind = ''", "DELETE FROM vault_sealed"],
)
def test_ciphertext_is_not_read_in_any_other_way(chen: User, in_scope: Scope, statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        in_scope(chen),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_the_record_stays_though_the_request_fails(chen: User, in_scope: Scope) -> None:
    value = sealed_in(VILLAGE)
    assert connections["record"] is not connections["default"]

    def reveal_and_fail() -> None:
        with in_scope(chen):
            assert ask(chen, value) == {value.id: ID_NO}
            raise RuntimeError("later")

    with pytest.raises(RuntimeError, match="later"):
        reveal_and_fail()
    assert AccessRecord.objects.count() == 1


@pytest.mark.django_db
def test_more_than_thirty_an_hour_are_noticed(chen: User, in_scope: Scope) -> None:
    value = sealed_in(VILLAGE)
    with in_scope(chen):
        for count in range(1, MANY + 2):
            ask(chen, value)
            assert many(chen) is (count > MANY)


@pytest.mark.django_db
def test_the_list_marks_them(chen: User, du: User, in_scope: Scope) -> None:
    from fupin.accounts.reports import accesses

    here, there = sealed_in(VILLAGE), sealed_in(KELAN)
    with in_scope(chen):
        for _ in range(3):
            ask(chen, here)
    with in_scope(du):
        ask(du, there)
    counted = accesses().order_by("at", "pk").values_list("user__username", "within_the_hour")
    assert list(counted) == [("chen", 1), ("chen", 2), ("chen", 3), ("du", 1)]
