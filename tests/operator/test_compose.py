"""docker-compose.yml: each service's exact command and environment, against a real database and a real Redis."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import redis
import requests
import yaml
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


def environment(service: str, folder: Path) -> dict[str, str]:
    """The service's variables, with the hosts of this machine in place of the compose network's."""
    given = COMPOSE[service]["environment"]
    filled = {name: re.sub(r"\$\{(\w+):?[-?]?([^}]*)\}", _value, str(value)) for name, value in given.items()}
    filled["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "postgresql://root@127.0.0.1:5432/test")
    filled["REDIS_URL"] = re.sub(r"redis://store:6379/0", "redis://127.0.0.1:6379/14", filled["REDIS_URL"])
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, **filled, "VAR_DIR": str(folder), "SECURE": "false"}


def _value(match: re.Match[str]) -> str:
    secrets = {"SECRET_KEY": settings.SECRET_KEY, "FIELD_KEYS": settings.FIELD_KEYS[0]}
    return secrets.get(match[1]) or ("" if match[2].startswith("set it") else match[2])


def command(service: str) -> list[str]:
    return [
        sys.executable if word == "python" else word.replace("0.0.0.0", "127.0.0.1")
        for word in COMPOSE[service]["command"]
    ]


@pytest.mark.skipif(settings.TEST_DATABASE != "postgresql" or settings.TEST_STORE != "redis", reason="needs both")
def test_every_service_starts_with_its_own_command_and_environment(tmp_path):
    store = redis.Redis.from_url("redis://127.0.0.1:6379/14")
    store.flushdb()
    database = f"compose_{os.getpid()}"
    psql = ["psql", "-h", "127.0.0.1", "-d", "postgres", "-qc"]
    subprocess.run([*psql, f"CREATE DATABASE {database}"], check=True)
    running = []
    try:
        environments = {name: environment(name, tmp_path) for name in ("migrate", "web", "worker", "beat")}
        for one in environments.values():
            one["DATABASE_URL"] = f"postgresql://root@127.0.0.1:5432/{database}"
        subprocess.run(command("migrate"), cwd=ROOT, env=environments["migrate"], check=True, timeout=60)
        for name in ("web", "worker", "beat"):
            words = ["18317" if word == "8000" else word for word in command(name)]
            words = [str(tmp_path / "beat") if word == "/tmp/beat" else word for word in words]
            running.append(subprocess.Popen(words, cwd=ROOT, env=environments[name], start_new_session=True))
        _until(lambda: _is_ready(18317))
        _until(lambda: store.exists("unacked_mutex") or store.llen("people") == 0)
        assert all(process.poll() is None for process in running)
        _until(lambda: store.exists("_kombu.binding.people"))
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(30)
        subprocess.run([*psql, f"DROP DATABASE {database} WITH (FORCE)"], check=True)
        store.flushdb()
        store.close()


def _is_ready(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/readyz", timeout=2).status_code == 200
    except requests.RequestException:
        return False


def _until(happened) -> None:
    ends = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < ends
        time.sleep(0.1)


def test_database_and_store_have_health_checks_and_keep_their_data():
    for service in ("database", "store"):
        assert COMPOSE[service]["healthcheck"]
        assert COMPOSE[service]["volumes"]
