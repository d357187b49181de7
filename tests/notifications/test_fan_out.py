"""Who is told, by which channel, and once."""

import threading
from typing import Any

import pytest
from django.db import connection

from apps.accounts.models import Membership
from apps.events.models import OutboxEntry
from apps.notifications import words
from apps.notifications.interest import INTERESTS
from apps.notifications.models import Message
from apps.notifications.selectors import page_messages, unread_count
from apps.notifications.services import fan_out as outbox
from apps.notifications.services.fan_out import fan_out
from apps.notifications.services.messages import mark_read
from tests.house import House
from tests.notifications.conftest import happened


def told(event: Any) -> set[tuple[str, str]]:
    fan_out()
    rows = Message.objects.filter(event=event).values_list("user__email", "channel")
    assert not OutboxEntry.objects.exists()
    return {(email.partition("@")[0], channel) for email, channel in rows}


@pytest.mark.parametrize(
    ("kind", "job", "channels"),
    [
        ("job.succeeded", "clone", {"page", "mail"}),
        ("job.succeeded", "reinstall", {"page", "mail"}),
        ("job.succeeded", "start", {"page"}),
        ("job.succeeded", "reboot", {"page"}),
        ("job.failed", "stop", {"page", "mail"}),
        ("job.uncertain", "pause", {"page"}),
        ("job.appeared_after_all", "stop", {"page", "mail"}),
        ("job.cancelled", "clone", {"page"}),
        ("job.queued", "clone", set()),
        ("job.running", "clone", set()),
        ("server.changed", "clone", set()),
    ],
)
def test_the_one_who_ordered_hears_of_the_end_of_a_job(home: House, kind: str, job: str, channels: set[str]) -> None:
    event = happened(home, kind, after={"kind": job})

    assert told(event) == {("owner", channel) for channel in channels}


def test_an_operator_who_ordered_is_told_and_the_owner_is_not(home: House) -> None:
    assert told(happened(home, "job.failed", actor_id=home.operator.pk)) == {("operator", "page"), ("operator", "mail")}


def test_an_admin_who_ordered_for_a_customer_is_told(home: House) -> None:
    assert told(happened(home, "job.failed", actor_id=home.admin.pk)) == {("admin", "page"), ("admin", "mail")}


def test_the_owners_are_told_when_the_one_who_ordered_has_left(home: House) -> None:
    Membership.objects.filter(user=home.operator).delete()

    assert told(happened(home, "job.failed", actor_id=home.operator.pk)) == {("owner", "page"), ("owner", "mail")}


def test_the_owners_are_told_when_the_one_who_ordered_may_no_longer_sign_in(home: House) -> None:
    home.operator.is_active = False
    home.operator.save()

    assert told(happened(home, "job.failed", actor_id=home.operator.pk)) == {("owner", "page"), ("owner", "mail")}


def test_an_admin_of_another_reseller_is_never_told(home: House, neighbour: House) -> None:
    event = happened(home, "job.failed", actor_id=neighbour.admin.pk)

    assert told(event) == {("owner", "page"), ("owner", "mail")}
    assert not Message.objects.filter(user__reseller=neighbour.reseller).exists()


@pytest.mark.parametrize("state", ["refused", "key_needed", "ending", "working"])
def test_the_admins_hear_of_their_account_and_nobody_else_does(home: House, neighbour: House, state: str) -> None:
    event = happened(
        home,
        f"upstream_account.{state}",
        customer_id=None,
        actor_id=None,
        subject_kind="upstream_account",
        staff_only=True,
    )

    assert told(event) == {("admin", "page"), ("admin", "mail")}
    assert not Message.objects.filter(user=neighbour.admin).exists()


def test_a_case_is_for_the_admins(home: House) -> None:
    assert told(happened(home, "case.opened", staff_only=True)) == {("admin", "page"), ("admin", "mail")}


def test_a_changed_password_is_told_to_its_owner_by_mail(home: House) -> None:
    event = happened(home, "user.password_changed", subject_kind="user", subject_id=home.viewer.pk, actor_id=None)

    assert told(event) == {("viewer", "mail")}


def test_the_same_event_again_tells_nobody_twice(home: House) -> None:
    event = happened(home, "job.failed")
    first = told(event)
    kept = set(Message.objects.values_list("pk", flat=True))
    OutboxEntry.objects.create(event_id=event.pk)

    assert told(event) == first
    assert set(Message.objects.values_list("pk", flat=True)) == kept


def test_an_event_that_cannot_be_told_waits_and_holds_nobody_up(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = happened(home, "job.failed"), happened(home, "job.failed")
    real = outbox.told
    monkeypatch.setattr(outbox, "told", lambda event: 1 / 0 if event.pk == bad.pk else real(event))

    fan_out()

    assert Message.objects.filter(event=good).count() == 2
    assert list(OutboxEntry.objects.values_list("event_id", flat=True)) == [bad.pk]

    monkeypatch.setattr(outbox, "told", real)
    assert told(bad) == {("owner", "page"), ("owner", "mail")}


def test_a_fan_out_that_dies_midway_leaves_nothing_half_told(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    event = happened(home, "job.failed")
    people = list(outbox.told(event))

    def dies_after_one(_event: Any) -> Any:
        yield people[0]
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "told", dies_after_one)
        with pytest.raises(KeyboardInterrupt):
            fan_out()

    assert not Message.objects.exists()
    assert told(event) == {("owner", "page"), ("owner", "mail")}


@pytest.mark.django_db(transaction=True)
def test_two_fan_outs_at_once_tell_everybody_once(
    transactional_db: None, home: House, asked: list[tuple[str, tuple[int, ...]]]
) -> None:
    events = [happened(home, "job.failed") for _ in range(20)]
    start, faults = threading.Barrier(4), []

    def run() -> None:
        try:
            start.wait(10)
            fan_out()
        except Exception as exc:  # noqa: BLE001 - shown below
            faults.append(exc)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert not faults
    assert Message.objects.count() == 2 * len(events)
    assert not OutboxEntry.objects.exists()
    posts = [ids for name, ids in asked if name == "notifications.post"]
    assert sorted(posts) == sorted(set(posts))
    assert len(posts) == len(events)


def test_messages_are_counted_until_they_are_read(home: House) -> None:
    for _ in range(3):
        happened(home, "job.failed")
    fan_out()
    newest, *_rest = page_messages(home.owner)

    assert unread_count(home.owner) == 3
    assert mark_read(home.owner, [newest.pk]) == 1
    assert unread_count(home.owner) == 2
    assert mark_read(home.stranger) == 0
    assert mark_read(home.stranger, [message.pk for message in page_messages(home.owner)]) == 0
    assert unread_count(home.owner) == 2
    assert mark_read(home.owner) == 2
    assert unread_count(home.owner) == 0


def test_everything_that_is_told_has_words() -> None:
    jobs = ("start", "stop", "pause", "reboot", "clone", "reinstall")
    for kind in INTERESTS:
        for job in jobs:
            facts = {"kind": job, "server_name": "web-1", "target_name": "web-2", "name": "main"}
            assert words.subject(kind, facts), kind
            assert words.sentence(kind, facts), kind
