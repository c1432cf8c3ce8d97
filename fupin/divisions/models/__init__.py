"""Divisions, what the state says of a county, and what became of a division."""

from fupin.divisions.models.county import CountyProfile
from fupin.divisions.models.division import Division, DivisionQuerySet
from fupin.divisions.models.succession import Succession

__all__ = ["CountyProfile", "Division", "DivisionQuerySet", "Succession"]
