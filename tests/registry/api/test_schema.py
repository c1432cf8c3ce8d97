"""OpenAPI and its page."""

from collections.abc import Callable

import pytest
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from fupin.accounts.models import User

pytestmark = pytest.mark.django_db


def test_the_schema_is_valid_and_without_a_warning() -> None:
    GENERATOR_STATS.reset()
    schema = SchemaGenerator().get_schema(request=None, public=True)
    said = [*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache]
    assert said == []
    validate_schema(schema)
    assert set(schema["paths"]) >= {
        f"/api/v1/{name}/"
        for name in (
            "divisions",
            "villages",
            "households",
            "members",
            "labourers",
            "cases",
            "notices",
            "measures",
            "deadlines",
            "auth/token",
        )
    }
    household = schema["components"]["schemas"]["HouseholdRequest"]
    assert set(household["required"]) >= {
        "year",
        "village_code",
        "poor_type",
        "members",
        "income",
        "condition",
    }
    assert household["properties"]["poor_type"]["enum"][0] == "01"
    assert "status" not in household["properties"]


def test_whoever_works_here_reads_it(client: Client, bo: User, client_for: Callable[[User], Client]) -> None:
    browser = client_for(bo)
    assert browser.get("/api/schema/?format=json").json()["info"]["title"] == "精准扶贫网络管理系统接口"
    page = browser.get("/api/docs/").content.decode()
    assert "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js" in page
    assert "http" not in page.replace("http-equiv", "")
    assert client.get("/api/schema/").status_code == 401
