"""Faults on demand: `kind[:cmd][:key=value…]`, e.g. `cut_after:clone_server:count=1`, `slow:seconds=3`."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

KINDS = {
    "slow": "the answer comes after `seconds` (2)",
    "hang": "accepted, and no answer: the connection is cut after `seconds` (60), if the client has not gone before",
    "http_502": "a gateway's HTML with status 502",
    "cut_before": "the connection ends before the command is looked at",
    "cut_after": "accepted, then the connection ends without an answer; `late`: accepted so many seconds after the cut",
    "half": "accepted, and half of the answer",
    "html": "a page with status 200",
    "empty": "an empty body",
    "number": "accepted, and a bare number instead of an object",
    "expire": "the sessions (of `account`, else all) end right before this call; once, unless `count` says more",
    "refuse_connections": "the listener refuses everybody for `seconds` (10; 0: until cleared), from now on or from the call it strikes",
    "throttle": "refused with the throttled code",
    "throttle_http": "HTTP 429 with Retry-After: `seconds` (2)",
    "unknown_status": "servers (or the one of `server`) are shown in state 9",
    "unknown_code": "refused with a code that has no meaning",
    "fail_task": "accepted, and the task ends as not done",
    "no_journal": "accepted, and never listed in the journal",
}
SECONDS = {"slow": 2.0, "hang": 60.0, "throttle_http": 2.0, "refuse_connections": 10.0}
ACCEPTED = frozenset({"hang", "cut_after", "half", "number"})  # unless `accepts` says otherwise
ON_TASKS = frozenset({"fail_task", "no_journal"})
ALIASES = {"502": "http_502", "429": "throttle_http", "refuse_connection": "refuse_connections"}


@dataclass
class Fault:
    """Which calls it strikes (None: any), how many of them (None: until cleared), after how many that it spares."""

    kind: str
    cmd: str | None = None
    account: str | None = None
    server: int | None = None
    count: int | None = None
    after: int = 0
    seconds: float | None = None
    accepts: bool | None = None
    late: float | None = None

    def __post_init__(self) -> None:
        self.kind = ALIASES.get(self.kind, self.kind)
        if self.kind not in KINDS:
            raise ValueError(f"no fault is called {self.kind}; there are {', '.join(KINDS)}")
        self.seconds = SECONDS.get(self.kind, 0.0) if self.seconds is None else self.seconds
        self.accepts = self.kind in ACCEPTED if self.accepts is None else self.accepts
        if self.kind in {"expire", "refuse_connections"} and self.count is None:
            self.count = 1

    def strikes(self, cmd: str, account: str | None, server: str) -> bool:
        """Whether it is meant for such a call."""
        if self.kind == "expire" and cmd == "login":
            return False
        return (
            self.cmd in {None, cmd}
            and self.account in {None, account}
            and (self.server is None or self.kind == "unknown_status" or str(self.server) == server)
        )


class Faults:
    """The faults that wait."""

    def __init__(self, waiting: list[Fault] | None = None) -> None:
        self.waiting = list(waiting or [])

    def take(self, at: Callable[[str], bool], cmd: str, account: str | None, server: str) -> dict[str, Fault]:
        """Those that strike this call, of the kinds that belong to this moment of it; each counts down."""
        struck = {}
        for fault in list(self.waiting):
            if not at(fault.kind) or fault.kind in struck or not fault.strikes(cmd, account, server):
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            struck[fault.kind] = fault
            if fault.count is not None:
                fault.count -= 1
                if fault.count <= 0:
                    self.waiting.remove(fault)
        return struck


def parse(spec: str) -> Fault:
    """A fault as written at the command line."""
    kind, *rest = spec.split(":")
    given: dict[str, Any] = {}
    for part in rest:
        key, equals, value = part.partition("=")
        given[key if equals else "cmd"] = _read(spec, key, value) if equals else part
    return Fault(kind, **given)


def _read(spec: str, key: str, value: str) -> Any:
    if key not in {field.name for field in fields(Fault)} - {"kind"}:
        raise ValueError(f"--fault {spec}: a fault has no {key}")
    try:
        if key in {"count", "after", "server"}:
            return int(value)
        if key in {"seconds", "late"}:
            return float(value)
    except ValueError:
        raise ValueError(f"--fault {spec}: {key} must be a number, not {value}") from None
    return value.lower() in {"1", "true", "yes"} if key == "accepts" else value
