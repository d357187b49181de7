"""Contracts, what flows over them, and counters."""

import base64

import pytest

CONTRACT, ENDED = 801, 5801


def test_contracts_have_the_documented_fields_and_exactly_one_default(wire):
    rows = wire.rows("get_contracts")

    assert [int(row["id"]) for row in rows] == [CONTRACT, ENDED]
    assert {"id", "fid", "template", "default", "type", "datestop", "num"} <= set(rows[0])
    assert (rows[0]["datestop"], rows[1]["datestop"] is None) == (None, False)
    wire.data("set_default_contract", contract=ENDED)
    assert [int(row["default"]) for row in wire.rows("get_contracts")] == [0, 1]


def test_a_file_is_base64_and_foreign_ones_look_missing(wire, codes):
    file = wire.data("get_file", fid=CONTRACT * 10)

    assert base64.b64decode(file["body"]) == f"Contract {CONTRACT * 10}\n".encode()
    assert wire.code("get_file", fid=8110) == wire.code("get_file", fid=1) == codes["no_such_object"]


def test_the_balance_falls_by_the_daily_cost(wire, sandbox):
    before = wire.data("get_balance", contract=CONTRACT)
    sandbox.advance(86_400 * 0.9)

    after = wire.data("get_balance", contract=CONTRACT)

    assert before["balance"] - after["balance"] == pytest.approx(0.9 * before["daily_cost"], abs=0.1)


def test_charges_are_a_line_a_server_and_day_within_the_asked_days(wire):
    rows = wire.rows("get_charges", contract=CONTRACT)
    days = sorted({row["date"][:10] for row in rows})

    assert len(rows) == len({row["id"] for row in rows})
    one = wire.rows("get_charges", contract=CONTRACT, **{"from": days[3], "to": days[3]})
    assert {row["date"][:10] for row in one} == {days[3]}
    assert len(one) == len({row["serverid"] for row in one}) > 1


@pytest.mark.parametrize("cmd", ["get_balance", "get_payments", "get_charges", "get_bills", "set_default_contract"])
def test_a_foreign_contract_looks_like_a_missing_one(wire, codes, cmd):
    assert wire.code(cmd, contract=811) == wire.code(cmd, contract=1) == codes["no_such_object"]
    assert wire.code(cmd) == codes["bad_parameter"]


def test_bills_name_files_that_can_be_fetched(wire):
    bill = wire.rows("get_bills", contract=CONTRACT)[-1]

    assert wire.data("get_file", fid=bill["fid"])["name"] == f"bill-{bill['fid']}.txt"
    assert len(wire.rows("get_payments", contract=CONTRACT)) == 3


def paths(wire, number):
    server = wire.data("get_server", id=number)
    mac, disk = server["eth_list"][0]["mac"], server["hdd_list"][0]["hddid"]
    return [f"{number}/cpu/0/cpuLoad", f"{number}/network/{mac}/rx_bytes", f"{number}/hdd/{disk}/wr_bytes"]


def test_counters_of_a_running_server_grow_and_load_stays_within_its_bounds(wire, sandbox):
    asked = "|".join(paths(wire, 333))
    before = wire.data("get_stat_data", fields=asked)
    for _minute in range(30):
        sandbox.advance(47)
        after = wire.data("get_stat_data", fields=asked)
        load, received, written = after.values()
        assert 0 <= load <= 100
        assert received > list(before.values())[1]
        assert written > list(before.values())[2]
        before = after


def test_a_stopped_server_has_no_values(wire):
    assert set(wire.data("get_stat_data", fields="|".join(paths(wire, 335))).values()) == {None}


@pytest.mark.parametrize(
    "path", ["333/cpu/99/cpuLoad", "333/cpu/0", "333/cpu/0/rx_bytes", "333/network/xx/rx_bytes", ""]
)
def test_a_path_that_is_none_is_refused(wire, codes, path):
    assert wire.code("get_stat_data", fields=path) == codes["bad_parameter"]


def test_a_foreign_servers_counters_look_missing(wire, codes):
    assert wire.code("get_stat_data", fields="501/cpu/0/cpuLoad") == codes["no_such_object"]
