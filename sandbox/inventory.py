"""Believable things: servers, templates, presets, and the accounts that every sandbox has."""

from typing import Any

OFF, ON, PAUSED, BUSY, ARCHIVED = 0, 1, 2, 3, 4
UNKNOWN = 9  # what no document mentions
STATES = {"off": OFF, "on": ON, "paused": PAUSED, "busy": BUSY, "archived": ARCHIVED}
ACCOUNTS: tuple[dict[str, Any], ...] = (
    {"login": "user99", "password": "secret", "name": "Acme Hosting", "contract": 801, "first": 333, "count": 20},
    {"login": "user77", "password": "secret", "name": "Borealis", "contract": 811, "first": 501, "count": 10},
    {"login": "smsuser", "password": "secret", "mode": "sms", "contract": 821, "first": 601, "count": 2},
    {"login": "tokenuser", "password": "secret", "mode": "etoken", "contract": 831, "first": 611, "count": 2},
)
NAMES = (
    *("web", "shop", "mail", "db", "cache", "git", "ci", "wiki", "vpn", "backup", "proxy", "log", "queue", "app"),
    *("api", "files", "chat", "map", "test", "stage"),
)
CPUS, RAMS, DISKS = (1, 2, 2, 4, 4, 8), (1, 2, 4, 8, 16), (5, 20, 40, 80)
TEMPLATES = (
    (11, "ubuntu-24.04", "Ubuntu 24.04 LTS", 10),
    (12, "debian-13", "Debian 13", 8),
    (13, "debian-12", "Debian 12", 8),
    (14, "almalinux-9", "AlmaLinux 9", 10),
    (15, "windows-2022", "Windows Server 2022", 40),
)
ISOS = (
    (201, "debian-13-netinst", 670),
    (202, "ubuntu-24.04-live-server", 2600),
    (203, "freebsd-14-disc1", 1100),
)
PRESETS: list[dict[str, Any]] = [
    {"id": 1, "name": "S1", "cpu": 1, "cputype": 2, "ram": 1, "hdd": 20, "price": 290.0},
    {"id": 2, "name": "S2", "cpu": 2, "cputype": 2, "ram": 4, "hdd": 40, "price": 690.0},
    {"id": 3, "name": "M4", "cpu": 4, "cputype": 2, "ram": 8, "hdd": 80, "price": 1390.0},
    {"id": 4, "name": "L8", "cpu": 8, "cputype": 3, "ram": 16, "hdd": 160, "price": 2990.0},
]
NETWORKS = {801: "192.0.2", 811: "198.51.100"}


def templates_of(login: str) -> list[dict[str, Any]]:
    """Those of the system, and one that the account made itself."""
    rows = [{"id": n, "name": name, "os": os, "min_hdd": gb, "owner": "system"} for n, name, os, gb in TEMPLATES]
    return [*rows, {"id": 90, "name": "golden-web", "os": "Debian 13", "min_hdd": 8, "owner": login}]


def isos_of(login: str) -> list[dict[str, Any]]:
    """Those of the system, and one of the account's own; sizes in MB."""
    rows = [{"id": n, "name": name, "size": size, "owner": "system"} for n, name, size in ISOS]
    return [*rows, {"id": 290, "name": "rescue-tools", "size": 512, "owner": login}]


def name_of(number: int) -> str:
    """web-1, shop-1 and so on; web-2 after twenty."""
    return f"{NAMES[number % len(NAMES)]}-{number // len(NAMES) + 1}"


def server(id_: int, contract: int, /, **facts: Any) -> dict[str, Any]:
    """A server as get_servers shows it; every fifth is off, every fourth has a disk too small for most templates."""
    disks = [{"hddid": id_ * 10, "size": DISKS[id_ % 4], "type": "ssd"}]
    if id_ % 6 == 1:
        disks.append({"hddid": id_ * 10 + 1, "size": 100, "type": "hdd"})
    made: dict[str, Any] = {
        "id": id_,
        "server_name": f"node-{id_}",
        "status": OFF if id_ % 5 == 0 else ON,
        "cpu": CPUS[id_ % 6],
        "cputype": 2 + id_ % 2,
        "ram": RAMS[id_ % 5],
        "hdd_list": disks,
        "eth_list": [interface(id_, contract)],
        "template": 11 + id_ % 4,
        "iso": None,
        "contract": contract,
        "preset": PRESETS[id_ % 4]["id"] if id_ % 3 == 0 else None,
        "datecreate": 1_750_000_000 + id_ * 7919,
    }
    return {**made, **facts}


def interface(id_: int, contract: int) -> dict[str, Any]:
    """With addresses of the ranges that are kept for documentation, and of the one for benchmarks beyond 253 servers."""
    net = NETWORKS.get(contract, "203.0.113")
    ip = f"{net}.{id_ % 250 + 2}" if id_ < 1000 else f"198.18.{id_ // 250 % 256}.{id_ % 250 + 2}"
    mac = f"52:54:00:{id_ >> 16 & 255:02X}:{id_ >> 8 & 255:02X}:{id_ & 255:02X}"
    return {"ethid": id_ * 10 + 5, "mac": mac, "ip": ip, "vlan": None, "state": "up"}
