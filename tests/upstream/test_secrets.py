"""Canaries: what was sent in secret is found in no text of an error, no log line, no excerpt and no repr."""

import html
import json
import logging
import traceback
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.upstream.errors import UpstreamError, UpstreamGarbled
from apps.upstream.redaction import HIDDEN, redact, redact_mapping
from tests.upstream.conftest import PASSWORD, SESSION, saying

KEY = "48151623"
ECHOES = {
    "plain": lambda secret: f"<p>bad request: {secret}</p>",
    "form": lambda secret: f"cmd=x&sess={quote_plus(secret)}&x=1",
    "quoted": lambda secret: quote(secret, safe=""),
    "json": lambda secret: json.dumps({"sess": secret}),
    "json without ascii": lambda secret: json.dumps({"why": secret}, ensure_ascii=False),
    "html": html.escape,
    "control characters": "\0".join,
    "refusal": lambda secret: json.dumps({"success": False, "data": f"no: {secret}"}),
    "late": lambda secret: "x" * 190 + secret,
}


def everything_said(error: BaseException, caplog) -> str:
    """All that a log or a crash report would show of an error, causes and contexts too."""
    seen: list[str] = ["".join(traceback.format_exception(error)), caplog.text]
    seen += [str(record.__dict__) for record in caplog.records]
    at: BaseException | None = error
    while at is not None:
        seen += [str(at), repr(at), repr(at.args), repr(vars(at)), getattr(at, "excerpt", "")]
        assert getattr(at, "request", None) is None
        at = at.__context__
    return "\n".join(seen)


def spellings(secret: str) -> set[str]:
    return {secret, quote(secret), quote_plus(secret), html.escape(secret), json.dumps(secret)[1:-1], secret[:12]}


@pytest.mark.parametrize("echo", ECHOES.values(), ids=ECHOES.keys())
def test_an_upstream_that_repeats_what_it_was_sent_gives_nothing_away(vendor, upstream, caplog, echo):
    caplog.set_level(logging.DEBUG)
    for secret in (SESSION, PASSWORD):
        vendor.handle = saying(echo(secret))

        with pytest.raises(UpstreamError) as caught:
            upstream.call("reinstall_server", {"id": 1, "template": 2, "password": PASSWORD}, session=SESSION)

        said = everything_said(caught.value, caplog)
        assert not [spelling for spelling in spellings(secret) if spelling in said]


@pytest.mark.parametrize("echo", ECHOES.values(), ids=ECHOES.keys())
def test_a_login_gives_nothing_away(vendor, upstream, caplog, echo):
    caplog.set_level(logging.DEBUG)
    for secret in (PASSWORD, KEY):
        vendor.handle = saying(echo(secret))

        with pytest.raises(UpstreamError) as caught:
            upstream.log_in("user99", PASSWORD, sms_key=KEY)

        said = everything_said(caught.value, caplog)
        assert not [spelling for spelling in spellings(secret) if spelling in said]


def test_a_head_with_the_session_in_it_gives_nothing_away(vendor, upstream, caplog):
    caplog.set_level(logging.DEBUG)

    def cut(vendor, conn):
        conn.sendall(f"HTTP/1.1 200 OK\r\nbroken {SESSION}".encode())
        raise ConnectionError

    vendor.handle = cut

    with pytest.raises(UpstreamError) as caught:
        upstream.call("run_server", {"id": 1}, session=SESSION)

    assert SESSION not in everything_said(caught.value, caplog)


@pytest.mark.parametrize("how", ["stopped", "cut", "status line"])
def test_a_lost_answer_gives_nothing_away(vendor, upstream, caplog, how):
    caplog.set_level(logging.DEBUG)

    def cut(vendor, conn):
        if how == "status line":
            conn.sendall(f"{SESSION} {PASSWORD}\r\n\r\n".encode())
        raise ConnectionError

    vendor.handle = cut
    if how == "stopped":
        vendor.stop()

    with pytest.raises(UpstreamError) as caught:
        upstream.call("reinstall_server", {"id": 1, "template": 2, "password": PASSWORD}, session=SESSION)

    said = everything_said(caught.value, caplog)
    assert SESSION not in said
    assert PASSWORD not in said


def test_secrets_are_in_no_address(vendor, upstream):
    upstream.call("reinstall_server", {"id": 1, "template": 2, "password": PASSWORD}, session=SESSION)

    assert vendor.requests[0][0] == "POST /api HTTP/1.1"


def test_a_session_that_was_won_is_not_in_its_repr(vendor, upstream):
    vendor.handle = saying(json.dumps({"success": True, "sess": SESSION, "login": "user99"}))

    assert SESSION not in repr(upstream.log_in("user99", PASSWORD))


def test_the_excerpt_is_short_and_on_one_line(vendor, upstream, caplog):
    vendor.handle = saying("first\r\nsecond\x1b[31m" + "x" * 500)

    with pytest.raises(UpstreamGarbled) as caught:
        upstream.call("run_server", {"id": 1}, session=SESSION)

    assert caught.value.excerpt.startswith("firstsecond[31mxxx")
    assert len(caught.value.excerpt) == 200


@pytest.mark.parametrize(
    "text",
    [
        "cmd=login&loginPassword=CANARY&smskey=CANARY",
        "sess=CANARY&sess=CANARY",
        '{"sess":"CANARY","json":{"password": "CANARY"}}',
        "{'old': 'CANARY', 'new': 'CANARY'}",
        '{"passkey":CANARY}',
        '{"body":"{\\"sess\\":\\"CANARY\\",\\"password\\": \\"CANARY\\"}"}',
        "json=%7B%22password%22%3A%22CANARY%22%2C%22sess%22:%22CANARY%22%7D",
        '{"PASSWORD":"CANARY',
        '{"password":"a\\"CANARY"}',
    ],
)
def test_named_secrets_are_hidden_in_every_form(text):
    assert "CANARY" not in redact(text)
    assert HIDDEN in redact(text)


def test_mappings_are_hidden_at_any_depth_and_the_rest_is_kept():
    given_ = {"cmd": "x", "sess": "CANARY", "json": '{"password":"CANARY"}', "rows": [{"New": "CANARY", "id": 1}]}

    hidden = redact_mapping(given_)

    assert "CANARY" not in repr(hidden)
    assert hidden["cmd"] == "x"
    assert hidden["rows"][0]["id"] == 1


@given(st.text(min_size=6, max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_a_known_secret_is_never_left(secret, before, after):
    if secret not in HIDDEN:
        assert secret not in redact(f"{before}{secret}{after}", secret).replace(HIDDEN, "\n\n\n")
