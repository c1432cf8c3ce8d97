"""Organs and people who help (data-standard §3.5)."""

from datetime import date

from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.lib import idnumber, phone as phones
from fupin.vault.sealing import seal
from registry.errors import HelpRefused
from registry.models import AssistPerson, Organ
from registry.services.help.refusing import needed, spoken


def add_organ(
    *, actor: User, division: int, name: str, code: str = "", affiliation: str, must_send: bool = True
) -> Organ:
    """Put an organ on the list of those that are to send people; raise HelpRefused, Refused."""
    require(actor, "registry.assign_help", at=division)
    with spoken():
        organ = Organ.objects.create(
            division_id=division,
            name=needed(name, "单位名称"),
            code=code.strip(),
            affiliation=affiliation,
            must_send=must_send,
            added_by=actor,
        )
    note(object_key=f"organ/{organ.pk}", division=division)
    return organ


def register_person(
    *,
    actor: User,
    division: int,
    name: str,
    id_no: str,
    organ: Organ,
    position: str,
    phone: str = "",
    political: str = "",
    education: str = "",
    specialty: str = "",
    heads_organ: bool = False,
    user: User | None = None,
    on: date,
) -> AssistPerson:
    """Put down an official who may be sent anywhere below `division`; his number goes to the vault.

    Raise HelpRefused for a number that is none, is taken, or is a poor person's on the register; Refused.
    """
    require(actor, "registry.assign_help", at=division)
    number = idnumber.normal(id_no)
    wrong = idnumber.flaw(number, today=on)
    if wrong is not None:
        raise HelpRefused("身份号码有误，请核对")
    holder = idnumber.read(number)
    dialled = phones.normal(phone) if phone else ""
    if dialled and not phones.is_phone(dialled):
        raise HelpRefused("电话号码有误，请核对")
    with spoken():
        sealed = seal(division=division, kind="id_no", value=number)
        rung = seal(division=division, kind="phone", value=dialled) if dialled else None
        person = AssistPerson.objects.create(
            division_id=division,
            name=needed(name, "姓名"),
            sex=holder.sex if holder else "9",
            id_no_sealed=sealed.id,
            id_no_index=sealed.index,
            id_no_masked=sealed.masked,
            political=political,
            organ=organ,
            position=needed(position, "职务"),
            heads_organ=heads_organ,
            education=education,
            specialty=specialty.strip(),
            phone_sealed=rung.id if rung else None,
            phone_masked=rung.masked if rung else "",
            user=user,
            entered_by=actor,
        )
    note(object_key=f"assist_person/{person.pk}", division=division)
    return person
