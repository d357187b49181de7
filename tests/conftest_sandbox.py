"""The practice upstream in a process of its own, for tests."""

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parent.parent


class SandboxProcess:
    """A running sandbox; `url` is its gateway address."""

    def __init__(self, seed: int = 0, speed: float = 1.0, *arguments: str) -> None:
        asked = ["--bind", "127.0.0.1:0", "--control", "127.0.0.1:0", "--seed", str(seed), "--speed", str(speed)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sandbox", *asked, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        self.url, self.control_url = self._address(), self._address()

    @classmethod
    def start(cls, seed: int = 0, speed: float = 1.0, *arguments: str) -> "SandboxProcess":
        return cls(seed, speed, *arguments)

    def _address(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert " on http://" in line, f"the sandbox did not start: {line!r}"
        return line.split()[-1]

    def control(self, op: str, **given: Any) -> Any:
        """One operation of `sandbox.control`; it answers even while the gateway refuses connections."""
        parts = urlsplit(self.control_url)
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=10)
        try:
            body = json.dumps({"op": op, **given})
            connection.request("POST", parts.path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            found = json.loads(answer.read())
        finally:
            connection.close()
        assert answer.status == 200, found
        return found["ok"]

    def reset(self, seed: int = 0, speed: float = 1.0) -> None:
        self.control("reset", seed=seed, speed=speed)

    def advance(self, seconds: float) -> None:
        self.control("advance", seconds=seconds)

    def fault(self, kind: str, **how: Any) -> None:
        self.control("add_fault", kind=kind, **how)

    def ledger(self, cmd: str | None = None) -> list[dict[str, Any]]:
        return self.control("ledger", cmd=cmd)

    def counts(self) -> dict[str, dict[str, int]]:
        return self.control("counts")

    def accepted(self, cmd: str) -> int:
        return self.counts().get(cmd, {}).get("accepted", 0)

    def calls(self, cmd: str) -> int:
        return self.counts().get(cmd, {}).get("calls", 0)

    def stop(self) -> int:
        """Its exit code."""
        self.process.terminate()
        code = self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@pytest.fixture(scope="session")
def sandbox_process() -> Iterator[SandboxProcess]:
    process = SandboxProcess()
    yield process
    process.stop()


@pytest.fixture
def sandbox(sandbox_process: SandboxProcess) -> SandboxProcess:
    """A practice upstream at its beginning: seed 0, no faults, an empty ledger."""
    sandbox_process.reset()
    return sandbox_process
