"""manage.py up as a process: what it refuses, what it restarts, what it leaves behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]
ROOT = Path(__file__).resolve().parents[2]
OURS = ("SECRET_KEY", "FIELD_KEYS", "DATABASE_URL", "REDIS_URL", "DEBUG", "VAR_DIR", "DJANGO_SETTINGS_MODULE")


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    return {**kept, "VAR_DIR": str(folder)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class Up:
    def __init__(self, folder: Path) -> None:
        self.port, self.folder = free_port(), folder
        self.start()

    def start(self) -> None:
        self.log = (self.folder / "up.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--bind", f"127.0.0.1:{self.port}"],
            cwd=ROOT,
            env=environment(self.folder),
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        self.until(self.is_ready)

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def until(self, happened) -> None:
        ends = time.monotonic() + 60
        while not happened():
            assert self.process.poll() is None, (self.folder / "up.log").read_text()[-2000:]
            assert time.monotonic() < ends, (self.folder / "up.log").read_text()[-2000:]
            time.sleep(0.1)

    def family(self) -> dict[int, str]:
        """Every process that has this test's folder in its environment."""
        found = {}
        for place in Path("/proc").iterdir():
            if place.name.isdigit() and int(place.name) != os.getpid():
                try:
                    if f"VAR_DIR={self.folder}".encode() in (place / "environ").read_bytes():
                        found[int(place.name)] = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                except OSError:
                    continue
        return {pid: line for pid, line in found.items() if line}

    def workers(self) -> set[int]:
        return {
            pid for pid, line in self.family().items() if "celery -A portal worker" in line and "supervisor" not in line
        }

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(40)
        self.log.close()
        return code


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    running = Up(tmp_path)
    yield running
    running.stop()


def test_it_serves_restarts_what_dies_and_ends_without_leaving_a_process(up: Up):
    secrets = (up.folder / "secrets.env").stat()
    assert secrets.st_mode & 0o777 == 0o600
    (worker,) = up.workers()

    os.kill(worker, signal.SIGKILL)
    up.until(lambda: up.workers() - {worker})
    up.until(up.is_ready)

    assert up.stop() == 0
    assert up.family() == {}

    kept = (up.folder / "secrets.env").read_text()
    up.start()
    assert (up.folder / "secrets.env").read_text() == kept


def test_a_supervisor_that_is_killed_outright_leaves_no_process_either(up: Up):
    up.stop(signal.SIGKILL)

    ends = time.monotonic() + 30
    while up.family() and time.monotonic() < ends:
        time.sleep(0.1)
    assert up.family() == {}


def test_a_taken_port_is_said_plainly(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = run(tmp_path, "up", "--bind", f"127.0.0.1:{port}")

    assert done.returncode == 1
    assert f"127.0.0.1:{port} cannot be used: Address already in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_cannot_be_written_is_said_plainly(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    done = run(tmp_path / "file" / "var", "up")

    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("bind", ["8000", "host:port", "127.0.0.1:99999"])
def test_a_bind_that_is_none_is_said_plainly(tmp_path, bind):
    done = run(tmp_path, "up", "--bind", bind)

    assert (done.returncode, "wants HOST:PORT" in done.stderr) == (1, True)


def test_production_refuses_to_start_without_secrets(tmp_path):
    done = run(tmp_path / "nothing", "check")

    assert done.returncode == 1
    assert "Set SECRET_KEY" in done.stderr


def test_the_sandbox_needs_nothing_and_says_when_its_port_is_taken(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = run(tmp_path, "sandbox", "--bind", f"127.0.0.1:{other.getsockname()[1]}")

    assert done.returncode != 0
    assert "cannot be used" in done.stderr
    assert "Traceback" not in done.stderr
