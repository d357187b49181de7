"""Templates and ISO images: made, renamed, removed, put into a server and taken out."""

import re
from typing import Any

from sandbox.inventory import ARCHIVED, BUSY, OFF
from sandbox.parameters import require, server_of, whole
from sandbox.refusals import Refused
from sandbox.world import Call

COPYING, FETCHING = 40.0, 25.0
Shelf = list[dict[str, Any]]


def get_isos(call: Call) -> Any:
    return call.world.vary.listing("get_isos", call.account.isos)


def add_template(call: Call) -> Any:
    """An image of a stopped server; it is listed when it is done."""
    server = server_of(call)
    require(server, OFF)
    installed = next((row for row in call.account.templates if row["id"] == server["template"]), {"os": ""})
    size = sum(disk["size"] for disk in server["hdd_list"])
    image: dict[str, Any] = {
        "id": call.world.next_object(),
        "name": _name(call),
        "os": installed["os"],
        "min_hdd": size,
    }
    image["owner"] = call.account.login
    call.world.begin(call, server, COPYING, OFF, image=image, shelf="templates")
    return call.world.vary.new_id(image["id"])


def update_template(call: Call) -> Any:
    _own(call, call.account.templates, "template")["name"] = _name(call)
    return "ok"


def del_template(call: Call) -> Any:
    call.account.templates.remove(_own(call, call.account.templates, "template"))
    return "ok"


def add_iso(call: Call) -> Any:
    """It is fetched, which takes its time, and listed when it is there."""
    if not re.fullmatch(r"https?://[^\s/]+/\S*", str(call.given.get("url", ""))):
        raise Refused("bad_parameter")
    image: dict[str, Any] = {
        "id": call.world.next_object(),
        "name": _name(call),
        "size": 700,
        "owner": call.account.login,
    }
    call.world.begin(call, None, FETCHING, OFF, image=image, shelf="isos")
    return call.world.vary.new_id(image["id"])


def del_iso(call: Call) -> Any:
    """Not while it is in a server."""
    iso = _own(call, call.account.isos, "iso")
    if any(server["iso"] == iso["id"] for server in call.account.servers.values()):
        raise Refused("in_use")
    call.account.isos.remove(iso)
    return "ok"


def mount_iso(call: Call) -> Any:
    """It takes the place of another."""
    server, iso = _free(call), _named(call, call.account.isos, "iso")
    server["iso"] = iso["id"]
    return "ok"


def umount_iso(call: Call) -> Any:
    server = _free(call)
    if server["iso"] is None or ("iso" in call.given and whole(call.given["iso"]) != server["iso"]):
        raise Refused("no_such_object")
    server["iso"] = None
    return "ok"


def _free(call: Call) -> dict[str, Any]:
    server = server_of(call)
    if server["status"] in {BUSY, ARCHIVED}:
        raise Refused("wrong_state")
    return server


def _named(call: Call, shelf: Shelf, parameter: str) -> dict[str, Any]:
    number = whole(call.given.get(parameter))
    found = next((row for row in shelf if row["id"] == number), None)
    if found is None:
        raise Refused("no_such_object")
    return found


def _own(call: Call, shelf: Shelf, parameter: str) -> dict[str, Any]:
    """Those of the system belong to nobody here."""
    found = _named(call, shelf, parameter)
    if found["owner"] == "system":
        raise Refused("no_such_object")
    return found


def _name(call: Call) -> str:
    name = str(call.given.get("name", "")).strip()
    if not 1 <= len(name) <= 100:
        raise Refused("bad_parameter")
    return name
