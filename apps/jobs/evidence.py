"""What the journal and the states say of jobs that were sent: pure functions, no rows, no network.

A journal is *complete* for a job if it reaches back to the write-ahead: it has an entry that was seen then, or
there was none and it is not full.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from apps.jobs.commands import Order
from apps.upstream.values import JournalEntry, JournalState, Power

JOURNAL_SIZE = 100


@dataclass(frozen=True, slots=True)
class Sent:
    """A job that was sent, as evidence sees it."""

    id: int
    order: Order
    server: str  # upstream id; empty where there is none
    status_before: str
    seen_before: frozenset[str]  # journal ids at the write-ahead
    answered: bool
    seconds_since_sent: float
    seconds_absent: float | None  # since the first complete journal without it
    entry: str | None = None  # its journal entry, once known
    target: str | None = None  # upstream id of the server or image it makes, once known
    target_name: str = ""


class Says(StrEnum):
    NOTHING = "nothing"
    ABSENT = "absent"  # complete, and not there
    ACCEPTED = "accepted"
    DONE = "done"
    NOT_DONE = "not_done"
    NOT_ACCEPTED = "not_accepted"
    TWO_CANDIDATES = "two_candidates"
    ROLLED_OVER = "journal_rolled_over"
    UNEXPLAINED = "unexplained_change"
    LOOK_AT_STATES = "look_at_states"  # answered, and the journal cannot tell


@dataclass(frozen=True, slots=True)
class Verdict:
    says: Says
    entry: str | None = None
    target: str | None = None  # upstream id of the made server, where evidence names it
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """One tick's reading: the journal, the states, and the names of servers if they were asked for."""

    journal: Sequence[JournalEntry]
    states: Mapping[str, Power]
    names: Mapping[str, str]  # of what the job makes: upstream id → name; empty if no listing was read
    taken: Collection[str]  # journal ids that belong to other jobs
    known: Collection[str] = frozenset()  # upstream ids that already are somebody's


GIVEN_UP_AFTER = 6 * 3600.0  # seconds after which an image that nobody lists, and no journal tells of, did not come
LATE_ENTRY = 60.0  # seconds an answered command's entry may be missing before the states are asked instead
NOT_ACCEPTED_AFTER = 20.0
BETWEEN_LOOKS = 3.0


def judge(sent: Sent, picture: Picture) -> Verdict:
    """What this tick's picture says of the job."""
    if sent.entry is not None:
        return _by_entry(sent, picture)
    candidates = candidates_of(sent, picture)
    if len(candidates) == 1:
        return _from_entry(sent, candidates[0], picture)
    if len(candidates) > 1:
        return _of_several(sent, candidates, picture)
    return _without_entry(sent, picture)


def candidates_of(sent: Sent, picture: Picture) -> list[JournalEntry]:
    """New entries of the same command that name the job's server, or (of a clone, either) the server that it makes."""
    fresh = (
        entry
        for entry in picture.journal
        if entry.command == sent.order.command and entry.id not in sent.seen_before and entry.id not in picture.taken
    )
    return [entry for entry in fresh if _names(sent, entry.server_id, picture)]


def _names(sent: Sent, server: str, picture: Picture) -> bool:
    if server == sent.server:
        return True
    return sent.order.makes and server != "" and server in {sent.target, named(sent, picture)}


def named(sent: Sent, picture: Picture) -> str | None:
    """The one server or image, not yet anybody's, that bears the name which was sent; None if none or several do."""
    found = [id_ for id_, name in picture.names.items() if name == sent.target_name and id_ not in picture.known]
    return found[0] if sent.target_name and len(found) == 1 else None


def is_complete(sent: Sent, journal: Sequence[JournalEntry]) -> bool:
    """Whether this journal reaches back to the job's write-ahead.

    An empty or short one that has lost what was seen then is no evidence at all: an upstream that answers null is not
    an upstream that accepted nothing.
    """
    if sent.seen_before:
        return any(entry.id in sent.seen_before for entry in journal)
    return len(journal) < JOURNAL_SIZE


def _by_entry(sent: Sent, picture: Picture) -> Verdict:
    entry = next((entry for entry in picture.journal if entry.id == sent.entry), None)
    return Verdict(Says.LOOK_AT_STATES, sent.entry) if entry is None else _from_entry(sent, entry, picture)


def _from_entry(sent: Sent, entry: JournalEntry, picture: Picture) -> Verdict:
    target = sent.target
    if sent.order.makes and target is None:
        names_it = sent.order.makes_a_server and entry.server_id not in {"", sent.server}
        target = entry.server_id if names_it else named(sent, picture)
    says = {JournalState.DONE: Says.DONE, JournalState.NOT_DONE: Says.NOT_DONE}.get(entry.state, Says.ACCEPTED)
    if says is Says.DONE and sent.order.makes and target is None:
        says = Says.ACCEPTED  # done, but what it made will only be known from the next listing
    if says is Says.DONE and sent.order.removes and sent.server in picture.states:
        says = Says.ACCEPTED  # done, and still listed: only the list says that it is gone
    return Verdict(says, entry.id, target)


def _of_several(sent: Sent, candidates: Sequence[JournalEntry], picture: Picture) -> Verdict:
    """Two equal candidates: of an answered command the states tell; of an unanswered one nobody can."""
    ids = tuple(entry.id for entry in candidates)
    if sent.order.makes_an_image:
        return _of_several_images(sent, candidates, picture)
    return Verdict(Says.LOOK_AT_STATES if sent.answered else Says.TWO_CANDIDATES, candidates=ids)


def _of_several_images(sent: Sent, candidates: Sequence[JournalEntry], picture: Picture) -> Verdict:
    """The journal does not say which image an entry is of; the list of images does, once all have ended."""
    found = sent.target if sent.target in picture.names else named(sent, picture)
    if any(entry.state not in {JournalState.DONE, JournalState.NOT_DONE} for entry in candidates):
        return Verdict(Says.ACCEPTED, target=found) if found else Verdict(Says.NOTHING)
    if found:
        return Verdict(Says.DONE, target=found)
    ids = tuple(entry.id for entry in candidates)
    return Verdict(Says.NOT_DONE) if sent.answered else Verdict(Says.TWO_CANDIDATES, candidates=ids)


def _without_entry(sent: Sent, picture: Picture) -> Verdict:
    complete = is_complete(sent, picture.journal)
    if sent.answered:
        late = sent.seconds_since_sent >= LATE_ENTRY
        return Verdict(Says.LOOK_AT_STATES if late or not complete else Says.NOTHING)
    made = named(sent, picture) if sent.order.makes else None
    if made is not None:
        return Verdict(Says.ACCEPTED, target=made)
    if sent.order.removes and sent.server not in picture.states:
        return Verdict(Says.LOOK_AT_STATES)  # no longer listed, twice: whatever the journal says, that was asked
    if not complete:
        return Verdict(Says.ROLLED_OVER if len(picture.journal) >= JOURNAL_SIZE else Says.NOTHING)
    return _absent(sent, picture)


def _absent(sent: Sent, picture: Picture) -> Verdict:
    """Complete and absent: not accepted if the server is idle and unchanged, twice, late enough."""
    now = picture.states.get(sent.server)
    if not sent.order.begins_from_nothing and (now is None or now.value != sent.status_before):
        is_settled = now is not None and now not in {Power.BUSY, Power.UNKNOWN}
        return Verdict(Says.UNEXPLAINED if is_settled and sent.seconds_since_sent >= LATE_ENTRY else Says.NOTHING)
    twice = sent.seconds_absent is not None and sent.seconds_absent >= BETWEEN_LOOKS
    late_enough = sent.seconds_since_sent >= NOT_ACCEPTED_AFTER
    return Verdict(Says.NOT_ACCEPTED if twice and late_enough else Says.ABSENT)


def image_says(sent: Sent, state: Power | None, images: Collection[str]) -> Says:
    """What the list of images says of an accepted one, and the state of the server that it was to be made of."""
    if sent.target in images:
        return Says.DONE
    if sent.server:
        return Says.NOTHING if state in {None, Power.BUSY, Power.UNKNOWN} else Says.NOT_DONE
    return Says.NOT_DONE if sent.seconds_since_sent > GIVEN_UP_AFTER else Says.NOTHING


def state_says(order: Order, state: Power | None) -> Says:
    """What a state alone says of an accepted command: out of busy and in an end state, or in another settled one."""
    if state is None and order.removes:
        return Says.DONE
    if state is None or state in {Power.BUSY, Power.UNKNOWN}:
        return Says.NOTHING
    return Says.DONE if state.value in order.ends_in else Says.NOT_DONE
