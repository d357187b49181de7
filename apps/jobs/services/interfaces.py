"""Orders on a server's interfaces (eth_action, documented): what was asked, as it is kept and as it is sent."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.accounts.actor import Actor
from apps.common.errors import InvalidInput, Text, WrongState
from apps.jobs.models import Job
from apps.networks.models import Network
from apps.networks.selectors import networks_for
from apps.servers.models import Server
from apps.servers.selectors import interface_of

Kind = Job.Kind
ACTIONS: Mapping[str, str] = {
    Kind.CONNECT: "add",
    Kind.MOVE: "update",
    Kind.DISCONNECT: "delete",
    Kind.LINK_UP: "up",
    Kind.LINK_DOWN: "down",
}
NEEDS_NETWORK = frozenset({Kind.CONNECT, Kind.MOVE})


def read(actor: Actor, server: Server, kind: Kind, given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The arguments in our ids, and the parameters as sent. InvalidInput, NotFound (interface), WrongState (gone)."""
    wanted = {"network"} if kind in NEEDS_NETWORK else set()
    allowed = wanted if kind == Kind.CONNECT else {*wanted, "interface"}
    surplus: dict[str, list[Text]] = {name: [_("There is no such field.")] for name in given if name not in allowed}
    if surplus:
        raise InvalidInput(surplus)
    arguments: dict[str, Any] = {}
    parameters: dict[str, Any] = {"action": ACTIONS[kind]}
    if kind != Kind.CONNECT:
        card = interface_of(server, given.get("interface"))
        arguments["interface"], parameters["ethid"] = card["key"], card["id"]
    if kind in NEEDS_NETWORK:
        network = _network(actor, server, given.get("network"))
        arguments["network"], parameters["vlan"] = network.pk, network.upstream_id
    return arguments, parameters


def _network(actor: Actor, server: Server, given: Any) -> Network:
    """A private network of the server's own customer, where the server is."""
    here = networks_for(actor).filter(account_id=server.account_id, gone_at=None).exclude(customer=None)
    found = next((row for row in here.filter(customer=server.customer) if str(row.pk) == str(given)), None)
    if found is None:
        raise InvalidInput({"network": [_("There is no such private network. Choose one from the list.")]})
    if found.upstream_id is None:
        raise WrongState(_("This network is not there yet. Try again in a minute."), code="network_gone")
    return found
