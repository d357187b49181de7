"""However many notice at once that the session has ended, there is one login: measured at the practice upstream."""

import os
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections

from apps.common import leases
from apps.resellers import session
from apps.resellers.gateway import Gateway
from apps.resellers.models import UpstreamAccount
from tests.resellers.conftest import account_at

pytestmark = pytest.mark.django_db(transaction=True)
CALLS = 200
PROCESSES = 4


def call(gateway: Gateway, number: int, together: threading.Barrier) -> str:
    together.wait()
    try:
        gateway.read("get_logs", count=1 + number % 40)
    except Exception as exc:  # noqa: BLE001 - counted, and the test says which
        return f"{type(exc).__name__}: {exc}"
    finally:
        connections.close_all()
    return "answered"


def call_at_once(gateway: Gateway) -> dict[str, int]:
    together = threading.Barrier(CALLS)
    with ThreadPoolExecutor(CALLS) as pool:
        return dict(Counter(pool.map(lambda number: call(gateway, number, together), range(CALLS))))


@pytest.mark.parametrize("code_is_known", [False, True])
def test_200_threads_on_an_ended_session_cause_one_login(sandbox, code_is_known):
    gateway = Gateway(account_at(sandbox.url))
    gateway.statuses()
    if code_is_known:
        learned = {"session_ended": [sandbox.control("codes")["session_expired"]]}
        UpstreamAccount.objects.update(learned=learned)
    sandbox.control("expire_sessions")
    sandbox.control("forget_ledger")

    assert call_at_once(gateway) == {"answered": CALLS}
    assert sandbox.calls("login") == 1


def test_200_threads_without_a_session_cause_one_login(sandbox):
    assert call_at_once(Gateway(account_at(sandbox.url))) == {"answered": CALLS}
    assert sandbox.calls("login") == 1


@pytest.mark.parametrize("begins_with", ["an ended session", "no session"])
def test_200_calls_in_several_processes_cause_one_login(sandbox, begins_with):
    account = account_at(sandbox.url)
    if begins_with == "an ended session":
        Gateway(account).statuses()
        sandbox.control("expire_sessions")
        sandbox.control("forget_ledger")
    children = [_start(account, CALLS // PROCESSES) for _ in range(PROCESSES)]
    for child in children:
        assert child.stdout.readline() == "ready\n"
    for child in children:
        child.stdin.close()
    said = [child.stdout.read().strip() for child in children]
    for child in children:
        child.stdout.close()
        child.wait(30)

    assert said == [str({"answered": CALLS // PROCESSES})] * PROCESSES
    assert sandbox.calls("login") == 1


def _start(account: UpstreamAccount, threads: int) -> subprocess.Popen[str]:
    name = connection.settings_dict["NAME"]
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    url = f"{server}/{name}" if connection.vendor == "postgresql" else f"sqlite:///{name}"
    return subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("many_calls.py")), str(account.pk), str(threads)],
        env={**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(settings.BASE_DIR), "PYTHONWARNINGS": "ignore"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_winner_that_died_holds_nobody_up_for_longer_than_its_lease(sandbox):
    account = account_at(sandbox.url)
    leases.take(account, "login", 0.3)

    assert session.current(account).number == 1
    assert sandbox.calls("login") == 1


def test_who_waits_too_long_is_told_that_the_machines_cannot_be_reached(sandbox, monkeypatch):
    monkeypatch.setattr(session, "PATIENCE", 0.3)
    account = account_at(sandbox.url)
    leases.take(account, "login", 60)

    with pytest.raises(session.Unreachable):
        session.current(account)
    assert sandbox.calls("login") == 0


def test_waiters_do_not_repeat_a_login_that_met_an_absent_upstream(sandbox):
    gateway = Gateway(account_at(sandbox.url))
    sandbox.fault("slow", cmd="login", seconds=0.5)
    sandbox.fault("http_502", cmd="login")

    assert set(call_at_once(gateway)) == {
        "Unreachable: The machines cannot be reached at present. Nothing was changed. Try again in a minute."
    }
    assert sandbox.calls("login") == 1
