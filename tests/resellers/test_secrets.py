"""Passwords and sessions stand in no log, no text of an error, no event, and not in clear in the database."""

import logging
import time
import traceback

import pytest
from django.db import connection

from apps.common.errors import PortalError
from apps.events.models import Event
from apps.resellers import session
from apps.resellers.gateway import Gateway
from apps.resellers.models import UpstreamAccount
from apps.upstream.errors import UpstreamError
from tests.resellers.conftest import account_at

PASSWORD = "Canary-Passw0rd-77"
FAULTS = [
    "http_502",
    "html",
    "empty",
    "half",
    "number",
    "cut_before",
    "cut_after",
    "throttle",
    "unknown_code",
    "expire",
]


@pytest.fixture
def gateway(db, sandbox) -> Gateway:
    sandbox.control("set_account", account="user99", password=PASSWORD)
    return Gateway(account_at(sandbox.url, password=PASSWORD))


def texts(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)) + repr(error) + str(error)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("cmd", ["login", "get_servers_status", "stop_server"])
def test_no_failure_tells_a_secret(gateway, sandbox, caplog, fault, cmd):
    caplog.set_level(logging.DEBUG)
    said, words = "", set()
    sandbox.fault(fault, cmd=cmd)
    for call in (
        lambda: gateway.statuses(fresh=True),
        lambda: gateway.change("stop_server", {"id": "333"}, begin_before=time.monotonic() + 2, deadline=5),
    ):
        UpstreamAccount.objects.update(retry_at=None)
        try:
            call()
        except (PortalError, UpstreamError) as error:
            said += texts(error)
        words.add(UpstreamAccount.objects.get().session)

    said += caplog.text + str(list(Event.objects.values()))
    for secret in {PASSWORD, *words} - {""}:
        assert secret not in said


def test_a_refused_password_is_not_in_what_is_told(gateway, sandbox, caplog):
    sandbox.control("set_account", account="user99", password="another")

    with pytest.raises(PortalError) as refused:
        gateway.statuses()

    assert PASSWORD not in texts(refused.value) + caplog.text + str(list(Event.objects.values()))


def test_rows_and_values_do_not_show_secrets_when_printed(gateway):
    gateway.statuses()
    account = UpstreamAccount.objects.get()
    used = session.current(account)

    for shown in (repr(account), str(account), repr(used), str(used)):
        assert PASSWORD not in shown
        assert used.word not in shown


def test_the_database_holds_no_secret_in_clear(gateway):
    gateway.statuses()
    account = UpstreamAccount.objects.get()

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM resellers_upstreamaccount")
        stored = str(cursor.fetchall())

    assert PASSWORD not in stored
    assert account.session
    assert account.session not in stored
