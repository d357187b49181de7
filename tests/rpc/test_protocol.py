"""How a call is read and how an answer is written."""

import json
import logging
from urllib.parse import urlencode

import pytest

from apps.accounts.models import ProgramSession
from apps.rpc import codes
from tests.processes import ROOT
from tests.rpc.conftest import Program


def test_query_form_json_parameter_and_json_body_are_read_alike(acme, program):
    given = {"cmd": "get_server", "sess": program.sess, "id": str(acme.server(333).pk)}
    inner = {"cmd": given["cmd"], "sess": given["sess"], "json": json.dumps({"id": given["id"]})}

    answers = [
        program.raw("GET", f"/api?{urlencode(given)}"),
        program.raw("GET", f"/api/?{urlencode(inner)}"),
        program.raw(body=urlencode(given).encode()),
        program.raw(body=urlencode(inner).encode()),
        program.raw(body=json.dumps(given).encode(), kind="application/json"),
        program.raw(body=json.dumps({**given, "id": int(given["id"])}).encode(), kind="text/plain"),
    ]

    assert {answer.status_code for answer in answers} == {200}
    assert {answer.content for answer in answers} == {answers[0].content}
    body = answers[0].json()
    assert (body["success"], body["login"], body["data"]["id"]) == (True, "owner@acme.test", given["id"])
    assert answers[0]["Cache-Control"] == "no-store"
    assert answers[0]["Referrer-Policy"] == "no-referrer"


def test_names_are_case_sensitive(program):
    assert program.code("Get_Servers") == codes.UNKNOWN_COMMAND
    assert program.code("get_server", ID=1) == codes.SURPLUS_PARAMETER


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"[1]", "application/json", codes.NOT_AN_OBJECT),
        (b'{"cmd":', "application/json", codes.NOT_AN_OBJECT),
        (b"7", "application/json", codes.NOT_AN_OBJECT),
        (b'{"cmd": "\\ud800"}', "application/json", codes.NOT_AN_OBJECT),
        (b"[" * 100_000, "application/json", codes.NOT_AN_OBJECT),
        (b"cmd=get_servers&json=5", "", codes.NOT_AN_OBJECT),
        (b"cmd=a&cmd=b", "", codes.SURPLUS_PARAMETER),
        (b'cmd=a&json={"cmd":"b"}', "", codes.SURPLUS_PARAMETER),
        (b"cmd=get_server&id=%00", "", codes.BAD_PARAMETER),
        (b"x" * 1_100_000, "", codes.TOO_LARGE),
        (b"cmd=\xff\xfe", "", codes.NOT_AN_OBJECT),
        (b"", "", codes.SESSION_INVALID),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_own_code_and_sends_nothing(program, sandbox, body, kind, code):
    answer = program.raw(body=body, kind=kind)

    assert answer.status_code == 200
    assert (answer.json()["success"], answer.json()["data"]) == (False, code)
    assert sandbox.ledger() == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_not_spoken(program, method):
    assert program.raw(method).status_code == 405


def test_an_unknown_host_gets_nothing(acme):
    answer = Program(acme, host="nobody.test").raw("GET", "/api?cmd=login")

    assert (answer.status_code, answer.content) == (404, b"Not found\n")


def test_a_browsers_cookie_counts_for_nothing_here(acme, sandbox):
    program = Program(acme)
    program.client.force_login(acme.owner, backend="apps.accounts.auth.ResellerBackend")

    assert program.code("get_servers") == codes.SESSION_INVALID
    assert program.raw("GET", f"/api?cmd=stop_server&id={acme.server(333).pk}").json()["data"] == codes.SESSION_INVALID
    assert sandbox.calls("stop_server") == 0


@pytest.mark.parametrize(
    ("cmd", "given", "code", "parameter"),
    [
        ("get_server", {}, codes.MISSING_PARAMETER, "id"),
        ("get_server", {"id": 1, "color": 2}, codes.SURPLUS_PARAMETER, "color"),
        ("get_logs", {"count": 101}, codes.BAD_PARAMETER, "count"),
        ("get_logs", {"count": "many"}, codes.BAD_PARAMETER, "count"),
        ("add_dns_zone", {}, codes.MISSING_PARAMETER, "zone"),
        ("add_dns_zone", {"zone": "no zone"}, codes.BAD_PARAMETER, "name"),
        ("get_functions", {"x": 1}, codes.SURPLUS_PARAMETER, "x"),
    ],
)
def test_a_wrong_parameter_is_named_and_nothing_is_sent(program, sandbox, cmd, given, code, parameter):
    answer = program.ask(cmd, **given)

    assert (answer["success"], answer["data"], answer["parameter"]) == (False, code, parameter)
    assert answer["message"]
    assert sandbox.ledger() == []


def test_every_code_has_a_meaning_and_four_digits_and_the_page_lists_them():
    page = (ROOT / "docs" / "rpc.md").read_text(encoding="utf-8")
    own = {value for name, value in vars(codes).items() if name.isupper() and isinstance(value, str)}

    assert own == set(codes.MEANINGS)
    assert all(len(code) == 4 and code.isdigit() for code in own)
    assert all(f"| `{code}` | {meaning} |" in page for code, meaning in codes.MEANINGS.items())


def test_secrets_are_in_no_log(acme, program, caplog):
    caplog.set_level(logging.DEBUG)
    canary = "canary-7f3a"
    program.raw("GET", f"/api?cmd=get_servers&sess={canary}")
    program.raw("GET", f"/api?cmd=login&loginUsername=a@b.test&loginPassword={canary}&passkey={canary}")
    program.raw(body=f"cmd=get_servers&sess={canary}&sess={canary}".encode())
    program.ask("set_password", old=canary, new=canary)
    program.ask("reinstall_server", id=acme.server(333).pk, template=1, password=canary)

    assert canary not in caplog.text
    assert program.sess not in caplog.text
    assert not ProgramSession.objects.filter(digest__contains=program.sess).exists()


def test_too_many_calls_are_told_to_wait(acme, program, monkeypatch):
    monkeypatch.setattr("apps.rpc.views.PER_MINUTE", 3)
    answers = [program.raw(body=urlencode({"cmd": "get_logs", "sess": program.sess}).encode()) for _ in range(5)]

    assert answers[-1].json()["data"] == codes.TOO_MANY
    assert answers[-1]["Retry-After"] == "60"


def test_a_fault_of_ours_is_an_answer_too(program, monkeypatch):
    def broken(*_args):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("apps.rpc.views.HANDLERS", {"get_servers": broken})

    answer = program.ask("get_servers")

    assert answer["data"] == codes.BROKEN
    assert "secret" not in str(answer)
