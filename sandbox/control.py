"""The hands behind the scenes, for tests and demos: `POST /_control` with {"op": …}; from this machine only."""

import dataclasses
from typing import Any

from sandbox import sessions
from sandbox.commands import COMMANDS
from sandbox.faults import Fault, Faults
from sandbox.gateway import Gateway
from sandbox.inventory import STATES, name_of
from sandbox.listener import Listener
from sandbox.refusals import Refused
from sandbox.tasks import Entry
from sandbox.world import MODES, Account, Call


class Control:
    """Operations by name; each answers with something that JSON can hold."""

    def __init__(self, gateway: Gateway, listener: Listener) -> None:
        self.gateway, self.world, self._listener = gateway, gateway.world, listener

    def run(self, given: Any) -> Any:
        """Carry out one operation in the settled world."""
        if not isinstance(given, dict) or (op := str(given.get("op", ""))) not in OPERATIONS:
            raise ValueError(f"no such operation; there are {', '.join(sorted(OPERATIONS))}")
        with self.world.lock:
            self.world.settle()
            return getattr(self, op)(**{key: value for key, value in given.items() if key != "op"})

    def reset(self, seed: int = 0, speed: float | None = None) -> None:
        """The beginning of this seed, without faults."""
        self.clear_faults()
        self.set_speed(speed or self.world.speed)
        self.world.reset(seed)

    def set_speed(self, speed: float) -> None:
        if speed <= 0:
            raise ValueError("speed must be more than 0")
        self.world.speed = speed

    def advance(self, seconds: float) -> float:
        """The world's clock goes on by so much; what it shows then."""
        self.world.clock.advance(seconds)
        return self.world.settle()

    def now(self) -> float:
        return self.world.clock.now()

    def add_fault(self, kind: str, **how: Any) -> None:
        fault = Fault(kind, **how)
        limited = fault.cmd or fault.account or fault.server or fault.after
        if fault.kind == "refuse_connections" and not limited:
            self.gateway.refuse_connections(fault.seconds or 0.0)
            return
        self.gateway.faults.waiting.append(fault)

    def faults(self) -> list[dict[str, Any]]:
        """Those that wait."""
        return [dataclasses.asdict(fault) for fault in self.gateway.faults.waiting]

    def clear_faults(self) -> None:
        """Nobody hangs any more, and the listener accepts again."""
        self.gateway.faults = Faults()
        self._listener.accept_again()

    def ledger(self, cmd: str | None = None, account: str | None = None) -> list[dict[str, Any]]:
        """Every call received, in order; secrets left out."""
        return self.world.ledger.lines(cmd, account)

    def counts(self) -> dict[str, dict[str, int]]:
        """By command: how many calls, how many accepted (changes that took effect, logins)."""
        return self.world.ledger.counts

    def forget_ledger(self) -> None:
        self.world.ledger.clear()

    def panel(self, account: str, cmd: str, **given: Any) -> Any:
        """Somebody does it in the vendor's own panel: journalled, not in the ledger. A refusal is an error."""
        call = Call(self.world, self._account(account), cmd, {"cmd": cmd, **given}, self.world.clock.now())
        try:
            return COMMANDS[cmd](call)
        except Refused as refused:
            raise ValueError(f"refused: {refused.meaning}") from None

    def set_server(self, account: str, id: int, **facts: Any) -> None:  # noqa: A002
        """Any field as get_servers shows it."""
        self._account(account).servers[id].update(facts)

    def set_power(self, account: str, id: int, state: str | int) -> None:  # noqa: A002
        """off, on, paused, busy, archived, or any number."""
        self.set_server(account, id, status=STATES[state] if isinstance(state, str) else state)

    def add_server(self, account: str, id: int | None = None, **facts: Any) -> int:  # noqa: A002
        return int(self.world.add_server(self._account(account), id, **facts)["id"])

    def add_servers(self, account: str, count: int, first: int) -> None:
        for number in range(first, first + count):
            self.world.add_server(self._account(account), number, server_name=name_of(number - first))

    def remove_server(self, account: str, id: int) -> None:  # noqa: A002
        del self._account(account).servers[id]

    def add_account(self, login: str, password: str, mode: str = "off", **more: Any) -> None:
        """more: first and count, or servers (a list of facts); name, contract, balance."""
        self.world.add_account(login, password, mode, **more)

    def set_account(self, account: str, **facts: Any) -> None:
        """password, balance, mode, name."""
        owner = self._account(account)
        if unknown := facts.keys() - {"password", "balance", "mode", "name"}:
            raise ValueError(f"an account has no {', '.join(sorted(unknown))} that can be set")
        if facts.get("mode", "off") not in MODES:
            raise ValueError(f"a mode is one of {', '.join(MODES)}")
        for name, value in facts.items():
            setattr(owner, name, value)

    def expire_sessions(self, account: str | None = None) -> None:
        sessions.end_all(self.world, account, self.world.clock.now())

    def sms_key(self, account: str) -> str | None:
        """What the phone of this account shows."""
        sms = self._account(account).sms
        return sms.key if sms else None

    def fill_journal(self, account: str, count: int, cmd: str = "reload_server", id: int | None = None) -> None:  # noqa: A002
        """So many tasks that are done already, posted now: they push older ones out of get_logs."""
        owner, now = self._account(account), self.world.clock.now()
        server = id or next(iter(owner.servers))
        for _ in range(count):
            self.world.last_entry += 1
            entry = Entry(self.world.last_entry, cmd, server, server, now, now, now, 1, 1, settled=True)
            owner.journal.append(entry)

    def codes(self) -> dict[str, str]:
        """This seed's code of every meaning."""
        return self.world.vary.codes

    def variations(self) -> dict[str, Any]:
        """Everything that this seed varies."""
        vary = self.world.vary
        return {**dataclasses.asdict(vary), "mappings": sorted(vary.mappings)}

    def state(self, account: str) -> dict[str, Any]:
        """Servers, the whole journal (unlisted entries too), balance, open sessions."""
        owner, now = self._account(account), self.world.clock.now()
        journal = [{**dataclasses.asdict(e), "status": e.status, "listed": e.appears <= now} for e in owner.journal]
        for line in journal:
            line["appears"] = line["appears"] if line["appears"] != float("inf") else None
        alive = sum(s.account == account and s.ends > now for s in self.world.sessions.values())
        return {
            "servers": list(owner.servers.values()),
            "journal": journal,
            "balance": owner.balance,
            "sessions": alive,
            "mode": owner.mode,
        }

    def _account(self, login: str) -> Account:
        if login not in self.world.accounts:
            raise ValueError(f"no account is called {login}")
        return self.world.accounts[login]


OPERATIONS = frozenset(name for name in vars(Control) if not name.startswith("_")) - {"run"}
