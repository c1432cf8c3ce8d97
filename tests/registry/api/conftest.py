"""A department's program that calls the API, and cards as it sends them."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from django.test import Client

from fupin.accounts.models import User
from registry.api.described import HOUSEHOLD_EXAMPLE
from tests.registry import factories as make

PASSWORD = "cast-Password-2014"


class Program:
    """Calls the API with a user's token; every answer is JSON."""

    def __init__(self, user: User) -> None:
        self.client = Client(raise_request_exception=True)
        said = {"username": user.username, "password": PASSWORD}
        answer = self.client.post("/api/v1/auth/token/", said, content_type="application/json")
        self.headers = {"Authorization": f"Token {answer.json()['token']}"}

    def __call__(self, method: str, address: str, body: Any = None, **query: Any) -> Any:
        answer = self.client.generic(
            method,
            f"/api/v1/{address}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers=self.headers,
            query_params=query,
        )
        answer.data_ = answer.json() if answer.content else None
        return answer


@pytest.fixture
def program() -> Callable[[User], Program]:
    return Program


def card(**changes: Any) -> dict[str, Any]:
    """Return a one-person household as a program sends it."""
    body = deepcopy(HOUSEHOLD_EXAMPLE)
    body["members"][0]["id_no"] = make.id_number()
    return {**body, **changes}


def errors_of(answer: Any) -> dict[str, tuple[str, str]]:
    return {line["field"]: (line["rule"], line["message"]) for line in answer.json()["errors"]}
