"""The demo as a person starts it: `manage.py up --demo`, in a folder of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOGIN = re.compile(r"^\s+(\S+@\S+)\s+(\S+)\s+(\w+)")
OURS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_KEYS", "DJANGO_SETTINGS_MODULE", "DEMO", "PUBLIC_PORT")


@dataclass
class Demo:
    """A running demo: `url` of the first reseller, `port`, and the printed logins (address → password)."""

    port: int
    process: subprocess.Popen[str]
    log: Path
    logins: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def at(self, host: str) -> str:
        return f"http://{host}:{self.port}"

    def stop(self) -> None:
        """As Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)


def start(folder: Path) -> Demo:
    """Start it and wait until it is ready; what it prints is in demo.log."""
    folder.mkdir(parents=True, exist_ok=True)
    port, log = _free_port(), folder / "demo.log"
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    environment |= {"VAR_DIR": str(folder), "DEBUG": "false", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "manage.py", "up", "--demo", "--bind", f"127.0.0.1:{port}"]
    with log.open("w") as file:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=file, stderr=file, text=True)
    demo = Demo(port, process, log)
    _wait(demo)
    lines = (LOGIN.match(line) for line in log.read_text().splitlines())
    demo.logins = {found[1]: found[2] for found in lines if found}
    return demo


def _wait(demo: Demo) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until and demo.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{demo.url}/readyz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    demo.process.terminate()
    raise AssertionError(f"The demo did not become ready:\n{demo.log.read_text()[-4000:]}")


def _free_port() -> int:
    """A port that is free now, and the practice upstream's beside it (the port and a thousand).

    Each process of the tests looks in a range of its own: two that start together would find the same.
    """
    mine = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 8
    for port in range(18000 + 100 * mine, 18100 + 100 * mine, 7):
        if all(_is_free(number) for number in (port, port + 1000)):
            return port
    raise AssertionError("no free port")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
