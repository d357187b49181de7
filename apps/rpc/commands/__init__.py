"""Every command that is served at this door, and which roles may use it."""

from collections.abc import Mapping

from apps.accounts.actor import Actor
from apps.accounts.models import Membership
from apps.dns.permissions import WHO_MAY as DNS
from apps.images.permissions import WHO_MAY as IMAGES
from apps.networks.permissions import WHO_MAY as NETWORKS
from apps.rpc.commands import account, images, interfaces, money, names, servers, sizes
from apps.rpc.handlers import Handler
from apps.servers.permissions import WHO_MAY as SERVERS

Role = Membership.Role
_ROOMS = (account, servers, sizes, images, interfaces, names, money)
HANDLERS: Mapping[str, Handler] = {name: handler for room in _ROOMS for name, handler in room.HANDLERS.items()}
OWNERS = frozenset({Role.OWNER})
ROLES: Mapping[str, frozenset[Role]] = {  # what stands here not may be used by everybody who can log in
    "run_server": SERVERS["start"],
    "stop_server": SERVERS["stop"],
    "pause_server": SERVERS["pause"],
    "reload_server": SERVERS["reboot"],
    "clone_server": SERVERS["clone"],
    "reinstall_server": SERVERS["reinstall"],
    "add_server": SERVERS["create"],
    "update_server": SERVERS["resize"],
    "archive_server": SERVERS["archive"],
    "restore_server": SERVERS["restore"],
    "del_server": SERVERS["delete"],
    "eth_action": SERVERS["connect"],
    "add_template": IMAGES["add_template"],
    "update_template": IMAGES["rename_template"],
    "del_template": IMAGES["remove_template"],
    "add_iso": IMAGES["add_iso"],
    "del_iso": IMAGES["remove_iso"],
    "mount_iso": IMAGES["mount_iso"],
    "umount_iso": IMAGES["unmount_iso"],
    "add_dns_zone": DNS["add_zone"],
    "del_dns_zone": DNS["remove_zone"],
    "add_dns_record": DNS["change_records"],
    "update_dns_record": DNS["change_records"],
    "del_dns_record": DNS["change_records"],
    "set_ptr": DNS["set_reverse_name"],
    "add_vlan": NETWORKS["add_network"],
    "update_vlan": NETWORKS["rename_network"],
    "del_vlan": NETWORKS["remove_network"],
    **dict.fromkeys(money.HANDLERS, OWNERS),
}
NOT_BY_PROGRAM = frozenset({"update_account", "set_twofactorauth"})


def usable_by(actor: Actor) -> list[str]:
    """Names of the commands that the actor may use for at least one of their customers."""
    mine = set(Membership.objects.filter(user=actor.user).values_list("role", flat=True))
    everybody = frozenset(Role)
    return sorted(
        name
        for name in HANDLERS
        if name not in NOT_BY_PROGRAM and (actor.is_staff or name not in ROLES or mine & ROLES.get(name, everybody))
    )
