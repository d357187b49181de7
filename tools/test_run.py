"""The tests of `make test`: on PostgreSQL and Redis where they answer, and on SQLite with the embedded store."""

import os
import socket
import subprocess
import sys

WORKERS = "2"


def main() -> int:
    full = _answers(5432) and _answers(6379)
    if not full and os.environ.get("CI") == "true":
        print("CI must test on PostgreSQL (127.0.0.1:5432) and Redis (127.0.0.1:6379), and one does not answer.")
        return 1
    if full:
        print("Tests on PostgreSQL and Redis", flush=True)
        if code := _pytest({"TEST_DATABASE": "postgresql", "TEST_STORE": "redis"}, "--ignore=tests/e2e"):
            return code
    print("Tests on SQLite and the embedded store", flush=True)
    if code := _pytest({"TEST_DATABASE": "sqlite", "TEST_STORE": "embedded"}, "--ignore=tests/e2e", *_ran(full=full)):
        return code
    print(
        "The demo in a real browser", flush=True
    )  # by itself: its event loop and Django's tests do not share a process
    return _pytest({"TEST_DATABASE": "sqlite", "TEST_STORE": "embedded"}, "tests/e2e")


def _ran(*, full: bool) -> list[str]:
    """What touches neither database nor store and has run need not run twice."""
    if not full:
        return []
    return [f"--ignore=tests/{folder}" for folder in ("upstream", "sandbox", "architecture")]


def _pytest(env: dict[str, str], *more: str) -> int:
    command = [sys.executable, "-m", "pytest", "-n", WORKERS, "--dist", "loadfile", "-q", *more]
    return subprocess.run(command, env={**os.environ, **env}, check=False).returncode


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
