"""What a rule needs to know beyond the card itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from registry.codes import HouseholdStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckContext:
    """What the caller looked up before checking a card, or a batch of them.

    - `today`: the day of the check; nothing may be dated after it.
    - `status`: CL24 of the household, D for a new card.
    - `phone_households`: phone → number of *other* households that gave it in the year.
    - `known_natural_villages`: natural villages of the card's village; None when they were not looked up.
    - `id_owners`: key of a person (`people.person`) → where *another* standing household of the
      same year has it, as the message shall tell it (e.g. `本县白文镇庙坪村`).
    - `student_years`: key of a person → CL10 of the two years before, latest first, None for no card.
    - `employed`: 人编号 of members whose labourer card says that they are in work (零就业家庭).
    - `has_assist_person`: whether someone answers for the household now; None when it was not looked up.
    """

    today: date
    status: str = HouseholdStatus.DRAFT.value
    phone_households: Mapping[str, int] = field(default_factory=dict)
    known_natural_villages: frozenset[str] | None = None
    id_owners: Mapping[str, str] = field(default_factory=dict)
    student_years: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)
    employed: frozenset[str] = frozenset()
    has_assist_person: bool | None = None
