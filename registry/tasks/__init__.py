"""The register's long work: what Celery calls, and the kinds of jobs that the web asks for."""

from registry.tasks import duplicates, printing
from registry.tasks.matching import LOAD_LIST
from registry.tasks.reidentification import reidentify_county, reidentify_when_due

__all__ = ["LOAD_LIST", "duplicates", "printing", "reidentify_county", "reidentify_when_due"]
