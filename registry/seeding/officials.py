"""Organs and officials of the demonstration: invented people under address codes that nobody has, in offices that any county has."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from fupin.accounts.models import User
from fupin.accounts.services.demo import BAIWEN, KELAN, LINXIAN, LVLIANG
from fupin.divisions.codes import PROVINCE_CODE
from fupin.vault.cipher import encrypt
from fupin.vault.models import Sealed
from fupin.vault.sealing import SealedValue, mask, row_id
from registry.codes import Sex, UnitAffiliation
from registry.models import AssistPerson, Organ
from registry.seeding import numbers
from registry.seeding.chance import one_of, repeatable, whole
from registry.seeding.names import Clans, given_name
from registry.seeding.offices import Offices, acting
from registry.services.mapping import index_of

_COUNTY: Final = (
    "农业局", "林业局", "水利局", "教育局", "卫生局", "交通运输局", "住房和城乡建设局", "人力资源和社会保障局",
    "科学技术局", "畜牧兽医局", "文化广播电视局", "国土资源局", "司法局", "审计局",
)  # fmt: skip
_PROVINCE: Final = (
    "山西省财政厅", "山西省发展和改革委员会", "山西省农业厅", "山西省水利厅", "山西省林业厅", "山西省交通运输厅",
    "山西省教育厅", "山西省科学技术厅", "山西省国土资源厅", "山西省司法厅",
)  # fmt: skip
_CITY: Final = ("吕梁市农业委员会", "吕梁市林业局", "吕梁市水利局", "吕梁市教育局")
_POSITIONS: Final = ("科员", "副主任科员", "股长", "农艺师", "办事员")
_LEADERS: Final = "省级领导联系贫困县（演示）"

LINK_LEADERS: Final = 36


@dataclass(slots=True)
class Helpers:
    """The officials by the division in which they may serve; heads of organs and provincial leaders apart."""

    of: dict[int, list[AssistPerson]] = field(default_factory=dict)
    heads: list[AssistPerson] = field(default_factory=list)
    leaders: list[AssistPerson] = field(default_factory=list)
    by_user: dict[str, AssistPerson] = field(default_factory=dict)


def add_helpers(offices: Offices, seed: str) -> Helpers:
    """Add the organs that are to send people, and the people; some organs have sent nobody yet."""
    maker = Maker(repeatable(seed, "helpers"))
    found = Helpers()
    province, county, county2, city = (offices[name] for name in ("province", "county", "county2", "city"))
    for names, division, affiliation, by, each in (
        ([f"临县{name}" for name in _COUNTY], LINXIAN, UnitAffiliation.COUNTY, county, 4),
        ([f"岢岚县{name}" for name in _COUNTY[:9]], KELAN, UnitAffiliation.COUNTY, county2, 4),
        (_CITY, LVLIANG, UnitAffiliation.CITY, city, 2),
        (["白文镇人民政府"], BAIWEN, UnitAffiliation.TOWNSHIP, offices["township"], 12),
    ):
        organs = _organs(names, division, affiliation, by)
        sending = organs[: len(organs) - 2] if len(organs) > 4 else organs
        people = [maker.person(organ, division, by) for organ in sending for _ in range(each)]
        found.of[division] = _saved(maker, people, by)
    organs = _organs(_PROVINCE, PROVINCE_CODE, UnitAffiliation.PROVINCE, province)
    heads = [
        maker.person(organ, PROVINCE_CODE, province, position="厅长（主任）", heads=True)
        for organ in organs[:8]
    ]
    cadres = [maker.person(organ, PROVINCE_CODE, province, position="处长") for organ in organs[:6]]
    linked = _organs([_LEADERS], PROVINCE_CODE, UnitAffiliation.PROVINCE, province, must_send=False)
    leaders = [
        maker.person(linked[0], PROVINCE_CODE, province, position="省领导（演示）")
        for _ in range(LINK_LEADERS)
    ]
    found.heads = _saved(maker, heads, province)
    found.of[PROVINCE_CODE] = _saved(maker, cadres, province)
    found.leaders = _saved(maker, leaders, province)
    _stand_for(found, offices)
    return found


def _stand_for(found: Helpers, offices: Offices) -> None:
    """Let three of the officials be the demonstration's own accounts, so that their pages show what waits for them."""
    for username, person in (
        ("team", found.of[LINXIAN][0]),
        ("township", found.of[BAIWEN][0]),
        ("leader", found.heads[0]),
    ):
        user = offices[username]
        with acting(offices["province"]):
            AssistPerson.objects.filter(pk=person.pk).update(user=user, name=user.full_name)
        person.user, person.name = user, user.full_name
        found.by_user[username] = person


def _organs(
    names: Sequence[str], division: int, affiliation: str, by: User, *, must_send: bool = True
) -> list[Organ]:
    with acting(by):
        return Organ.objects.bulk_create(
            Organ(division_id=division, name=name, affiliation=affiliation, must_send=must_send, added_by=by)
            for name in names
        )


def _saved(maker: "Maker", people: Sequence[AssistPerson], by: User) -> list[AssistPerson]:
    with acting(by):
        return maker.save(people)


class Maker:
    """Makes people one after the other, each with numbers of his own, and keeps what has to be sealed for them."""

    def __init__(self, rng: Random, *, first: int = 1) -> None:
        self._rng = rng
        self._made = first - 1
        self._sealed: list[Sealed] = []

    def person(
        self, organ: Organ, division: int, by: User, *, position: str = "", heads: bool = False
    ) -> AssistPerson:
        """Return an official of an organ, not saved yet."""
        self._made += 1
        rng = self._rng
        ordinal = numbers.MOST_HOUSEHOLDS * numbers.SEATS - self._made
        sex = Sex.MALE if rng.random() < 0.75 else Sex.FEMALE
        born = numbers.birth_date(ordinal, whole(rng, 1958, 1986))
        id_no = self._seal(division, "id_no", numbers.id_number(ordinal, born, sex))
        phone = self._seal(division, "phone", numbers.phone(numbers.MOST_HOUSEHOLDS + self._made))
        return AssistPerson(
            division_id=division,
            name=Clans(rng).first + given_name(rng, sex, born.year),
            sex=sex,
            id_no_sealed=id_no.id,
            id_no_index=id_no.index,
            id_no_masked=id_no.masked,
            political="01",
            organ=organ,
            position=position or one_of(rng, _POSITIONS),
            heads_organ=heads,
            education=one_of(rng, "344"),
            phone_sealed=phone.id,
            phone_masked=phone.masked,
            entered_by=by,
        )

    def _seal(self, division: int, kind: str, value: str) -> SealedValue:
        row = row_id()
        self._sealed.append(
            Sealed(id=row, division=division, kind=kind, ciphertext=encrypt(value, row=row, kind=kind))
        )
        return SealedValue(id=row, index=index_of(kind, value), masked=mask(kind, value))

    def save(self, people: Sequence[AssistPerson]) -> list[AssistPerson]:
        """Save people with what was sealed for them."""
        Sealed.objects.bulk_create(self._sealed, batch_size=5000)
        self._sealed.clear()
        return AssistPerson.objects.bulk_create(people, batch_size=1000)
