"""Help at scale is what the acts would have written: the same statements pass with every trigger on."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from fupin.accounts.scope import whole_province
from fupin.history.services.checking import present
from registry.models import AssistEffect, AssistPlan, Household, MeasureRecipient
from registry.rules.help.after_exit import ON_REGISTER
from registry.seeding.load import seed
from registry.seeding.scale import help_everybody
from tests.conftest import KELAN, as_owner

pytestmark = pytest.mark.django_db(transaction=True)


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("watched", [True, False])
def test_every_trigger_lets_it_through_and_history_is_kept(watched: bool) -> None:
    with as_owner():
        seed(households=150, seed_text="help", counties=[KELAN], processes=1)
        done = help_everybody(seed_text="1", watched=watched)
    with whole_province():
        registered = Household.objects.filter(status__in=ON_REGISTER)
        assert registered.exists()
        assert not registered.filter(pairs__isnull=True).exists()
        for table in ("assistpair", "assistplan", "assistmeasure", "measurerecipient", "assisteffect"):
            assert (
                count(f"registry_{table}event")
                == count(f"registry_{table}")
                == done.rows[f"registry_{table}"]
                > 0
            )
        assert {plan.level for plan in AssistPlan.objects.order_by("pk")} == {"HOUSEHOLD", "LABOURER"}
        assert 0 < AssistEffect.objects.count() <= MeasureRecipient.objects.count()
        assert list(present()) == []


def test_help_begins_with_the_pairs_that_the_seed_made() -> None:
    with as_owner():
        call_command("seed", households=60, county=["140929"], processes=1, verbosity=0)
        before = count("registry_assistpair")
        done = help_everybody(seed_text="1")
        assert count("registry_assistpair") == before == count("registry_assistpairevent") > 0
    assert done.rows["registry_assistpair"] == 0
    assert done.rows["registry_assistplan"] > 0
    assert done.rows["registry_measurerecipient"] > 0


def test_who_is_helped_already_is_left_alone() -> None:
    out = StringIO()
    with as_owner():
        seed(households=60, seed_text="help", counties=[KELAN], processes=1)
        help_everybody(seed_text="1")
        before = count("registry_assistpair")
        call_command("seed_help", json=True, stdout=out)
        assert count("registry_assistpair") == before
    assert json.loads(out.getvalue())["rows"]["registry_assistpair"] == 0


def test_without_a_seeded_register_there_is_nobody_to_help(settings: Any) -> None:
    with as_owner(), pytest.raises(CommandError, match="没有演示户卡"):
        call_command("seed_help")
