"""Sizes of servers: what was asked for, checked, as the mirror keeps it and as it is sent."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.common.errors import InvalidInput

MOST_CPU, MOST_RAM_GB, MOST_DISK_GB, MOST_DISKS = 128, 1024, 10_000, 16
TYPES = frozenset({"ssd", "hdd"})
RAM = re.compile(r"\d{1,4}(\.\d{1,3})?\Z")
Disks = list[dict[str, Any]]


def cpu_of(given: Any) -> int:
    """A whole number of processors, 1 to 128."""
    return _whole(given, "cpu", MOST_CPU)


def ram_of(given: Any) -> Decimal:
    """Memory in GB, more than 0 and at most 1,024."""
    is_number = isinstance(given, int | float | str) and not isinstance(given, bool)
    if not is_number or not RAM.match(str(given)) or not 0 < Decimal(str(given)) <= MOST_RAM_GB:
        raise InvalidInput({"ram_gb": [_("Memory is a number of GB, more than 0 and at most 1024.")]})
    return Decimal(str(given))


def disks_of(given: Any, before: Disks | None = None) -> Disks:
    """One to sixteen disks; of a server that has some (`before`), in their order."""
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_DISKS:
        raise InvalidInput({"disks": [_("Give 1 to 16 disks, as [{'size_gb': 40}].")]})
    disks = [_disk(disk) for disk in given]
    for place, old in enumerate(before or []):
        if place >= len(disks) or disks[place]["size_gb"] < int(old["size_gb"]):
            raise InvalidInput({"disks": [_("A disk can only grow, and none may be left out.")]})
        disks[place] = {**old, "size_gb": disks[place]["size_gb"]}
    return disks


def _disk(given: Any) -> dict[str, Any]:
    if not isinstance(given, Mapping) or not set(given) <= {"size_gb", "type"}:
        raise InvalidInput({"disks": [_("A disk has size_gb and perhaps type, and nothing else.")]})
    type_ = given.get("type", "ssd")
    if type_ not in TYPES:
        raise InvalidInput({"disks": [_("The type of a disk is ssd or hdd.")]})
    return {"id": "", "size_gb": _whole(given.get("size_gb"), "disks", MOST_DISK_GB), "type": type_}


def _whole(given: Any, field: str, most: int) -> int:
    is_number = isinstance(given, int | str) and not isinstance(given, bool)
    if not is_number or not re.fullmatch(r"\d{1,6}", str(given)) or not 1 <= int(given) <= most:
        raise InvalidInput({field: [str(_("A whole number from 1 to {most}.")).format(most=most)]})
    return int(given)


def as_sent(cpu: int | None = None, ram: Decimal | None = None, disks: Disks | None = None) -> dict[str, Any]:
    """The parameters of add_server and update_server."""
    sent: dict[str, Any] = {}
    if cpu is not None:
        sent["cpu"] = cpu
    if ram is not None:
        sent["ram"] = int(ram) if ram == int(ram) else float(ram)
    if disks is not None:
        sent["hdd_list"] = [_sent(disk) for disk in disks]
    return sent


def _sent(disk: Mapping[str, Any]) -> dict[str, Any]:
    number = {"hddid": disk["id"]} if disk.get("id") else {}
    return {**number, "size": disk["size_gb"], "type": disk["type"]}
