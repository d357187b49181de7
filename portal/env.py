"""Settings from the environment: typed, loud, and without a default for a secret."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR") or BASE_DIR / "var")
SECRETS_FILE = VAR_DIR / "secrets.env"


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool = False) -> bool:
    given = text(name, str(default)).lower()
    if given not in {"true", "false"}:
        raise ImproperlyConfigured(f"{name} must be 'true' or 'false', not {given!r}")
    return given == "true"


def words(name: str, default: str = "") -> list[str]:
    """A list, written with commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def secret(name: str) -> str:
    """A secret from NAME, from the file that NAME_FILE names, or from var/secrets.env; never a default."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text().strip()
    if value := os.environ.get(name):
        return value
    if value := _kept().get(name):
        return value
    raise ImproperlyConfigured(
        f"Set {name} (or {name}_FILE). On one machine, `manage.py up` makes it and keeps it in var/secrets.env."
    )


def _kept() -> dict[str, str]:
    if not SECRETS_FILE.is_file():
        return {}
    pairs = (line.partition("=") for line in SECRETS_FILE.read_text().splitlines() if "=" in line)
    return {name.strip(): value.strip() for name, _, value in pairs}


def make_missing_secrets() -> None:
    """Write the secrets that nobody gave to var/secrets.env, once, readable by the owner alone."""
    kept = _kept()
    wanted = {"SECRET_KEY": secrets.token_urlsafe(50), "FIELD_KEYS": _fernet_key()}
    missing = {
        name: value
        for name, value in wanted.items()
        if name not in kept and not os.environ.get(name) and not os.environ.get(f"{name}_FILE")
    }
    if not missing:
        return
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    handle = os.open(SECRETS_FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a") as file:
        file.writelines(f"{name}={value}\n" for name, value in missing.items())


def _fernet_key() -> str:
    from cryptography.fernet import Fernet  # noqa: PLC0415 - only the first start needs it

    return Fernet.generate_key().decode()
