import re

import pytest

OFF, ON, PAUSED, BUSY, ARCHIVED = range(5)
# 333 and 334 are on, 335 is off; 336 has 5 GB of disk, 334 has 40 GB
LATER = ["get_tickets", "get_vnc", "set_password"]


@pytest.mark.parametrize("cmd", [*LATER, "no_such_command", "", "__class__", "reset"])
def test_what_is_not_built_is_an_unknown_command(wire, codes, cmd):
    assert wire.code(cmd, id=333) == codes["unknown_command"]


def test_a_server_has_the_fields_of_the_reference(wire):
    server = wire.data("get_server", id=334)

    assert set(server) == {
        *("id", "server_name", "status", "cpu", "cputype", "ram", "hdd_list", "eth_list"),
        *("template", "iso", "contract", "preset", "datecreate"),
    }
    assert set(server["hdd_list"][0]) == {"hddid", "size", "type"}
    assert set(server["eth_list"][0]) == {"ethid", "mac", "ip", "vlan", "state"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", server["datecreate"])
    assert server in wire.data("get_servers")


def test_each_demo_account_has_its_servers_with_addresses_of_their_own(wire):
    mine = wire.data("get_servers")
    assert [row["id"] for row in mine] == list(range(333, 353))
    wire.login("user77")
    others = wire.data("get_servers")
    assert [row["id"] for row in others] == list(range(501, 511))
    cards = [card for row in mine + others for card in row["eth_list"]]
    assert len({card["ip"] for card in cards}) == len({card["mac"] for card in cards}) == 30
    assert {card["ip"].rpartition(".")[0] for card in cards} == {"192.0.2", "198.51.100"}


def test_templates_and_presets_have_the_fields_of_the_reference(wire):
    templates = wire.data("get_templates")
    assert {tuple(row) for row in templates} == {("id", "name", "os", "min_hdd", "owner")}
    assert {row["owner"] for row in templates} == {"system", "user99"}
    assert {row["name"]: row["min_hdd"] for row in templates}["windows-2022"] == 40
    presets = wire.data("get_presets")
    assert {tuple(row) for row in presets} == {("id", "name", "cpu", "cputype", "ram", "hdd", "price")}


@pytest.mark.parametrize(
    ("cmd", "id_", "seconds", "ends"),
    [
        ("run_server", 335, 6, ON),
        ("stop_server", 333, 6, OFF),
        ("pause_server", 333, 6, PAUSED),
        ("reload_server", 333, 10, ON),
        ("reinstall_server", 334, 60, ON),
    ],
)
def test_a_task_takes_its_time_and_is_journalled(wire, sandbox, cmd, id_, seconds, ends):
    more = {"template": 12} if cmd == "reinstall_server" else {}
    assert wire.data(cmd, id=id_, **more) == str(id_)
    sandbox.advance(seconds - 2)
    assert wire.states()[id_] == BUSY
    [line] = wire.data("get_logs")
    assert (line["cmd"], line["status"], line["serverid"], line["datecommit"]) == (cmd, 0, id_, None)

    sandbox.advance(2)

    assert wire.states()[id_] == ends
    [line] = wire.data("get_logs")
    assert set(line) == {"id", "datepost", "datecommit", "cmd", "status", "serverid"}
    assert (line["status"], line["datecommit"] > line["datepost"]) == (1, True)


def test_speed_divides_all_durations(wire, sandbox):
    sandbox.control("set_speed", speed=60)
    wire.data("reinstall_server", id=334, template=12)
    sandbox.advance(1)

    assert (wire.states()[334], wire.data("get_server", id=334)["template"]) == (ON, 12)


def test_a_clone_is_listed_at_once_and_off_at_the_end(wire, sandbox):
    copy = int(wire.data("clone_server", id=334, server_name="копия <1>"))

    assert (wire.states()[334], wire.states()[copy]) == (BUSY, BUSY)
    sandbox.advance(59)
    assert wire.states()[copy] == BUSY
    sandbox.advance(1)
    assert (wire.states()[334], wire.states()[copy]) == (ON, OFF)
    made, source = wire.data("get_server", id=copy), wire.data("get_server", id=334)
    assert made["server_name"] == "копия <1>"
    assert [d["size"] for d in made["hdd_list"]] == [d["size"] for d in source["hdd_list"]]
    assert not {c["ip"] for c in made["eth_list"]} & {c["ip"] for c in source["eth_list"]}
    assert wire.data("get_logs")[0]["serverid"] == 334


def test_a_clone_costs_and_one_that_cannot_be_paid_is_refused(wire, sandbox, codes):
    sandbox.control("set_account", account="user99", balance=200)
    wire.data("clone_server", id=333)
    assert sandbox.control("state", account="user99")["balance"] == 50

    assert wire.code("clone_server", id=334) == codes["no_funds"]
    assert (len(wire.states()), wire.states()[334]) == (21, ON)


@pytest.mark.parametrize(
    ("cmd", "states"),
    [
        ("run_server", {OFF, PAUSED}),
        ("stop_server", {ON, PAUSED}),
        ("pause_server", {ON}),
        ("reload_server", {ON}),
        ("clone_server", {ON, OFF}),
        ("reinstall_server", {ON, OFF}),
    ],
)
def test_a_wrong_power_state_is_refused_and_nothing_is_written(wire, sandbox, codes, cmd, states):
    for state in {OFF, ON, PAUSED, BUSY, ARCHIVED} - states:
        sandbox.control("set_power", account="user99", id=334, state=state)
        assert wire.code(cmd, id=334, template=12) == codes["wrong_state"]
        assert wire.states()[334] == state
    assert (wire.data("get_logs"), len(wire.states()), sandbox.accepted(cmd)) == ([], 20, 0)
    for state in states:
        sandbox.control("set_power", account="user99", id=334, state=state)
        assert wire.data(cmd, id=334, template=12)


@pytest.mark.parametrize("cmd", ["get_server", "stop_server", "clone_server", "reinstall_server"])
def test_a_foreign_server_looks_exactly_like_a_missing_one(wire, sandbox, codes, cmd):
    foreign, missing = wire.ask(cmd, id=501, template=12), wire.ask(cmd, id=99999, template=12)

    assert foreign == missing == {"success": False, "data": codes["no_such_object"], "login": "user99"}
    assert sandbox.control("state", account="user77")["journal"] == []


def test_a_template_that_is_missing_or_too_large_is_refused(wire, codes):
    assert wire.code("reinstall_server", id=334, template=999) == codes["no_such_object"]
    assert wire.code("reinstall_server", id=334) == codes["bad_parameter"]
    assert wire.code("reinstall_server", id=336, template=15) == codes["disk_too_small"]
    assert (wire.states()[334], wire.data("get_logs")) == (ON, [])


def test_the_journal_answers_with_the_newest_and_never_more_than_a_hundred(wire, sandbox, codes):
    sandbox.control("fill_journal", account="user99", count=130)
    wire.data("stop_server", id=333)
    newest = wire.data("get_logs", count=100)

    assert (len(newest), len(wire.data("get_logs")), len(wire.data("get_logs", count=3))) == (100, 50, 3)
    assert newest[0]["cmd"] == "stop_server"
    assert len(sandbox.control("state", account="user99")["journal"]) == 131
    for count in (0, 101, "x"):
        assert wire.code("get_logs", count=count) == codes["bad_parameter"]


def test_what_is_done_in_the_vendors_own_panel_is_journalled_and_is_no_call(wire, sandbox):
    sandbox.control("panel", account="user99", cmd="stop_server", id=333)
    made = sandbox.control("add_server", account="user99", server_name="by hand")
    sandbox.control("remove_server", account="user99", id=340)

    assert (wire.states()[333], made in wire.states(), 340 in wire.states()) == (BUSY, True, False)
    assert [line["cmd"] for line in wire.data("get_logs")] == ["stop_server"]
    assert sandbox.calls("stop_server") == 0
    with pytest.raises(AssertionError, match="wrong_state"):
        sandbox.control("panel", account="user99", cmd="stop_server", id=333)


def test_a_server_that_goes_away_during_its_task_harms_nobody(wire, sandbox):
    wire.data("stop_server", id=333)
    sandbox.control("remove_server", account="user99", id=333)
    sandbox.advance(10)

    assert (333 in wire.states(), wire.data("get_logs")[0]["status"]) == (False, 1)
