"""A program at the REST door."""

import json
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.accounts.services import tokens
from tests.house import House


class Program:
    """Calls with a token, as a third party would."""

    def __init__(self, house: House, user: User | None, scope: str = "full", host: str = "") -> None:
        self.client, self.host = Client(raise_request_exception=False), host or house.host
        self.token = tokens.make(user, "test", scope)[1] if user else None

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        extra = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        if self.token:
            extra.setdefault("HTTP_AUTHORIZATION", f"Bearer {self.token}")
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        address = path if path.startswith("/") else f"/api/v1/{path}"
        return self.client.generic(method, address, content, "application/json", HTTP_HOST=self.host, **extra)

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, body, **headers)


@pytest.fixture
def owner(acme: House) -> Program:
    return Program(acme, acme.owner)
