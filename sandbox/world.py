"""The state of the practice upstream: accounts, servers, sessions, the journal, all under one lock."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter
from typing import Any

from sandbox import inventory, tasks
from sandbox.clock import Clock
from sandbox.ledger import Ledger
from sandbox.tasks import Entry
from sandbox.variations import Variations

MODES = ("off", "sms", "etoken")


@dataclass
class SmsKey:
    """The last key that was sent; spent after a login or three tries."""

    key: str
    sent: float
    tries: int = 0
    spent: bool = False


@dataclass
class Account:
    login: str
    password: str
    mode: str = "off"
    name: str = "Example Hosting"
    contract: int = 899
    balance: float = 50_000.0
    servers: dict[int, dict[str, Any]] = field(default_factory=dict)
    templates: list[dict[str, Any]] = field(default_factory=list)
    isos: list[dict[str, Any]] = field(default_factory=list)
    journal: list[Entry] = field(default_factory=list)
    running: list[Entry] = field(default_factory=list)
    sms: SmsKey | None = None
    zones: list[dict[str, Any]] = field(default_factory=list)
    reverse_names: dict[str, str] = field(default_factory=dict)
    networks: list[dict[str, Any]] = field(default_factory=list)
    default_contract: int | None = None


@dataclass
class Session:
    account: str
    ends: float


@dataclass
class Call:
    """One command about to be carried out: by whom, with what, at which moment of the world."""

    world: "World"
    account: Account
    cmd: str
    given: dict[str, Any]
    now: float
    strange: frozenset[int] = frozenset()  # servers that are shown in a state that nobody knows


class World:
    """Everything. Whoever touches it holds `lock`."""

    def __init__(self, seed: int = 0, speed: float = 1.0, clock: Clock | None = None) -> None:
        self.lock = threading.RLock()
        self.clock, self.speed = clock or Clock(), speed
        self.given_accounts: list[dict[str, Any]] = []  # from --accounts: they outlive a reset
        self.reset(seed)

    def reset(self, seed: int) -> None:
        """The beginning, for this seed."""
        self.clock.restart()
        self.began = self.clock.now()
        self.seed, self.vary = seed, Variations.of(seed)
        self.draws: dict[str, random.Random] = {}
        self.sessions: dict[str, Session] = {}
        self.late: list[tuple[float, Callable[[float], None]]] = []
        self.ledger = Ledger()
        self.accounts: dict[str, Account] = {}
        self.last_entry, self.last_server, self.last_object = 7000, 899, 4000
        for account in (*inventory.ACCOUNTS, *self.given_accounts):
            self.add_account(**account)

    def draw(self, what: str) -> random.Random:
        """The seed's dice for one purpose: what is drawn for another does not disturb it."""
        return self.draws.setdefault(what, random.Random(f"{what} {self.seed}"))

    def add_account(
        self,
        login: str,
        password: str,
        mode: str = "off",
        first: int = 0,
        count: int = 0,
        servers: tuple[dict[str, Any], ...] | list[dict[str, Any]] = (),
        **more: Any,
    ) -> Account:
        """An account with `count` servers from id `first` on, and those described one by one."""
        if mode not in MODES:
            raise ValueError(f"a mode is one of {', '.join(MODES)}, not {mode}")
        account = Account(login, password, mode, **more)
        account.templates, account.isos = inventory.templates_of(login), inventory.isos_of(login)
        for number in range(count):
            self.add_server(account, first + number, server_name=inventory.name_of(number))
        for facts in servers:
            self.add_server(account, **facts)
        self.accounts[login] = account
        return account

    def add_server(self, account: Account, id: int | None = None, **facts: Any) -> dict[str, Any]:  # noqa: A002
        """A new server of the account, with believable facts where none are given."""
        number = self.next_server() if id is None else id
        if any(number in other.servers for other in self.accounts.values()):
            raise ValueError(f"there is a server {number} already")
        account.servers[number] = inventory.server(number, account.contract, **facts)
        return account.servers[number]

    def next_server(self) -> int:
        self.last_server += self.draw("server ids").randint(1, 3)
        while any(self.last_server in account.servers for account in self.accounts.values()):
            self.last_server += 1
        return self.last_server

    def next_object(self) -> int:
        """A number for anything that is no server; a later one is greater."""
        self.last_object += self.draw("object ids").randint(1, 3)
        return self.last_object

    def begin(self, call: Call, server: dict[str, Any] | None, seconds: float, end_state: int, **more: Any) -> Entry:
        """Accept a long task: its server, if any, is busy until it ends; the journal lists it, perhaps a little late."""
        server = server or {"id": 0, "status": end_state}
        copy = more.get("copy")
        self.last_entry += self.draw("journal ids").randint(1, 3)
        entry = Entry(
            id=self.last_entry,
            cmd=call.cmd,
            server=server["id"],
            named=copy if copy is not None and self.vary.clone_names_copy else server["id"] or None,
            posted=call.now,
            appears=call.now + self.draw("lags").uniform(0, self.vary.longest_lag),
            ends=call.now + seconds / self.speed,
            before=server["status"],
            end_state=end_state,
            **more,
        )
        tasks.start(call.account, entry)
        return entry

    def settle(self) -> float:
        """Let everything happen whose time has come, in the order of its time; the present moment."""
        now = self.clock.now()
        while happening := self._next(now):
            happening[1]()
        return now

    def _next(self, now: float) -> tuple[float, Callable[[], None]] | None:
        due: list[tuple[float, Callable[[], None]]] = []
        for account in self.accounts.values():
            due += [(entry.ends, partial(tasks.end, account, entry)) for entry in account.running if entry.ends <= now]
        due += [(late[0], partial(self._accept, late)) for late in self.late if late[0] <= now]
        return min(due, key=itemgetter(0)) if due else None

    def _accept(self, late: tuple[float, Callable[[float], None]]) -> None:
        self.late.remove(late)
        late[1](late[0])
