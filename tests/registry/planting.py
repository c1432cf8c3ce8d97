"""Thirty wrong rows for each of the auditor's questions, planted among synthetic clean ones; as the owner of the tables."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count
from django.utils import timezone

from fupin.accounts.models import User
from fupin.policy.standards import poverty_line
from registry.models import (
    AssistEffect,
    AssistMeasure,
    HouseholdLink,
    HouseholdYear,
    MatchHit,
    MeasureDelivery,
    MeasureRecipient,
    Member,
    MemberYear,
    OutsideList,
)
from registry.models.income import AMOUNTS
from tests.registry import helping
from tests.registry.standing import put

YEAR: Final = 2014
EACH: Final = 30
LINE: Final = poverty_line(YEAR).amount
REGISTERED: Final = "N"
EXITED: Final = {"exit_year": YEAR, "exited_on": date(2014, 12, 20)}


def earn(card: HouseholdYear, per_head: Decimal, **amounts: Decimal) -> None:
    """Let a household's income be wages of so much a head, and the other amounts given."""
    stated = {name: Decimal(0) for name in AMOUNTS} | {"wage_income": per_head * card.member_count} | amounts
    lines = [
        {"kind": kind, "item": "汇总录入", "amount": str(amount)} for kind, amount in stated.items() if amount
    ]
    HouseholdYear.objects.filter(pk=card.pk).update(**stated, income_lines=lines)


class Field:
    """A county's register of the year: gives out households that nothing was planted at yet, and keeps what was planted."""

    def __init__(self, actor: User) -> None:
        self.actor = actor
        self.planted: dict[str, set[int]] = {}
        cards = HouseholdYear.objects.filter(
            year=YEAR, member_count__gte=1, household__status__startswith="N"
        )
        self._cards = list(cards.select_related("household").order_by("pk"))
        self._taken: set[int] = set()
        self.person = helping.helper(actor)

    def take(self, count: int = EACH) -> list[HouseholdYear]:
        """Return households that are on the register and clean."""
        found = [card for card in self._cards if card.pk not in self._taken][:count]
        assert len(found) == count
        self._taken |= {card.pk for card in found}
        return found

    def groups(self, count: int, size: int) -> Iterator[list[HouseholdYear]]:
        """Yield groups of clean households of one village each."""
        made = 0
        villages: dict[int, list[HouseholdYear]] = {}
        for card in self._cards:
            if card.pk in self._taken:
                continue
            group = villages.setdefault(card.division_id, [])
            group.append(card)
            if len(group) == size:
                del villages[card.division_id]
                self._taken |= {one.pk for one in group}
                made += 1
                yield group
                if made == count:
                    return
        raise AssertionError("not enough households")

    def keep(self, code: str, rows: Sequence[Any]) -> None:
        """Remember which rows a question has to find."""
        assert len(rows) == EACH, code
        self.planted[code] = {row.pk for row in rows}

    def measure(self, village: int, on: date = date(2014, 8, 1), **values: Any) -> AssistMeasure:
        """Put down a measure."""
        given = {"kind": "01", "content": "养羊补助", **values}
        return AssistMeasure.objects.create(
            division_id=village, on=on, person=self.person, entered_by=self.actor, **given
        )

    def recipient(
        self,
        measure: AssistMeasure,
        card: HouseholdYear,
        amount: int,
        *,
        delivered: bool = True,
        **values: Any,
    ) -> MeasureRecipient:
        """Put down for whom it is, and that it came."""
        row = MeasureRecipient.objects.create(
            division_id=measure.division_id,
            measure=measure,
            household=card.household,
            amount=amount,
            **values,
        )
        if delivered:
            MeasureDelivery.objects.create(
                division_id=row.division_id, recipient=row, on=date(2014, 8, 20), by="ACCOUNT", amount=amount,
                account_masked="***1234", entered_by=self.actor,
            )  # fmt: skip
        return row


def clean(field: Field) -> None:
    """Take away what synthetic households have by chance, and let some be helped as they should be."""
    rows = (
        MemberYear.objects.filter(year=YEAR, is_counted=True, is_live=True)
        .order_by()
        .values("member__name", "member__sex", "member__birth_date")
        .annotate(people=Count("pk"))
        .filter(people__gt=1)
    )
    for row in list(rows):
        same = Member.objects.filter(
            name=row["member__name"], sex=row["member__sex"], birth_date=row["member__birth_date"]
        ).order_by("pk")
        for at, member in enumerate(same):
            Member.objects.filter(pk=member.pk).update(name=f"{member.name}{'甲乙丙丁'[at]}")
    left = HouseholdYear.objects.filter(year=YEAR, household__status="O")
    left.update(water_safe=True, danger_level="1")
    MemberYear.objects.filter(household_year__in=left).update(in_ncms=True)
    MemberYear.objects.filter(
        household_year__in=left, student="01", member__birth_date__year__gte=1999
    ).update(student="04")
    HouseholdYear.objects.filter(year=YEAR, tr_dibao__gt=0, tr_wubao__gt=0).update(
        tr_dibao=0,
        income_lines=[],
        tr_wubao=0,
        **{name: 0 for name in AMOUNTS if name not in {"tr_dibao", "tr_wubao"}},
    )
    for number, group in enumerate(field.groups(20, 5)):
        measure = field.measure(group[0].division_id, led_by="某合作社", kind="09")
        for place, card in enumerate(group):
            row = field.recipient(measure, card, 500 + 100 * place + number)
            AssistEffect.objects.create(
                division_id=row.division_id, recipient=row, on=date(2015, 1, 5), income_gain=800,
                contribution="养羊增收", confirmed_by="户主", confirmed_on=date(2015, 1, 6), entered_by=field.actor,
            )  # fmt: skip


def plant(field: Field) -> None:
    """Plant thirty rows of each question."""
    for act in (*_TARGETS, *_EXITS, *_HELP):
        act(field)


def _above_line(field: Field) -> None:
    cards = field.take()
    for at, card in enumerate(cards):
        earn(card, LINE * Decimal("2.5") + at)
    field.keep("above-line", cards)


def _entered_above(field: Field) -> None:
    cards = field.take()
    for at, card in enumerate(cards):
        earn(card, LINE * Decimal("1.1") + at)
        put(card.household, REGISTERED, first_identified_year=YEAR + 1)
    field.keep("entered-above", cards)


def _same_person(field: Field) -> None:
    cards = field.take()
    found = []
    for one, other in zip(cards[::2], cards[1::2], strict=True):
        first, second = (
            MemberYear.objects.filter(household_year=card, is_counted=True)
            .select_related("member")
            .order_by("seat")[0]
            for card in (one, other)
        )
        who = first.member
        Member.objects.filter(pk=second.member_id).update(
            name=who.name, sex=who.sex, birth_date=who.birth_date
        )
        found += [first, second]
    field.keep("same-person", found)


def _split(field: Field) -> None:
    links = []
    for one, other in field.groups(EACH, 2):
        link = HouseholdLink(division_id=one.division_id, household=one.household, other=other.household)
        link.from_village = link.to_village = one.division_id
        link.kind, link.on, link.reason, link.done_by = "SPLIT", date(2014, 6, 1), "兄弟分家", field.actor
        link.save(force_insert=True)
        links.append(link)
    field.keep("split", links)


def _shared_account(field: Field) -> None:
    cards = field.take()
    for at, card in enumerate(cards):
        HouseholdYear.objects.filter(pk=card.pk).update(
            bank_account_index=(at // 2).to_bytes(16), bank_account_masked="***8909", bank_name="农信社"
        )
    field.keep("shared-account", cards)


def _shared_phone(field: Field) -> None:
    cards = field.take()
    for at, card in enumerate(cards):
        HouseholdYear.objects.filter(pk=card.pk).update(phone_index=(at // 5).to_bytes(16))
    few = field.take(3)  # three with one telephone are within what the standard bears
    HouseholdYear.objects.filter(pk__in=[card.pk for card in few]).update(phone_index=(99).to_bytes(16))
    field.keep("shared-phone", cards)


def _empty(field: Field) -> None:
    cards = field.take()
    MemberYear.objects.filter(household_year__in=cards).update(change_type="01", change_date=date(2014, 3, 1))
    field.keep("empty", cards)


def _both_allowances(field: Field) -> None:
    cards = field.take()
    for at, card in enumerate(cards):
        earn(card, Decimal(1000 + at), tr_dibao=Decimal(1200), tr_wubao=Decimal(900))
    field.keep("both-allowances", cards)


def _copied(field: Field) -> None:
    found: list[HouseholdYear] = []
    for group in field.groups(EACH // 3, 3):
        for card in group:
            HouseholdYear.objects.filter(pk=card.pk).update(member_count=3, arable_area=6, irrigated_area=0)
            card.member_count = 3
            earn(card, Decimal(1500))
        found += group
    for number, pair in enumerate(field.groups(5, 2)):  # two alike are chance
        for card in pair:
            HouseholdYear.objects.filter(pk=card.pk).update(member_count=2, arable_area=5, irrigated_area=0)
            card.member_count = 2
            earn(card, Decimal(1400 + number))
    field.keep("copied", found)


def _hits(field: Field) -> None:
    kinds = {
        "payroll": "PAYROLL",
        "vehicle": "VEHICLE",
        "property": "PROPERTY",
        "business": "BUSINESS",
        "death": "DEATH",
    }
    for code, kind in kinds.items():
        given = OutsideList.objects.create(
            division_id=helping.LINXIAN, kind=kind, source="有关部门", document="1号", as_of=date(2014, 6, 1),
            file_name="名册.csv", file_sha256=kind, loaded_by=field.actor,
        )  # fmt: skip
        found = [_hit(field, given, card, at) for at, card in enumerate(field.take())]
        for at, state in enumerate(("WAIVED", "NOT_SAME", "MENDED")):  # explained or mended
            _hit(
                field, given, field.take(1)[0], 90 + at, state=state, reason="已核实", evidence="证明，存村委会",
                decided_by=field.actor, decided_at=timezone.now(),
            )  # fmt: skip
        field.keep(code, found)


def _hit(field: Field, given: OutsideList, card: HouseholdYear, number: int, **values: Any) -> MatchHit:
    member = Member.objects.filter(household=card.household).order_by("pk")[0]
    return MatchHit.objects.create(
        division_id=card.division_id, household=card.household, member=member, list=given, kind=given.kind,
        row_number=number, source=given.source, as_of=given.as_of, fact=f"事项{number}", name_given=member.name,
        same_name=True, blocks=True, **values,
    )  # fmt: skip


def _leave(card: HouseholdYear, per_head: Decimal) -> None:
    HouseholdYear.objects.filter(pk=card.pk).update(water_safe=True, danger_level="1")
    MemberYear.objects.filter(household_year=card).update(in_ncms=True)
    MemberYear.objects.filter(household_year=card, student="01").update(student="04")
    earn(card, per_head)
    put(card.household, "O", **EXITED)


def _exit_income(field: Field) -> None:
    cards = field.take()
    for at, card in enumerate(cards):
        _leave(card, LINE if at % 2 else LINE - 100)
    field.keep("exit-income", cards)


def _exit_edge(field: Field) -> None:
    cards = field.take()
    for card in cards:
        _leave(card, LINE * Decimal("1.02"))
    _leave(field.take(1)[0], LINE * Decimal("1.03"))
    field.keep("exit-edge", cards)


def _exit_guarantees(field: Field) -> None:
    cards = field.take()
    for at, card in enumerate(cards):
        _leave(card, LINE * Decimal("1.5"))
        if at % 3 == 0:
            HouseholdYear.objects.filter(pk=card.pk).update(danger_level="4")
        elif at % 3 == 1:
            HouseholdYear.objects.filter(pk=card.pk).update(water_safe=False)
        else:
            MemberYear.objects.filter(household_year=card, seat=1).update(in_ncms=False)
    field.keep("exit-guarantees", cards)


def _after_exit(field: Field) -> None:
    rows = []
    for card in field.take():
        measure = field.measure(card.division_id, kind="04", content="小额贷款贴息")
        rows.append(field.recipient(measure, card, 300, runs_until=date(2099, 12, 31)))
        _leave(card, LINE * Decimal("1.5"))
    field.keep("after-exit", rows)


def _not_delivered(field: Field) -> None:
    rows = [
        field.recipient(field.measure(card.division_id), card, 700, delivered=False) for card in field.take()
    ]
    field.keep("not-delivered", rows)


def _evenly_split(field: Field) -> None:
    found = []
    for group in field.groups(EACH, 5):
        measure = field.measure(group[0].division_id)
        for card in group:
            field.recipient(measure, card, 500)
        found.append(measure)
    field.keep("evenly-split", found)


def _to_nobody(field: Field) -> None:
    kinds = ("13", "14")
    found = [
        field.measure(card.division_id, kind=kinds[at % 2], content="修渠")
        for at, card in enumerate(field.take())
    ]
    field.keep("to-nobody", found)


def _weak_link(field: Field) -> None:
    found = []
    for card in field.take():
        measure = field.measure(card.division_id, kind="08", led_by="某龙头企业")
        row = field.recipient(measure, card, 600)
        AssistEffect.objects.create(  # recorded and never confirmed
            division_id=row.division_id, recipient=row, on=date(2015, 1, 5), income_gain=900, contribution="务工",
            entered_by=field.actor,
        )  # fmt: skip
        found.append(measure)
    field.keep("weak-link", found)


Act = Callable[[Field], None]
_TARGETS: Final[Sequence[Act]] = (
    _above_line, _entered_above, _same_person, _split, _shared_account, _shared_phone, _empty, _both_allowances, _copied, _hits,
)  # fmt: skip
_EXITS: Final[Sequence[Act]] = (_exit_income, _exit_edge, _exit_guarantees)
_HELP: Final[Sequence[Act]] = (_after_exit, _not_delivered, _evenly_split, _to_nobody, _weak_link)
