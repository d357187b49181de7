"""One call: who asks, which faults strike, what is answered, and its line in the ledger."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sandbox import sessions
from sandbox.commands import CHANGES, COMMANDS, READS, SHOWS_STATUS, TASKS
from sandbox.faults import ON_TASKS, Fault, Faults
from sandbox.refusals import Refused
from sandbox.variations import NEVER_SEEN
from sandbox.world import Account, Call, World

HTML = {"Content-Type": "text/html; charset=utf-8"}
INSTEAD = ("cut_before", "hang", "http_502", "html", "empty", "throttle_http", "cut_after", "half", "number")


@dataclass
class Reply:
    """What goes over the wire, after `wait` seconds: `body` None means that the connection is cut."""

    body: bytes | None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0


@dataclass
class Turn:
    """One call on its way through."""

    cmd: str
    given: dict[str, Any]
    now: float
    account: Account | None
    refusal: str | None
    struck: dict[str, Fault]
    line: dict[str, Any]


class Gateway:
    """The practice upstream behind its HTTP."""

    def __init__(self, world: World, faults: Faults) -> None:
        self.world, self.faults = world, faults
        self.refuse_connections: Callable[[float], None] = lambda _seconds: None  # the listener knows how
        self.told: Callable[[dict[str, Any]], None] = lambda _line: None  # --verbose

    def answer(self, given: dict[str, Any], readable: bool = True) -> Reply:
        """Carry out one call."""
        with self.world.lock:
            turn = self._turn(given, readable)
            reply = self._reply(turn)
            self.told(turn.line)
        if refusing := turn.struck.get("refuse_connections"):
            self.refuse_connections(refusing.seconds or 0.0)
        return reply

    def _turn(self, given: dict[str, Any], readable: bool) -> Turn:
        now, cmd = self.world.settle(), str(given.get("cmd", ""))
        owner = self._owner(cmd, given)
        struck = self.faults.take(_at_the_door, cmd, owner, str(given.get("id")))
        if expire := struck.get("expire"):
            sessions.end_all(self.world, expire.account, now)
        line = self.world.ledger.note(now, cmd, owner, given)
        line["faults"] = list(struck)
        account, refusal = self._who(cmd, given, readable, now)
        return Turn(cmd, given, now, account, refusal, struck, line)

    def _owner(self, cmd: str, given: dict[str, Any]) -> str | None:
        """Whose call it is, even if the session has ended."""
        if cmd == "login":
            login = str(given.get("loginUsername"))
            return login if login in self.world.accounts else None
        session = self.world.sessions.get(str(given.get("sess")))
        return session.account if session else None

    def _who(self, cmd: str, given: dict[str, Any], readable: bool, now: float) -> tuple[Account | None, str | None]:
        if cmd == "login":
            account = self.world.accounts.get(str(given.get("loginUsername")))
            return account, None if readable else "bad_parameter"
        try:
            account = sessions.account_of(self.world, given.get("sess"), now)
        except Refused as refused:
            return None, refused.meaning
        if cmd not in COMMANDS:
            return account, "unknown_command"
        return account, None if readable else "bad_parameter"

    def _reply(self, turn: Turn) -> Reply:
        wait = (turn.struck["slow"].seconds or 0.0) if "slow" in turn.struck else 0.0
        if "refuse_connections" in turn.struck:
            turn.line["outcome"] = "refuse_connections"
            return Reply(None)
        kind = next((kind for kind in INSTEAD if kind in turn.struck), None)
        if kind is None:
            return Reply(self._envelope(turn), wait=wait)
        reply = self._instead(kind, turn)
        reply.wait = max(reply.wait, wait)
        return reply

    def _instead(self, kind: str, turn: Turn) -> Reply:
        """A fault answers; the command may have been accepted all the same."""
        fault = turn.struck[kind]
        body = b""
        if self._put_off(fault, turn):
            turn.line["outcome"] = "cut, to be accepted late"
        else:
            body = self._envelope(turn) if fault.accepts and kind != "cut_before" else b""
            turn.line["outcome"] = kind
        seconds = fault.seconds or 0.0
        replies = {
            "hang": Reply(None, wait=seconds),
            "http_502": Reply(b"<html><body><h1>502 Bad Gateway</h1></body></html>", 502, dict(HTML)),
            "html": Reply(b"<!doctype html><title>Maintenance</title><p>Please come back later.", 200, dict(HTML)),
            "empty": Reply(b""),
            "throttle_http": Reply(b"slow down", 429, {"Retry-After": f"{seconds:g}"}),
            "half": Reply(body[: len(body) // 2]),
            "number": Reply(b"7"),
        }
        return replies.get(kind, Reply(None))

    def _put_off(self, fault: Fault, turn: Turn) -> bool:
        """A cut command may be accepted a little later, by the fault's word or the seed's."""
        if fault.kind not in {"cut_after", "hang"} or turn.cmd not in CHANGES or turn.refusal or not fault.accepts:
            return False
        longest = self.world.vary.longest_late if fault.kind == "cut_after" else 0.0
        late = self.world.draw("late").uniform(0, longest) if fault.late is None else fault.late
        if late > 0:
            self.world.late.append((turn.now + late, partial(self._accept_late, turn)))
        return late > 0

    def _accept_late(self, turn: Turn, moment: float) -> None:
        turn.now = moment
        try:
            self._execute(turn)
            self.world.ledger.accept(turn.line, "accepted late")
        except Refused as refused:
            turn.line["outcome"] = f"refused late: {refused.meaning}"

    def _envelope(self, turn: Turn) -> bytes:
        """Carry the command out; the documented answer."""
        vary, login = self.world.vary, turn.account.login if turn.account else ""
        try:
            answer = {"success": vary.success[0], **self._carry_out(turn)}
        except Refused as refused:
            code = vary.codes.get(refused.meaning, NEVER_SEEN)
            turn.line.update(outcome=f"refused: {refused.meaning}", code=code)
            answer = {"success": vary.success[1], "data": code, "login": login}
        return (b"\xef\xbb\xbf" if vary.bom else b"") + json.dumps(answer, ensure_ascii=False).encode()

    def _carry_out(self, turn: Turn) -> dict[str, Any]:
        if "throttle" in turn.struck or "unknown_code" in turn.struck:
            raise Refused("throttled" if "throttle" in turn.struck else "a meaning that nobody knows")
        if turn.refusal:
            raise Refused(turn.refusal)
        if turn.cmd == "login":
            fields = sessions.log_in(self.world, turn.given, turn.now)
            self.world.ledger.accept(turn.line, "logged in" if "sess" in fields else "key sent")
            return fields
        data = self._execute(turn)
        if turn.cmd in READS:
            turn.line["outcome"] = "read"
        else:
            self.world.ledger.accept(turn.line, "accepted")
        return {"data": data, "login": turn.account.login if turn.account else ""}

    def _execute(self, turn: Turn) -> Any:
        if turn.account is None:  # cannot be: whoever has no account was refused
            raise Refused("session_invalid")
        call = Call(self.world, turn.account, turn.cmd, turn.given, turn.now, self._strange(turn))
        data = COMMANDS[turn.cmd](call)
        if turn.cmd in TASKS:
            self._spoil(turn, turn.account)
        return data

    def _spoil(self, turn: Turn, account: Account) -> None:
        """Faults of an accepted task."""
        struck = self.faults.take(ON_TASKS.__contains__, turn.cmd, account.login, str(turn.given.get("id")))
        entry = account.journal[-1]
        entry.failed = "fail_task" in struck
        entry.appears = float("inf") if "no_journal" in struck else entry.appears
        turn.line["faults"] += list(struck)

    def _strange(self, turn: Turn) -> frozenset[int]:
        if turn.cmd not in SHOWS_STATUS or turn.account is None:
            return frozenset()
        struck = self.faults.take("unknown_status".__eq__, turn.cmd, turn.account.login, "")
        turn.line["faults"] += list(struck)
        return frozenset(
            id_ for id_ in turn.account.servers for fault in struck.values() if fault.server in {None, id_}
        )


def _at_the_door(kind: str) -> bool:
    return kind not in ON_TASKS and kind != "unknown_status"
