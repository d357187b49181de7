import json
import re
from datetime import UTC

import pytest

TEN = range(1, 11)


def story(wire, sandbox):
    """What happens to one who does these things: bodies, without the moments of time."""
    answers = [wire.login()]
    for cmd, given in (
        ("clone_server", {"id": 334, "server_name": "copy"}),
        ("stop_server", {"id": 333}),
        ("run_server", {"id": 333}),
        ("get_nothing", {}),
        ("get_presets", {}),
        ("get_templates", {}),
        ("get_servers_status", {}),
    ):
        answers.append(wire.ask(cmd, **given))
    journal = sandbox.control("state", account="user99")["journal"]
    lags = [round(entry["appears"] - entry["posted"], 6) for entry in journal]
    return json.dumps([answers, [entry["id"] for entry in journal], lags])


@pytest.mark.parametrize("seed", [0, 1, 7])
def test_the_same_calls_give_the_same_answers_at_the_same_seed(at_seed, sandbox, seed):
    first = story(at_seed(seed), sandbox)
    assert story(at_seed(seed), sandbox) == first
    assert story(at_seed(seed + 1), sandbox) != first


def test_reading_in_between_changes_nothing_that_is_drawn(at_seed, sandbox):
    wire = at_seed(3)
    plain = wire.data("clone_server", id=334)
    wire = at_seed(3)
    wire.rows("get_servers")
    wire.login("user77")
    wire.login()

    assert wire.data("clone_server", id=334) == plain


def test_seed_0_is_the_plain_documented_set(sandbox):
    found = sandbox.control("variations")

    assert found.pop("codes")["session_invalid"] == "0021"
    assert found == {
        "mappings": [],
        "status_rows": False,
        "numbers_as_strings": False,
        "ids_as_strings": True,
        "success": [True, False],
        "extra_fields": False,
        "nothing": None,
        "null_when_empty": False,
        "bom": False,
        "clone_names_copy": False,
        "longest_lag": 0.0,
        "longest_late": 0.0,
        "dates": "moscow",
        "newest_first": True,
    }


def test_ten_seeds_show_every_reading_of_everything_that_is_open(sandbox):
    seen: dict[str, set[str]] = {}
    for seed in TEN:
        sandbox.reset(seed)
        found = sandbox.control("variations")
        found.pop("codes")
        mappings = found.pop("mappings")
        found.update({f"mapping {name}": name in mappings for name in ("get_servers", "get_logs", "hdd_list")})
        for name, value in found.items():
            seen.setdefault(name, set()).add(json.dumps(value))

    expected = {"success": 4, "longest_lag": 4, "longest_late": 3, "dates": 3}
    assert {name: len(values) for name, values in seen.items()} == {name: expected.get(name, 2) for name in seen}


@pytest.mark.parametrize("seed", TEN)
def test_each_meaning_has_a_code_of_four_digits_and_mostly_of_its_own(at_seed, sandbox, seed):
    wire = at_seed(seed)
    codes = sandbox.control("codes")

    apart = {meaning: code for meaning, code in codes.items() if meaning != "session_expired"}
    assert len(set(apart.values())) == len(apart)
    assert all(re.fullmatch(r"\d{4}", code) for code in codes.values())
    assert "9999" not in codes.values()
    assert wire.code("no_such") == codes["unknown_command"]
    assert wire.code("stop_server", id=335) == codes["wrong_state"]
    assert wire.code("stop_server", id=501) == codes["no_such_object"]
    wire.sess = "senseless"
    assert wire.code("get_servers") == codes["session_invalid"]


@pytest.mark.parametrize("seed", TEN)
def test_every_seed_tells_the_same_facts(at_seed, sandbox, seed):
    wire = at_seed(seed)
    vary = sandbox.control("variations")

    copy = wire.data("clone_server", id=334, server_name="copy")
    assert type(copy) is (str if vary["ids_as_strings"] else int)
    states = wire.states()
    assert (states[333], states[335], states[334], states[int(copy)]) == (1, 0, 3, 3)
    sandbox.advance(68)
    [line] = wire.rows("get_logs")
    assert (line["cmd"], int(line["serverid"])) == ("clone_server", int(copy) if vary["clone_names_copy"] else 334)
    assert int(line["status"]) == 1
    assert wire.states()[int(copy)] == 0
    assert {int(row["id"]): row for row in wire.rows("get_servers")}[333]["server_name"] == "web-1"


@pytest.mark.parametrize("seed", TEN)
def test_shapes_are_those_of_the_seed(at_seed, sandbox, seed):
    wire = at_seed(seed)
    vary = sandbox.control("variations")
    status, headers, body = wire.raw("GET", f"/api?cmd=get_servers&sess={wire.sess}")
    answer = json.loads(body.decode("utf-8-sig"))
    servers = answer["data"]
    first = servers["333"] if isinstance(servers, dict) else servers[0]

    assert (status, int(headers["Content-Length"])) == (200, len(body))
    assert body.startswith(b"\xef\xbb\xbf") is vary["bom"]
    assert answer["success"] == vary["success"][0]
    assert isinstance(servers, dict) is ("get_servers" in vary["mappings"])
    assert isinstance(first["hdd_list"], dict) is ("hdd_list" in vary["mappings"])
    assert isinstance(first["cpu"], str) is vary["numbers_as_strings"]
    assert ("rev" in first) is vary["extra_fields"]
    assert first["iso"] == vary["nothing"]
    assert wire.data("get_logs") == (None if vary["null_when_empty"] else [])


@pytest.mark.parametrize("seed", TEN)
def test_an_entry_appears_at_most_eight_seconds_late(at_seed, sandbox, seed):
    wire = at_seed(seed)
    longest = sandbox.control("variations")["longest_lag"]
    for id_ in (333, 334, 336, 337, 338):
        wire.data("stop_server", id=id_)
    journal = sandbox.control("state", account="user99")["journal"]
    lags = [entry["appears"] - entry["posted"] for entry in journal]

    assert all(0 <= lag <= longest for lag in lags)
    assert len(set(lags)) == (5 if longest else 1)
    sandbox.advance(8)
    rows = wire.rows("get_logs")
    order = [int(row["id"]) for row in rows]
    if "get_logs" not in sandbox.control("variations")["mappings"]:
        assert order == sorted(order, reverse=sandbox.control("variations")["newest_first"])
    assert len(order) == 5


@pytest.mark.parametrize("seed", TEN)
def test_a_cut_command_is_accepted_at_most_three_seconds_late(at_seed, sandbox, seed):
    wire = at_seed(seed)
    longest = sandbox.control("variations")["longest_late"]
    sandbox.fault("cut_after", cmd="stop_server", count=1)
    with pytest.raises((ConnectionError, OSError)):
        wire.ask("stop_server", id=333)
    sandbox.advance(longest)

    assert (wire.states()[333], sandbox.accepted("stop_server"), sandbox.calls("stop_server")) == (3, 1, 1)


@pytest.mark.parametrize("seed", range(1, 4))
def test_dates_are_the_same_moment_in_every_way_of_writing(seed):
    from datetime import datetime, timedelta, timezone

    from tests.conftest_sandbox import SandboxProcess

    from .conftest import Wire

    process = SandboxProcess(seed, 1.0, "--now", "2026-03-01T12:00:00+00:00")
    try:
        wire = Wire(process.url)
        wire.login()
        wire.data("stop_server", id=333)
        process.advance(60)
        [line] = wire.rows("get_logs")
    finally:
        process.stop()
    written = str(line["datepost"])
    if written.isdecimal():
        found = datetime.fromtimestamp(int(written), UTC)
    else:
        found = datetime.fromisoformat(written)
        found = found if found.tzinfo else found.replace(tzinfo=timezone(timedelta(hours=3)))
    assert abs(found.timestamp() - datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp()) < 5
