"""What the upstream said becomes our rows; an older answer never overwrites a newer one."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from apps.common.ids import new_id
from apps.events.services import record
from apps.resellers.models import UpstreamAccount
from apps.servers.models import Server
from apps.upstream.values import Power, RemoteInterface, RemoteServer

VANISHED_AFTER = timedelta(seconds=15)
NEVER_SEEN_AFTER = timedelta(seconds=60)
FACTS = (
    "upstream_name",
    "name",
    "cpu",
    "ram_gb",
    "disks",
    "interfaces",
    "template_upstream_id",
    "iso_upstream_id",
    "gone_at",
)


@transaction.atomic
def apply_statuses(account: UpstreamAccount, statuses: Mapping[str, Power], began: datetime) -> None:
    """Write the power states of one answer (get_servers_status), asked for at `began`."""
    older = Q(status_seen_at=None) | Q(status_seen_at__lt=began)
    rows = Server.objects.select_for_update().filter(older, account=account, upstream_id__in=statuses.keys())
    rows = rows.order_by("pk")  # everybody locks in one order
    same: list[int] = []
    for server in rows:
        status = statuses[str(server.upstream_id)].value
        if server.status == status:
            same.append(server.pk)
        else:
            _change_status(server, status, began)
    Server.objects.filter(pk__in=same).update(status_seen_at=began)


def _change_status(server: Server, status: str, began: datetime) -> None:
    before, server.status = server.status, status
    first_look, server.status_seen_at = server.status_seen_at is None, began
    server.save(update_fields=["status", "status_seen_at"])
    if not first_look:
        _tell(server, {"status": before})


@transaction.atomic
def apply_servers(account: UpstreamAccount, remote: Iterable[RemoteServer], began: datetime) -> None:
    """Write one whole listing (get_servers), asked for at `began`: what is new, what moved, what is gone."""
    listed = {server.id: server for server in remote}
    known = {
        str(server.upstream_id): server
        for server in Server.objects.select_for_update()
        .filter(account=account)
        .exclude(upstream_id=None)
        .order_by("pk")
    }
    both = [id_ for id_ in listed.keys() & known.keys() if not _is_newer(known[id_], began)]
    changed = [known[id_] for id_ in both if _take_facts(known[id_], listed[id_])]
    Server.objects.bulk_update(changed, FACTS, batch_size=500)
    Server.objects.bulk_create(
        [_new(account, listed[id_], began) for id_ in listed.keys() - known.keys()], batch_size=500
    )
    Server.objects.filter(account=account, upstream_id__in=both).update(seen_at=began)
    _mark_vanished([known[id_] for id_ in known.keys() - listed.keys()], began)


def _is_newer(server: Server, began: datetime) -> bool:
    """Whether something later than this listing is known of the server: a newer listing, a resize, its removal."""
    return any(at is not None and at > began for at in (server.seen_at, server.gone_at))


def _new(account: UpstreamAccount, remote: RemoteServer, began: datetime) -> Server:
    """A machine that nobody has mapped: the reseller's people see it, customers do not."""
    server = Server(reseller_id=account.reseller_id, account=account, upstream_id=remote.id, seen_at=began)
    server.status, server.status_seen_at = remote.power.value, began
    _take_facts(server, remote)
    return server


def _take_facts(server: Server, remote: RemoteServer) -> bool:
    """Copy the facts; True if one differs. A name that the customer asked for stays until it changes upstream."""
    before = {fact: getattr(server, fact) for fact in FACTS}
    if remote.name != server.upstream_name:
        was_named_by_us = bool(server.upstream_name) and server.seen_at is None
        if not was_named_by_us:
            server.name = remote.name or server.name
        server.upstream_name = remote.name
    server.cpu, server.ram_gb = remote.cpu, remote.ram_gb
    server.disks = [{"id": d.id, "size_gb": d.size_gb, "type": d.type} for d in remote.disks]
    server.interfaces = _interfaces(server.interfaces, remote.interfaces)
    server.template_upstream_id, server.iso_upstream_id = remote.template, remote.iso
    server.gone_at = None
    return any(getattr(server, fact) != value for fact, value in before.items())


def _interfaces(before: list[dict[str, Any]], remote: Iterable[RemoteInterface]) -> list[dict[str, Any]]:
    """Each keeps the number of ours (`key`) that it was given when it was first seen."""
    keys = {card["id"]: card["key"] for card in before if "key" in card}
    return [
        {
            "id": i.id,
            "key": keys.get(i.id) or new_id(),
            "mac": i.mac,
            "ip": i.ip,
            "network": i.network,
            "state": i.state,
        }
        for i in remote
    ]


def _mark_vanished(missing: Iterable[Server], began: datetime) -> None:
    for server in missing:
        last = server.status_seen_at
        long_ago = last < began - VANISHED_AFTER if last else server.created_at < began - NEVER_SEEN_AFTER
        if server.gone_at is None and long_ago:
            server.gone_at = began
            server.save(update_fields=["gone_at"])
            _tell(server, {"gone": False})


def _tell(server: Server, before: dict[str, object]) -> None:
    record(
        "server.changed",
        reseller_id=server.reseller_id,
        customer_id=server.customer_id,
        subject_kind="server",
        subject_id=server.pk,
        server_id=server.pk,
        before=before,
        after={"status": server.status, "name": server.name, "gone": server.is_gone},
        staff_only=server.customer_id is None,
    )
