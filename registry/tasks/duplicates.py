"""Looking for likely duplicates, as a job."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone

from fupin.jobs.errors import JobRefused
from fupin.jobs.kinds import job
from fupin.jobs.work import Work
from registry.errors import DuplicateRefused
from registry.services.duplicates import find_duplicates

DUPLICATES = "registry.duplicates"


@job(DUPLICATES, permission="registry.find_duplicates")
def duplicates(work: Work) -> Mapping[str, Any]:
    """Look through a county's cards for likely duplicates."""
    county, year = work.arguments["county"], work.arguments["year"]
    with work.scope() as requester:
        try:
            waiting = find_duplicates(
                actor=requester, county=county, year=year, now=timezone.now(), progress=work.progress
            )
        except DuplicateRefused as refused:
            raise JobRefused(str(refused)) from refused
        result = {"url": f"{reverse('duplicate_list')}?division={county}", "label": f"核查（{waiting:,} 对）"}
        work.finish(result)
    return result
