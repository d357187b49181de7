"""Who may do what with a server that they see: one table."""

from collections.abc import Mapping

from apps.accounts.actor import Actor
from apps.accounts.models import Membership
from apps.common.errors import NotPermitted
from apps.servers.models import Server

Role = Membership.Role
EVERYBODY = frozenset({Role.OWNER, Role.OPERATOR, Role.VIEWER})
HANDS_ON = frozenset({Role.OWNER, Role.OPERATOR})

WHO_MAY: Mapping[str, frozenset[Role]] = {
    "view": EVERYBODY,
    "start": HANDS_ON,
    "stop": HANDS_ON,
    "pause": HANDS_ON,
    "reboot": HANDS_ON,
    "clone": HANDS_ON,
    "reinstall": HANDS_ON,
    "create": HANDS_ON,
    "rename": HANDS_ON,
    "resize": HANDS_ON,
    "archive": HANDS_ON,
    "restore": HANDS_ON,
    "connect": HANDS_ON,
    "move": HANDS_ON,
    "disconnect": HANDS_ON,
    "link_up": HANDS_ON,
    "link_down": HANDS_ON,
    "template": HANDS_ON,
    "delete": frozenset({Role.OWNER}),  # all its data is lost
}


def may(actor: Actor, action: str, server: Server) -> bool:
    """Whether the actor, who sees the server, may do this; the reseller's admins may all of it."""
    if action != "view" and not actor.may_write:
        return False
    if actor.is_staff:
        return True
    if server.customer_id is None:
        return False
    roles = Membership.objects.filter(user=actor.user, customer_id=server.customer_id).values_list("role", flat=True)
    return any(role in WHO_MAY[action] for role in roles)


def require(actor: Actor, action: str, server: Server) -> None:
    """NotPermitted unless the actor may."""
    if not may(actor, action, server):
        raise NotPermitted
