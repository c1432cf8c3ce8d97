"""Help in the demonstration: who answers for whom, what is planned, what was done, whether it arrived and what came of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from random import Random
from typing import Final

from dateutil.relativedelta import relativedelta
from django.db import connection
from django.db.models import Max

from fupin.accounts.models import User
from fupin.accounts.services.demo import BAIWEN, KELAN, LINXIAN
from fupin.divisions.codes import Level, cut
from registry.codes import HouseholdStatus, MeasureKind, VillageStatus
from registry.models import (
    AssistEffect,
    AssistMeasure,
    AssistPair,
    AssistPerson,
    AssistPlan,
    Case,
    HouseholdYear,
    MeasureDelivery,
    MeasureRecipient,
    MemberYear,
    Village,
    Visit,
)
from registry.models.help import DeliveredBy, HelpLevel
from registry.rules.help.after_exit import ON_REGISTER
from registry.rules.help.suggestions import suggested
from registry.rules.procedure import Track
from registry.seeding.chance import repeatable, whole
from registry.seeding.offices import Offices, acting
from registry.seeding.officials import Helpers

K = MeasureKind
_YEAR: Final = 2014


@dataclass(frozen=True, slots=True)
class Way:
    """What a kind of measure is in words, what it costs a household, and by how much its year's income rises with it, in yuan."""

    goal: str
    content: str
    cost: int
    gain: int


WAYS: Final[Mapping[str, Way]] = {
    K.PROJECT_SUBSIDY: Way("养羊十只", "补助购买种羊", 3000, 2200),
    K.INDUSTRY_COVERAGE: Way("加入红枣提质增效项目", "红枣林改造、统防统治", 1500, 1600),
    K.TRAINING: Way("学会一门手艺", "电焊、家政技能培训", 800, 1800),
    K.LOAN_INTEREST: Way("贷款发展养殖", "五万元贷款贴息", 2500, 2600),
    K.RELOCATION: Way("搬出山庄窝铺", "集中安置点建房补助", 12000, 0),
    K.HOUSING: Way("住上安全房", "危窑加固改造", 8000, 0),
    K.MUTUAL_FUND: Way("用上互助资金", "互助资金借款占用费补助", 400, 900),
    K.ENTERPRISE_JOBS: Way("家门口就业", "枣业公司季节用工", 600, 3200),
    K.COOPERATIVE: Way("入社分红", "入股小杂粮合作社", 2000, 900),
    K.LEADING_FARMER: Way("跟着大户干", "大户带动种植马铃薯", 500, 1400),
    K.TECH_BACKBONE: Way("田间有人教", "农技人员包户指导", 0, 800),
    K.RETURNEE: Way("返乡有岗位", "返乡青年创业扶持", 3000, 3600),
    K.SCIENCE: Way("用上良种", "谷子良种和地膜", 350, 700),
    K.STUDENT_AID: Way("孩子不失学", "寄宿生生活补助", 1250, 0),
    K.MEDICAL: Way("看得起病", "大病医疗救助", 3000, 0),
    K.DIBAO_LINK: Way("基本生活有保障", "纳入低保，核发低保金", 1380, 1380),
    K.DONATION: Way("解决眼前困难", "结对单位捐赠米面衣被", 600, 0),
    K.LAND_TRANSFER: Way("地租稳定", "土地流转给合作社", 0, 1100),
    K.WATER: Way("吃上自来水", "入户管道和水表", 900, 0),
    K.ROAD: Way("路通到院", "户连路硬化", 1800, 0),
}
_ELSE: Final = Way("按户情逐项落实", "按户情帮扶", 500, 500)


@dataclass(frozen=True, slots=True)
class Helped:
    """A household that is or was on the register: its card, who answers for it, and when it came and left."""

    card: HouseholdYear
    person: AssistPerson
    announced: date
    left: date | None

    @property
    def kinds(self) -> Sequence[str]:
        """Return the measures that answer its causes, the main one first."""
        causes = [self.card.cause_main, *self.card.cause_other]
        return [kind for kind, _ in suggested(causes, poor_type=self.card.poor_type)] or [K.OTHER]


class Helping:
    """Writes the help of both counties; what was long ago is of 2014, what waits lies around today."""

    def __init__(self, offices: Offices, helpers: Helpers, today: date, seed: str) -> None:
        self._offices, self._helpers, self._today, self._seed = offices, helpers, today, seed
        self._rng = repeatable(seed, "helping")

    def play(self) -> None:
        """Write pairs, plans, measures with what came of them, and visits."""
        for county, by in ((LINXIAN, self._offices["county"]), (KELAN, self._offices["county2"])):
            helped = self._helped(county)
            paired = self._pairs(helped, by)
            self._visits(paired, by)
            self._plans(county, helped, by)
            self._measures(helped, by)
            self._around_today(helped, by)
            self._still_running(helped, by)
        self._reaching_nobody()

    def _helped(self, county: int) -> list[Helped]:
        announced = dict(
            Case.objects.within(county)
            .filter(track=Track.ENTRY, status=HouseholdStatus.REGISTERED)
            .order_by()
            .values("household_id")
            .annotate(last=Max("closed_on"))
            .values_list("household_id", "last")
        )
        cards = (
            HouseholdYear.objects.within(county)
            .filter(year=_YEAR, household__status__in=[*ON_REGISTER, HouseholdStatus.EXITED])
            .select_related("household")
            .order_by("division_id", "household_id")
        )
        people = self._helpers.of[county]
        found = []
        for village, rows in groupby(cards, key=lambda card: card.division_id):
            answering = [people[village % len(people)], people[(village // 7 + 5) % len(people)]]
            if cut(village, Level.TOWNSHIP) == BAIWEN:
                towns = self._helpers.of[BAIWEN]
                answering.append(towns[village % len(towns)])
            for place, card in enumerate(rows):
                found.append(
                    Helped(
                        card,
                        answering[place % len(answering)],
                        announced.get(card.household_id, date(2014, 7, 1)),
                        card.household.exited_on,
                    )
                )
        return found

    def _pairs(self, helped: Sequence[Helped], by: User) -> list[tuple[Helped, date]]:
        """Pair all but those announced of late and return them with the day; some have had another, those who left have nobody now."""
        rows, paired = [], []
        fresh = self._today - timedelta(days=30)
        for one in helped:
            if one.announced > fresh:
                continue
            start = one.announced + timedelta(days=10)
            if one.card.household_id % 13 == 0 and one.left is None:
                change = start + timedelta(days=120)
                other = self._another(one.person)
                rows.append(self._pair(one, other, start, by, end=change, reason="工作调动"))
                start = change
            paired.append((one, start))
            ended = None if one.left is None else one.left + timedelta(days=1)
            rows.append(
                self._pair(one, one.person, start, by, end=ended, reason="该户已脱贫退出" if ended else "")
            )
        with acting(by):
            AssistPair.objects.bulk_create(rows)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS pair_has_successor IMMEDIATE")
                cursor.execute("SET CONSTRAINTS pair_has_successor DEFERRED")
        return paired

    def _another(self, person: AssistPerson) -> AssistPerson:
        people = self._helpers.of[person.division_id]
        return people[(people.index(person) + 3) % len(people)]

    def _pair(
        self,
        one: Helped,
        person: AssistPerson,
        start: date,
        by: User,
        *,
        end: date | None = None,
        reason: str = "",
    ) -> AssistPair:
        return AssistPair(
            division_id=one.card.division_id,
            household_id=one.card.household_id,
            person=person,
            start_date=start,
            end_date=end,
            household_left=end is not None and one.left is not None,
            reason=reason,
            entered_by=by,
        )

    def _visits(self, paired: Sequence[tuple[Helped, date]], by: User) -> None:
        """Let who answers have been there: every third household lately, the others in the autumn of 2014."""
        rows = []
        for place, (one, since) in enumerate(paired):
            lately = place % 3 == 0
            on = self._today - timedelta(days=place % 25) if lately else date(2014, 11, 1 + place % 28)
            if one.left is not None or on < since:
                continue
            rows.append(
                Visit(
                    division_id=one.card.division_id,
                    household_id=one.card.household_id,
                    person=one.person,
                    on=on,
                    content="了解生产生活情况，核对收入和帮扶措施落实",
                    entered_by=by,
                )
            )
        with acting(by):
            Visit.objects.bulk_create(rows)

    def _plans(self, county: int, helped: Sequence[Helped], by: User) -> None:
        """Plan for villages, households and labourers; some of each have no plan, and stand on the gap page."""
        rows = []
        villages = (
            Village.objects.within(county).filter(status=VillageStatus.REGISTERED).order_by("division_id")
        )
        people = self._helpers.of[county]
        for place, village in enumerate(villages):
            if place % 6 == 3:
                continue
            rows.append(
                AssistPlan(
                    division_id=village.division_id,
                    level=HelpLevel.VILLAGE,
                    year=_YEAR,
                    kind=K.ROAD if place % 2 else K.INDUSTRY_COVERAGE,
                    goal="通村组路硬化三公里" if place % 2 else "红枣提质增效五百亩",
                    scale="3 公里" if place % 2 else "500 亩",
                    amount=Decimal(450_000 if place % 2 else 260_000),
                    due_on=date(2014, 12, 31),
                    person=people[place % len(people)],
                    entered_by=by,
                )
            )
        year_ends = date(_YEAR, 12, 31)
        planned = [
            one for one in helped if one.card.household_id % 8 and (one.left is None or one.left > year_ends)
        ]
        labourers: dict[int, list[int]] = {}
        working = MemberYear.objects.within(county).filter(year=_YEAR, is_labourer=True).order_by("member_id")
        for household, member in working.values_list("household_year__household_id", "member_id"):
            labourers.setdefault(household, []).append(member)
        for one in planned:
            rows.append(self._plan(one, by, one.kinds[0]))
            working_here = [member for member in labourers.get(one.card.household_id, []) if member % 9]
            rows += [self._plan(one, by, K.TRAINING, member=member) for member in working_here]
        with acting(by):
            AssistPlan.objects.bulk_create(rows, batch_size=1000)

    def _plan(self, one: Helped, by: User, kind: str, *, member: int | None = None) -> AssistPlan:
        way = WAYS.get(kind, _ELSE)
        return AssistPlan(
            division_id=one.card.division_id,
            level=HelpLevel.LABOURER if member else HelpLevel.HOUSEHOLD,
            household_id=one.card.household_id,
            member_id=member,
            year=_YEAR,
            cause=one.card.cause_main,
            kind=kind,
            goal=way.goal,
            amount=Decimal(way.cost),
            income_gain=Decimal(way.gain),
            due_on=date(2014, 12, 31),
            person=one.person,
            entered_by=by,
        )

    def _measures(self, helped: Sequence[Helped], by: User) -> None:
        """Put down the measures of 2014, by village and kind; nearly all arrived, and nearly all effects are confirmed."""
        groups: dict[tuple[int, str, int], list[Helped]] = {}
        for one in helped:
            if one.announced.year == _YEAR and one.card.household_id % 7:
                groups.setdefault((one.card.division_id, one.kinds[0], one.person.pk), []).append(one)
        batch = _Batch(by, repeatable(self._seed, "measures", by.pk))
        for (village, kind, _), ones in groups.items():
            on = date(2014, 8, 5) + timedelta(days=whole(batch.rng, 0, 100))
            batch.add(village, kind, on, ones, arrived=0.96, confirmed=0.99)
        batch.write()

    def _around_today(self, helped: Sequence[Helped], by: User) -> None:
        """Put down measures whose twelve months end before, on and after today, and some of this year."""
        today, batch = self._today, _Batch(by, repeatable(self._seed, "lately", by.pk))
        a_year_ago = today - relativedelta(months=12)
        days = [a_year_ago - timedelta(days=1), a_year_ago, a_year_ago + timedelta(days=2),
                a_year_ago + timedelta(days=20), today - timedelta(days=150), today - timedelta(days=12)]  # fmt: skip
        own = self._own_village()
        standing = [
            one for one in helped if one.left is None and one.announced <= a_year_ago - timedelta(days=2)
        ]
        villages = groupby(standing, key=lambda one: one.card.division_id)
        for place, (village, rows) in enumerate(villages):
            ones = list(rows)
            if place == 0:
                theirs = {1: "leader", 2: "team", 3: "leader"} if village == own else {}
                for at, on in enumerate(days):
                    for told in ones[2 * at : 2 * at + 2]:
                        person = self._helpers.by_user[theirs[at]] if at in theirs else told.person
                        one = replace(told, person=person)
                        batch.add(village, one.kinds[-1], on, [one], arrived=1 if at < 4 else 0, confirmed=0)
            elif place % 3 == 0:
                one = ones[0]
                batch.add(
                    village, one.kinds[-1], days[place // 3 % len(days)], [one], arrived=0.8, confirmed=0
                )
        batch.write()

    def _still_running(self, helped: Sequence[Helped], by: User) -> None:
        """Let some who left still have interest paid for them: it stands on the stop list."""
        gone = [one for one in helped if one.left is not None][::3]
        batch = _Batch(by, repeatable(self._seed, "running", by.pk))
        for one in gone:
            batch.add(
                one.card.division_id,
                K.LOAN_INTEREST,
                date(2014, 10, 20),
                [one],
                arrived=0,
                confirmed=1,
                runs_until=self._today + timedelta(days=200),
            )
        batch.write()

    def _own_village(self) -> int:
        post = self._offices["village"].post
        assert post is not None  # noqa: S101  (each account of the demonstration has one)
        return post.division_id

    def _reaching_nobody(self) -> None:
        """Put down a leader's and a team's project that name no household: they stand as 未到户."""
        by = self._offices["county"]
        rows = [
            AssistMeasure(
                division_id=self._own_village(),
                on=self._today - timedelta(days=days),
                kind=kind,
                content=content,
                money_source="结对单位自筹",
                amount=Decimal(amount),
                person=self._helpers.by_user[who],
                entered_by=by,
            )
            for kind, who, content, amount, days in (
                (K.LEADER_VILLAGE, "leader", "捐建村文化活动室", 80_000, 60),
                (K.WORK_TEAM, "team", "维修村内水渠两公里", 46_000, 25),
            )
        ]
        with acting(by):
            AssistMeasure.objects.bulk_create(rows)


class _Batch:
    """Measures with those whom they are for, gathered and written table by table."""

    def __init__(self, by: User, rng: Random) -> None:
        self._by, self.rng = by, rng
        self._measures: list[AssistMeasure] = []
        self._recipients: list[tuple[MeasureRecipient, Helped, float, float]] = []

    def add(
        self,
        village: int,
        kind: str,
        on: date,
        ones: Iterable[Helped],
        *,
        arrived: float,
        confirmed: float,
        runs_until: date | None = None,
    ) -> None:
        """Gather a measure; `arrived` and `confirmed` are the shares of its households for which it did and was."""
        helped, way = list(ones), WAYS.get(kind, _ELSE)
        measure = AssistMeasure(
            division_id=village,
            on=on,
            kind=kind,
            content=way.content,
            money_source="县级财政专项扶贫资金" if way.cost else "",
            amount=Decimal(way.cost * len(helped)),
            person=helped[0].person,
            entered_by=self._by,
        )
        self._measures.append(measure)
        for one in helped:
            recipient = MeasureRecipient(
                division_id=village,
                measure=measure,
                household_id=one.card.household_id,
                amount=Decimal(way.cost),
                runs_until=runs_until,
            )
            self._recipients.append((recipient, one, arrived, confirmed))

    def write(self) -> None:
        """Write everything that was gathered: measures, recipients, what was delivered, what came of it."""
        with acting(self._by):
            AssistMeasure.objects.bulk_create(self._measures)
            recipients = [recipient for recipient, _, _, _ in self._recipients]
            for recipient in recipients:
                recipient.measure_id = recipient.measure.pk
            MeasureRecipient.objects.bulk_create(recipients, batch_size=1000)
            MeasureDelivery.objects.bulk_create(self._deliveries(), batch_size=1000)
            AssistEffect.objects.bulk_create(self._effects(), batch_size=1000)

    def _deliveries(self) -> list[MeasureDelivery]:
        rows = []
        for recipient, one, arrived, _ in self._recipients:
            whole_of_it = self.rng.random() < arrived
            if not whole_of_it and recipient.runs_until is None:
                continue
            amount = recipient.amount or Decimal(0)
            account = one.card.bank_account_masked
            rows.append(
                MeasureDelivery(
                    division_id=recipient.division_id,
                    recipient=recipient,
                    on=recipient.measure.on + timedelta(days=6),
                    by=DeliveredBy.ACCOUNT if account and amount else DeliveredBy.IN_KIND,
                    amount=amount if whole_of_it else amount / 2,
                    account_masked=account if account and amount else "",
                    signed_by="" if account and amount else one.card.head_name,
                    entered_by=self._by,
                )
            )
        return rows

    def _effects(self) -> list[AssistEffect]:
        rows = []
        for recipient, one, _, confirmed in self._recipients:
            if self.rng.random() >= confirmed:
                continue
            way = WAYS.get(recipient.measure.kind, _ELSE)
            on = recipient.measure.on + timedelta(days=whole(self.rng, 40, 120))
            rows.append(
                AssistEffect(
                    division_id=recipient.division_id,
                    recipient=recipient,
                    on=on,
                    income_gain=Decimal(way.gain * whole(self.rng, 8, 12) // 10),
                    jobs=1 if recipient.measure.kind in {K.ENTERPRISE_JOBS, K.RETURNEE} else 0,
                    contribution=way.goal,
                    confirmed_by=one.card.head_name,
                    confirmed_on=on,
                    entered_by=self._by,
                )
            )
        return rows
