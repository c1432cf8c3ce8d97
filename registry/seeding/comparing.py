"""Other departments' lists in the demonstration: what they found waits or was decided, and households handed over to civil affairs."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from fupin.accounts.models import User
from fupin.accounts.services.demo import BAIWEN, KELAN, LINXIAN
from fupin.divisions.codes import contains
from fupin.lib.masking import mask_id_no
from fupin.vault.cipher import blind_index
from registry.codes import Sex
from registry.codes.outside import Answer, HitState, ListKind
from registry.models import HouseholdYear, MatchHit, MemberYear, OutsideList, TransferSlip
from registry.reports.transfers import to_transfer
from registry.rules.help.after_exit import ON_REGISTER
from registry.rules.matching import fact_of
from registry.seeding import numbers
from registry.seeding.chance import one_of, repeatable, whole
from registry.seeding.names import Clans, given_name
from registry.seeding.offices import Offices, acting
from registry.services.matching.deciding import decide_hits
from registry.services.matching.loading import stage, take
from registry.services.matching.reading import ListedPerson
from registry.services.transfers import Reply, answer_lines, make_slip, send_slip

_YEAR: Final = 2014
_STRANGERS: Final = numbers.MOST_HOUSEHOLDS * numbers.SEATS - 50_000
"""Ordinals of people on lists who stand on no card lie below this one; those of officials lie above."""

_VEHICLES: Final = (
    ("三轮汽车", "时风 7YP"),
    ("轻型普通货车", "五征"),
    ("小型普通客车", "五菱"),
    ("普通二轮摩托车", "宗申"),
)
_DECIDED: Final = (
    (ListKind.VEHICLE, HitState.WAIVED, "农用三轮汽车，自家耕运，价值在三万元以下", "行驶证复印件，存户档案"),
    (ListKind.VEHICLE, HitState.WAIVED, "购车人借用其身份登记，车不在家，邻居证明", "村委会证明，存户档案"),
    (ListKind.VEHICLE, HitState.CONFIRMED, "轿车系本人购买，价值超过三万元", ""),
    (ListKind.PAYROLL, HitState.NOT_SAME, "同名不同人，工作单位在外县", "单位证明，存户档案"),
    (ListKind.DEATH, HitState.CONFIRMED, "户口已注销，未报减员", ""),
)
_SITUATIONS: Final = ("户主年老多病，无人能劳动", "重度残疾，生活不能自理", "长期患病，配偶年老")


@dataclass(frozen=True, slots=True)
class Given:
    """A list as a department hands it in."""

    kind: ListKind
    division: int
    source: str
    by: User
    days_ago: int


class Comparing:
    """Takes lists in, decides some of what they found, and hands households over."""

    def __init__(self, offices: Offices, today: date, seed: str) -> None:
        self._offices, self._today = offices, today
        self._rng: Random = repeatable(seed, "comparing")
        self._made = 0

    def play(self) -> None:
        """Compare both counties with their lists; leave most of what was found to whoever looks at the demonstration."""
        county, county2, civil = (self._offices[name] for name in ("county", "county2", "civil"))
        people = self._counted(LINXIAN)
        own = [one for one in people if contains(BAIWEN, one.division_id)]
        heads = [one for one in own if one.seat == 1]
        adults = [one for one in own if 1950 <= _born(one) <= 1990]
        elders = [one for one in own if _born(one) <= 1944]
        self._of_civil_affairs(people, own, civil)
        vehicles = Given(ListKind.VEHICLE, LINXIAN, "临县公安局交通警察大队", county, 18)
        self._take(vehicles, [*self._some(heads, 14), *self._some(people, 6)], strangers=9)
        payroll = Given(ListKind.PAYROLL, LINXIAN, "临县财政局", county, 25)
        self._take(payroll, self._some(adults, 5), strangers=12)
        deaths = Given(ListKind.DEATH, LINXIAN, "临县民政局", civil, 9)
        self._take(deaths, self._some(elders, 4), strangers=6)
        there = [one for one in self._counted(KELAN) if one.seat == 1]
        self._take(
            Given(ListKind.VEHICLE, KELAN, "岢岚县公安局交通警察大队", county2, 15),
            self._some(there, 8),
            strangers=4,
        )
        self._decide()
        self._hand_over()

    def _counted(self, county: int) -> list[MemberYear]:
        """Return those who count on cards of 2014 of households on the register."""
        rows = MemberYear.objects.within(county).filter(
            year=_YEAR, is_counted=True, household_year__household__status__in=ON_REGISTER
        )
        return list(rows.select_related("member").order_by("division_id", "household_year_id", "seat"))

    def _some(self, rows: Sequence[MemberYear], number: int) -> list[MemberYear]:
        return self._rng.sample(list(rows), min(number, len(rows)))

    def _of_civil_affairs(self, people: Sequence[MemberYear], own: Sequence[MemberYear], civil: User) -> None:
        """Take in who receives 低保 and 五保: nearly all whose cards say so, a few more, a few on both lists."""
        dibao = [one for one in people if one.is_dibao]
        wubao = [one for one in people if one.is_wubao]
        more = self._some([one for one in own if not one.is_dibao and not one.is_wubao], 8)
        listed = [one for place, one in enumerate(dibao) if place % 11 != 4]
        self._take(Given(ListKind.DIBAO, LINXIAN, "临县民政局", civil, 12), [*listed, *more], strangers=15)
        kept = [one for place, one in enumerate(wubao) if place % 9 != 4]
        self._take(Given(ListKind.WUBAO, LINXIAN, "临县民政局", civil, 12), [*kept, *listed[:3]], strangers=4)

    def _take(self, given: Given, rows: Iterable[MemberYear], *, strangers: int) -> None:
        found: dict[tuple[bytes, str], ListedPerson] = {}
        for row in rows:
            index, masked = bytes(row.member.id_no_index), row.member.id_no_masked
            self._put(found, given, index, masked, row.member.name, row.division_id)
        places = sorted({one.place for one in found.values()})
        for _ in range(strangers):
            sex = Sex.MALE if self._rng.random() < 0.6 else Sex.FEMALE
            self._made += 1
            ordinal = _STRANGERS - self._made
            born = numbers.birth_date(ordinal, whole(self._rng, 1940, 1985))
            number = numbers.id_number(ordinal, born, sex)
            name = Clans(self._rng).first + given_name(self._rng, sex, born.year)
            place = one_of(self._rng, places) if places else given.division
            self._put(found, given, blind_index("id_no", number), mask_id_no(number), name, place)
        people = list(found.values())
        with acting(given.by):
            taken = OutsideList.objects.create(
                division_id=given.division,
                kind=given.kind,
                source=given.source,
                document="部门比对函（演示）",
                as_of=self._today - timedelta(days=given.days_ago),
                file_name=f"{given.source}{given.kind.label}名册.xlsx",
                file_sha256=hashlib.sha256(repr(people).encode()).hexdigest(),
                row_count=len(people),
                loaded_by=given.by,
            )
            stage(taken.pk, people)
            take(taken.pk)

    def _put(
        self,
        found: dict[tuple[bytes, str], ListedPerson],
        given: Given,
        index: bytes,
        masked: str,
        name: str,
        place: int,
    ) -> None:
        note = self._note(given, len(found) + 1)
        fact = fact_of(given.kind, note)
        found.setdefault((index, fact), ListedPerson(len(found) + 2, index, masked, name, note, fact, place))

    def _note(self, given: Given, number: int) -> Mapping[str, str]:
        """Return what else the list says of a person: invented plates, offices and amounts."""
        rng, day = self._rng, self._today - timedelta(days=whole(self._rng, 40, 900))
        match given.kind:
            case ListKind.VEHICLE:
                kind, model = one_of(rng, _VEHICLES)
                letter = "J" if given.division == LINXIAN else "H"
                return {
                    "号牌号码": f"晋{letter}演{number:04}",
                    "车辆类型": kind,
                    "品牌型号": model,
                    "登记日期": day.isoformat(),
                }
            case ListKind.PAYROLL:
                return {
                    "工作单位": f"某单位{number}（演示）",
                    "人员类别": one_of(rng, ("事业", "行政", "临时")),
                }
            case ListKind.DEATH:
                return {"死亡日期": (self._today - timedelta(days=whole(rng, 30, 200))).isoformat()}
            case ListKind.DIBAO:
                return {"保障类别": one_of(rng, ("A", "B", "C")), "月保障金额": str(whole(rng, 110, 190))}
            case _:
                return {"供养方式": "分散供养", "年供养标准": "2800"}

    def _decide(self) -> None:
        """Let the county's reviewer and the township decide a few; everything else waits."""
        by = self._offices["reviewer"]
        done: list[int] = []
        for kind, state, reason, evidence in _DECIDED:
            hits = MatchHit.objects.within(LINXIAN).filter(kind=kind, state=HitState.OPEN)
            hit = hits.exclude(pk__in=done).order_by("-household_id", "pk").first()
            if hit is not None:
                done.append(hit.pk)
                with acting(by):
                    decide_hits(actor=by, hits=[hit], state=state, reason=reason, evidence=evidence)

    def _hand_over(self) -> None:
        """Hand over to civil affairs: one slip answered in part, one that waits for its answer, some households still to be named."""
        by, civil = self._offices["township"], self._offices["civil"]
        with acting(by):
            cards = list(to_transfer(by, _YEAR).order_by("division_id", "household_id")[:7])
        answered = self._slip(by, cards[:3], 24)
        if answered is not None:
            lines = list(answered.lines.order_by("pk")[:2])
            on = self._today - timedelta(days=14)
            replies = {
                line.pk: Reply(result, on, note)
                for line, (result, note) in zip(
                    lines, ((Answer.DIBAO, ""), (Answer.DECLINED, "家庭财产超过规定")), strict=False
                )
            }
            with acting(civil):
                answer_lines(actor=civil, slip=answered, replies=replies)
        self._slip(by, cards[3:6], 5)

    def _slip(self, by: User, cards: Sequence[HouseholdYear], days_ago: int) -> TransferSlip | None:
        if not cards:
            return None
        on = self._today - timedelta(days=days_ago + 1)
        told = {card.pk: one_of(self._rng, _SITUATIONS) for card in cards}
        with acting(by):
            slip = make_slip(actor=by, cards=cards, situations=told, on=on)
            send_slip(actor=by, slip=slip, sent_on=on + timedelta(days=1), on=self._today)
        return slip


def _born(row: MemberYear) -> int:
    """Return the year of birth; whose is not known counts as a child."""
    return row.member.birth_date.year if row.member.birth_date else _YEAR
