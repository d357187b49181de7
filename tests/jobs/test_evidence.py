"""What the journal and the states say: pure, so every case can be drawn."""

import pytest

from apps.jobs.commands import ORDERS
from apps.jobs.evidence import Picture, Says, Sent, judge
from apps.upstream.values import JournalEntry, JournalState, Power


def entry(number, command="stop_server", server="333", state=JournalState.RUNNING):
    return JournalEntry(str(number), command, state, server, None, None)


def sent(kind="stop", **more):
    given = {
        "id": 1,
        "order": ORDERS[kind],
        "server": "333",
        "status_before": "on",
        "seen_before": frozenset({"1"}),
        "answered": False,
        "seconds_since_sent": 25.0,
        "seconds_absent": 5.0,
        **more,
    }
    return Sent(**given)


def picture(journal, states=None, names=None, taken=(), known=frozenset()):
    return Picture(journal, states or {"333": Power.ON}, names or {}, set(taken), known)


OLD = entry(1)
FULL = [entry(number, server="9") for number in range(1000, 1100)]


@pytest.mark.parametrize(
    ("job", "seen", "says"),
    [
        (sent(), picture([OLD]), Says.NOT_ACCEPTED),
        (sent(seconds_absent=None), picture([OLD]), Says.ABSENT),
        (sent(seconds_absent=2.0), picture([OLD]), Says.ABSENT),
        (sent(seconds_since_sent=19.0), picture([OLD]), Says.ABSENT),
        (sent(), picture([OLD], {"333": Power.BUSY}), Says.NOTHING),
        (sent(), picture([OLD], {"333": Power.OFF}), Says.NOTHING),
        (sent(seconds_since_sent=90.0), picture([OLD], {"333": Power.OFF}), Says.UNEXPLAINED),
        (sent(), picture(FULL), Says.ROLLED_OVER),
        (sent(), picture([]), Says.NOTHING),  # null is not "nothing was accepted"
        (sent(seen_before=frozenset()), picture([]), Says.NOT_ACCEPTED),
        (sent(), picture([OLD, entry(2)]), Says.ACCEPTED),
        (sent(), picture([OLD, entry(2, state=JournalState.DONE)]), Says.DONE),
        (sent(), picture([OLD, entry(2, state=JournalState.NOT_DONE)]), Says.NOT_DONE),
        (sent(), picture([OLD, entry(2, state=JournalState.UNKNOWN)]), Says.ACCEPTED),
        (sent(), picture([OLD, entry(2, server="334")]), Says.NOT_ACCEPTED),
        (sent(), picture([OLD, entry(2, command="run_server")]), Says.NOT_ACCEPTED),
        (sent(), picture([OLD, entry(2)], taken={"2"}), Says.NOT_ACCEPTED),
        (sent(), picture([OLD, entry(2), entry(3)]), Says.TWO_CANDIDATES),
        (sent(answered=True), picture([OLD, entry(2), entry(3)]), Says.LOOK_AT_STATES),
        (sent(answered=True), picture([OLD]), Says.NOTHING),
        (sent(answered=True, seconds_since_sent=61.0), picture([OLD]), Says.LOOK_AT_STATES),
        (sent(answered=True), picture(FULL), Says.LOOK_AT_STATES),
        (sent(entry="2", answered=True), picture(FULL), Says.LOOK_AT_STATES),
        (sent(entry="2"), picture([OLD, entry(2, state=JournalState.DONE)]), Says.DONE),
    ],
)
def test_what_a_picture_says(job, seen, says):
    assert judge(job, seen).says is says


CLONE = {"kind": "clone", "target_name": "web-2"}


@pytest.mark.parametrize(
    ("more", "seen", "says", "target"),
    [
        ({}, picture([OLD, entry(2, "clone_server", "333", JournalState.DONE)]), Says.ACCEPTED, None),
        (
            {},
            picture([OLD, entry(2, "clone_server", "333", JournalState.DONE)], names={"901": "web-2"}),
            Says.DONE,
            "901",
        ),
        ({}, picture([OLD, entry(2, "clone_server", "901")], names={"901": "web-2"}), Says.ACCEPTED, "901"),
        ({}, picture([OLD, entry(2, "clone_server", "901")], names={"901": "other"}), Says.NOT_ACCEPTED, None),
        ({}, picture([OLD], names={"901": "web-2"}), Says.ACCEPTED, "901"),
        ({}, picture([OLD], names={"901": "web-2", "902": "web-2"}), Says.NOT_ACCEPTED, None),
        ({}, picture([OLD], names={"901": "web-2"}, known=frozenset({"901"})), Says.NOT_ACCEPTED, None),
        ({"target": "901", "answered": True}, picture([OLD, entry(2, "clone_server", "901")]), Says.ACCEPTED, "901"),
    ],
)
def test_a_clone_is_known_by_source_copy_or_name(more, seen, says, target):
    verdict = judge(sent(**CLONE, **more), seen)
    assert (verdict.says, verdict.target) == (says, target)
