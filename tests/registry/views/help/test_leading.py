"""Leaders' villages and the thirty-six three-in-one links."""

import pytest
from django.urls import reverse

from fupin.accounts.models import User
from registry.models import (
    LeaderVillage,
    LinkActivity,
    ThreeInOneLink,
    Village,
    VillageYear,
)
from tests.registry.factories import OTHER_VILLAGE, VILLAGE
from tests.registry.helping import LINXIAN, helper, organ
from tests.registry.standing import put
from tests.registry.views.help.conftest import ClientFor, Scope, page

pytestmark = pytest.mark.django_db


def _income(actor: User, village: int, **incomes: int) -> None:
    table, _ = Village.objects.get_or_create(division_id=village, defaults={"entered_by": actor})
    put(table, "VN", first_identified_year=2014)
    for year, income in incomes.items():
        VillageYear.objects.create(
            division_id=village,
            village=table,
            year=int(year[1:]),
            net_income_pc=income,
            updated_by=actor,
        )


def test_a_leaders_village_is_kept_until_it_is_done(
    bo: User, fan: User, gao: User, client_for: ClientFor, in_scope: Scope
) -> None:
    with in_scope(bo):
        _income(bo, VILLAGE, y2013=3200, y2014=3675, y2015=6400)
        _income(bo, OTHER_VILLAGE, y2013=3100, y2014=3200)
        office = organ(bo, name="省直某厅", affiliation="02")
        person = helper(bo, name="包村书记", organ=office, heads_organ=True)
    client = client_for(bo)
    assert f"{OTHER_VILLAGE}（3100.00 元）" in page(client, "lead_village_new")
    new = {"village": str(VILLAGE), "person": person.pk, "since": "2014-06-01", "base_year": "2013"}
    answer = client.post(reverse("lead_village_new"), new)
    assert "原则上选重点县内农民人均纯收入最低的贫困村" in answer.content.decode()
    answer = client.post(reverse("lead_village_new"), {**new, "choice_reason": "产业基础好"})
    assert answer.status_code == 302, answer.context["form"].errors
    with in_scope(bo):
        taken = LeaderVillage.objects.get()
    shown = page(client, "lead_village", taken.pk)
    for value in ("3,675.83", "4,222.43", "4,850.29", "5,571.52", "6,400.00", "产业基础好"):
        assert value in shown
    answer = client.post(
        reverse("lead_village_new"),
        {**new, "village": str(OTHER_VILLAGE), "since": "2015-06-01", "base_year": "2014"},
    )
    assert "一包五年不变" in answer.content.decode()
    answer = client.post(reverse("lead_village_propose", args=[taken.pk]), {"year": "2014"})
    assert "未达到目标 6400.00 元" in answer.content.decode()
    assert client.post(reverse("lead_village_propose", args=[taken.pk]), {"year": "2015"}).status_code == 302
    approve = reverse("lead_village_approve", args=[taken.pk])
    assert client.post(approve).status_code == 403
    assert client_for(fan).post(approve).status_code == 302
    assert "已完成" in page(client, "lead_villages")


def test_the_thirty_six_links_and_their_alarms(
    gao: User, fan: User, client_for: ClientFor, in_scope: Scope
) -> None:
    province = 140000000000
    with in_scope(gao):
        leader = helper(gao, province, name="省领导甲", organ=organ(gao, province, affiliation="02"))
    client = client_for(gao)
    shown = page(client, "help_links")
    assert "36 个国定贫困县" in shown
    assert shown.count("没有联系") == 36
    new = {"leader": leader.pk, "enterprise": "", "enterprise_code": "", "village": "", "since": "2014-05-01"}
    url = reverse("help_link_new", args=[LINXIAN])
    assert client.post(url, {**new, "village": "140929100200"}).status_code == 422
    assert client.post(url, new).status_code == 302
    shown = page(client, "help_links")
    assert shown.count("没有联系") == 35
    assert "缺扶贫开发企业、缺住村包村点" in shown
    other = reverse("help_link_new", args=[140929000000])
    assert client.post(other, {**new, "enterprise": "某集团", "village": "140929100200"}).status_code == 302
    assert "省领导重复" in page(client, "help_links")
    with in_scope(gao):
        link = ThreeInOneLink.objects.get(division_id=LINXIAN)
    activity = {"on": "2014-06-01", "kind": "PROBLEM", "content": "道路不通", "progress": "OPEN"}
    assert client.post(reverse("help_activity", args=[link.pk]), activity).status_code == 302
    assert "待办理" in page(client, "help_link", link.pk)
    with in_scope(gao):
        problem = LinkActivity.objects.get(link=link)
    assert "道路不通" in page(client, "help_problem", problem.pk)
    assert client_for(fan).get(reverse("help_problem", args=[problem.pk])).status_code == 403
    change = {
        "leader": "",
        "enterprise": "某公司",
        "enterprise_code": "",
        "village": str(VILLAGE),
        "until": "",
    }
    assert client.post(reverse("help_link_change", args=[link.pk]), change).status_code == 302
    assert "省领导重复" not in page(client, "help_links")
    assert client_for(fan).get(reverse("help_link_new", args=[LINXIAN])).status_code == 403
