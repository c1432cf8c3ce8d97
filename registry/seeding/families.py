"""Who lives together: from an old man alone to three generations, about 2.75 persons a household."""

from random import Random
from typing import Final

from registry.codes import Relation, Sex
from registry.seeding.chance import Weighted, between, whole
from registry.seeding.names import Clans, ethnic, given_name
from registry.seeding.numbers import SEATS
from registry.seeding.people import Person, make_person, years_between

MALE: Final = Sex.MALE.value
FEMALE: Final = Sex.FEMALE.value

KINDS: Final = Weighted(
    ("old_alone", 13),
    ("old_couple", 14),
    ("single_man", 7),
    ("son_and_mother", 8),
    ("couple", 11),
    ("nuclear", 28),
    ("one_parent", 5),
    ("three_generations", 14),
)
"""Kinds of household by how many of a hundred there are."""


class Family:
    """A household as it grows: members get their ordinals in the order in which they come."""

    def __init__(self, rng: Random, clans: Clans, household: int, year: int) -> None:
        self.rng, self.clans, self.year = rng, clans, year
        self.people: list[Person] = []
        self.kind = KINDS.draw(rng)
        self._first = household * SEATS
        self._surname = clans.native(rng)
        self._ethnic = ethnic(rng)
        self._settle()

    def _settle(self) -> None:
        match self.kind:
            case "old_alone":
                woman = self.rng.random() < 0.42
                self.add(Relation.HEAD, FEMALE if woman else MALE, self._born(60, 86), married_in=woman)
            case "old_couple":
                self._couple(self._born(58, 82))
            case "single_man":
                self.add(Relation.HEAD, MALE, self._born(34, 59))
            case "son_and_mother":
                head = self.add(Relation.HEAD, MALE, self._born(32, 58))
                mother = self.rng.random() < 0.75
                self._parent(head, FEMALE if mother else MALE)
            case "couple":
                self._couple(self._born(42, 62))
            case "nuclear":
                head = self._couple(self._born(28, 54))
                self._children(head, whole(self.rng, 1, 2) if self.rng.random() < 0.8 else 3)
            case "one_parent":
                woman = self.rng.random() < 0.6
                head = self.add(
                    Relation.HEAD, FEMALE if woman else MALE, self._born(32, 52), married_in=woman
                )
                self._children(head, whole(self.rng, 1, 2))
            case _:
                head = self._couple(self._born(32, 50))
                self._children(head, whole(self.rng, 1, 2))
                self._parent(head, FEMALE)
                if self.rng.random() < 0.45:
                    self._parent(head, MALE)

    def add(self, relation: str, sex: str, year_of_birth: int, *, married_in: bool = False) -> Person:
        """Add somebody to the household; whoever married in brings another surname."""
        surname = self.clans.married_in(self.rng) if married_in else self._surname
        person = make_person(
            self.rng,
            self._first + len(self.people),
            name=surname + given_name(self.rng, sex, year_of_birth),
            sex=sex,
            year_of_birth=year_of_birth,
            relation=str(relation),
            ethnic=self._ethnic,
        )
        self.people.append(person)
        return person

    def full(self) -> bool:
        """Tell whether nobody else finds room."""
        return len(self.people) >= SEATS

    def _born(self, youngest: int, oldest: int) -> int:
        """Return a year of birth that makes somebody of youngest … oldest in the household's first year."""
        return self.year - round(between(self.rng, youngest, oldest))

    def _couple(self, year_of_birth: int) -> Person:
        head = self.add(Relation.HEAD, MALE, year_of_birth)
        self.add(Relation.SPOUSE, FEMALE, years_between(self.rng, year_of_birth, -1, 6), married_in=True)
        return head

    def _children(self, head: Person, count: int) -> None:
        for place in range(count):
            born = years_between(self.rng, head.born.year, 22 + 3 * place, 27 + 3 * place)
            if born >= self.year or self.full():
                return
            son = self.rng.random() < 0.54
            self.add(Relation.SON if son else Relation.DAUGHTER, MALE if son else FEMALE, born)

    def _parent(self, head: Person, sex: str) -> None:
        born = years_between(self.rng, head.born.year, -31, -20)
        father = sex == MALE
        self.add(Relation.FATHER if father else Relation.MOTHER, sex, born, married_in=not father)
