"""Runs the processes of one machine until interrupted: starts, restarts, ends them, and leaves none.

Plain standard library, so that it holds no Django in memory: `manage.py up` becomes this process.
"""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Any

GRACE = 15.0  # seconds between asking a child to end and making it
TOO_SOON = 3.0  # a child that lives no longer than this has not started
TRIES = 3
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process: what it is called, how it starts, how its tries went."""

    name: str
    argv: list[str]
    env: dict[str, str] = field(default_factory=dict)
    has_children: bool = False  # of its own, which it must be given the time to end
    process: subprocess.Popen[str] | None = None
    started: float = 0.0
    early_deaths: int = 0
    restart_at: float = 0.0


class Supervisor:
    """Keeps its children running."""

    def __init__(self, children: list[Child]) -> None:
        self.children = children
        self.stopping = threading.Event()
        self.failure: str | None = None

    def run(self) -> int:
        """Until a signal, or until a child cannot start; the exit code."""
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: self.stopping.set())
        for child in self.children:
            self._start(child)
        while not self.stopping.wait(0.1):
            self._look()
        self._end_all()
        if self.failure:
            print(self.failure, file=sys.stderr, flush=True)
        return 1 if self.failure else 0

    def _start(self, child: Child) -> None:
        child.process = subprocess.Popen(
            child.argv,
            env={**os.environ, **child.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=_die_with_parent(child),  # noqa: PLW1509 - one system call, made before any thread of the child
        )
        child.started = time.monotonic()
        threading.Thread(target=_pass_on, args=(child.name, child.process.stdout), daemon=True).start()

    def _look(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.process is None and child.restart_at <= now:
                self._start(child)
            elif child.process is not None and child.process.poll() is not None:
                self._bury(child, now)

    def _bury(self, child: Child, now: float) -> None:
        """A child died: start it again soon, or give up if it never starts."""
        assert child.process is not None
        code, lived = child.process.returncode, now - child.started
        child.process = None
        child.early_deaths = child.early_deaths + 1 if lived < TOO_SOON else 0
        if child.early_deaths >= TRIES:
            self.failure = f"{child.name} cannot start (exit code {code}); its own words stand above."
            self.stopping.set()
            return
        child.restart_at = now + 0.5 * 2**child.early_deaths
        print(f"{child.name} ended with code {code}; it is started again", flush=True)

    def _end_all(self) -> None:
        """In the reverse order of starting; who does not go in time is made to."""
        running = [child.process for child in reversed(self.children) if child.process is not None]
        for process in running:
            _signal(process, signal.SIGTERM)
        until = time.monotonic() + GRACE
        for process in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(until - time.monotonic(), 0.1))
            _signal(process, signal.SIGKILL)
            process.wait()


def _signal(process: subprocess.Popen[str], name: signal.Signals) -> None:
    """To the child's whole group when it is made to go; to the child alone when it is asked."""
    try:
        if name == signal.SIGKILL:
            os.killpg(process.pid, name)
        else:
            process.send_signal(name)
    except ProcessLookupError:
        pass


def _die_with_parent(child: Child) -> Callable[[], None]:
    """If the supervisor is killed outright, the kernel ends its children: a worker that waits for a store that has gone
    too would never end by being asked, and none of them has anything to lose."""
    how = signal.SIGTERM if child.has_children else signal.SIGKILL

    def before_start() -> None:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, how)

    return before_start


def _pass_on(name: str, stream: IO[str] | None) -> None:
    for line in stream or ():
        print(f"{name:>10} | {line.rstrip()}", flush=True)


def main() -> int:
    plan: list[dict[str, Any]] = json.loads(sys.argv[1])
    return Supervisor([Child(**child) for child in plan]).run()


if __name__ == "__main__":
    sys.exit(main())
