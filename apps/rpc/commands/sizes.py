"""Servers made, changed and removed; the sizes that are offered."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.common.errors import InvalidInput
from apps.jobs.services.creating import create
from apps.jobs.services.orders import order
from apps.rpc.commands.servers import plain
from apps.rpc.handlers import Beside, Caller, Handler, id_of
from apps.servers.selectors import presets_for, server_for
from apps.servers.services.renaming import rename

PLAIN = ("cpu", "cputype", "template", "password", "preset")


def get_presets(caller: Caller, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Without prices: those are the reseller's business."""
    return [
        {
            "id": str(row.pk),
            "name": row.shown_name,
            "cpu": row.cpu,
            "cputype": None,
            "ram": float(row.ram_gb),
            "hdd": row.disk_gb,
            "price": None,
        }
        for row in presets_for(caller.actor).order_by("pk")
    ]


def add_server(caller: Caller, given: Mapping[str, Any]) -> str | Beside:
    """A preset overrides the configuration, as at the vendor. Beside the id stands a password that was made."""
    _refuse_contract(given)
    asked = {name: given[name] for name in PLAIN if name in given} | {"name": given.get("server_name") or "server"}
    if "preset" in given:
        asked.pop("cpu", None)
    else:
        asked |= {"ram_gb": given["ram"], "disks": _disks(given.get("hdd_list") or [])}
    ordered = create(actor=caller.actor, arguments=asked)
    number = str(ordered.job.server_id)
    return Beside(number, {"password": ordered.password}) if ordered.password else number


def update_server(caller: Caller, given: Mapping[str, Any]) -> str:
    """A name is changed at once; a size is a task."""
    _refuse_contract(given)
    server = server_for(caller.actor, id_of(given["id"]))
    if unknown := next((name for name in ("cputype", "preset", "template", "password") if name in given), None):
        raise InvalidInput({unknown: [_("This cannot be changed.")]})
    asked: dict[str, Any] = {}
    if "cpu" in given:
        asked["cpu"] = given["cpu"]
    if "ram" in given:
        asked["ram_gb"] = given["ram"]
    if "hdd_list" in given:
        asked["disks"] = _disks(given["hdd_list"])
    if asked or "server_name" not in given:
        order(actor=caller.actor, server=server, kind="resize", arguments=asked)
    if "server_name" in given:
        rename(caller.actor, server, given["server_name"])
    return str(server.pk)


def _refuse_contract(given: Mapping[str, Any]) -> None:
    if "contract" in given:
        raise InvalidInput({"contract": [_("A contract cannot be chosen here.")]})


def _disks(given: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """In their order; their numbers within the server say nothing more."""
    return [{"size_gb": disk.get("size"), **({"type": disk["type"]} if disk.get("type") else {})} for disk in given]


HANDLERS: Mapping[str, Handler] = {
    "get_presets": get_presets,
    "add_server": add_server,
    "update_server": update_server,
    "archive_server": plain("archive"),
    "restore_server": plain("restore"),
    "del_server": plain("delete"),
}
