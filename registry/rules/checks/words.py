"""How findings speak of members and fields."""

from registry.rules.card import MemberCard


def at(place: int, field: str) -> str:
    """Return the path of a member's field: `members[2].id_no`."""
    return f"members[{place}].{field}"


def who(place: int, member: MemberCard) -> str:
    """Return the member as a message names him; never by number."""
    return f"{member.name}的" if member.name else f"第{place + 1}名成员的"
