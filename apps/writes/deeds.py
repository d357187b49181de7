"""What the rooms tell of their commands: how a lost answer is settled, and what the mirror says at the end."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import Enum

from apps.resellers.gateway import Gateway
from apps.writes.models import Write


class Look(Enum):
    """What a fresh list says of a command whose answer was lost."""

    ABSENT = "absent"  # it did not happen, so far
    UNCLEAR = "unclear"  # several could be it
    NOBODY_KNOWS = "nobody knows"  # there is no list that could tell


@dataclass(frozen=True, slots=True)
class Happened:
    """The list shows it; `upstream_id` of what was made, empty where nothing was."""

    upstream_id: str = ""


def made(listed: Mapping[str, object], wanted: object) -> Happened | Look:
    """What a list (upstream id → content) says of something that was to be made with this content."""
    found = [upstream_id for upstream_id, content in listed.items() if content == wanted]
    if len(found) > 1:
        return Look.UNCLEAR
    return Happened(found[0]) if found else Look.ABSENT


def removed(listed: Collection[str], upstream_id: str) -> Happened | Look:
    """What a list says of something that was to be removed."""
    return Look.ABSENT if upstream_id in listed else Happened()


@dataclass(frozen=True, slots=True)
class Deed:
    """One command of a room.

    `find` reads the list afresh (raises Unavailable). `finish` and `abandon` change the mirror, in the transaction that
    ends the write; `finish` is given the upstream id of what was made. `verb` names the event: zone.added.
    """

    command: str
    verb: str
    find: Callable[[Write, Gateway], Happened | Look]
    finish: Callable[[Write, str], None]
    abandon: Callable[[Write], None] = lambda _write: None
    makes: bool = False


_deeds: dict[str, Deed] = {}


def register(*deeds: Deed) -> None:
    """A room's commands, once, when Django is ready."""
    _deeds.update({deed.command: deed for deed in deeds})


def deed_of(write: Write) -> Deed:
    return _deeds[write.command]


def registered() -> frozenset[str]:
    """The commands that rooms carry out as writes."""
    return frozenset(_deeds)
