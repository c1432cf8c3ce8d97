"""People who help, invented as the villagers are; and a household on the register for them."""

from datetime import date
from itertools import count

from fupin.accounts.models import User
from fupin.divisions.codes import PROVINCE_CODE
from fupin.vault.sealing import seal
from registry.models import AssistPair, AssistPerson, Household, Organ
from tests.registry.factories import TODAY, VILLAGE, card, id_number, saved
from tests.registry.standing import put

LINXIAN = 141124000000
_serial = count(1)


def organ(actor: User, division: int = LINXIAN, **values: object) -> Organ:
    """Return an organ of 临县 that is to send people."""
    defaults: dict[str, object] = {"name": f"临县农业局{next(_serial)}", "affiliation": "04"}
    return Organ.objects.create(division_id=division, added_by=actor, **{**defaults, **values})


def helper(actor: User, division: int = LINXIAN, *, id_no: str = "", **values: object) -> AssistPerson:
    """Return an official of 临县 who may be sent to any of its villages."""
    number = id_no or id_number(date(1975, 8, 9))
    sealed = seal(division=division, kind="id_no", value=number)
    defaults: dict[str, object] = {"name": f"王帮扶{next(_serial)}", "sex": "1", "position": "科员"}
    if "organ" not in values:
        values["organ"] = organ(actor, division)
    return AssistPerson.objects.create(
        division_id=division,
        id_no_sealed=sealed.id,
        id_no_index=sealed.index,
        id_no_masked=sealed.masked,
        entered_by=actor,
        **{**defaults, **values},
    )


def registered(actor: User, **values: object) -> Household:
    """Return a household on the register since 2014, its card of 2014."""
    household = saved(actor, card(**values)).household
    put(household, "N", first_identified_year=2014)
    return household


def paired(actor: User, household: Household, on: date = date(2014, 1, 1)) -> AssistPair:
    """Return the pair of a household with an official of the county who answers for it from a day on."""
    person = helper(actor, actor.post.division_id if actor.post else LINXIAN)
    return AssistPair.objects.create(
        division_id=household.division_id, household=household, person=person, start_date=on, entered_by=actor
    )


def left(household: Household, on: date) -> Household:
    """Let a household leave the register on a day."""
    put(household, "O", exit_year=on.year, exited_on=on)
    return household


__all__ = ["LINXIAN", "PROVINCE_CODE", "TODAY", "VILLAGE", "helper", "left", "organ", "paired", "registered"]
