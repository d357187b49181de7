"""The commands that this practice upstream has; any other word is an unknown command."""

from collections.abc import Callable
from typing import Any

from sandbox import commands_changing as changing
from sandbox import commands_reading as reading
from sandbox import images, interfaces, machines, money, names, networks, statistics
from sandbox.world import Call

READS: dict[str, Callable[[Call], Any]] = {
    "get_account": reading.get_account,
    "get_logs": reading.get_logs,
    "get_servers": reading.get_servers,
    "get_server": reading.get_server,
    "get_servers_status": reading.get_servers_status,
    "get_templates": reading.get_templates,
    "get_isos": images.get_isos,
    "get_presets": reading.get_presets,
    "get_dns_zones": names.get_dns_zones,
    "get_dns_records": names.get_dns_records,
    "get_vlans": networks.get_vlans,
    "get_stat_data": statistics.get_stat_data,
    "get_contracts": money.get_contracts,
    "get_file": money.get_file,
    "get_balance": money.get_balance,
    "get_payments": money.get_payments,
    "get_charges": money.get_charges,
    "get_bills": money.get_bills,
}
TASKS: dict[str, Callable[[Call], Any]] = {
    "run_server": changing.run_server,
    "stop_server": changing.stop_server,
    "pause_server": changing.pause_server,
    "reload_server": changing.reload_server,
    "clone_server": changing.clone_server,
    "reinstall_server": changing.reinstall_server,
    "add_server": machines.add_server,
    "update_server": machines.update_server,
    "archive_server": machines.archive_server,
    "restore_server": machines.restore_server,
    "del_server": machines.del_server,
    "eth_action": interfaces.eth_action,
    "add_template": images.add_template,
    "add_iso": images.add_iso,
}
AT_ONCE: dict[str, Callable[[Call], Any]] = {
    "logout": changing.logout,
    "update_template": images.update_template,
    "del_template": images.del_template,
    "del_iso": images.del_iso,
    "mount_iso": images.mount_iso,
    "umount_iso": images.umount_iso,
    "add_dns_zone": names.add_dns_zone,
    "del_dns_zone": names.del_dns_zone,
    "add_dns_record": names.add_dns_record,
    "update_dns_record": names.update_dns_record,
    "del_dns_record": names.del_dns_record,
    "set_ptr": names.set_ptr,
    "add_vlan": networks.add_vlan,
    "update_vlan": networks.update_vlan,
    "del_vlan": networks.del_vlan,
    "set_default_contract": money.set_default_contract,
}
CHANGES = {**TASKS, **AT_ONCE}
COMMANDS = {**READS, **CHANGES}
SHOWS_STATUS = frozenset({"get_servers", "get_server", "get_servers_status"})
