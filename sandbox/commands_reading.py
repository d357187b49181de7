"""Commands that only read."""

from itertools import islice
from typing import Any

from sandbox import inventory
from sandbox.parameters import server_of, whole
from sandbox.refusals import Refused
from sandbox.tasks import Entry
from sandbox.world import Call, World


def get_account(call: Call) -> Any:
    account = call.account
    shown = {
        "login": account.login,
        "name": account.name,
        "email": f"{account.login}@example.test",
        "phone": "+70000000000",
        "twofactorauth": account.mode,
    }
    return call.world.vary.dress(shown)


def get_logs(call: Call) -> Any:
    """At most 100, the newest of those that have appeared."""
    count = whole(call.given.get("count", 50))
    if not 1 <= count <= 100:
        raise Refused("bad_parameter")
    appeared = (entry for entry in reversed(call.account.journal) if entry.appears <= call.now)
    rows = [_line(call.world, entry) for entry in islice(appeared, count)]
    return call.world.vary.listing("get_logs", rows if call.world.vary.newest_first else rows[::-1])


def _line(world: World, entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "datepost": world.vary.date(entry.posted),
        "datecommit": world.vary.date(entry.ends if entry.settled else None),
        "cmd": entry.cmd,
        "status": entry.status,
        "serverid": entry.named,
    }


def get_servers(call: Call) -> Any:
    return call.world.vary.listing("get_servers", [_shown(call, server) for server in call.account.servers.values()])


def get_server(call: Call) -> Any:
    return call.world.vary.dress(_shown(call, server_of(call)))


def get_servers_status(call: Call) -> Any:
    rows = [{"id": row["id"], "status": _status(call, row)} for row in call.account.servers.values()]
    return call.world.vary.listing("get_servers_status", rows)


def _shown(call: Call, server: dict[str, Any]) -> dict[str, Any]:
    created = call.world.vary.date(server["datecreate"])
    return {**server, "status": _status(call, server), "datecreate": created}


def _status(call: Call, server: dict[str, Any]) -> int:
    """As it is, or the one that nobody knows while that fault strikes."""
    return inventory.UNKNOWN if server["id"] in call.strange else int(server["status"])


def get_templates(call: Call) -> Any:
    return call.world.vary.listing("get_templates", call.account.templates)


def get_presets(call: Call) -> Any:
    return call.world.vary.listing("get_presets", inventory.PRESETS)
