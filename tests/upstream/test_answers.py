"""What comes back is an answer, a refusal, or garbled: against a server on a real socket."""

import gzip
import json

import pytest

from apps.upstream.client import Upstream
from apps.upstream.dialect import Dialect
from apps.upstream.errors import (
    UpstreamGarbled,
    UpstreamRefused,
    UpstreamSessionEnded,
    UpstreamThrottled,
)
from tests.upstream.conftest import PASSWORD, QUICK, SESSION, failing, saying


def test_a_command_is_one_post_with_everything_in_the_body(vendor, upstream):
    vendor.handle = saying('{"success":true,"data":"333","login":"user99"}')

    assert upstream.call("run_server", {"id": 333}, session=SESSION) == "333"

    assert vendor.requests[0][0] == "POST /api HTTP/1.1"
    assert vendor.forms == [{"cmd": "run_server", "sess": SESSION, "id": "333"}]


def test_a_configuration_travels_as_one_json_object_with_numbers(vendor, upstream):
    vendor.handle = saying('{"success":true,"data":"900"}')
    disks = [{"size": 20, "type": "ssd"}]

    upstream.call("add_server", {"cpu": 2, "ram": 4, "hdd_list": disks, "server_name": "Пётр"}, session=SESSION)

    assert set(vendor.forms[0]) == {"cmd", "sess", "json"}
    assert json.loads(vendor.forms[0]["json"]) == {"cpu": 2, "ram": 4, "hdd_list": disks, "server_name": "Пётр"}


@pytest.mark.parametrize("success", ["true", '"true"', "1", '"1"', '"True"'])
def test_success_is_read_in_every_typing(vendor, upstream, success):
    vendor.handle = saying(b"\xef\xbb\xbf" + f'{{"success":{success},"data":[],"more":1}}'.encode())

    assert upstream.call("get_servers", {}, session=SESSION) == []


@pytest.mark.parametrize("success", ["false", '"false"', "0", '"0"'])
def test_a_refusal_has_the_raw_code_and_surely_did_nothing(vendor, upstream, success):
    vendor.handle = saying(f'{{"success":{success},"data":"0027","login":"user99"}}')

    error = failing(upstream, UpstreamRefused)

    assert error.code == "0027"
    assert not error.may_have_happened


def test_a_known_code_is_an_ended_session(vendor):
    vendor.handle = saying('{"success":false,"data":"0021"}')

    error = failing(Upstream(vendor.url, Dialect(session_ended=frozenset({"0021"})), QUICK), UpstreamSessionEnded)

    assert error.code == "0021"
    assert not error.may_have_happened


def test_a_login_refused_with_the_session_code_is_a_refusal_so_that_nobody_hammers(vendor):
    vendor.handle = saying('{"success":false,"data":"0021"}')

    with pytest.raises(UpstreamRefused):
        Upstream(vendor.url, Dialect(session_ended=frozenset({"0021"})), QUICK).log_in("user99", PASSWORD)


def test_a_known_code_is_throttling(vendor):
    vendor.handle = saying('{"success":false,"data":"0033"}')

    error = failing(Upstream(vendor.url, Dialect(throttled=frozenset({"0033"})), QUICK), UpstreamThrottled)

    assert not error.may_have_happened
    assert error.retry_after is None


@pytest.mark.parametrize(
    ("status", "headers", "wait", "may_have_happened"),
    [
        ("429 Too Many Requests", ["Retry-After: 7"], 7.0, False),
        ("429 Too Many Requests", [], None, False),
        ("429 Too Many Requests", ["Retry-After: nan"], None, False),
        ("429 Too Many Requests", ["Retry-After: 99999999"], 3600.0, False),
        ("429 Too Many Requests", ["Retry-After: Wed, 21 Oct 2015 07:28:00 GMT"], 0.0, False),
        ("429 Too Many Requests", ["Retry-After: soon"], None, False),
        ("503 Service Unavailable", ["Retry-After: 3"], 3.0, True),
    ],
)
def test_http_throttling_names_its_wait(vendor, upstream, status, headers, wait, may_have_happened):
    vendor.handle = saying("slow down", status, *headers)

    error = failing(upstream, UpstreamThrottled)

    assert error.retry_after == wait
    assert error.may_have_happened is may_have_happened


@pytest.mark.parametrize(
    "body",
    [
        "<html><body>Bad gateway</body></html>",
        "",
        '{"success":true,"data":[{"id":"33',
        "333",
        "null",
        "[]",
        '"text"',
        "{}",
        '{"success":null,"data":"0027"}',
        '{"success":"perhaps","data":"0027"}',
        '{"success":true,"data":' + "9" * 5000 + "}",
        "[" * 20_000,
        b"\xff\xfe\x00garbage",
    ],
    ids=lambda body: str(body[:20]),
)
def test_an_answer_that_is_none_is_garbled_and_may_have_happened(vendor, upstream, body):
    vendor.handle = saying(body)

    error = failing(upstream, UpstreamGarbled)

    assert error.may_have_happened
    assert len(error.excerpt) <= 200


@pytest.mark.parametrize("status", ["500 Oops", "502 Bad Gateway", "503 Away", "404 Not Found", "201 Created"])
def test_an_unexpected_http_status_is_garbled_whatever_the_body_says(vendor, upstream, status):
    vendor.handle = saying('{"success":false,"data":"0027"}', status)

    assert failing(upstream, UpstreamGarbled).may_have_happened


def test_a_redirect_is_not_followed(vendor, upstream):
    vendor.handle = saying("", "302 Found", f"Location: {vendor.url}/elsewhere")

    failing(upstream, UpstreamGarbled)

    assert len(vendor.requests) == 1


def test_a_read_without_data_is_garbled_and_a_change_without_is_none(vendor, upstream):
    vendor.handle = saying('{"success":true}')

    failing(upstream, UpstreamGarbled, "get_logs", count=100)
    assert upstream.call("close_ticket", {"pid": 1}, session=SESSION) is None


def test_an_endless_body_ends_at_the_limit_of_its_size(vendor, upstream):
    def endless(vendor, conn):
        conn.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            conn.sendall(b"x" * 65536)

    vendor.handle = endless

    assert "too large" in str(failing(upstream, UpstreamGarbled))


def test_a_packed_bomb_ends_at_the_limit_of_its_size(vendor, upstream):
    bomb = gzip.compress(b" " * 50_000_000)
    assert len(bomb) < QUICK.size
    vendor.handle = saying(bomb, "200 OK", "Content-Encoding: gzip")

    assert "too large" in str(failing(upstream, UpstreamGarbled))


def test_a_packed_answer_is_read_and_a_falsely_packed_one_is_garbled(vendor, upstream):
    vendor.handle = saying(gzip.compress(b'{"success":true,"data":"1"}'), "200 OK", "Content-Encoding: gzip")
    assert upstream.call("run_server", {"id": 1}, session=SESSION) == "1"

    vendor.handle = saying(b"not packed", "200 OK", "Content-Encoding: gzip")
    assert failing(upstream, UpstreamGarbled).may_have_happened
