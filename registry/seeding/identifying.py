"""白文镇 in the demonstration: who was identified in 2014, who left since, and whose case is under way today, in every state."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from fupin.accounts.models import User
from fupin.accounts.services.demo import BAIWEN
from fupin.notices.models import Notice, Objection
from fupin.notices.services.objecting import object_to
from fupin.notices.services.settling import accept_objection, decline_objection, settle_objection
from fupin.policy.standards import poverty_line
from registry.codes import Cause, HouseholdStatus as H, Student
from registry.models import Case, Household, HouseholdYear, MemberYear, Round, Village
from registry.rules.procedure import Track
from registry.rules.transitions import notice_code
from registry.seeding.chance import repeatable, whole
from registry.seeding.offices import Offices, acting
from registry.seeding.shares import Share
from registry.seeding.walking import Walk

ENTRY: Final = (
    ("apply", "village", 0),
    ("deliberate", "village", 5),
    ("post_first", "village", 1),
    ("report", "village", 9),
    ("pass_township", "township", 4),
    ("post_second", "township", 1),
    ("pass_county", "reviewer", 9),
    ("announce", "approver", 5),
)
"""The steps onto the register: who takes them and how many days after the one before."""

EXIT: Final = (
    ("nominate", "village", 0),
    ("deliberate_exit", "village", 4),
    ("verify_exit", "village", 3),
    ("accept_exit", "village", 2),
    ("post_exit", "village", 1),
    ("confirm_exit", "approver", 9),
)
VILLAGE: Final = (
    ("apply_village", "village", 0),
    ("pass_village_township", "township", 5),
    ("post_village", "township", 1),
    ("review_village", "reviewer", 9),
    ("approve_village", "group", 6),
    ("announce_village", "approver", 3),
)

UNDER_WAY: Final = (
    ("apply", 3),
    ("deliberate", 1),
    ("post_first", 3),
    ("post_first", 7),
    ("post_first", 9),
    ("report", 2),
    ("pass_township", 1),
    ("post_second", 4),
    ("post_second", 8),
    ("pass_county", 1),
    ("announce", 12),
    ("announce", 27),
)
"""The last step of the villages whose first list is under way today, and how many days ago it was taken."""


@dataclass(slots=True)
class Standing:
    """The township's households: who of them may be listed, and who meets the conditions for leaving."""

    by_village: dict[int, list[Household]] = field(default_factory=dict)
    persons: dict[int, int] = field(default_factory=dict)
    poor: set[int] = field(default_factory=set)
    may_leave: set[int] = field(default_factory=set)

    def listed(self, village: int) -> list[Household]:
        """Return the households of a village that lie below the line, the poorest first."""
        return [one for one in self.by_village[village] if one.pk in self.poor]


def read_standing() -> Standing:
    """Read the township's cards: those of 2013 decide who is listed, those of 2014 who may leave."""
    found = Standing()
    line = poverty_line(2013).amount
    cards = (
        HouseholdYear.objects.within(BAIWEN)
        .filter(year=2013)
        .select_related("household")
        .order_by("division_id", "net_income_pc", "household_id")
    )
    for card in cards:
        found.by_village.setdefault(card.division_id, []).append(card.household)
        found.persons[card.household_id] = card.member_count
        if card.net_income is not None and card.net_income < line * card.member_count:
            found.poor.add(card.household_id)
    out_of_school = Q(
        student=Student.NOT_AT_SCHOOL, member__birth_date__year__gte=1999, member__birth_date__year__lte=2008
    )
    hindered = MemberYear.objects.filter(household_year_id=OuterRef("pk"), is_counted=True).filter(
        ~Q(in_ncms=True) | out_of_school
    )
    better_off = HouseholdYear.objects.within(BAIWEN).filter(
        ~Exists(hindered),
        ~Q(danger_level__in=["3", "4"]),
        year=2014,
        water_safe=True,
        net_income__gt=F("member_count") * poverty_line(2014).amount,
    )
    found.may_leave = set(better_off.order_by("pk").values_list("household_id", flat=True))
    return found


def wanted_quotas(standing: Standing) -> dict[int, int]:
    """Return the persons that each village's quota holds: all below the line, in every fifth village not quite."""
    wanted = {}
    for place, (code, _) in enumerate(sorted(standing.by_village.items())):
        persons = sum(standing.persons[one.pk] for one in standing.listed(code))
        wanted[code] = persons - 4 if place % 5 == 2 and persons > 20 else persons
    return wanted


class Identification:
    """The township's cases, played through on a day."""

    def __init__(
        self, offices: Offices, rounds: tuple[Round, Round], standing: Standing, today: date, seed: str
    ) -> None:
        self._offices, self._today, self._seed = offices, today, seed
        self._first, self._yearly = rounds
        self._standing = standing
        self._quotas = wanted_quotas(standing)
        self._walk = Walk(repeatable(seed, "walk"))
        self._registered: dict[int, list[Household]] = {}

    def play(self, shares: Sequence[Share]) -> None:
        """Walk villages and households to where they stand today."""
        codes = sorted(self._standing.by_village)
        under_way = dict(zip(codes[1 : 1 + len(UNDER_WAY)], UNDER_WAY, strict=True))
        for code in codes:
            rng = repeatable(self._seed, "village", code)
            if code in under_way:
                self._arrive(code, *under_way[code])
            else:
                self._identify(rng, code, late=code == codes[0])
        self._leave(codes[0])
        self._objections(list(under_way))
        self._ends()
        self._villages([share.place.code for share in shares if share.walks and share.poor])

    def _who(self, name: str, village: int) -> User:
        return self._offices.village(village) if name == "village" else self._offices[name]

    def _within(self, village: int, households: Sequence[Household]) -> list[Household]:
        """Return the households that fit into the village's quota, from the poorest on; none is split."""
        left, found = self._quotas[village], []
        for one in households:
            if self._standing.persons[one.pk] > left:
                break
            left -= self._standing.persons[one.pk]
            found.append(one)
        return found

    def _identify(self, rng: Random, village: int, *, late: bool) -> None:
        """Let a village's first list of 2014 come onto the register; where `late`, some households have applied only now."""
        listed = self._within(village, self._standing.listed(village))
        spare = self._standing.listed(village)[len(listed) :]
        keep = len(listed) - max(8, len(listed) // 5) if late else len(listed)
        others = [one for one in self._standing.by_village[village] if one.pk not in self._standing.poor]
        begins = date(2014, 5, 5) + timedelta(days=whole(rng, 0, 18))
        cases = self._apply(village, [*listed[:keep], *spare, *others[:2]], begins)
        first, waiting, rejected = cases[:keep], cases[keep : keep + len(spare)], cases[keep + len(spare) :]
        on = begins
        for name, who, days in ENTRY[1:]:
            on += timedelta(days=days)
            by = self._who(who, village)
            if name == "deliberate":
                self._walk.step(rejected, "vote_down", by=by, on=on)
                self._walk.step(waiting, "deliberate", by=by, on=on)
            self._walk.step(first, name, by=by, on=on)
        self._walk.hang(first, H.REGISTERED, by=self._offices["approver"], on=on)
        self._registered[village] = listed[:keep]
        if late:
            self._late(village, listed[keep:])

    def _late(self, village: int, households: Sequence[Household]) -> None:
        """Let the village of the demonstration's account have some of each state that waits for it."""
        by, today = self._offices.village(village), self._today
        posted = self._apply(village, households[:3], today - timedelta(days=16))
        self._walk.step(posted, "deliberate", by=by, on=today - timedelta(days=10))
        self._walk.step(posted, "post_first", by=by, on=today - timedelta(days=9))
        voted = self._apply(village, households[3:5], today - timedelta(days=4))
        self._walk.step(voted, "deliberate", by=by, on=today - timedelta(days=2))
        self._apply(village, households[5:7], today - timedelta(days=1))

    def _arrive(self, village: int, last: str, days_ago: int) -> None:
        """Walk a village's first list to where it is under way today."""
        names = [name for name, _, _ in ENTRY]
        steps = ENTRY[: names.index(last) + 1]
        on = self._today - timedelta(days=days_ago + sum(days for _, _, days in steps))
        listed = self._standing.listed(village)
        if "post_first" in {name for name, _, _ in steps}:
            listed = self._within(village, listed)
        cases = self._apply(village, listed, on)
        for name, who, days in steps[1:]:
            on += timedelta(days=days)
            self._walk.step(cases, name, by=self._who(who, village), on=on)

    def _apply(self, village: int, households: Sequence[Household], on: date) -> list[Case]:
        by = self._offices.village(village)
        cases = self._walk.open(households, Track.ENTRY, self._first, by=by, on=on)
        self._walk.step(cases, "apply", by=by, on=on)
        return cases

    def _leave(self, own: int) -> None:
        """Let households leave: most in the spring of 2015, one each at every step of it today."""
        leaving = [
            (village, [one for one in households if one.pk in self._standing.may_leave])
            for village, households in self._registered.items()
        ]
        leaving = [(village, households) for village, households in leaving if households]
        under_way = [("nominate", 2), ("deliberate_exit", 1), ("verify_exit", 1), ("accept_exit", 1), ("post_exit", 3),
                     ("post_exit", 7), ("post_exit", 8)]  # fmt: skip
        for place, (village, households) in enumerate(leaving):
            gone = households[:-1]
            if len(households) == 1 and (place % 2 == 0 or village == own):
                gone = households
            if gone:
                self._exit(village, gone, date(2015, 2, 2) + timedelta(days=place % 40), "confirm_exit")
            if len(gone) < len(households) and under_way:
                last, days_ago = under_way.pop(0)
                names = [name for name, _, _ in EXIT]
                days = sum(days for _, _, days in EXIT[: names.index(last) + 1])
                self._exit(village, households[-1:], self._today - timedelta(days=days_ago + days), last)

    def _exit(self, village: int, households: Sequence[Household], on: date, last: str) -> None:
        by = self._offices.village(village)
        cases = self._walk.open(households, Track.EXIT, self._yearly, by=by, on=on)
        for name, who, days in EXIT:
            on += timedelta(days=days)
            self._walk.step(cases, name, by=self._who(who, village), on=on)
            if name == last:
                break
        if last == "confirm_exit":
            self._walk.hang(cases, H.EXITED, by=self._offices["approver"], on=on)

    def _objections(self, villages: Sequence[int]) -> None:
        """Let somebody object to lists that hang: not taken on yet, being dealt with, declined, and found to be wrong."""
        township, reviewer, today = self._offices["township"], self._offices["reviewer"], self._today
        for place, village in enumerate(villages):
            last, days_ago = UNDER_WAY[place]
            if not last.startswith("post_") or days_ago > 7:
                continue
            state = H.FIRST_NOTICE if last == "post_first" else H.SECOND_NOTICE
            notice = Notice.objects.get(division_id=village, kind=notice_code(state))
            said = "该户有一辆农用车跑运输，家里条件比一般户好，请再核实"
            if state == H.SECOND_NOTICE:
                taken = self._object(notice, 1, said, today - timedelta(days=2))
                with acting(reviewer):
                    accept_objection(actor=reviewer, objection=taken, on=today - timedelta(days=1))
            elif days_ago == 3:
                self._object(notice, 1, said, today - timedelta(days=1))
                other = self._object(
                    notice, 2, "名单上这一户我不认识，是不是写错了名字", today - timedelta(days=1)
                )
                with acting(township):
                    decline_objection(
                        actor=township, objection=other, answer="经核对，姓名与户口簿一致，不属异议", on=today
                    )
            else:
                wrong = self._object(notice, 1, said, today - timedelta(days=5))
                with acting(township):
                    accept_objection(actor=township, objection=wrong, on=today - timedelta(days=4))
                    settle_objection(
                        actor=township,
                        objection=wrong,
                        upheld=False,
                        finding="入户查看，车辆系其弟所有，登记在其弟名下，该户收入属实",
                        answer="经入户核查，车辆不属该户所有，所列情况属实，继续公示",
                        on=today - timedelta(days=1),
                    )

    def _object(self, notice: Notice, position: int, statement: str, on: date) -> Objection:
        key = UUID(int=repeatable(self._seed, "objection", notice.division_id, position).getrandbits(128))
        with acting(self._offices["township"]):
            receipt = object_to(
                notice=notice, statement=statement, entry_key=key, on=on, position=position, name="李某某"
            )
        return Objection.objects.get(number=receipt.number)

    def _ends(self) -> None:
        """Let one household be cleared as wrongly entered, one end naturally, and one that left fall back."""
        approver, township, today = self._offices["approver"], self._offices["township"], self._today
        staying = Household.objects.within(BAIWEN).filter(status=H.REGISTERED).order_by("-household_no")
        cleared, ended = staying[:2]
        cases = self._walk.open([cleared], Track.CLEARANCE, None, by=approver, on=today - timedelta(days=20))
        self._walk.step(
            cases, "clear", by=approver, on=today - timedelta(days=20), opinion="户主之子为财政供养人员"
        )
        on = date(2014, 11, 18)
        self._walk.step(
            self._walk.open([ended], Track.CLOSURE, None, by=township, on=on), "close", by=township, on=on
        )
        back = Household.objects.within(BAIWEN).filter(status=H.EXITED).order_by("household_no").first()
        if back is not None:
            by, on = self._offices.village(back.division_id), today - timedelta(days=4)
            fallen = self._walk.open([back], Track.ENTRY, self._yearly, by=by, on=on)
            self._walk.step(fallen, "report_relapse", by=by, on=on, cause=Cause.ILLNESS)

    def _villages(self, codes: Sequence[int]) -> None:
        """Identify the poor villages, the last few as far as they are today; of those identified two are to leave again."""
        under_way = [("apply_village", 2), ("pass_village_township", 1), ("post_village", 4), ("review_village", 2),
                     ("approve_village", 1)]  # fmt: skip
        rows = {one.division_id: one for one in Village.objects.filter(division_id__in=codes)}
        names = [name for name, _, _ in VILLAGE]
        for place, code in enumerate(sorted(codes)):
            later = len(codes) - 1 - place
            last, days_ago = under_way[later] if later < len(under_way) else ("announce_village", None)
            steps = VILLAGE[: names.index(last) + 1]
            on = date(2014, 5, 8)
            if days_ago is not None:
                on = self._today - timedelta(days=days_ago + sum(days for _, _, days in steps))
            by = self._offices.village(code)
            cases = self._walk.open([rows[code]], Track.VILLAGE_ENTRY, self._first, by=by, on=on)
            for name, who, days in steps:
                on += timedelta(days=days)
                self._walk.step(cases, name, by=self._who(who, code), on=on)
        township, on = self._offices["township"], self._today - timedelta(days=6)
        first = [rows[code] for code in sorted(codes)[1:2]]
        leaving = self._walk.open(first, Track.VILLAGE_EXIT, self._yearly, by=township, on=on)
        self._walk.step(leaving, "propose_village_exit", by=township, on=on)
        self._walk.step(leaving, "post_village_exit", by=township, on=on + timedelta(days=2))
        proposed = [rows[code] for code in sorted(codes)[2:3]]
        yesterday = self._today - timedelta(days=1)
        cases = self._walk.open(proposed, Track.VILLAGE_EXIT, self._yearly, by=township, on=yesterday)
        self._walk.step(cases, "propose_village_exit", by=township, on=yesterday)
