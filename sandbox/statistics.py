"""Counters of running servers, moving as real load does."""

import math
from typing import Any

from sandbox.inventory import ON
from sandbox.refusals import Refused
from sandbox.world import Call

MOST_PATHS = 1000
KINDS = {"cpu": ("cpuLoad", "cpuTime"), "network": ("rx_bytes", "tx_bytes"), "hdd": ("rd_bytes", "wr_bytes")}


def get_stat_data(call: Call) -> Any:
    """A mapping path → value; a server that is not running has no values."""
    paths = [path for path in str(call.given.get("fields", "")).split("|") if path]
    if not 1 <= len(paths) <= MOST_PATHS:
        raise Refused("bad_parameter")
    return {path: call.world.vary.dress(_value(call, path)) for path in paths}


def _value(call: Call, path: str) -> float | int | None:
    number, kind, device, name = [*path.split("/"), "", "", "", ""][:4]
    server = call.account.servers.get(int(number)) if number.isdecimal() else None
    if server is None:
        raise Refused("no_such_object")
    if path.count("/") != 3 or name not in KINDS.get(kind, ()) or not _has(server, kind, device):
        raise Refused("bad_parameter")
    return measure(server, kind, device, name, call.now) if server["status"] == ON else None


def _has(server: dict[str, Any], kind: str, device: str) -> bool:
    if kind == "cpu":
        return device.isdecimal() and int(device) < server["cpu"]
    if kind == "network":
        return device.upper() in {card["mac"].upper() for card in server["eth_list"]}
    return device in {str(disk["hddid"]) for disk in server["hdd_list"]}


def measure(server: dict[str, Any], kind: str, device: str, name: str, now: float) -> float | int:
    """Load swings over minutes and days; counters only grow."""
    age, own = max(now - server["datecreate"], 0.0), sum(map(ord, f"{server['id']}{device}{name}"))
    load = 25 + 15 * math.sin(now / 240 + own) + 10 * math.sin(now / 13_750 + own)
    if name == "cpuLoad":
        return round(min(max(load, 0.0), 100.0), 1)
    if name == "cpuTime":
        return int(age * 0.25)
    rate = 2_000 + own * 37 % 40_000
    return int(age * rate + rate * 60 * (1 + math.sin(now / 240 + own)))
