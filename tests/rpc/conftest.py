"""A program that speaks the vendor's protocol, at our door."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from apps.accounts.models import User
from tests import house as houses


class Program:
    """Calls by form, as most programs do; `sess` is that of the last login."""

    def __init__(self, house: houses.House, host: str = "") -> None:
        self.client, self.host, self.sess = Client(raise_request_exception=False), host or house.host, ""

    def raw(self, method: str = "POST", path: str = "/api", body: bytes = b"", kind: str = "", **more: str) -> Any:
        kind = kind or "application/x-www-form-urlencoded"
        return self.client.generic(method, path, body, kind, HTTP_HOST=self.host, **more)

    def ask(self, cmd: str, **given: Any) -> dict[str, Any]:
        sent = {"cmd": cmd, **({"sess": self.sess} if self.sess and cmd != "login" else {}), **given}
        answer = self.raw(body=urlencode(sent).encode())
        assert answer.status_code == 200, answer.content
        return json.loads(answer.content)

    def data(self, cmd: str, **given: Any) -> Any:
        answer = self.ask(cmd, **given)
        assert answer["success"] is True, answer
        return answer.get("data")

    def code(self, cmd: str, **given: Any) -> str:
        answer = self.ask(cmd, **given)
        assert answer["success"] is False, answer
        return answer["data"]

    def login(self, user: User, password: str = houses.PASSWORD, **more: Any) -> "Program":
        answer = self.ask("login", loginUsername=user.email, loginPassword=password, **more)
        assert answer["success"] is True, answer
        self.sess = answer["sess"]
        return self


@pytest.fixture
def program(acme, sandbox):
    """Signed in as the owner."""
    signed_in = Program(acme).login(acme.owner)
    sandbox.control("forget_ledger")
    return signed_in
