"""Reading one parameter; what is missing or has the wrong form is refused."""

import re
from typing import Any

from sandbox.inventory import ARCHIVED, BUSY
from sandbox.refusals import Refused
from sandbox.world import Call


def whole(value: Any) -> int:
    """Digits, as a number or as a string."""
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,18}", str(value)):
        raise Refused("bad_parameter")
    return int(str(value))


def server_of(call: Call) -> dict[str, Any]:
    """The account's server that `id` names; a foreign one looks exactly like a missing one."""
    found = call.account.servers.get(whole(call.given.get("id")))
    if found is None:
        raise Refused("no_such_object")
    return found


def require(server: dict[str, Any], *states: int) -> None:
    """A busy or archived server takes no command at all."""
    if server["status"] in {BUSY, ARCHIVED} or server["status"] not in states:
        raise Refused("wrong_state")
