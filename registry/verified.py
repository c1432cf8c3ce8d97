"""What `manage.py verify` asks of the register besides its history."""

from collections.abc import Iterator

from fupin.divisions.codes import PROVINCE_CODE
from fupin.history.services.checking import Difference, check
from registry.models import RegisterEntry
from registry.reports import ledger


@check("ledger")
def households_stand_where_the_ledger_says() -> Iterator[Difference]:
    """Yield the villages whose ledger of comings and goings does not say of each household what its status says."""
    for found in ledger.differences(PROVINCE_CODE):
        said = f"{found.households} 户的台账与户的状态不符：{'、'.join(found.examples)}"
        yield Difference("ledger", RegisterEntry._meta.db_table, None, found.village, said)
