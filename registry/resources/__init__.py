"""The lists of the register that can be taken out or in, with their columns: found by `fupin.sheets` as it starts."""

from registry.resources import (
    audit,
    cases,
    duplicates,
    helping,
    households,
    imports,
    labourers,
    matching,
    reidentification,
    village_identification,
    villages,
)

__all__ = [
    "audit",
    "cases",
    "duplicates",
    "helping",
    "households",
    "imports",
    "labourers",
    "matching",
    "reidentification",
    "village_identification",
    "villages",
]
