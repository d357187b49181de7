"""Interfaces of a server: added, moved and removed while it is off, switched while it is on; all long tasks."""

import copy
from typing import Any

from sandbox import networks
from sandbox.inventory import OFF, ON
from sandbox.parameters import require, server_of, whole
from sandbox.refusals import Refused
from sandbox.world import Call

SECONDS = 5.0
MOST = 8
STATES = {"up": ON, "down": ON, "add": OFF, "update": OFF, "delete": OFF}


def eth_action(call: Call) -> Any:
    """The change is there at the end. With `add`, vlan=new makes a network and joins it."""
    server, action = server_of(call), call.given.get("action")
    if action not in STATES:
        raise Refused("bad_parameter")
    require(server, STATES[action])
    cards = copy.deepcopy(server["eth_list"])
    if action == "add":
        if len(cards) >= MOST:
            raise Refused("bad_parameter")
        cards.append(_new(call, server["id"]))
    else:
        card = _card(call, cards)
        _change(call, cards, card, action)
    call.world.begin(call, server, SECONDS, server["status"], effect={"eth_list": cards})
    return call.world.vary.new_id(server["id"])


def _card(call: Call, cards: list[dict[str, Any]]) -> dict[str, Any]:
    number = whole(call.given.get("ethid"))
    found = next((card for card in cards if card["ethid"] == number), None)
    if found is None:
        raise Refused("no_such_object")
    return found


def _change(call: Call, cards: list[dict[str, Any]], card: dict[str, Any], action: str) -> None:
    if action in {"up", "down"}:
        card["state"] = action
    elif action == "delete":
        cards.remove(card)
    else:
        card["vlan"], card["ip"] = networks.network_of(call)["id"], ""


def _new(call: Call, server: int) -> dict[str, Any]:
    is_new = call.given.get("vlan") == "new"
    network = networks.new_network(call, f"net-{server}") if is_new else networks.network_of(call)
    number = call.world.next_object()
    mac = f"52:54:01:{number >> 16 & 255:02X}:{number >> 8 & 255:02X}:{number & 255:02X}"
    return {"ethid": number, "mac": mac, "ip": "", "vlan": network["id"], "state": "up"}
