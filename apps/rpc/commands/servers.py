"""Servers: what they are, and orders on them."""

from collections.abc import Iterable, Mapping
from typing import Any

from apps.images.selectors import isos_for, templates_for
from apps.jobs.selectors import open_jobs
from apps.jobs.services.orders import order
from apps.networks.selectors import networks_for
from apps.rpc.handlers import Beside, Caller, Handler, date, id_of
from apps.servers.models import Server
from apps.servers.selectors import server_for, servers_for
from apps.servers.services.watch import keep_hot

STATUS = {"off": "0", "on": "1", "paused": "2", "busy": "3", "archived": "4"}


def _shown(caller: Caller, servers: Iterable[Server]) -> list[dict[str, Any]]:
    """In the vendor's shape, with our ids; disks are numbered within their server."""
    rows = list(servers)
    busy = open_jobs(row.pk for row in rows)
    templates = {(t.account_id, t.upstream_id): str(t.pk) for t in templates_for(caller.actor)}
    networks = {(n.account_id, n.upstream_id): str(n.pk) for n in networks_for(caller.actor).filter(gone_at=None)}
    isos = {(i.account_id, i.upstream_id): str(i.pk) for i in isos_for(caller.actor)}
    ours = {"templates": templates, "networks": networks, "isos": isos}
    return [_one(row, is_busy=bool(busy.get(row.pk)), **ours) for row in rows]


def _one(
    row: Server, *, is_busy: bool, templates: Mapping[Any, str], networks: Mapping[Any, str], isos: Mapping[Any, str]
) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "server_name": row.name,
        "status": _status(row, is_busy=is_busy),
        "cpu": row.cpu,
        "cputype": None,
        "ram": float(row.ram_gb) if row.ram_gb is not None else None,
        "hdd_list": [
            {"hddid": str(place), "size": disk["size_gb"], "type": disk["type"]}
            for place, disk in enumerate(row.disks, start=1)
        ],
        "eth_list": [
            {
                "ethid": str(card.get("key", "")),
                "mac": card["mac"],
                "ip": card["ip"],
                "vlan": networks.get((row.account_id, card["network"])),
                "state": card["state"],
            }
            for card in row.interfaces
        ],
        "template": templates.get((row.account_id, row.template_upstream_id)),
        "iso": isos.get((row.account_id, row.iso_upstream_id)),
        "contract": None,
        "preset": None,
        "datecreate": date(row.created_at),
    }


def _status(row: Server, *, is_busy: bool) -> str:
    """Busy while a task runs; what the vendor has no number for is busy too: nothing can be ordered."""
    return "3" if is_busy or row.is_pending else STATUS.get(row.status, "3")


def _there(caller: Caller) -> list[Server]:
    rows = list(servers_for(caller.actor).filter(gone_at=None).order_by("pk"))
    keep_hot(rows)
    return rows


def get_servers(caller: Caller, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    return _shown(caller, _there(caller))


def get_server(caller: Caller, given: Mapping[str, Any]) -> dict[str, Any]:
    server = server_for(caller.actor, id_of(given["id"]))
    keep_hot([server])
    return _shown(caller, [server])[0]


def get_servers_status(caller: Caller, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = _there(caller)
    busy = open_jobs(row.pk for row in rows)
    return [{"id": str(row.pk), "status": _status(row, is_busy=bool(busy.get(row.pk)))} for row in rows]


def _ordered(kind: str, caller: Caller, given: Mapping[str, Any], arguments: dict[str, Any]) -> str | Beside:
    """The id of the server, or of the one that is being made: ours, at once; beside it a password that was made."""
    server = server_for(caller.actor, id_of(given["id"]))
    ordered = order(actor=caller.actor, server=server, kind=kind, arguments=arguments)
    number = str(ordered.job.target_id or server.pk)
    return Beside(number, {"password": ordered.password}) if ordered.password else number


def plain(kind: str) -> Handler:
    return lambda caller, given: _ordered(kind, caller, given, {})


def clone_server(caller: Caller, given: Mapping[str, Any]) -> str | Beside:
    server = server_for(caller.actor, id_of(given["id"]))
    return _ordered("clone", caller, given, {"name": given.get("server_name") or f"{server.name[:50].strip()}-copy"})


def reinstall_server(caller: Caller, given: Mapping[str, Any]) -> str | Beside:
    """Without a password one is made, and told this once in `password` beside `data`."""
    arguments = {"template": given["template"], "password": given.get("password")}
    return _ordered("reinstall", caller, given, {name: value for name, value in arguments.items() if value})


HANDLERS: Mapping[str, Handler] = {
    "get_servers": get_servers,
    "get_server": get_server,
    "get_servers_status": get_servers_status,
    "run_server": plain("start"),
    "stop_server": plain("stop"),
    "pause_server": plain("pause"),
    "reload_server": plain("reboot"),
    "clone_server": clone_server,
    "reinstall_server": reinstall_server,
}
