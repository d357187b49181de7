"""The commands that this practice upstream has; any other word is an unknown command."""

from collections.abc import Callable
from typing import Any

from sandbox import commands_changing as changing
from sandbox import commands_reading as reading
from sandbox.world import Call

READS: dict[str, Callable[[Call], Any]] = {
    "get_account": reading.get_account,
    "get_logs": reading.get_logs,
    "get_servers": reading.get_servers,
    "get_server": reading.get_server,
    "get_servers_status": reading.get_servers_status,
    "get_templates": reading.get_templates,
    "get_presets": reading.get_presets,
}
TASKS: dict[str, Callable[[Call], Any]] = {
    "run_server": changing.run_server,
    "stop_server": changing.stop_server,
    "pause_server": changing.pause_server,
    "reload_server": changing.reload_server,
    "clone_server": changing.clone_server,
    "reinstall_server": changing.reinstall_server,
}
CHANGES = {**TASKS, "logout": changing.logout}
COMMANDS = {**READS, **CHANGES}
SHOWS_STATUS = frozenset({"get_servers", "get_server", "get_servers_status"})
