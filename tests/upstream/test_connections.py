"""Connections, addresses and logins of the client."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from apps.upstream.catalogue import InvalidParameters
from apps.upstream.client import Upstream, check_url
from apps.upstream.errors import (
    UpstreamGarbled,
    UpstreamUnreachable,
)
from tests.upstream.conftest import PASSWORD, SESSION, failing, saying


def test_connections_are_kept_and_shared(vendor, upstream):
    for _ in range(5):
        upstream.call("get_servers", {}, session=SESSION)

    assert len(vendor.requests) == 5
    assert vendor.connections == 1


def test_a_kept_connection_that_was_closed_meanwhile_is_replaced_without_a_second_command(vendor, upstream):
    def answer_and_close(vendor, conn):
        vendor.answer(conn, b'{"success":true,"data":"1"}')
        conn.shutdown(socket.SHUT_RDWR)
        raise ConnectionError

    vendor.handle = answer_and_close

    for _ in range(3):
        upstream.call("run_server", {"id": 1}, session=SESSION)

    assert len(vendor.requests) == 3


def test_a_kept_connection_that_ends_under_a_change_may_have_happened_and_is_not_repeated(vendor, upstream):
    upstream.call("get_servers", {}, session=SESSION)

    def cut(vendor, conn):
        raise ConnectionError

    vendor.handle = cut

    error = failing(upstream, UpstreamUnreachable)

    assert (error.sent, error.may_have_happened) == (True, True)
    assert [form["cmd"] for form in vendor.forms] == ["get_servers", "run_server"]


def test_the_deadline_of_one_call_does_not_cut_another(vendor, upstream):
    def as_asked(vendor, conn):
        if b"id=13" in vendor.requests[-1][1]:
            vendor.ends.wait(2)
        else:
            vendor.answer(conn, b'{"success":true,"data":"1"}')

    vendor.handle = as_asked

    with ThreadPoolExecutor(1) as pool:
        hanging = pool.submit(failing, upstream, UpstreamUnreachable, id="13")
        time.sleep(0.1)
        for _ in range(20):
            assert upstream.call("run_server", {"id": 1}, session=SESSION) == "1"
        assert hanging.result().sent


def test_cookies_and_proxies_of_the_environment_are_ignored(vendor, upstream, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    vendor.handle = saying('{"success":true,"data":"1"}', "200 OK", "Set-Cookie: who=me")

    upstream.call("get_servers", {}, session=SESSION)
    upstream.call("get_servers", {}, session=SESSION)

    assert len(vendor.requests) == 2


def test_wrong_parameters_are_named_and_nothing_is_sent(vendor, upstream):
    with pytest.raises(InvalidParameters) as caught:
        upstream.call("run_server", {"ident": 1}, session=SESSION)

    assert caught.value.parameter == "ident"
    assert vendor.connections == 0


def test_a_login_gives_the_session_and_sends_no_other(vendor, upstream):
    vendor.handle = saying('{"success":true,"sess":"abc","login":"user99"}')

    won = upstream.log_in("user99", PASSWORD, passkey="012345")

    assert (won.session, won.login) == ("abc", "user99")
    assert vendor.forms == [{"cmd": "login", "loginUsername": "user99", "loginPassword": PASSWORD, "passkey": "012345"}]


def test_asking_for_a_key_logs_nobody_in(vendor, upstream):
    vendor.handle = saying('{"success":true,"login":"user99"}')

    assert upstream.log_in("user99", PASSWORD, send_key=True).session == ""
    assert vendor.forms[0]["sendkey"] == "1"


def test_a_login_without_a_session_is_garbled(vendor, upstream):
    vendor.handle = saying('{"success":true,"login":"user99"}')

    with pytest.raises(UpstreamGarbled):
        upstream.log_in("user99", PASSWORD)


@pytest.mark.parametrize(
    "url",
    ["https://my.vendor.test/api", "http://127.0.0.1:9000/api", "http://localhost/api", "http://[::1]:9000/api"],
)
def test_a_good_address_is_taken(url):
    check_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://my.vendor.test/api",
        "http://10.0.0.1/api",
        "http://0.0.0.0/api",
        "http://localhost.vendor.test/api",
        "http://127.0.0.1@vendor.test/api",
        "https://user:word@vendor.test/api",
        "https://vendor.test/api?sess=1",
        "https://vendor.test:99999/api",
        "https:///api",
        "ftp://127.0.0.1/api",
        "vendor.test",
        "",
    ],
)
def test_a_bad_address_is_refused(url):
    with pytest.raises(ValueError, match=r"."):
        Upstream(url)
