#!/usr/bin/env python
"""Django's command line; `up` and `apply` first make the secrets of this machine if nobody gave them."""

import os
import sys
from pathlib import Path

from portal import env


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command == "sandbox":
        _become_the_sandbox()
    if command in {"up", "apply"}:
        try:
            env.make_missing_secrets()
        except OSError as exc:
            sys.exit(f"{env.VAR_DIR} cannot be written: {exc.strerror}. Make it writable, or set VAR_DIR.")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - after the secrets

    import portal.celery  # noqa: F401, PLC0415 - services ask its queue

    execute_from_command_line(sys.argv)


def _become_the_sandbox() -> None:
    """The practice upstream needs no settings, no secrets and no database of ours."""
    os.chdir(Path(__file__).resolve().parent)
    os.execv(sys.executable, [sys.executable, "-m", "sandbox", *sys.argv[2:]])  # noqa: S606


if __name__ == "__main__":
    main()
