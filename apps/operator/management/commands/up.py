"""`manage.py up [--demo] [--bind HOST:PORT]`: everything that one machine needs, until interrupted."""

import json
import logging
import os
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connections

from apps.operator import plan
from apps.operator.demo import seed


class Command(BaseCommand):
    """Migrates, then becomes the supervisor of web, workers, beat and (if REDIS_URL is unset) a store."""

    help = "Run the portal on this machine: web, workers, beat, and an embedded store if REDIS_URL is unset."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1:8000", help="HOST:PORT")
        parser.add_argument(
            "--demo", action="store_true", help="with a practice upstream, customers and mail in a page"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = _address(options["bind"])
        sandbox = f"127.0.0.1:{port + 1000 if port < 60000 else port - 1000}" if options["demo"] else None
        _refuse_taken(host, port, "Choose another with --bind.")
        _refuse_read_only(Path(settings.VAR_DIR))
        if sandbox is not None:
            _refuse_taken("127.0.0.1", int(sandbox.rpartition(":")[2]), "The demo's practice upstream needs it.")
        if settings.STORE_IS_EMBEDDED:
            _do_not_miss_the_store()
        self._prepare()
        if sandbox is not None:
            os.environ["DEMO"], os.environ["PUBLIC_PORT"] = "true", str(port)
            self.stdout.write(seed.demo(f"http://{sandbox}/api", port))
        self.stdout.write(f"Serving on http://{host}:{port} — Ctrl-C ends it.")
        self.stdout._out.flush()  # type: ignore[attr-defined]
        connections.close_all()
        os.chdir(settings.BASE_DIR)
        children = json.dumps(plan.children(host, port, sandbox))
        os.execv(sys.executable, [sys.executable, "-m", "apps.operator.supervisor", children])

    def _prepare(self) -> None:
        try:
            call_command("migrate", verbosity=0, interactive=False)
        except OperationalError as exc:
            raise CommandError(f"The database cannot be used: {exc}") from None
        if not _static_files_are_current():
            call_command("collectstatic", verbosity=0, interactive=False)


def _do_not_miss_the_store() -> None:
    """It is started by the supervisor that this process becomes: until then there is nothing to complain of."""
    for name in ("apps.common.queue", "apps.events.live"):
        logging.getLogger(name).setLevel(logging.ERROR)


def _static_files_are_current() -> bool:
    """Collecting and compressing takes seconds: only when a file of ours is newer than the last time."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not manifest.is_file():
        return False
    ours = (path for folder in settings.STATICFILES_DIRS for path in Path(folder).rglob("*") if path.is_file())
    return all(path.stat().st_mtime <= manifest.stat().st_mtime for path in ours)


def _address(bind: str) -> tuple[str, int]:
    host, colon, port = bind.rpartition(":")
    if not colon or not port.isdigit() or not 0 < int(port) < 65536:
        raise CommandError(f"--bind wants HOST:PORT, not {bind!r}.")
    return host.strip("[]") or "127.0.0.1", int(port)


def _refuse_taken(host: str, port: int, what_to_do: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as exc:
            raise CommandError(f"{host}:{port} cannot be used: {exc.strerror}. {what_to_do}") from None


def _refuse_read_only(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as exc:
        raise CommandError(f"{folder} cannot be written: {exc.strerror}. Make it writable, or set VAR_DIR.") from None
