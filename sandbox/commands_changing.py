"""Commands that change something. All but logout are long tasks: the answer only says that they were accepted."""

import copy
from collections.abc import Callable
from typing import Any

from sandbox import sessions, tasks
from sandbox.inventory import BUSY, OFF, ON, PAUSED
from sandbox.parameters import require, server_of, whole
from sandbox.refusals import Refused
from sandbox.world import Call

COPIED = ("cpu", "cputype", "ram", "template", "contract", "preset")


def logout(call: Call) -> Any:
    sessions.end(call.world, call.given["sess"], call.now)
    return "ok"


def power(end_state: int, seconds: float, *states: int) -> Callable[[Call], Any]:
    """A power command: the states that it needs, how long it takes, and the state at its end."""

    def command(call: Call) -> Any:
        server = server_of(call)
        require(server, *states)
        call.world.begin(call, server, seconds, end_state)
        return call.world.vary.new_id(server["id"])

    return command


run_server = power(ON, tasks.POWER, OFF, PAUSED)
stop_server = power(OFF, tasks.POWER, ON, PAUSED)
pause_server = power(PAUSED, tasks.POWER, ON)
reload_server = power(ON, tasks.RELOAD, ON)


def clone_server(call: Call) -> Any:
    """The copy is listed at once, busy like its source, and off at the end; one that fails vanishes."""
    source, world = server_of(call), call.world
    require(source, ON, OFF)
    if call.account.balance < tasks.CLONE_COSTS:
        raise Refused("no_funds")
    name = str(call.given.get("server_name") or f"{source['server_name']}-copy")
    facts = {key: source[key] for key in COPIED}
    made = world.add_server(call.account, server_name=name, status=BUSY, datecreate=call.now, **facts)
    made["hdd_list"] = copy.deepcopy(source["hdd_list"])
    for place, disk in enumerate(made["hdd_list"]):
        disk["hddid"] = made["id"] * 10 + place
    size = sum(disk["size"] for disk in source["hdd_list"])
    seconds = min(tasks.CLONE + tasks.CLONE_PER_GB * size, tasks.CLONE_AT_MOST)
    world.begin(call, source, seconds, source["status"], copy=made["id"], cost=tasks.CLONE_COSTS)
    return world.vary.new_id(made["id"])


def reinstall_server(call: Call) -> Any:
    """On at the end, with the new template; the password is taken and kept nowhere."""
    server = server_of(call)
    number = whole(call.given.get("template"))
    require(server, ON, OFF)
    template = next((row for row in call.account.templates if row["id"] == number), None)
    if template is None:
        raise Refused("no_such_object")
    if template["min_hdd"] > sum(disk["size"] for disk in server["hdd_list"]):
        raise Refused("disk_too_small")
    call.world.begin(call, server, tasks.REINSTALL, ON, effect={"template": number, "iso": None})
    return call.world.vary.new_id(server["id"])
