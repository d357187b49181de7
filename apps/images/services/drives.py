"""Putting ISO images into the drives of servers, and taking them out."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.accounts import acting
from apps.accounts.actor import Actor
from apps.accounts.services.once import Key
from apps.common import clock
from apps.common.errors import InvalidInput, WrongState
from apps.images.models import Iso
from apps.images.permissions import WHO_MAY
from apps.images.selectors import images_for_server
from apps.resellers.gateway import Gateway
from apps.servers.models import Server
from apps.writes.deeds import Deed, Happened, Look
from apps.writes.models import Write
from apps.writes.services.sending import Change, again, made_before, send


def mount(actor: Actor, server: Server, iso_id: Any, *, key: Key | None = None) -> Write:
    """Put an image into the drive, in the place of the one that is there (mount_iso, inferred)."""
    acting.require(actor, WHO_MAY["mount_iso"], server.customer_id)
    is_id = isinstance(iso_id, int | str) and not isinstance(iso_id, bool)
    rows = images_for_server(actor, server, Iso)
    iso = next((row for row in rows if str(row.pk) == str(iso_id)), None) if is_id else None
    if iso is None:
        raise InvalidInput({"iso": [_("There is no such image. Choose one from the list.")]})
    if found := made_before(actor, key):
        return again(found)
    _require_usable(server)
    return _send(actor, "mount_iso", server, iso.upstream_id or "", {"iso": iso.pk, "name": iso.shown_name}, key)


def unmount(actor: Actor, server: Server, *, key: Key | None = None) -> Write:
    """Empty the drive (umount_iso, inferred)."""
    acting.require(actor, WHO_MAY["unmount_iso"], server.customer_id)
    if found := made_before(actor, key):
        return again(found)
    _require_usable(server)
    if not server.iso_upstream_id:
        raise WrongState(_("The drive of {server} is empty."), code="drive_empty", server=server.name)
    return _send(actor, "umount_iso", server, server.iso_upstream_id, {}, key)


def _require_usable(server: Server) -> None:
    if server.is_gone:
        raise WrongState(_("This server no longer exists. It is kept for its history."), code="server_gone")
    if server.is_pending:
        raise WrongState(_("This server is still being made. Wait until it is ready."), code="server_not_ready")
    if server.status == Server.Status.ARCHIVED:
        raise WrongState(_("{server} is archived. Restore it first."), code="wrong_state", server=server.name)


def _send(actor: Actor, command: str, server: Server, iso: str, facts: dict[str, Any], key: Key | None) -> Write:
    parameters = {"id": server.upstream_id, "iso": iso}
    return send(actor, Change(command, server.account, server.customer_id, "server", server.pk, parameters, facts), key)


def _in_drive(write: Write, gateway: Gateway) -> str | None:
    """What the fresh list says; None if the server is not there."""
    servers = {server.id: server.iso for server in gateway.servers(fresh=True)}
    return servers.get(write.parameters["id"])


def _find_mounted(write: Write, gateway: Gateway) -> Happened | Look:
    return Happened() if _in_drive(write, gateway) == write.parameters["iso"] else Look.ABSENT


def _find_unmounted(write: Write, gateway: Gateway) -> Happened | Look:
    return Happened() if _in_drive(write, gateway) == "" else Look.ABSENT


def _mounted(write: Write, _upstream_id: str) -> None:
    _row(write).update(iso_upstream_id=write.parameters["iso"], seen_at=clock.now())


def _unmounted(write: Write, _upstream_id: str) -> None:
    _row(write).update(iso_upstream_id="", seen_at=clock.now())


def _row(write: Write) -> Any:
    return Server.objects.filter(pk=write.subject_id)


DEEDS = (
    Deed("mount_iso", "iso_mounted", _find_mounted, _mounted),
    Deed("umount_iso", "iso_unmounted", _find_unmounted, _unmounted),
)
