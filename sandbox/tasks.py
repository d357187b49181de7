"""Long tasks: a line of the journal each, which ends when its time has come and somebody looks."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.inventory import BUSY, OFF

if TYPE_CHECKING:
    from sandbox.world import Account

POWER, RELOAD, REINSTALL = 6.0, 10.0, 60.0
CLONE, CLONE_PER_GB, CLONE_AT_MOST = 20.0, 1.0, 120.0
CLONE_COSTS = 150.0


@dataclass
class Entry:
    """One accepted task; `server` is 0 for one that concerns none. `named` is the id that the journal shows; a failed one leaves everything as it was."""

    id: int
    cmd: str
    server: int
    named: int | None
    posted: float
    appears: float  # infinite: never listed
    ends: float
    before: int
    end_state: int
    copy: int | None = None
    effect: dict[str, Any] = field(default_factory=dict)  # facts of the server once it is done
    makes: bool = False  # the server vanishes if it fails
    removes: bool = False  # the server vanishes if it is done
    image: dict[str, Any] | None = None  # is on the shelf once it is done
    shelf: str = ""  # templates or isos
    cost: float = 0.0
    failed: bool = False
    settled: bool = False

    @property
    def status(self) -> int:
        """As documented: 0 accepted and running, 1 done, 2 not done."""
        return 0 if not self.settled else 2 if self.failed else 1


def start(account: "Account", entry: Entry) -> None:
    """The server, and the copy if there is one, are busy from now on."""
    account.balance -= entry.cost
    account.journal.append(entry)
    account.running.append(entry)
    for busy in {entry.server, entry.copy or entry.server} - {0}:
        account.servers[busy]["status"] = BUSY


def end(account: "Account", entry: Entry) -> None:
    """Done or not done: whatever is still there gets its state."""
    account.running.remove(entry)
    entry.settled = True
    if source := account.servers.get(entry.server):
        source["status"] = entry.before if entry.failed else entry.end_state
        source.update({} if entry.failed else entry.effect)
    if entry.image is not None and not entry.failed:
        getattr(account, entry.shelf).append(entry.image)
    if entry.failed:
        account.balance += entry.cost
        account.servers.pop(entry.copy or (entry.server if entry.makes else 0), None)
    elif entry.removes:
        account.servers.pop(entry.server, None)
    elif copy := account.servers.get(entry.copy or 0):
        copy["status"] = OFF
