"""Zones, records, reverse names and private networks."""

import pytest


@pytest.fixture
def zid(wire):
    return int(wire.data("add_dns_zone", zone="Shop.Example"))


def other(wire):
    """Signed in as somebody else."""
    wire.login("user77")
    return wire


def test_a_zone_is_listed_with_name_servers_until_it_is_removed(wire, zid):
    assert [(row["zid"], row["zone"]) for row in wire.rows("get_dns_zones")] == [(zid, "shop.example")]
    assert [row["type"] for row in wire.rows("get_dns_records", zid=zid)] == ["NS", "NS"]

    wire.data("del_dns_zone", zid=zid)

    assert wire.rows("get_dns_zones") == []


def test_a_domain_is_served_once_whoever_asks(wire, codes, zid):
    assert wire.code("add_dns_zone", zone="shop.example") == codes["exists_already"]
    assert other(wire).code("add_dns_zone", zone="shop.example.") == codes["exists_already"]


def test_a_record_changes_and_goes_and_the_serial_grows(wire, zid):
    rid = int(wire.data("add_dns_record", zid=zid, name="www", type="A", value="192.0.2.7"))
    serial = wire.rows("get_dns_zones")[0]["serial"]
    wire.data("update_dns_record", zid=zid, rid=rid, name="www", type="A", value="192.0.2.8", ttl=60)

    found = next(row for row in wire.rows("get_dns_records", zid=zid) if row["rid"] == rid)
    assert (found["value"], int(found["ttl"]), found["prio"]) == ("192.0.2.8", 60, None)
    assert wire.rows("get_dns_zones")[0]["serial"] > serial
    wire.data("del_dns_record", zid=zid, rid=rid)
    assert rid not in {row["rid"] for row in wire.rows("get_dns_records", zid=zid)}


@pytest.mark.parametrize(
    "given",
    [
        {"name": "a b", "type": "A", "value": "192.0.2.1"},
        {"name": "a", "type": "PTR", "value": "x.example"},
        {"name": "a", "type": "A", "value": "2001:db8::1"},
        {"name": "a", "type": "MX", "value": "mail.example"},
        {"name": "a", "type": "SRV", "value": "sip.example", "prio": 1},
        {"name": "a", "type": "TXT", "value": "x" * 256},
        {"name": "a", "type": "CAA", "value": "issue"},
    ],
)
def test_what_no_name_server_would_load_is_refused(wire, codes, zid, given):
    assert wire.code("add_dns_record", zid=zid, **given) == codes["bad_parameter"]
    assert len(wire.rows("get_dns_records", zid=zid)) == 2


def test_a_foreign_zone_looks_like_a_missing_one(wire, codes, zid):
    stranger = other(wire)
    for number in (zid, 999_999):
        assert stranger.code("get_dns_records", zid=number) == codes["no_such_object"]
        assert stranger.code("del_dns_zone", zid=number) == codes["no_such_object"]


def test_a_reverse_name_needs_an_address_of_ones_own(wire, codes):
    ip = wire.data("get_server", id=333)["eth_list"][0]["ip"]

    assert wire.data("set_ptr", ip=ip, name="mail.example") == "ok"
    assert wire.code("set_ptr", ip="203.0.113.1", name="mail.example") == codes["no_such_object"]
    assert other(wire).code("set_ptr", ip=ip, name="mail.example") == codes["no_such_object"]


def test_a_network_is_made_renamed_and_removed(wire, codes):
    number = int(wire.data("add_vlan", name="backend"))
    wire.data("update_vlan", vlan=number, name="inside")

    assert wire.rows("get_vlans") == [{"id": number, "name": "inside", "servers": []}]
    assert wire.code("add_vlan", name="") == codes["bad_parameter"]
    assert other(wire).code("del_vlan", vlan=number) == codes["no_such_object"]
    wire.login()
    wire.data("del_vlan", vlan=number)
    assert wire.rows("get_vlans") == []


def test_numbers_are_never_given_twice(wire, zid):
    wire.data("del_dns_zone", zid=zid)

    assert int(wire.data("add_dns_zone", zone="shop.example")) > zid
