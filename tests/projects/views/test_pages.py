"""The pages of projects as their people use them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from projects.codes import Stage
from projects.models import Project, ProjectHousehold
from projects.reports.slow import slow_counties
from projects.services.stages import move
from registry.codes import HouseholdStatus
from tests.conftest import BAIWEN, VILLAGE, browser_of
from tests.projects.making import (
    BEGUN,
    Bureau,
    act_as,
    bureau,
    enlist,
    entered,
    given,
    poor,
    scan,
    taken,
    walked,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> Bureau:
    return bureau()


def sent(**values: Any) -> dict[str, Any]:
    """Return a sheet as the form sends it."""
    facts = {name: str(value) for name, value in given().facts().items()}
    return {**facts, "is_to_household": "1", "needs_prov_approval": "0", "division": str(BAIWEN), **values}


def page(browser: Client, name: str, *args: Any, **data: Any) -> str:
    return browser.get(reverse(name, args=args), data).content.decode()


def test_a_clerk_puts_a_project_down_and_the_reviewer_takes_it_into_the_pool(people: Bureau) -> None:
    clerk, reviewer = browser_of(people.clerk), browser_of(people.reviewer)
    for _ in range(2):  # the button was pressed twice
        answer = clerk.post(reverse("project_new"), sent())
    project = Project.objects.get()
    assert answer.headers["Location"] == reverse("project_page", args=[project.number])
    assert project.number == "141124-2014-0001"
    clerk.post(reverse("project_village_add", args=[project.number]), {"village": str(VILLAGE)})
    for kind in ("FEASIBILITY", "DESIGN"):
        clerk.post(reverse("project_file_add", args=[project.number]), {"kind": kind, "file": scan()})
    assert "入库" in page(reviewer, "project_page", project.number)
    step = reverse("project_step", args=[project.number, "enter"])
    assert reviewer.post(step, {"on": "2014-03-03"}).status_code == 302
    project.refresh_from_db()
    assert project.stage == Stage.POOL
    assert reviewer.get(step).status_code == 404  # it does not follow any more


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"planned_yuan": "-1"}, "planned_yuan", ""),
        ({"planned_yuan": "0"}, "planned_yuan", "大于 0"),
        ({"planned_yuan": "1" * 20}, "planned_yuan", ""),
        ({"year": "20144"}, "year", ""),
        ({"industry": ""}, "industry", "须选产业"),
        ({"planned_finish_on": "2014-13-01"}, "planned_finish_on", ""),
        ({"planned_finish_on": "2014-04-01"}, "planned_finish_on", "不能早于"),
        ({"use_way": "OTHER"}, "use_way_reason", "理由"),
        ({"needs_prov_approval": "1"}, "prov_approval_reason", "理由"),
        ({"hotline": "13803580000"}, "hotline", "座机"),
        ({"content": "联系 13803580000"}, "content", "会公示"),
        ({"name": "“核桃”"}, "name", "项目名称"),
        ({"division": "141100000000"}, "division", ""),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    people: Bureau, wrong: dict[str, str], field: str, words: str
) -> None:
    answer = browser_of(people.clerk).post(reverse("project_new"), sent(**wrong))
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field])
    assert not Project.objects.exists()


def test_a_list_is_refused_row_by_row_and_nothing_of_it_is_written(people: Bureau) -> None:
    project = entered(people, is_to_household=True)
    on = poor(people.clerk, name="郝在册")
    out = poor(people.clerk, status=HouseholdStatus.DRAFT, name="冯草稿")
    clerk = browser_of(people.clerk)
    url = reverse("project_household_add", args=[project.number])
    lines = [
        f"{on.household_no} 1,500.00 核桃苗",
        "",
        f"{out.household_no}，800",
        on.household_no,
        "12345",
        "1409291002009999",
    ]
    answer = clerk.post(url, {"on": "2014-03-03", "numbers": "\n".join(lines)})
    assert answer.status_code == 422
    assert answer.context["wrong"] == [(5, "“12345”不是 16 位户编号或 18 位人编号")]
    del lines[4]
    answer = clerk.post(url, {"on": "2014-03-03", "numbers": "\n".join(lines)})
    wrong = dict(answer.context["wrong"])
    assert sorted(wrong) == [3, 4, 5]
    assert "不在册" in wrong[3]
    assert "重复" in wrong[4]
    assert "查不到" in wrong[5]
    assert not ProjectHousehold.objects.exists()
    answer = clerk.post(url, {"on": "2014-03-03", "numbers": lines[0]})
    assert answer.status_code == 302
    row = ProjectHousehold.objects.get()
    assert (row.promised_yuan, row.promised, row.division_id) == (Decimal("1500.00"), "核桃苗", VILLAGE)
    shown = page(clerk, "project_households", project.number)
    assert "郝在册" in shown
    assert "1,500.00" in shown
    removed = clerk.post(
        reverse("project_household_remove", args=[row.pk]), {"on": "2014-03-04", "because": "举家外迁"}
    )
    assert removed.status_code == 302
    assert "郝在册" not in page(clerk, "project_households", project.number)


def test_a_village_reads_what_concerns_it_of_the_countys_project(people: Bureau) -> None:
    project = entered(people, is_to_household=True)
    here = poor(people.clerk, name="郝本村")
    enlist(people, project, here, yuan=Decimal("2000.00"))
    village = browser_of(people.village)
    assert project.number in page(village, "project_list")
    assert project.goals in page(village, "project_page", project.number)
    assert "郝本村" in page(village, "project_households", project.number)
    assert project.name in page(village, "household_card", here.household_no, 2014)


def test_the_notices_are_drawn_from_the_page_and_name_the_elements(people: Bureau) -> None:
    project = entered(people)
    on = walked(people, project, Stage.APPROVED)
    clerk = browser_of(people.clerk)
    answer = clerk.post(reverse("project_notices", args=[project.number]), {"on": on.isoformat()})
    assert answer.status_code == 302
    drafts = answer.wsgi_request and list(
        clerk.get(reverse("project_page", args=[project.number])).context["drafts"]
    )
    assert sorted(one.kind for one in drafts) == ["projects_county", "projects_village"]
    for one in drafts:
        for element in (
            "建设地点",
            "建设内容",
            "建设期限",
            "实施单位及负责人",
            "资金来源与额度",
            "640,000.00",
            "质量与效益目标",
        ):
            assert element in one.text
        assert one.contact_phone == "0358-4422000"
        assert one.days == 10
    again = clerk.post(reverse("project_notices", args=[project.number]), {"on": on.isoformat()})
    assert again.status_code == 422


def test_a_finding_is_mended_by_the_county_and_closed_by_whoever_checked(people: Bureau) -> None:
    project = entered(people)
    city, reviewer = browser_of(people.city), browser_of(people.reviewer)
    asked = {"link": "ARGUE", "on": "2014-03-05", "finding": "论证无专家签字", "has_problem": "1"}
    url = reverse("project_check_new", args=[project.number])
    assert city.post(url, asked).status_code == 422  # by when it is to be mended was left out
    assert city.post(url, {**asked, "mend_by": "2014-03-20"}).status_code == 302
    check = project.checks.get()
    close = reverse("project_check_close", args=[check.pk])
    assert city.post(close, {"on": "2014-03-21"}).status_code == 422  # nothing was mended yet
    mended = reviewer.post(
        reverse("project_check_mend", args=[check.pk]), {"on": "2014-03-15", "how": "已补签"}
    )
    assert mended.status_code == 302
    assert city.post(close, {"on": "2014-03-21"}).status_code == 302
    check.refresh_from_db()
    assert (check.closed_on, check.closed_by) == (date(2014, 3, 21), people.city)
    assert "已补签" in page(city, "project_page", project.number)


def test_the_slow_are_ranked_and_each_number_opens_its_projects(people: Bureau) -> None:
    late, done = entered(people), entered(people)
    walked(people, late, Stage.PLANNED)
    walked(people, done, Stage.ACCEPTED)
    act_as(people.province)
    (row,) = slow_counties(people.province, year=2014, day=date(2014, 10, 1))
    assert (row.projects, row.start_late, row.finish_late, row.accept_late, row.done) == (2, 1, 1, 0, 1)
    assert row.planned_yuan == Decimal("1280000.00")
    (row,) = slow_counties(people.province, year=2014, day=date(2014, 5, 1))
    assert (row.start_late, row.finish_late) == (0, 0)  # the day itself is in time
    shown = page(browser_of(people.province), "project_slow", year="2014")
    assert "临县" in shown
    listed = browser_of(people.province).get(reverse("project_list"), {"late": "start", "year": "2014"})
    assert [one.number for one, _kind in listed.context["rows"]] == [late.number]


def test_a_failed_project_says_so(people: Bureau) -> None:
    project = entered(people)
    on = walked(people, project, Stage.BUILDING)
    reviewer = browser_of(people.reviewer)
    url = reverse("project_step", args=[project.number, "fail"])
    assert reviewer.post(url, {"on": on.isoformat(), "opinion": ""}).status_code == 422
    assert reviewer.post(url, {"on": on.isoformat(), "opinion": "水源枯竭"}).status_code == 302
    assert "不再具备实施条件" in page(reviewer, "project_page", project.number)


def test_a_file_is_what_it_is_and_one_that_proved_a_step_stays(people: Bureau) -> None:
    project = entered(people)
    clerk = browser_of(people.clerk)
    url = reverse("project_file_add", args=[project.number])
    text = SimpleUploadedFile("可研.pdf", b"not a pdf at all")
    assert clerk.post(url, {"kind": "FEASIBILITY", "file": text}).status_code == 422
    walked(people, project, Stage.POOL)
    kept = project.files.get(kind="DESIGN")
    shown = clerk.get(reverse("project_file", args=[kept.pk]))
    assert shown.headers["Content-Type"] == "image/png"
    assert b"".join(shown.streaming_content).startswith(b"\x89PNG")  # type: ignore[attr-defined]  # a file's answer
    assert clerk.post(reverse("project_file_withdraw", args=[kept.pk])).status_code == 422
    other = project.files.get(kind="CONTRACT")
    assert clerk.post(reverse("project_file_withdraw", args=[other.pk])).status_code == 302


def test_the_next_step_waits_for_the_first_of_two(people: Bureau) -> None:
    """A step that somebody else has just taken is not taken again."""
    project = entered(people)
    on = walked(people, project, Stage.POOL)
    stale = Project.objects.get(pk=project.pk)
    taken(people, project, "argue", on)
    act_as(people.reviewer)
    with pytest.raises(Exception, match="论证"):
        move(actor=people.reviewer, project=stale, name="argue", on=on + timedelta(days=1), opinion="符合")
    assert project.steps.filter(name="argue").count() == 1
    assert on > BEGUN
