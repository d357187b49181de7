"""Private networks."""

from typing import Any

from sandbox.parameters import whole
from sandbox.refusals import Refused
from sandbox.world import Call


def get_vlans(call: Call) -> Any:
    rows = [{**network, "servers": members(call, network["id"])} for network in call.account.networks]
    return call.world.vary.listing("get_vlans", rows)


def add_vlan(call: Call) -> Any:
    return call.world.vary.new_id(new_network(call, _name(call))["id"])


def new_network(call: Call, name: str) -> dict[str, Any]:
    """Names need not be unique here."""
    network = {"id": call.world.next_object(), "name": name}
    call.account.networks.append(network)
    return network


def update_vlan(call: Call) -> Any:
    network_of(call)["name"] = _name(call)
    return "ok"


def del_vlan(call: Call) -> Any:
    """Only an empty one."""
    network = network_of(call)
    if members(call, network["id"]):
        raise Refused("in_use")
    call.account.networks.remove(network)
    return "ok"


def network_of(call: Call) -> dict[str, Any]:
    """A foreign one looks exactly like a missing one."""
    number = whole(call.given.get("vlan"))
    found = next((network for network in call.account.networks if network["id"] == number), None)
    if found is None:
        raise Refused("no_such_object")
    return found


def members(call: Call, network: int) -> list[int]:
    """The servers with an interface in it."""
    servers = call.account.servers.values()
    return [server["id"] for server in servers if any(card["vlan"] == network for card in server["eth_list"])]


def _name(call: Call) -> str:
    name = str(call.given.get("name", "")).strip()
    if not 1 <= len(name) <= 100:
        raise Refused("bad_parameter")
    return name
