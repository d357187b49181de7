import http.client
import json
from urllib.parse import urlencode

import pytest

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_an_answer_is_the_documented_envelope(wire):
    assert wire.ask("reload_server", id=333) == {"success": True, "data": "333", "login": "user99"}
    assert wire.ask("run_server", id=333) == {"success": False, "data": "0026", "login": "user99"}


@pytest.mark.parametrize(
    "way", ["query", "form", "json in the query", "json in the form", "json body", "body and query"]
)
def test_parameters_come_in_every_documented_way(wire, way):
    outer, inner = {"cmd": "get_server", "sess": wire.sess}, {"id": 334}
    whole = {**outer, **inner}
    in_json = {**outer, "json": json.dumps(inner)}
    method, query, body, headers = {
        "query": ("GET", whole, None, {}),
        "form": ("POST", {}, urlencode(whole), FORM),
        "json in the query": ("GET", in_json, None, {}),
        "json in the form": ("POST", {}, urlencode(in_json), FORM),
        "json body": ("POST", {}, json.dumps(whole), JSON),
        "body and query": ("POST", outer, json.dumps(inner), JSON),
    }[way]

    status, _headers, answer = wire.raw(method, "/api?" + urlencode(query), body, headers)

    assert (status, json.loads(answer)["data"]["id"]) == (200, 334)


def test_names_are_case_sensitive(wire, codes):
    assert wire.code("get_server", ID=334) == codes["bad_parameter"]
    assert wire.code("Get_Server", id=334) == codes["unknown_command"]


@pytest.mark.parametrize("body", ["{", "[1]", '"x"', "7"])
def test_json_that_is_no_object_is_refused_and_nothing_happens(wire, sandbox, codes, body):
    answer = wire.ask("stop_server", id=333, json=body)

    assert (answer["data"], sandbox.accepted("stop_server"), wire.states()[333]) == (codes["bad_parameter"], 0, 1)


@pytest.mark.parametrize("id_", ["", "x", "3 33", "-333", "3.0", "٣٣٣", "9" * 40])
def test_an_id_that_is_no_number_is_a_bad_parameter(wire, codes, id_):
    assert wire.code("stop_server", id=id_) == codes["bad_parameter"]


def test_one_connection_serves_many_calls(wire):
    connection = http.client.HTTPConnection(wire.host, timeout=5)
    for _ in range(3):
        connection.request("GET", f"/api?cmd=get_account&sess={wire.sess}")
        assert json.loads(connection.getresponse().read())["success"] is True
        assert connection.sock is not None
    connection.close()


def test_other_paths_and_too_large_bodies_are_turned_away(wire):
    assert wire.raw("GET", "/")[0] == 404
    assert wire.raw("GET", "/_control")[0] == 404
    assert wire.raw("POST", "/api", headers={"Content-Length": "9999999"})[0] == 413


def test_a_page_in_a_browser_cannot_use_the_control(wire, sandbox):
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        status, _headers, _body = wire.raw("POST", "/_control", '{"op": "expire_sessions"}', {"Content-Type": kind})
        assert status == 404
    assert wire.ask("get_account")["success"] is True
    assert wire.raw("POST", "/_control", '{"op": "now"}', JSON)[0] == 200


@pytest.mark.parametrize(
    "body", ["{", "[]", '{"op": "run"}', '{"op": "_account"}', '{"op": "advance"}', '{"op": "add_fault", "kind": "x"}']
)
def test_a_senseless_control_call_says_what_is_wrong(wire, body):
    status, _headers, answer = wire.raw("POST", "/_control", body, JSON)

    assert (status, list(json.loads(answer))) == (400, ["error"])


def test_the_ledger_has_every_call_in_order_without_secrets(wire, sandbox):
    wire.login(password="hunter2-wrong")
    wire.login()
    wire.ask("get_servers_status")
    wire.ask("reinstall_server", id=334, template=12, password="hunter3-new")
    wire.ask("get_servers", json='{"password": "hunter4-json"}')
    wire.get(cmd="get_servers", sess="senseless-session")

    lines = sandbox.ledger()

    assert [(line["cmd"], line["outcome"], line["accepted"]) for line in lines] == [
        ("login", "refused: bad_login", False),
        ("login", "logged in", True),
        ("get_servers_status", "read", False),
        ("reinstall_server", "accepted", True),
        ("get_servers", "read", False),
        ("get_servers", "refused: session_invalid", False),
    ]
    assert [line["n"] for line in lines] == list(range(lines[0]["n"], lines[0]["n"] + 6))
    assert lines[3]["parameters"] == {"id": "334", "template": "12"}
    written = json.dumps(lines)
    assert not any(secret in written for secret in ("hunter", 'secret"', wire.sess, "senseless-session"))
    assert sandbox.counts()["login"] == {"calls": 2, "accepted": 1}
