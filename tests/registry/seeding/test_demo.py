"""What `make run` shows at first: made once, lawful step by step, every state and every colour of clock in it."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Count, F, Sum
from django.utils import timezone

from fupin.accounts.models import Post, User
from fupin.accounts.roles import Role
from fupin.accounts.scope import whole_province
from fupin.accounts.services.demo import BAIWEN, DEMO_ACCOUNTS, KELAN, LINXIAN
from fupin.deadlines.models import Clock
from fupin.deadlines.rules import Colour
from fupin.divisions.codes import PROVINCE_CODE
from fupin.home.todo import todos
from fupin.notices.models import Notice, NoticePhoto, Objection
from projects.codes import Stage
from projects.models import Project, ProjectHousehold
from registry.codes import HouseholdStatus, VillageStatus
from registry.codes.outside import HitState, ListKind
from registry.models import (
    AssistMeasure,
    AssistPair,
    Case,
    CaseStep,
    Household,
    LeaderVillage,
    MatchHit,
    OutsideList,
    Quota,
    TeamPosting,
    ThreeInOneLink,
    TransferSlip,
    Village,
    YearClose,
)
from registry.reports.help.gaps import Gap, missing
from registry.reports.help.leading import links_of
from registry.reports.help.teams import postings, silent
from registry.reports.help.waiting import naming_nobody, not_reached, to_stop, waiting_for_effect
from registry.reports.matching import linkage, waiting_hits
from registry.reports.transfers import to_transfer, unanswered
from registry.rules.help.after_exit import ON_REGISTER
from registry.rules.matching import Linkage
from tests.conftest import as_owner

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def demonstration(settings: Any, tmp_path: Any) -> Any:
    """The demonstration, made by the owner and looked at by everybody."""
    settings.DEMO, settings.MEDIA_ROOT = True, tmp_path
    with as_owner():
        call_command("demo", verbosity=0)
    return settings


def account(name: str) -> User:
    post = Post.objects.select_related("user", "division").get(user__username=name)
    post.user.post = post
    return post.user


def test_it_is_made_once_and_shows_everything(demonstration: Any) -> None:
    today = timezone.localdate()
    with as_owner():
        call_command("demo", verbosity=0)
    with whole_province():
        _cards()
        _cases()
        _quotas()
        _notices()
        _help(today)
        _paired()
        _clocks(today)
        _compared()
        _projects()
    _homes()


def _projects() -> None:
    """A pool in each county, some of it in the plan, waiting for money; for households that stand on the register."""
    stages = Counter(Project.objects.order_by().values_list("stage", flat=True))
    assert {Stage.DRAFT, Stage.POOL, Stage.ASSESSED, Stage.APPROVED, Stage.PLANNED, Stage.REJECTED} <= set(
        stages
    )
    assert stages[Stage.PLANNED] >= 3
    assert set(Project.objects.order_by().values_list("county", flat=True)) == {LINXIAN, KELAN}
    listed = ProjectHousehold.objects.order_by().values_list("household__status", flat=True)
    assert listed.count() >= 40
    assert set(listed) <= set(ON_REGISTER)


def _cards() -> None:
    assert Household.objects.count() == 3000
    assert Household.objects.filter(is_demo=False).count() == 0
    assert User.objects.filter(is_demo=False).count() == 0
    in_township = Household.objects.within(BAIWEN)
    assert in_township.count() == 700
    makers = dict(
        in_township.order_by().values_list("division_id", "entered_by__posts__division_id").distinct()
    )
    assert all(village == at for village, at in makers.items())
    assert YearClose.objects.get().pk == 2013


def _cases() -> None:
    """Every state is there, and each stands where its last step led: nothing was put there but by steps."""
    households = set(Household.objects.within(BAIWEN).order_by().values_list("status", flat=True).distinct())
    assert households == set(HouseholdStatus.values)
    villages = set(Village.objects.within(BAIWEN).order_by().values_list("status", flat=True).distinct())
    assert villages >= set(VillageStatus.values) - {VillageStatus.EXITED}
    last = dict(CaseStep.objects.order_by("case_id", "number").values_list("case_id", "target"))
    assert dict(Case.objects.values_list("pk", "status")) == last
    walked = Household.objects.within(BAIWEN).exclude(status=HouseholdStatus.DRAFT)
    assert walked.filter(cases__isnull=True).count() == 0
    assert CaseStep.objects.filter(is_level=True, actor=F("case__household__entered_by")).count() == 0


def _quotas() -> None:
    by_parent = Quota.objects.exclude(division=PROVINCE_CODE).order_by().values("division__parent")
    own = dict(Quota.objects.values_list("division_id", "persons"))
    for row in by_parent.annotate(total=Sum("persons")):
        assert row["total"] == own[row["division__parent"]]
    listed = (
        Case.objects.within(BAIWEN)
        .filter(track="ENTRY", round__year=2014, status="N")
        .aggregate(n=Sum("persons"))
    )
    assert 0 < listed["n"] <= own[BAIWEN]


def _notices() -> None:
    assert Notice.objects.filter(photos__isnull=True).count() == 0
    assert NoticePhoto.objects.count() == Notice.objects.count() > 100
    assert set(Objection.objects.values_list("status", flat=True)) == {
        "FILED",
        "ACCEPTED",
        "DECLINED",
        "SETTLED",
    }


def _help(today: Any) -> None:
    province = account("province")
    for gap in Gap:
        assert missing(gap, province, 2014).count() > 0, gap
    assert waiting_for_effect(province, today).count() > 0
    assert not_reached(province).count() > 0
    assert naming_nobody(province).count() == 2
    assert to_stop(province, today).count() > 0
    teams = postings(province)
    assert 0 < silent(teams, today, 30).count() < teams.count() == TeamPosting.objects.count()
    assert AssistPair.objects.filter(end_date__isnull=False, household_left=False).exists()
    assert AssistPair.objects.filter(household_left=True).exists()
    assert AssistMeasure.objects.filter(on=today - timedelta(days=12)).exists()
    assert LeaderVillage.objects.count() == 6
    alarms = Counter(alarm for row in links_of(province, today) for alarm in row.alarms)
    assert alarms == {"没有联系": 1, "缺扶贫开发企业": 1, "缺住村包村点": 1, "省领导重复": 2}
    assert ThreeInOneLink.objects.count() == 35


def _clocks(today: Any) -> None:
    for county in (LINXIAN, KELAN):
        running = Clock.objects.within(county).running()
        for colour in Colour:
            assert running.in_colour(colour, today).exists(), (county, colour)
    kinds = Clock.objects.order_by().values("kind").annotate(n=Count("pk"))
    assert {row["kind"] for row in kinds} >= {
        "registry.help_effect",
        "registry.help_pair",
        "registry.help_team_leader",
        "registry.help_team",
        "registry.help_leader_village",
        "registry.help_link_problem",
    }


def _compared() -> None:
    """Every page about other departments' lists has something to do: for the township, both reviewers and civil affairs."""
    assert set(OutsideList.objects.values_list("kind", flat=True)) == {
        ListKind.DIBAO,
        ListKind.WUBAO,
        ListKind.VEHICLE,
        ListKind.PAYROLL,
        ListKind.DEATH,
    }
    states = set(MatchHit.objects.values_list("state", flat=True))
    assert states == set(HitState) - {HitState.MENDED}
    for name in ("township", "reviewer", "reviewer2"):
        assert waiting_hits(account(name)) > 0, name
    civil = account("civil")
    for kind in Linkage:
        assert linkage(kind, civil, 2014).exists(), kind
    assert TransferSlip.objects.filter(sent_on__isnull=False).count() == 2
    assert unanswered(civil) == 4
    assert to_transfer(account("township"), 2014).exists()


def _paired() -> None:
    """Who is on the register has somebody who answers, but for those announced within the last month: their cards can be saved."""
    alone = Household.objects.filter(status__in=ON_REGISTER).exclude(
        pairs__isnull=False, pairs__end_date__isnull=True
    )
    announced = timezone.localdate() - timedelta(days=30)
    assert 0 < alone.count() < 100
    late = Case.objects.filter(track="ENTRY", closed_on__gt=announced).values("household_id")
    assert not alone.exclude(pk__in=late).exists()


WORKS_WITH_CARDS = {
    Role.VILLAGE,
    Role.TEAM,
    Role.TOWNSHIP,
    Role.COUNTY_ENTRY,
    Role.COUNTY_REVIEW,
    Role.COUNTY_APPROVE,
    Role.LEADING_GROUP,
    Role.CITY,
    Role.PROVINCE,
}


def _homes() -> None:
    """Each account that works with the register finds on its home page what waits for it."""
    for one in DEMO_ACCOUNTS:
        if one.role not in WORKS_WITH_CARDS:
            continue
        user = account(one.username)
        with whole_province():
            waiting = todos(user)
        assert waiting, one.username


def test_the_gap_page_names_those_without_a_plan(demonstration: Any) -> None:
    """A household without a plan is named, one with a plan is not."""
    with whole_province():
        province = account("province")
        named = set(missing(Gap.PLAN, province, 2014).values_list("household_id", flat=True))
        planned = set(
            Household.objects.filter(plans__level="HOUSEHOLD", plans__year=2014).values_list("pk", flat=True)
        )
        assert not named & planned
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM registry_household WHERE status IN ('N','X1','X2','X3','X4','XP')"
            )
            (registered,) = cursor.fetchone()
        assert registered >= len(named) > 0
