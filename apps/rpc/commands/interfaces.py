"""Interfaces of a server."""

from collections.abc import Mapping
from typing import Any

from apps.common.errors import InvalidInput
from apps.jobs.services.interfaces import ACTIONS, NEEDS_NETWORK
from apps.jobs.services.orders import look_first, order
from apps.networks.services.networks import add_network
from apps.rpc.handlers import Caller, Handler, id_of, settled
from apps.servers.selectors import interface_of, server_for

KINDS = {action: kind for kind, action in ACTIONS.items()}


def eth_action(caller: Caller, given: Mapping[str, Any]) -> str:
    """As at the vendor; with `add`, vlan=new makes a private network for the server's customer, and joins it."""
    server, kind = server_for(caller.actor, id_of(given["id"])), KINDS[given["action"]]
    asked: dict[str, Any] = {}
    if "ethid" in given and given["action"] != "add":
        interface_of(server, id_of(given["ethid"]))
        asked["interface"] = given["ethid"]
    elif given["action"] != "add":
        raise InvalidInput({"ethid": ["ethid"]})
    if kind in NEEDS_NETWORK:
        asked["network"] = given.get("vlan")
        if given["action"] == "add" and given.get("vlan") == "new":
            look_first(caller.actor, server, kind)
            name = f"{server.name[:50].strip()}-net"
            asked["network"] = settled(add_network(caller.actor, name, customer=server.customer_id)).subject_id
    order(actor=caller.actor, server=server, kind=kind, arguments=asked)
    return str(server.pk)


HANDLERS: Mapping[str, Handler] = {"eth_action": eth_action}
