"""Two people at one card: what each would have, side by side, for the second to choose."""

from fupin.accounts.models import User
from registry.errors import FieldConflict
from registry.models import HouseholdYear
from registry.reports.differences import Key, path_of, values_by_key
from registry.reports.versions import Version, card_versions
from registry.rules.card import Card


def conflicts_between(
    household_year: HouseholdYear, *, base: int | None, current: Card, mine: Card
) -> list[FieldConflict]:
    """Return every field in which my card differs from the stored one, with its value when I began.

    `mine` is masked. Who changed a field since, and when, is told where somebody did. Nothing is merged:
    edits that do not touch each other may contradict each other all the same.
    """
    theirs, own = values_by_key(current), values_by_key(mine)
    differing = [key for key in dict.fromkeys((*own, *theirs)) if _text(own, key) != _text(theirs, key)]
    if not differing:
        return []
    versions = card_versions(household_year)
    began = next((values_by_key(version.card) for version in versions if version.number == base), {})
    changed = _changed_since(versions, base or 0)
    names = dict(
        User.objects.filter(pk__in={version.saved_by for version in changed.values()}).values_list(
            "pk", "full_name"
        )
    )
    conflicts = []
    for key in differing:
        by = changed.get(key)
        conflicts.append(
            FieldConflict(
                field=path_of(key, mine),
                label=(own.get(key) or theirs[key])[0],
                base=_text(began, key),
                theirs=_text(theirs, key),
                mine=_text(own, key),
                who=names.get(by.saved_by, "") if by else "",
                at=by.saved_at if by else None,
            )
        )
    return conflicts


def _text(values: dict[Key, tuple[str, str]], key: Key) -> str:
    return values.get(key, ("", ""))[1]


def _changed_since(versions: list[Version], base: int) -> dict[Key, Version]:
    """Return, for each field changed after the base, the last version that changed it."""
    changed: dict[Key, Version] = {}
    before: dict[Key, tuple[str, str]] = {}
    for version in versions:
        values = values_by_key(version.card)
        if version.number > base:
            changed |= {
                key: version for key in {*before, *values} if _text(before, key) != _text(values, key)
            }
        before = values
    return changed
