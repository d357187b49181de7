"""Keeping the world over a restart, for a demo that goes on."""

import json
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sandbox.tasks import Entry
from sandbox.world import Account, Session, SmsKey, World

SAVE_EVERY = 5.0  # seconds, so that little is lost if the process is killed


class Keeper:
    """Writes the world to a file now and then, and when asked. Cut commands that wait to be accepted are not kept."""

    def __init__(self, world: World, path: Path) -> None:
        self._world, self._path = world, path
        self._written, self._stopped = "", threading.Event()

    def keep(self) -> None:
        """Until `stop`: for a thread of its own."""
        while not self._stopped.wait(SAVE_EVERY):
            self._save()

    def stop(self) -> None:
        """For the last time."""
        self._stopped.set()
        self._save()

    def _save(self) -> None:
        """Whole or not at all, and only what is new. Only the user may read it: there are passwords in it."""
        with self._world.lock:
            content = json.dumps(_content(self._world))
        if content == self._written:
            return
        half = self._path.with_suffix(".part")
        half.touch(mode=0o600)
        half.write_text(content, encoding="utf-8")
        half.rename(self._path)
        self._written = content


def _content(world: World) -> dict[str, Any]:
    return {
        "seed": world.seed,
        "added": world.clock.added,
        "began": world.began,
        "last": [world.last_entry, world.last_server, world.last_object],
        "draws": {name: draw.getstate() for name, draw in world.draws.items()},
        "sessions": {name: asdict(session) for name, session in world.sessions.items()},
        "accounts": [asdict(account) for account in world.accounts.values()],
    }


def load(world: World, path: Path) -> None:
    """Go on from the file, if there is one of the same seed. ValueError if it cannot be read."""
    if not path.is_file():
        return
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["seed"] == world.seed:
            _take_up(world, content)
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise ValueError(f"{path} holds no state of this sandbox ({type(exc).__name__}); delete it") from None


def _take_up(world: World, content: dict[str, Any]) -> None:
    accounts = {account["login"]: _account(account) for account in content["accounts"]}
    sessions = {name: Session(**session) for name, session in content["sessions"].items()}
    world.last_entry, world.last_server, world.last_object = content["last"]
    for name, (version, inner, gauss) in content["draws"].items():
        world.draw(name).setstate((version, tuple(inner), gauss))
    world.accounts, world.sessions = accounts, sessions
    world.clock.advance(content["added"])
    world.began = content["began"]


def _account(content: dict[str, Any]) -> Account:
    journal = [Entry(**entry) for entry in content["journal"]]
    return Account(
        **{
            **content,
            "servers": {int(id_): server for id_, server in content["servers"].items()},
            "journal": journal,
            "running": [entry for entry in journal if not entry.settled],
            "sms": SmsKey(**content["sms"]) if content["sms"] else None,
        }
    )
