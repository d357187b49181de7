"""A plain client of the practice upstream: what goes over the wire, nothing of the portal."""

import http.client
import json
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from tests.conftest_sandbox import SandboxProcess


class Wire:
    """Speaks HTTP with one sandbox; `sess` is that of the last login."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc
        self.sess = ""

    def raw(
        self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None, timeout: float = 5
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection(self.host, timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def get(self, **given: Any) -> dict[str, Any]:
        _status, _headers, body = self.raw("GET", "/api?" + urlencode(given))
        return json.loads(body.decode("utf-8-sig"))

    def login(self, login: str = "user99", password: str = "secret", **more: Any) -> dict[str, Any]:
        answer = self.get(cmd="login", loginUsername=login, loginPassword=password, **more)
        self.sess = answer.get("sess", self.sess)
        return answer

    def ask(self, cmd: str, **given: Any) -> dict[str, Any]:
        return self.get(cmd=cmd, sess=self.sess, **given)

    def data(self, cmd: str, **given: Any) -> Any:
        answer = self.ask(cmd, **given)
        assert str(answer["success"]).lower() in {"true", "1"}, answer
        return answer["data"]

    def code(self, cmd: str, **given: Any) -> str:
        answer = self.ask(cmd, **given)
        assert str(answer["success"]).lower() in {"false", "0"}, answer
        return answer["data"]

    def states(self) -> dict[int, int]:
        return {int(row["id"]): int(row["status"]) for row in self.rows("get_servers_status")}

    def rows(self, cmd: str, **given: Any) -> list[dict[str, Any]]:
        """A listing, whatever its shape."""
        found = self.data(cmd, **given) or []
        if isinstance(found, list):
            return found
        return [row if isinstance(row, dict) else {"id": key, "status": row} for key, row in found.items()]


@pytest.fixture
def wire(sandbox: SandboxProcess) -> Wire:
    """Signed in as user99 at seed 0; the ledger is empty."""
    client = Wire(sandbox.url)
    client.login()
    sandbox.control("forget_ledger")
    return client


@pytest.fixture
def codes(sandbox: SandboxProcess) -> dict[str, str]:
    return sandbox.control("codes")


@pytest.fixture
def at_seed(sandbox: SandboxProcess):
    def begin(seed: int) -> Wire:
        sandbox.reset(seed)
        client = Wire(sandbox.url)
        client.login()
        return client

    return begin
