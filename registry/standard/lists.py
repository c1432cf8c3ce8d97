"""Code lists by number: names of codes, and codes of names as clerks and workbooks write them."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from django.db import models

from fupin.lib.plaintext import plain
from registry import codes

CODE_LISTS: Final[Mapping[str, type[models.TextChoices]]] = MappingProxyType(
    {
        "CL01": codes.IdentificationStandard,
        "CL02": codes.PoorType,
        "CL03": codes.Cause,
        "CL04": codes.IdType,
        "CL05": codes.Sex,
        "CL06": codes.Relation,
        "CL07": codes.Ethnic,
        "CL08": codes.Political,
        "CL09": codes.Education,
        "CL10": codes.Student,
        "CL11": codes.Health,
        "CL12": codes.Labor,
        "CL13": codes.WorkArea,
        "CL14": codes.RoadType,
        "CL15": codes.FuelType,
        "CL16": codes.DangerLevel,
        "CL17": codes.HouseStructure,
        "CL19": codes.ResettlementForm,
        "CL19.place": codes.ResettlementPlace,
        "CL19.mode": codes.RelocationMode,
        "CL20": codes.UnitAffiliation,
        "CL21": codes.MeasureKind,
        "CL22": codes.HelperEducation,
        "CL23": codes.ChangeType,
        "CL24": codes.HouseholdStatus,
        "CL24.village": codes.VillageStatus,
        "CL25": codes.VillageAttr,
        "CL25.tag": codes.VillageTag,
        "CL26": codes.Landform,
        "CL26.direction": codes.DevelopmentTag,
        "CL27": codes.Disaster,
        "reclaimed_to": codes.ReclaimedTo,
        "follow_up": codes.FollowUp,
        "hukou": codes.Hukou,
        "emp_status": codes.EmploymentStatus,
    }
)
"""Code lists by their number; a list that the standard puts under another's number has a suffix."""

_LABELS: Final[Mapping[str, Mapping[str, str]]] = {
    name: {str(choice.value): str(choice.label) for choice in choices} for name, choices in CODE_LISTS.items()
}

_ALIASES: Final[Mapping[str, Mapping[str, str]]] = {
    "CL02": {
        "扶贫户": "01",
        "扶贫低保户": "02",
        "纯低保户": "03",
        "特困供养": "04",
    },
    "CL03": {"自身发展力不足": "11"},
    "CL06": {
        "户主": "01",
        "本人": "01",
        **{n.removeprefix("之"): c for c, n in _LABELS["CL06"].items() if n[0] == "之"},
    },
    "CL07": {name.removesuffix("族"): code for code, name in _LABELS["CL07"].items() if name.endswith("族")},
    "CL09": {"高中": "04", "中职": "04", "大专": "05", "文盲": "01", "半文盲": "01"},
    "CL13": {"其他": "99", "境外": "99"},
    "CL16": {"A": "1", "B": "2", "C": "3", "D": "4", "A级": "1", "B级": "2", "C级": "3", "D级": "4"},
    "CL27": {"旱": "01", "涝": "02", "病虫": "03", "动物疫": "06"},
    "emp_status": {"公益性岗位": "4", "公益岗位": "4"},
}


def label_of(code_list: str, code: str) -> str:
    """Return the official name of a code, the code itself where the list does not hold it."""
    return _LABELS[code_list].get(code, code)


def shown(code_list: str, code: str) -> str:
    """Return `code name` as it stands on the paper form, e.g. `01 因病`."""
    return f"{code} {label_of(code_list, code)}"


def is_code(code_list: str, code: str) -> bool:
    """Tell whether the list holds the code."""
    return code in _LABELS[code_list]


def codes_of(code_list: str) -> Iterable[str]:
    """Return the list's codes in the standard's order."""
    return _LABELS[code_list].keys()


def code_of(code_list: str, text: str) -> str | None:
    """Return the code meant by a code, a name, or `code name`; None where the list holds none of them.

    A leading zero lost to a spreadsheet comes back (`1` → `01`), full-width brackets count as plain ones. A
    code and a name that contradict each other mean nothing, rather than either.
    """
    cleaned = plain(text)
    found = _BY_NAME[code_list].get(cleaned)
    if found is not None:
        return found
    head, _, name = cleaned.partition(" ")
    code, named = _BY_NAME[code_list].get(head), _BY_NAME[code_list].get(name.strip())
    return code if code is not None and code == named else None


def _by_name(code_list: str) -> Mapping[str, str]:
    labels = _LABELS[code_list]
    names = {plain(name): code for code, name in labels.items()}
    names.update({plain(alias): code for alias, code in _ALIASES.get(code_list, {}).items()})
    names.update({code.removeprefix("0"): code for code in labels if code.isdecimal()})
    names.update({code: code for code in labels})
    return names


_BY_NAME: Final[Mapping[str, Mapping[str, str]]] = {name: _by_name(name) for name in CODE_LISTS}
