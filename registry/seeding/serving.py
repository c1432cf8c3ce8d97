"""Teams, rosters, logs, leaders' villages and the 36 links of the demonstration, their terms lying around today."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from dateutil.relativedelta import relativedelta

from fupin.accounts.models import User
from fupin.accounts.services.demo import BAIWEN, KELAN, LINXIAN
from fupin.divisions.codes import PROVINCE_CODE, Level, cut
from fupin.divisions.models import Division
from registry.codes import VillageStatus
from registry.models import (
    AssistPerson,
    CoverageStage,
    Household,
    LeaderVillage,
    LinkActivity,
    RosterEntry,
    TeamLeader,
    TeamPosting,
    ThreeInOneLink,
    Village,
    VillageStay,
    VillageYear,
    WorkLog,
    WorkTeam,
)
from registry.models.help import ActivityKind, LogKind, Progress, RosterKind
from registry.rules.help.after_exit import ON_REGISTER
from registry.rules.help.terms import LEADER_YEARS
from registry.seeding.chance import one_of, repeatable, whole
from registry.seeding.offices import Offices, acting
from registry.seeding.officials import Helpers

_WORK: Final = (
    (LogKind.REGISTERING, "入户核对户卡，补录收入明细"),
    (LogKind.INCOME_PROJECT, "组织红枣林改造，联系苗木"),
    (LogKind.TRAINING, "动员劳动力参加技能培训"),
    (LogKind.MEASURE, "陪同发放补助，核对签收"),
)
_BETWEEN_TERMS: Final = relativedelta(years=LEADER_YEARS)


class Serving:
    """Writes who serves where, since when, and what he logged."""

    def __init__(self, offices: Offices, helpers: Helpers, today: date, seed: str) -> None:
        self._offices, self._helpers, self._today = offices, helpers, today
        self._rng: Random = repeatable(seed, "serving")
        self._poor = list(
            Village.objects.filter(status=VillageStatus.REGISTERED)
            .order_by("division_id")
            .values_list("division_id", flat=True)
        )

    def play(self) -> None:
        """Write teams in most poor villages, leaders' villages, links, and the plan of coverage."""
        own = self._offices["team"].post
        assert own is not None  # noqa: S101  (each account of the demonstration has one)
        for county, by in ((LINXIAN, self._offices["county"]), (KELAN, self._offices["county2"])):
            villages = [code for code in self._poor if cut(code, Level.COUNTY) == county]
            in_town = [code for code in villages if cut(code, Level.TOWNSHIP) == BAIWEN]
            others = [code for code in villages if code not in in_town]
            served = [*in_town[::2], *others[::3]]
            self._teams(county, served, own.division_id, by)
            self._coverage(county, len(villages), by)
        self._leaders(own.division_id)
        self._links()

    def _terms(self) -> list[tuple[date, bool, int]]:
        """Return when a team came, whether its leader was replaced in time, and how many days ago it last logged."""
        today = self._today

        def ago(*, years: int, days: int = 0) -> date:
            return today - relativedelta(years=years) - timedelta(days=days)

        return [
            (ago(years=1, days=200), True, 2),
            (ago(years=2, days=-40), True, 29),
            (ago(years=2), True, 30),
            (ago(years=2, days=6), False, 4),
            (ago(years=5, days=-2), True, 9),
            (ago(years=5, days=-50), True, 1),
            (ago(years=5, days=8), True, 45),
            (ago(years=3, days=90), True, 12),
        ]

    def _teams(self, county: int, villages: Sequence[int], own: int, by: User) -> None:
        people = [*self._helpers.of[county][::-1], *self._helpers.of[PROVINCE_CODE]]
        terms = self._terms()
        leading = self._helpers.by_user["team"]
        for place, village in enumerate(villages):
            since, in_time, last_log = terms[place % len(terms)]
            name = Division.objects.get(pk=village).name.removesuffix("村委会").removesuffix("村民委员会")
            leaders = [people[(2 * place + at) % len(people)] for at in range(4)]
            if village == own:
                leaders = [leading, *leaders]
                since, in_time, last_log = terms[0]
            with acting(by):
                team = WorkTeam.objects.create(
                    division_id=county, name=f"驻{name}工作队", organ=leaders[0].organ, entered_by=by
                )
                TeamPosting.objects.create(
                    division_id=village,
                    team=team,
                    since=since,
                    document=f"县组通字〔{since.year}〕{10 + place} 号（演示）",
                    entered_by=by,
                )
            self._lead(team, village, since, leaders, in_time=in_time, last_log=last_log, by=by)

    def _lead(
        self,
        team: WorkTeam,
        village: int,
        since: date,
        leaders: Sequence[AssistPerson],
        *,
        in_time: bool,
        last_log: int,
        by: User,
    ) -> None:
        """Let leaders follow each other every two years, the last one perhaps late; each stands on the roster for his term."""
        begins, turn = since, 0
        while True:
            ends = begins + _BETWEEN_TERMS
            is_last = ends >= self._today or (not in_time and ends + _BETWEEN_TERMS > self._today)
            until = None if is_last else ends
            person = leaders[turn % len(leaders)]
            with acting(by):
                TeamLeader.objects.create(
                    division_id=team.division_id,
                    team=team,
                    person=person,
                    since=begins,
                    until=until,
                    entered_by=by,
                )
            self._enrol(village, person, begins, until, team, last_log if is_last else None, by)
            if is_last:
                break
            begins, turn = ends, turn + 1
        if village % 3 == 0:
            graduate = leaders[-1]
            self._enrol(
                village, graduate, self._today - timedelta(days=300), None, None, last_log + 5, by, young=True
            )

    def _enrol(
        self,
        village: int,
        person: AssistPerson,
        since: date,
        until: date | None,
        team: WorkTeam | None,
        last_log: int | None,
        by: User,
        *,
        young: bool = False,
    ) -> None:
        with acting(by):
            entry = RosterEntry.objects.create(
                division_id=village,
                person=person,
                kind=RosterKind.VILLAGE_GRADUATE if young else RosterKind.TEAM_MEMBER,
                team=team,
                since=since,
                until=until,
                is_young_cadre=young,
                incentive="优先列为后备干部" if young else "",
                support="驻村补贴、人身意外险" if young else "",
                entered_by=by,
            )
            if last_log is None:
                return
            households = list(
                Household.objects.filter(division_id=village, status__in=ON_REGISTER).order_by("pk")[:20]
            )
            days = [last_log + 4 * step for step in range(6)]
            WorkLog.objects.bulk_create(
                WorkLog(
                    division_id=village,
                    entry=entry,
                    on=self._today - timedelta(days=day),
                    kind=kind,
                    household=one_of(self._rng, households) if households else None,
                    project_no="" if households else "演示项目 1",
                    content=content,
                    entered_by=by,
                )
                for day, (kind, content) in zip(days, (*_WORK, *_WORK[:2]), strict=True)
                if self._today - timedelta(days=day) >= since
            )
            first = max(since, self._today - timedelta(days=days[-1]))
            VillageStay.objects.create(
                division_id=village,
                entry=entry,
                first_day=first,
                last_day=min(first + timedelta(days=whole(self._rng, 8, 18)), self._today),
                entered_by=by,
            )

    def _leaders(self, own: int) -> None:
        """Give heads of provincial organs the poorest villages of the key counties; two have none, one chose another."""
        by = self._offices["province"]
        counties = (LINXIAN, KELAN)
        tables = VillageYear.objects.filter(
            year=2013, net_income_pc__gt=0, village__status=VillageStatus.REGISTERED
        ).order_by("net_income_pc", "division_id")
        poorest = {
            county: [one for one in tables if cut(one.division_id, Level.COUNTY) == county]
            for county in counties
        }
        taken: set[int] = set()
        a_while_ago = self._today - relativedelta(years=4) - timedelta(days=200)
        for place, person in enumerate(self._helpers.heads[:6]):
            free = [one for one in poorest[counties[place % 2]] if one.division_id not in taken | {own}]
            table = next((one for one in tables if one.division_id == own), None) if place == 0 else free[0]
            if table is None:
                continue
            taken.add(table.division_id)
            with acting(by):
                LeaderVillage.objects.create(
                    division_id=table.division_id,
                    person=person,
                    since=a_while_ago if place % 2 else date(2014, 7, 21),
                    base_year=2013,
                    base_income=table.net_income_pc or 0,
                    choice_reason="县委建议：该村干旱缺水，列为整村推进村" if place == 0 else "",
                    entered_by=by,
                )

    def _links(self) -> None:
        """Link the 36 counties: one not yet, one without enterprise, one without village, one leader in two counties."""
        by, leaders = self._offices["province"], self._helpers.leaders
        counties = Division.objects.filter(county_profile__is_national_poor=True).order_by("code")
        rows = []
        for place, county in enumerate(counties):
            if place == 7:
                continue
            villages = Division.objects.within(county.code).administrative_villages().order_by("code")
            rows.append(
                ThreeInOneLink(
                    division_id=county.code,
                    leader=leaders[0 if place == 20 else place % len(leaders)],
                    enterprise="" if place == 11 else f"{county.name}农业产业化联合社（演示）",
                    village=None if place == 16 else villages[whole(self._rng, 0, 20)],
                    since=date(2014, 3, 20),
                    entered_by=by,
                )
            )
        with acting(by):
            links = ThreeInOneLink.objects.bulk_create(rows)
            LinkActivity.objects.bulk_create(row for link in links for row in self._activities(link, by))

    def _activities(self, link: ThreeInOneLink, by: User) -> list[LinkActivity]:
        number = link.division_id // 1_000_000
        rows: list[tuple[str, str, str, date, date | None]] = [
            (ActivityKind.GUIDANCE, "到县调研，提出特色产业发展思路", Progress.NONE, date(2014, 5, 15), None)
        ]
        if number % 5 == 0:
            rows.append(
                (ActivityKind.ENTERPRISE, "督导企业落实带动协议", Progress.NONE, date(2014, 9, 2), None)
            )
        if number % 4 == 0:
            days = (number // 4) % 4
            due = self._today + timedelta(days=(2, -3, 20, 6)[days])
            rows.append(
                (
                    ActivityKind.PROBLEM,
                    "通乡公路塌方，请协调修复",
                    Progress.WORKING,
                    due - timedelta(days=30),
                    due,
                )
            )
        return [
            LinkActivity(
                division_id=link.division_id,
                link=link,
                on=on,
                kind=kind,
                content=content,
                progress=progress,
                due_on=due,
                entered_by=by,
            )
            for kind, content, progress, on, due in rows
        ]

    def _coverage(self, county: int, villages: int, by: User) -> None:
        households = Household.objects.within(county).filter(status__in=ON_REGISTER).count()
        with acting(by):
            CoverageStage.objects.bulk_create(
                CoverageStage(
                    division_id=county,
                    number=number,
                    due_on=date(2013 + number, 12, 31),
                    villages=int(villages * share),
                    households=int(households * share),
                    document="分期分批计划（演示）",
                    entered_by=by,
                )
                for number, share in ((1, Decimal("0.4")), (2, Decimal("0.7")), (3, Decimal(1)))
            )
