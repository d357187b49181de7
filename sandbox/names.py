"""DNS: zones, records and reverse names."""

import ipaddress
import re
from typing import Any

from sandbox.parameters import whole
from sandbox.refusals import Refused
from sandbox.world import Call

TYPES = frozenset({"A", "AAAA", "CNAME", "MX", "TXT", "NS", "SRV", "CAA"})
DOMAIN = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\Z")
NAME = re.compile(r"(@|(\*\.)?[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?|\*)\.?\Z")
TARGET = re.compile(r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_.-]*[a-z0-9])?\.?\Z")
TTL = 3600


def get_dns_zones(call: Call) -> Any:
    rows = [{key: zone[key] for key in ("zid", "zone", "serial")} for zone in call.account.zones]
    return call.world.vary.listing("get_dns_zones", rows)


def add_dns_zone(call: Call) -> Any:
    """A domain is served once, whoever asked first."""
    name = str(call.given.get("zone", "")).lower().rstrip(".")
    if not DOMAIN.match(name):
        raise Refused("bad_parameter")
    if any(zone["zone"] == name for account in call.world.accounts.values() for zone in account.zones):
        raise Refused("exists_already")
    zone: dict[str, Any] = {"zid": call.world.next_object(), "zone": name, "serial": 1, "records": []}
    call.account.zones.append(zone)
    for number in (1, 2):
        _add(call, zone, {"name": "@", "type": "NS", "value": f"ns{number}.example.test", "ttl": 86_400, "prio": None})
    return call.world.vary.new_id(zone["zid"])


def del_dns_zone(call: Call) -> Any:
    zone = _zone(call)
    call.account.zones.remove(zone)
    return "ok"


def get_dns_records(call: Call) -> Any:
    return call.world.vary.listing("get_dns_records", _zone(call)["records"])


def add_dns_record(call: Call) -> Any:
    zone = _zone(call)
    return call.world.vary.new_id(_add(call, zone, _content(call.given)))


def update_dns_record(call: Call) -> Any:
    zone = _zone(call)
    record = _record(call, zone)
    record.update(_content({**record, **call.given}))
    zone["serial"] += 1
    return "ok"


def del_dns_record(call: Call) -> Any:
    zone = _zone(call)
    zone["records"].remove(_record(call, zone))
    zone["serial"] += 1
    return "ok"


def set_ptr(call: Call) -> Any:
    """Only for an address of the account's own servers."""
    ip, name = str(call.given.get("ip", "")), str(call.given.get("name", "")).lower()
    if not TARGET.match(name):
        raise Refused("bad_parameter")
    if not any(card["ip"] == ip for server in call.account.servers.values() for card in server["eth_list"]):
        raise Refused("no_such_object")
    call.account.reverse_names[ip] = name
    return "ok"


def _add(call: Call, zone: dict[str, Any], content: dict[str, Any]) -> int:
    number = call.world.next_object()
    zone["records"].append({"rid": number, **content})
    zone["serial"] += 1
    return number


def _zone(call: Call) -> dict[str, Any]:
    """By number or (to remove one) by name; a foreign one looks exactly like a missing one."""
    named = str(call.given.get("zone", "")).lower().rstrip(".")
    number = whole(call.given["zid"]) if "zid" in call.given else None
    for zone in call.account.zones:
        if zone["zid"] == number or (number is None and zone["zone"] == named):
            return zone
    raise Refused("no_such_object")


def _record(call: Call, zone: dict[str, Any]) -> dict[str, Any]:
    number = whole(call.given.get("rid"))
    records: list[dict[str, Any]] = zone["records"]
    found = next((record for record in records if record["rid"] == number), None)
    if found is None:
        raise Refused("no_such_object")
    return found


def _content(given: dict[str, Any]) -> dict[str, Any]:
    """A record as it is kept, or a refusal of what no server would load."""
    name, type_, value = str(given.get("name", "")).lower(), str(given.get("type", "")), str(given.get("value", ""))
    if not NAME.match(name) or type_ not in TYPES or not _is_value(type_, value):
        raise Refused("bad_parameter")
    ttl = whole(given["ttl"]) if given.get("ttl") is not None else TTL
    priority = whole(given["prio"]) if given.get("prio") is not None else None
    if (type_ in {"MX", "SRV"}) != (priority is not None) and type_ in {"MX", "SRV"}:
        raise Refused("bad_parameter")
    return {"name": name, "type": type_, "value": value, "ttl": ttl, "prio": priority}


def _is_value(type_: str, value: str) -> bool:
    if type_ in {"A", "AAAA"}:
        return _is_address(value, 4 if type_ == "A" else 6)
    if type_ in {"CNAME", "MX", "NS"}:
        return bool(TARGET.match(value.lower()))
    if type_ == "SRV":
        return bool(re.match(r"\d{1,5} \d{1,5} \S{1,253}\Z", value))
    if type_ == "CAA":
        return bool(re.match(r'\d{1,3} [a-z]+ "[^"]*"\Z', value))
    strings = re.findall(r'"((?:[^"\\]|\\.)*)"', value) if value.startswith('"') else [value]
    return bool(value) and all(len(part.encode()) <= 255 for part in strings)


def _is_address(value: str, version: int) -> bool:
    try:
        return ipaddress.ip_address(value).version == version
    except ValueError:
        return False
