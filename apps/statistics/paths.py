"""The upstream's paths of counters (get_stat_data): network documented, processors and disks inferred."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.servers.models import Server

COLUMNS = {
    "rx_bytes": "rx_bytes",
    "tx_bytes": "tx_bytes",
    "rd_bytes": "read_bytes",
    "wr_bytes": "written_bytes",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One path, whose it is, and which column it goes to."""

    path: str
    server_id: int
    column: str


def paths_of(server: Server) -> list[Asked]:
    """Every counter of the server's processors, interfaces and disks."""
    found = [("cpu", str(number), "cpuLoad") for number in range(server.cpu or 0)]
    found += [
        ("network", card["mac"], name)
        for card in server.interfaces
        if card.get("mac")
        for name in ("rx_bytes", "tx_bytes")
    ]
    found += [("hdd", disk["id"], name) for disk in server.disks for name in ("rd_bytes", "wr_bytes")]
    start = server.upstream_id
    return [
        Asked(f"{start}/{kind}/{device}/{name}", server.pk, COLUMNS.get(name, "cpu_percent"))
        for kind, device, name in found
        if "/" not in device and "|" not in device
    ]


def columns(asked: list[Asked], values: Mapping[str, float]) -> dict[int, dict[str, Any]]:
    """By server: counters summed, processors' load as their mean."""
    kept: dict[int, dict[str, list[float]]] = {}
    for one in asked:
        if one.path in values:
            kept.setdefault(one.server_id, {}).setdefault(one.column, []).append(values[one.path])
    return {
        server_id: {
            name: round(sum(parts) / len(parts), 1) if name == "cpu_percent" else int(sum(parts))
            for name, parts in found.items()
        }
        for server_id, found in kept.items()
    }
