"""What was received: every HTTP call in order, without secrets, and the sums that tests ask for."""

from collections import deque
from typing import Any

SECRETS = frozenset({"cmd", "sess", "loginPassword", "smskey", "passkey", "password", "old", "new", "json"})
KEPT = 20_000  # lines; the sums know of all


class Ledger:
    """Lines: n, at, cmd, account, parameters, accepted, outcome, faults.

    Outcomes: `read`, `accepted`, `logged in`, `key sent`, `refused: MEANING`, or the fault that answered instead
    (`accepted` then says whether the command was), `cut, to be accepted late` and `accepted late`.
    """

    def __init__(self) -> None:
        self._lines: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self.counts: dict[str, dict[str, int]] = {}
        self._n = 0

    def note(self, at: float, cmd: str, account: str | None, given: dict[str, Any]) -> dict[str, Any]:
        """A line for a call that has just come in; whoever carries it out adds the outcome."""
        self._n += 1
        line = {
            "n": self._n,
            "at": at,
            "cmd": cmd,
            "account": account,
            "parameters": {key: value for key, value in given.items() if key not in SECRETS},
            "accepted": False,
            "outcome": "",
            "faults": [],
        }
        self._lines.append(line)
        self._count(cmd)["calls"] += 1
        return line

    def accept(self, line: dict[str, Any], outcome: str) -> None:
        """The command of this line took effect."""
        line["accepted"], line["outcome"] = True, outcome
        self._count(line["cmd"])["accepted"] += 1

    def lines(self, cmd: str | None = None, account: str | None = None) -> list[dict[str, Any]]:
        return [line for line in self._lines if cmd in {None, line["cmd"]} and account in {None, line["account"]}]

    def _count(self, cmd: str) -> dict[str, int]:
        return self.counts.setdefault(cmd, {"calls": 0, "accepted": 0})

    def clear(self) -> None:
        """Forget lines and sums; numbers go on."""
        self._lines.clear()
        self.counts.clear()
