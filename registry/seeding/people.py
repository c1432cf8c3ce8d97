"""A person of the synthetic register, and what the card of a year says of him."""

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Final

from registry.codes import Education, Health, Labor, Political, Relation, Sex, Student
from registry.rules.card import MemberCard
from registry.seeding import numbers
from registry.seeding.chance import Weighted, between, one_of, whole

HEALTHY: Final = (Health.HEALTHY.value,)
_ABLE: Final = frozenset({Labor.ORDINARY.value, Labor.SKILLED.value})

_CHRONIC: Final = (
    "高血压病",
    "类风湿关节炎",
    "慢性支气管炎",
    "糖尿病",
    "冠心病",
    "腰椎间盘突出症",
    "慢性胃炎",
    "肺气肿",
)
_SERIOUS: Final = (
    "脑梗死",
    "恶性肿瘤",
    "尿毒症",
    "肝硬化",
    "急性心肌梗死",
    "股骨头坏死",
    "重性精神病",
    "尘肺病",
)
_WHY_LEFT_SCHOOL: Final = ("因病休学在家", "智力残疾，无法随班就读", "厌学辍学，已动员返校")
_WORK: Final = Weighted(("01", 30), ("02", 34), ("03", 22), ("04", 13), ("99", 1))
_COLLEGES: Final = ("山西省内某高等专科学校", "山西省内某学院", "省外某高等学校")
_EDUCATION_OLD: Final = Weighted(("01", 45), ("02", 42), ("03", 12), ("04", 1))
_EDUCATION_MID: Final = Weighted(("01", 8), ("02", 36), ("03", 47), ("04", 8), ("05", 1))


@dataclass(slots=True)
class Person:
    """Who somebody is, and what of him does not change from one year to the next."""

    name: str
    sex: str
    born: date
    id_no: str
    relation: str
    ethnic: str
    political: str = Political.MASSES.value
    education: str = Education.PRIMARY.value
    leaves_school: int = 16
    vocational: bool = False
    health: tuple[str, ...] = HEALTHY
    disease: str | None = None
    disease_level: str | None = None
    disability_no: str | None = None
    can_work: bool = True
    skilled: bool = False
    strong_till: int = 60
    work_area: str | None = None
    pension: bool = True
    ncms: bool = True
    is_dibao: bool = False
    is_wubao: bool = False
    is_soldier: bool = False
    change: tuple[int, str, date] | None = None
    """(year, CL23, day): leaves the household or joins it in that year."""
    months: dict[int, int] = field(default_factory=dict)
    """Months of work in each year, as the household's income needs them."""

    def age(self, year: int) -> int:
        """Return full years on 31 December."""
        return year - self.born.year

    def stands_on(self, year: int) -> bool:
        """Tell whether the person stands on the card of the year: joined by then, and not gone before."""
        if self.change is None:
            return self.born.year <= year
        when, kind, _ = self.change
        return year >= when if kind in {"05", "06", "07"} else year <= when

    def leaves_in(self, year: int) -> bool:
        """Tell whether the person leaves the household in the year."""
        return self.change is not None and self.change[0] == year and self.change[1] not in {"05", "06", "07"}

    def student(self, year: int) -> str:
        """Return CL10 in the year; empty for whoever was never asked."""
        age = self.age(year)
        if age < 3:
            return ""
        if age >= self.leaves_school:
            return Student.NOT_AT_SCHOOL.value if age >= 6 else ""
        if age < 7:
            return Student.PRESCHOOL.value
        if age < 13:
            return Student.PRIMARY.value
        if age < 16:
            return (Student.GRADE_7, Student.GRADE_8, Student.GRADE_9)[age - 13].value
        if age < 19:
            grades = ("10", "11", "12") if self.vocational else ("07", "08", "09")
            return grades[age - 16]
        if self.vocational:
            return ("13", "14", "15")[min(age - 19, 2)]
        return Student.COLLEGE.value

    def labor(self, year: int) -> str:
        """Return CL12 in the year; empty below 16."""
        age = self.age(year)
        if age < 16:
            return ""
        if self.student(year) not in {"", "01"}:
            return Labor.NONE.value
        if not self.can_work:
            return Labor.NONE.value if self.health == HEALTHY else Labor.LOST.value
        if age <= self.strong_till:
            return Labor.SKILLED.value if self.skilled else Labor.ORDINARY.value
        return Labor.NONE.value

    def could_work(self, year: int) -> bool:
        """Tell whether the person may have 务工 in the year."""
        return self.work_area is not None and self.labor(year) in _ABLE and not self.leaves_in(year)

    def school(self, year: int, township: str, county: str) -> str | None:
        """Return the school of a pupil."""
        match self.student(year):
            case "02":
                return f"{township}中心幼儿园"
            case "03":
                return f"{township}中心小学"
            case "04" | "05" | "06":
                return f"{township}初级中学"
            case "07" | "08" | "09":
                return f"{county}第一中学"
            case "10" | "11" | "12":
                return f"{county}职业中学"
            case "13" | "14" | "15" | "16" as student:
                return _COLLEGES[(self.born.day + int(student)) % len(_COLLEGES)]
        return None

    def card(self, year: int, *, member_no: str, township: str, county: str) -> MemberCard:
        """Return the person's row on the card of the year."""
        age = self.age(year)
        student = self.student(year)
        learns = student not in {"", Student.NOT_AT_SCHOOL.value}
        months = self.months.get(year)
        changed = self.change if self.change is not None and self.change[0] == year else None
        return MemberCard(
            name=self.name,
            sex=self.sex,
            id_type="01",
            id_no=self.id_no,
            relation=self.relation,
            birth_date=self.born,
            member_no=member_no,
            ethnic=self.ethnic,
            political=self.political if age >= 14 else Political.MASSES.value,
            education=None if learns else self._finished(age),
            student=student or None,
            school=self.school(year, township, county) if learns else None,
            dropout_reason=_WHY_LEFT_SCHOOL[self.born.day % 3] if student == "01" and age < 16 else None,
            health=self.health,
            disability_no=self.disability_no,
            disease=self.disease,
            disease_level=self.disease_level,
            labor=self.labor(year) or None,
            work_area=self.work_area if months else None,
            work_months=months or None,
            work_org=_EMPLOYERS[self.work_area] if months and self.work_area else None,
            work_place=_PLACES[self.work_area].format(county=county, township=township)
            if months and self.work_area
            else None,
            in_ncms=self.ncms,
            in_major_ins=self.ncms,
            in_pension=self.pension if age >= 16 and not learns else None,
            is_dibao=self.is_dibao,
            is_wubao=self.is_wubao,
            is_soldier=self.is_soldier,
            change_type=changed[1] if changed else None,
            change_date=changed[2] if changed else None,
        )

    def _finished(self, age: int) -> str:
        """Return CL09 of somebody who is not at school."""
        if age < 7:
            return Education.PRESCHOOL_CHILD.value
        if age < self.leaves_school:
            return Education.ILLITERATE.value
        return self.education


_EMPLOYERS: Final = {
    "01": "本乡建筑工队",
    "02": "县城服务业",
    "03": "省内建筑企业",
    "04": "省外制造企业",
    "99": "境外劳务",
}
_PLACES: Final = {
    "01": "{county}{township}",
    "02": "{county}县城",
    "03": "太原市",
    "04": "北京市",
    "99": "境外",
}


def make_person(
    rng: Random, ordinal: int, *, name: str, sex: str, year_of_birth: int, relation: str, ethnic: str
) -> Person:
    """Return a healthy person with the schooling of his generation."""
    born = numbers.birth_date(ordinal, year_of_birth)
    person = Person(name, sex, born, numbers.id_number(ordinal, born, sex), relation, ethnic)
    person.strong_till = whole(rng, 60, 70) if sex == Sex.MALE else whole(rng, 55, 66)
    person.pension = rng.random() < 0.82
    person.ncms = rng.random() < 0.97
    draw = rng.random()
    if year_of_birth < 1958:
        person.education = _EDUCATION_OLD.draw(rng)
        person.political = Political.PARTY_MEMBER.value if draw < 0.07 else Political.MASSES.value
    elif year_of_birth < 1986:
        person.education = _EDUCATION_MID.draw(rng)
        person.political = Political.PARTY_MEMBER.value if draw < 0.03 else Political.MASSES.value
    else:
        _schooling(rng, person, draw)
    return person


def _schooling(rng: Random, person: Person, draw: float) -> None:
    """Let the young stay at school for as long as the young do; 共青团员 only while they are of its age."""
    if draw < 0.006:
        person.leaves_school, person.education = whole(rng, 7, 14), Education.PRIMARY.value
    elif draw < 0.36:
        person.leaves_school, person.education = 16, Education.JUNIOR.value
    elif draw < 0.68:
        person.leaves_school, person.education = 19, Education.SENIOR.value
        person.vocational = rng.random() < 0.4
    else:
        person.leaves_school, person.education = 22, Education.COLLEGE.value
        person.vocational = rng.random() < 0.25
    if 1988 <= person.born.year <= 1999 and rng.random() < 0.3:
        person.political = Political.YOUTH_LEAGUE.value


def fall_ill(rng: Random, person: Person, *, likely: float) -> None:
    """Make the person ill or disabled with this probability, oftener the lighter way; some can no longer work."""
    if rng.random() >= likely:
        return
    draw = rng.random()
    if draw < 0.55:
        person.health, person.disease = (Health.CHRONIC.value,), one_of(rng, _CHRONIC)
        person.can_work = rng.random() < 0.6
    elif draw < 0.75:
        person.health, person.disease = (Health.SERIOUS.value,), one_of(rng, _SERIOUS)
        person.can_work = rng.random() < 0.15
    elif draw < 0.95:
        be_disabled(rng, person)
    else:
        be_disabled(rng, person)
        person.health = (Health.CHRONIC.value, Health.DISABLED.value)
        person.disease = one_of(rng, _CHRONIC)
    if person.disease and rng.random() < 0.4:
        person.disease_level = one_of(rng, ("一级", "二级", "三级"))


def be_disabled(rng: Random, person: Person) -> None:
    """Give the person a disability with its certificate."""
    person.health = (Health.DISABLED.value,)
    person.disability_no = numbers.disability_number(rng, person.id_no)
    person.can_work = rng.random() < 0.3


def seek_work(rng: Random, person: Person, year: int) -> None:
    """Let some of those of working age look for work away from their fields, the young farther off."""
    age = person.age(year)
    if not 16 <= age <= 58 or not person.can_work:
        return
    likely = 0.62 if age < 36 else 0.42 if age < 50 else 0.2
    if person.sex == Sex.FEMALE:
        likely *= 0.45
    if rng.random() < likely:
        person.work_area = _WORK.draw(rng)
    person.skilled = rng.random() < 0.08


def years_between(rng: Random, elder: int, low: float, high: float) -> int:
    """Return the year of birth of somebody so many years younger."""
    return elder + round(between(rng, low, high))


def is_head(person: Person) -> bool:
    """Tell whether the person is 户主."""
    return person.relation == Relation.HEAD
