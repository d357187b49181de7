"""Settings of the tests: PostgreSQL and Redis where they answer, else SQLite and a store of their own."""

import os
import socket
import tempfile
from pathlib import Path


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
VAR = Path(tempfile.gettempdir()) / f"portal-tests-{os.getuid()}-{WORKER}"
VAR.mkdir(exist_ok=True)
os.environ["VAR_DIR"] = str(VAR)
os.environ.setdefault("SECRET_KEY", "a-secret-of-the-tests-only-0123456789-0123456789-0123456789")
os.environ.setdefault("FIELD_KEYS", "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=")
os.environ["DEBUG"] = "false"

TEST_DATABASE = os.environ.get("TEST_DATABASE") or ("postgresql" if _answers(5432) else "sqlite")
TEST_STORE = os.environ.get("TEST_STORE") or ("redis" if _answers(6379) else "embedded")
if TEST_DATABASE == "postgresql":
    os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "postgresql://root@127.0.0.1:5432/test")
else:
    os.environ["DATABASE_URL"] = f"sqlite:///{VAR / 'db.sqlite3'}"
if TEST_STORE == "redis":
    os.environ["REDIS_URL"] = f"redis://127.0.0.1:6379/{int(WORKER) + 1}"
else:
    os.environ.pop("REDIS_URL", None)

from portal.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if TEST_DATABASE == "sqlite":
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test.sqlite3")}
