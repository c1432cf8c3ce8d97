"""The demonstration's accounts, and the first two people of an empty installation."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from fupin.accounts.errors import NotPossible
from fupin.accounts.models import Post, User
from fupin.accounts.roles import Role
from fupin.accounts.services.demo import PASSWORD, create_demo_accounts
from fupin.servers.management.commands import up

pytestmark = pytest.mark.django_db

NAMES = {
    "village", "team", "leader", "township", "county", "group", "reviewer", "approver", "county2", "reviewer2",
    "city", "province", "finance", "civil", "auditor", "enterprise", "admin", "secadmin", "logadmin",
}  # fmt: skip


def test_they_are_those_of_the_contract_and_made_once() -> None:
    assert {account.username for account in create_demo_accounts()} == NAMES
    create_demo_accounts()
    assert User.objects.count() == Post.objects.count() == len(NAMES)
    places = dict(Post.objects.values_list("user__username", "division_id"))
    assert 141124101200 <= places["village"] <= 141124101599
    assert (places["township"], places["county2"], places["city"]) == (
        141124101000,
        140929000000,
        141100000000,
    )
    assert (places["reviewer"], places["reviewer2"]) == (141124000000, places["county2"])
    assert set(Post.objects.values_list("role", flat=True)) == set(Role)


def test_the_console_names_who_can_sign_in_and_nobody_else() -> None:
    create_demo_accounts()
    committee = User(username="demo-141124101201", is_demo=True)
    committee.set_unusable_password()
    committee.save()
    post = Post.objects.get(user__username="village")
    Post.objects.create(
        user=committee, role=post.role, division=post.division, since=post.since, approved_at=timezone.now()
    )
    lines = up._demo_accounts()
    assert f"    {'village':<12}村信息员" in "\n".join(lines)
    assert {line.split()[0] for line in lines[1:]} == NAMES
    User.objects.filter(username="enterprise").update(username="enterprise-of-临县")
    assert any(line.startswith("    enterprise-of-临县  ") for line in up._demo_accounts())


@pytest.mark.urls("tests.accounts.urls")
@pytest.mark.parametrize("name", sorted(NAMES))
def test_each_signs_in_at_once(client: Client, name: str) -> None:
    create_demo_accounts()
    client.post("/sign-in/", {"username": name, "password": PASSWORD})
    assert client.get("/account/sessions/").status_code == 200


def test_outside_the_demonstration_none_is_made(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(NotPossible):
        create_demo_accounts()
    assert not User.objects.exists()


def test_a_real_person_of_that_name_is_left_alone() -> None:
    User.objects.create_user("county", password="x", full_name="真人")
    with pytest.raises(NotPossible, match="真实用户"):
        create_demo_accounts()


def test_an_empty_installation_begins_with_two_security_administrators(capsys: Any) -> None:
    call_command("bootstrap")
    printed = capsys.readouterr().out
    assert set(Post.objects.values_list("role", flat=True)) == {"SECURITY_ADMIN"}
    for user in User.objects.all():
        assert user.must_change_password
        assert any(user.check_password(word) for word in printed.split())
    assert User.objects.count() == 2
    with pytest.raises(CommandError, match="只在空库"):
        call_command("bootstrap")
