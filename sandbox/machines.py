"""Servers made, changed, put away, brought back and removed: all long tasks."""

from typing import Any

from sandbox import inventory
from sandbox.inventory import ARCHIVED, BUSY, OFF
from sandbox.money import price
from sandbox.parameters import server_of, whole
from sandbox.refusals import Refused
from sandbox.world import Call

LARGEST_CPU, LARGEST_RAM, LARGEST_DISK, MOST_DISKS = 64, 512, 10_000, 16
MAKING, CHANGING, PUTTING_AWAY, REMOVING = 30.0, 15.0, 20.0, 10.0


def add_server(call: Call) -> Any:
    """The new server is listed at once, busy, and off (or, with a template, on) at the end; one that fails vanishes."""
    size = _size(call, {"cpu": None, "ram": None, "hdd_list": None})
    if "template" in call.given:
        size["template"] = _template(call, size["hdd_list"])
    name = _name(call.given.get("server_name") or "server")
    cost = 30 * price({**size, "id": 0})
    if call.account.balance < cost:
        raise Refused("no_funds")
    made = call.world.add_server(call.account, server_name=name, status=BUSY, datecreate=call.now)
    _take_size(made, size)
    entry = call.world.begin(call, made, MAKING, inventory.ON if "template" in size else OFF, cost=cost)
    entry.makes = True
    return call.world.vary.new_id(made["id"])


def update_server(call: Call) -> Any:
    """A name at any time; processors, memory and disks only when it is off. The change is there at the end."""
    server = server_of(call)
    effect: dict[str, Any] = {}
    if call.given.get("server_name"):
        effect["server_name"] = _name(call.given["server_name"])
    if any(name in call.given for name in ("cpu", "ram", "hdd_list", "preset")):
        if server["status"] != OFF:
            raise Refused("wrong_state")
        effect |= _sized(server, _size(call, server))
    if server["status"] in {BUSY, ARCHIVED} or not effect:
        raise Refused("wrong_state" if effect else "bad_parameter")
    call.world.begin(call, server, CHANGING, server["status"], effect=effect)
    return call.world.vary.new_id(server["id"])


def archive_server(call: Call) -> Any:
    return _away(call, {OFF}, PUTTING_AWAY, ARCHIVED)


def restore_server(call: Call) -> Any:
    return _away(call, {ARCHIVED}, PUTTING_AWAY, OFF)


def del_server(call: Call) -> Any:
    """At the end it is no longer listed."""
    answer = _away(call, {OFF, ARCHIVED}, REMOVING, OFF)
    call.account.journal[-1].removes = True
    return answer


def _away(call: Call, states: set[int], seconds: float, end_state: int) -> Any:
    server = server_of(call)
    if server["status"] not in states:
        raise Refused("wrong_state")
    call.world.begin(call, server, seconds, end_state)
    return call.world.vary.new_id(server["id"])


def _size(call: Call, before: dict[str, Any]) -> dict[str, Any]:
    """Processors, memory and disks as asked, as the preset says, or as before."""
    given = dict(call.given)
    if given.get("preset"):
        number = whole(given["preset"])
        preset = next((row for row in inventory.PRESETS if row["id"] == number), None)
        if preset is None:
            raise Refused("no_such_object")
        given |= {"cpu": preset["cpu"], "ram": preset["ram"], "hdd_list": [{"size": preset["hdd"]}], "preset": number}
    cpu = whole(given.get("cpu", before["cpu"]) or 0)
    try:
        ram = float(given.get("ram", before["ram"]) or 0)
    except (TypeError, ValueError):
        raise Refused("bad_parameter") from None
    disks = _disks(given.get("hdd_list") or before["hdd_list"])
    if not 1 <= cpu <= LARGEST_CPU or not 0 < ram <= LARGEST_RAM:
        raise Refused("bad_parameter")
    return {"cpu": cpu, "ram": int(ram) if ram == int(ram) else ram, "hdd_list": disks, "preset": given.get("preset")}


def _disks(given: Any) -> list[dict[str, Any]]:
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_DISKS:
        raise Refused("bad_parameter")
    disks = []
    for disk in given:
        size = whole(disk.get("size")) if isinstance(disk, dict) else 0
        if not 1 <= size <= LARGEST_DISK:
            raise Refused("bad_parameter")
        disks.append({"hddid": disk.get("hddid"), "size": size, "type": str(disk.get("type") or "ssd")})
    return disks


def _sized(server: dict[str, Any], size: dict[str, Any]) -> dict[str, Any]:
    """Disks keep their numbers in order; none is removed or made smaller."""
    old, disks = server["hdd_list"], []
    if len(size["hdd_list"]) < len(old):
        raise Refused("bad_parameter")
    for place, disk in enumerate(size["hdd_list"]):
        before = (
            old[place] if place < len(old) else {"hddid": server["id"] * 10 + place, "size": 0, "type": disk["type"]}
        )
        if disk["size"] < before["size"]:
            raise Refused("bad_parameter")
        disks.append({**before, "size": disk["size"]})
    return {"cpu": size["cpu"], "ram": size["ram"], "hdd_list": disks}


def _take_size(server: dict[str, Any], size: dict[str, Any]) -> None:
    server.update({key: size[key] for key in ("cpu", "ram", "preset")}, template=size.get("template"), iso=None)
    server["hdd_list"] = [
        {"hddid": server["id"] * 10 + place, "size": disk["size"], "type": disk["type"]}
        for place, disk in enumerate(size["hdd_list"])
    ]


def _template(call: Call, disks: list[dict[str, Any]]) -> int:
    number = whole(call.given["template"])
    template = next((row for row in call.account.templates if row["id"] == number), None)
    if template is None:
        raise Refused("no_such_object")
    if template["min_hdd"] > sum(disk["size"] for disk in disks):
        raise Refused("disk_too_small")
    return number


def _name(given: Any) -> str:
    name = str(given).strip()
    if not 1 <= len(name) <= 100:
        raise Refused("bad_parameter")
    return name
