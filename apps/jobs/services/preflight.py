"""A fresh look at a server before anything is ordered or sent."""

from django.utils.translation import gettext_lazy as _

from apps.common import clock
from apps.common.errors import ServerBusy, Text, WrongState
from apps.jobs.commands import Order
from apps.resellers.gateway import Gateway
from apps.servers.models import Server
from apps.servers.services import mirror

NEEDS = {
    "run_server": _("{server} is already running."),
    "stop_server": _("{server} is not running."),
    "pause_server": _("{server} is not running, so it cannot be paused."),
    "reload_server": _("{server} is not running, so it cannot be rebooted. Start it."),
    "clone_server": _("{server} can be cloned when it is running or stopped."),
    "update_server": _("{server} can be resized when it is stopped. Stop it first."),
    "archive_server": _("{server} can be archived when it is stopped. Stop it first."),
    "restore_server": _("{server} is not archived."),
    "del_server": _("{server} can be deleted when it is stopped or archived. Stop it first."),
    "add_template": _("An image of {server} can be made when it is stopped. Stop it first."),
    "reinstall_server": _("{server} can be reinstalled when it is running or stopped."),
}


def look(server: Server, rules: Order) -> str:
    """The server's power state as of now (get_servers_status); the mirror learns it too.

    Raises ServerBusy, WrongState (codes wrong_state, server_gone, state_unknown), Unavailable.
    """
    began = clock.now()
    statuses = Gateway(server.account).statuses(fresh=True)
    mirror.apply_statuses(server.account, statuses, began)
    power = statuses.get(str(server.upstream_id))
    if power is None:
        raise WrongState(_("This server no longer exists. It is kept for its history."), code="server_gone")
    status = Server.Status(power.value)
    server.status, server.status_seen_at = status, began
    check(server, status, rules)
    return status


def check(server: Server, status: Server.Status, rules: Order) -> None:
    """WrongState or ServerBusy unless an order of this kind may start from this state."""
    if status in rules.starts_from:
        return
    if status == Server.Status.BUSY:
        raise ServerBusy
    if status == Server.Status.UNKNOWN:
        raise WrongState(
            _("The state of {server} is not known at present. Try again in a minute."),
            code="state_unknown",
            server=server.name,
        )
    if status == Server.Status.ARCHIVED:
        raise WrongState(_("{server} is archived. Restore it first."), code="wrong_state", server=server.name)
    raise WrongState(NEEDS.get(rules.command) or _power(rules), server=server.name)


def _power(rules: Order) -> Text:
    """Of commands whose kinds need different states."""
    if Server.Status.ON in rules.starts_from:
        return _("{server} must be running for this. Start it first.")
    return _("{server} must be stopped for this. Stop it first.")
