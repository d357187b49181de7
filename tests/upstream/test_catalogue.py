"""Every command of the vendor's reference stands in the catalogue, none else, and what is sent is checked by it."""

from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.upstream import reference
from apps.upstream.catalogue import COMMANDS, InvalidParameters, Provenance, Resource, Type, validated

# fmt: off
DOCUMENTED = {
    "login", "get_logs", "close_ticket", "add_server", "run_server", "stop_server", "pause_server", "reload_server",
    "eth_action", "get_stat_data", "get_contracts",
}
NAME_ONLY = {
    "get_servers_status", "get_presets", "update_server", "archive_server", "del_server", "reinstall_server",
    "get_file",
}
INFERRED = {
    "logout", "get_account", "update_account", "set_password", "set_twofactorauth", "get_tickets", "get_ticket",
    "add_ticket", "add_ticket_message", "get_servers", "get_server", "restore_server", "clone_server", "get_vnc",
    "get_templates", "add_template", "update_template", "del_template", "get_isos", "add_iso", "del_iso", "mount_iso",
    "umount_iso", "get_dns_zones", "add_dns_zone", "del_dns_zone", "get_dns_records", "add_dns_record",
    "update_dns_record", "del_dns_record", "set_ptr", "get_vlans", "add_vlan", "update_vlan", "del_vlan",
    "set_default_contract", "get_balance", "get_payments", "get_charges", "get_bills",
}
JOURNALLED = {
    "add_server", "update_server", "run_server", "stop_server", "pause_server", "reload_server", "archive_server",
    "restore_server", "del_server", "reinstall_server", "clone_server", "add_template", "add_iso", "eth_action",
}
# fmt: on
SECRET = {
    "login": {"loginPassword", "smskey", "passkey"},
    "set_password": {"old", "new"},
    "add_server": {"password"},
    "update_server": {"password"},
    "reinstall_server": {"password"},
}
PAGE = Path(__file__).resolve().parents[2] / "docs" / "upstream.md"


def by(provenance):
    return sorted(command.name for command in COMMANDS.values() if command.provenance is provenance)


def test_every_command_is_there_by_what_is_known_of_it_and_none_else():
    assert by(Provenance.DOCUMENTED) == sorted(DOCUMENTED)
    assert by(Provenance.NAME_ONLY) == sorted(NAME_ONLY)
    assert by(Provenance.INFERRED) == sorted(INFERRED)


def test_the_long_tasks_are_the_journalled_ones_and_they_change_something():
    journalled = [command for command in COMMANDS.values() if command.journalled]

    assert sorted(command.name for command in journalled) == sorted(JOURNALLED)
    assert not [command.name for command in journalled if command.reads]


def test_what_is_called_get_reads_and_nothing_else_does():
    assert {name for name, command in COMMANDS.items() if command.reads} == {
        name for name in COMMANDS if name.startswith("get_")
    }


def test_only_the_login_needs_no_session_and_only_configurations_travel_as_json():
    assert [name for name, command in COMMANDS.items() if not command.session] == ["login"]
    assert [name for name, command in COMMANDS.items() if command.as_json] == ["add_server", "update_server"]


def test_secret_parameters_are_marked():
    marked = {
        name: {parameter.name for parameter in command.parameters if parameter.secret}
        for name, command in COMMANDS.items()
    }

    assert {name: secrets for name, secrets in marked.items() if secrets} == SECRET


def test_every_kind_of_resource_is_named_by_some_parameter():
    assert {p.names for command in COMMANDS.values() for p in command.parameters if p.names} == set(Resource)


def test_parameters_have_distinct_names():
    for command in COMMANDS.values():
        names = [parameter.name for parameter in command.parameters]
        assert len(names) == len(set(names))
        assert not {"cmd", "sess", "json"} & set(names)


@pytest.mark.parametrize(
    ("command", "given_", "wrong"),
    [
        ("run_server", {}, "id"),
        ("run_server", {"id": None}, "id"),
        ("run_server", {"id": ""}, "id"),
        ("run_server", {"id": 1, "sess": "x"}, "sess"),
        ("run_server", {"id": 1, "ID": 1}, "ID"),
        ("run_server", {"id": True}, "id"),
        ("run_server", {"id": [1]}, "id"),
        ("run_server", {"id": {"a": 1}}, "id"),
        ("run_server", {"id": "\ud800"}, "id"),
        ("no_such_command", {}, "cmd"),
        ("get_logs", {"count": 0}, "count"),
        ("get_logs", {"count": 101}, "count"),
        ("get_logs", {"count": "ten"}, "count"),
        ("get_logs", {"count": "1_0"}, "count"),
        ("get_logs", {"count": "1e1"}, "count"),
        ("get_logs", {"count": "٣"}, "count"),
        ("get_logs", {"count": 1.5}, "count"),
        ("get_logs", {"count": "sNaN"}, "count"),
        ("get_logs", {"count": "9" * 400}, "count"),
        ("add_server", {"ram": 1}, "cpu"),
        ("add_server", {"cpu": 1}, "ram"),
        ("add_server", {"cpu": 0, "ram": 1}, "cpu"),
        ("add_server", {"cpu": 1, "ram": 1, "cputype": 4}, "cputype"),
        ("add_server", {"cpu": 1, "ram": "Infinity"}, "ram"),
        ("add_server", {"cpu": 1, "ram": 1, "hdd_list": "20"}, "hdd_list"),
        ("add_server", {"cpu": 1, "ram": 1, "hdd_list": [20]}, "hdd_list"),
        ("eth_action", {"id": 1, "action": "explode"}, "action"),
        ("get_stat_data", {"fields": "555/cpu"}, "fields"),
        ("get_stat_data", {"fields": "555/cpu/0/cpuLoad|"}, "fields"),
        ("get_payments", {"contract": 1, "from": "2026-02-30"}, "from"),
        ("get_payments", {"contract": 1, "to": "yesterday"}, "to"),
        ("add_dns_record", {"zid": 1, "name": "a", "type": "PTR", "value": "b"}, "type"),
        ("login", {"loginUsername": "a", "loginPassword": "CANARY", "smskey": "CANARY"}, "smskey"),
    ],
)
def test_what_the_catalogue_does_not_allow_is_refused_by_name(command, given_, wrong):
    with pytest.raises(InvalidParameters) as caught:
        validated(command, given_)

    assert caught.value.parameter == wrong
    assert wrong in str(caught.value)
    assert "CANARY" not in str(caught.value)


@pytest.mark.parametrize(
    ("command", "given_"),
    [
        ("get_logs", {}),
        ("get_logs", {"count": 100}),
        ("get_logs", {"count": "50"}),
        ("add_server", {"cpu": "2", "ram": Decimal("0.5"), "hdd_list": [{"size": 10}], "server_name": "a"}),
        ("clone_server", {"id": "333", "server_name": "копия 🚀"}),
        ("eth_action", {"id": 1, "action": "add", "vlan": "new"}),
        ("get_stat_data", {"fields": "555/network/AA:BB:CC:DD:EE:FF/rx_bytes|555/cpu/0/cpuLoad"}),
        ("get_charges", {"contract": 801, "from": "2026-02-28", "to": "2026-03-01"}),
        ("login", {"loginUsername": "a", "loginPassword": "b", "passkey": "012345", "sendkey": 0}),
    ],
)
def test_what_it_allows_is_passed_on_unchanged(command, given_):
    assert validated(command, given_) == (COMMANDS[command], given_)


def test_parameters_that_are_none_are_left_out():
    assert validated("clone_server", {"id": 1, "server_name": None})[1] == {"id": 1}


@given(st.sampled_from(sorted(COMMANDS)), st.dictionaries(st.text(max_size=8), st.from_type(object), max_size=3))
def test_no_input_ends_in_anything_but_a_result_or_a_named_refusal(command, given_):
    with suppress(InvalidParameters):
        validated(command, given_)


@given(st.sampled_from(sorted(COMMANDS)), st.data())
def test_no_value_ends_in_anything_but_a_result_or_a_named_refusal(command, data):
    values = st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.text(), st.lists(st.none())
    )
    given_ = {parameter.name: data.draw(values) for parameter in COMMANDS[command].parameters}
    with suppress(InvalidParameters):
        validated(command, given_)


def test_the_reference_is_current():
    assert PAGE.read_text(encoding="utf-8") == reference.render(), (
        "python -m apps.upstream.reference > docs/upstream.md"
    )


def test_the_reference_names_every_command_with_what_is_known_of_it_and_says_what_is_assumed():
    page = reference.render()

    for command in COMMANDS.values():
        assert f"| `{command.name}` | {command.provenance} | " in page
    assert "not the vendor's word" in page
    assert "secret, inferred" in page  # a password of a documented command


def test_only_paths_name_several_resources():
    named = {p.type for command in COMMANDS.values() for p in command.parameters if p.names}

    assert named == {Type.TEXT, Type.PATHS}
