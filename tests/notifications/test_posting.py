"""Mail goes out at least once, under one Message-ID, whatever dies, refuses or hangs."""

import threading
import time
from smtplib import SMTPAuthenticationError, SMTPConnectError
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from apps.common import clock, leases
from apps.notifications.models import Message
from apps.notifications.services import posting
from apps.notifications.services.fan_out import fan_out
from apps.notifications.services.posting import post, sweep
from tests.house import House
from tests.notifications.conftest import MailServer, happened, mail_about, past

Asked = list[tuple[str, tuple[int, ...]]]


def make_due(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(next_try_at=past())


def posts(asked: Asked) -> list[int]:
    return [ids[0] for name, ids in asked if name == "notifications.post"]


def test_a_mail_is_sent_and_then_never_again(home: House, post_office: MailServer) -> None:
    message = mail_about(home)

    post(message.pk)
    post(message.pk)

    message.refresh_from_db()
    assert (message.status, message.tries, message.sending_lease_by) == ("sent", 1, "")
    assert message.sent_at is not None
    assert [mail["To"] for mail in post_office.mails] == ["owner@acme.test"]
    assert post_office.mails[0]["Message-ID"] == message.message_id == f"<{message.pk}@acme.test>"


def test_a_sender_that_dies_after_the_send_is_followed_under_the_same_message_id(
    home: House, post_office: MailServer, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = mail_about(home)
    asked.clear()
    with monkeypatch.context() as patched:
        patched.setattr(posting.clock, "now", dies)  # the mail has left; the row does not know it yet
        patched.setattr(posting.leases, "give_back", lambda *_: None)
        with pytest.raises(KeyboardInterrupt):
            post(message.pk)
    message.refresh_from_db()
    assert message.status == "sending"

    sweep()
    post(message.pk)
    assert posts(asked) == []
    assert len(post_office.raw) == 1

    Message.objects.filter(pk=message.pk).update(sending_lease_until=past())
    sweep()
    assert posts(asked) == [message.pk]
    post(message.pk)

    message.refresh_from_db()
    assert (message.status, message.tries) == ("sent", 2)
    assert {mail["Message-ID"] for mail in post_office.mails} == {message.message_id}
    assert len({mail["Date"] for mail in post_office.mails}) == 1
    assert len(post_office.raw) == 2


def dies() -> None:
    raise KeyboardInterrupt


def test_a_brand_that_changes_its_domain_between_two_tries_changes_no_message_id(
    home: House, post_office: MailServer
) -> None:
    message = mail_about(home)
    post_office.answers["END"] = "451 later"
    post(message.pk)
    home.reseller.brand.sender_address = "hello@new.test"
    home.reseller.brand.save()
    post_office.answers.clear()
    make_due(message)

    post(message.pk)

    assert post_office.mails[0]["Message-ID"] == f"<{message.pk}@acme.test>"
    assert post_office.mails[0]["From"].addresses[0].addr_spec == "hello@new.test"


def test_a_try_that_failed_is_followed_by_longer_and_longer_waits_up_to_three_days(
    home: House, post_office: MailServer
) -> None:
    message = mail_about(home)
    post_office.answers["END"] = "451 later"
    waits = []
    for _ in range(len(posting.WAITS)):
        began = timezone.now()
        post(message.pk)
        message.refresh_from_db()
        assert message.status == "pending"
        assert message.next_try_at is not None
        waits.append((message.next_try_at - began).total_seconds())
        post(message.pk)  # not due: nothing happens
        make_due(message)

    for wait, longest in zip(waits, posting.WAITS, strict=True):
        assert 0.9 * longest - 1 <= wait <= longest + 5
    assert 2 * 86400 < sum(posting.WAITS) <= 3 * 86400
    post(message.pk)
    message.refresh_from_db()
    assert (message.status, message.tries) == ("failed", len(posting.WAITS) + 1)
    assert post_office.raw == []


@pytest.mark.parametrize("answers", [{"RCPT": "550 nobody"}, {"END": "554 no"}, {"MAIL": "553 not from you"}])
def test_a_refusal_for_good_is_not_tried_again(
    home: House, post_office: MailServer, asked: Asked, answers: dict[str, str]
) -> None:
    message = mail_about(home)
    post_office.answers |= answers

    post(message.pk)
    asked.clear()
    sweep()

    message.refresh_from_db()
    assert (message.status, message.tries) == ("failed", 1)
    assert posts(asked) == []


@pytest.mark.parametrize(
    "answers", [{"MAIL": "530 log in first"}, {"RCPT": "450 later"}, {"EHLO": "421 later", "HELO": "421 later"}]
)
def test_a_mail_server_that_wants_something_of_us_is_asked_again(
    home: House, post_office: MailServer, answers: dict[str, str]
) -> None:
    message = mail_about(home)
    post_office.answers |= answers

    post(message.pk)

    message.refresh_from_db()
    assert (message.status, message.tries) == ("pending", 1)


@pytest.mark.parametrize("fault", [SMTPAuthenticationError(535, b""), SMTPConnectError(554, b""), ValueError("a bug")])
def test_what_is_not_about_this_mail_never_ends_it(
    home: House, fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = mail_about(home)
    monkeypatch.setattr(posting, "mail_for", lambda _message: (_ for _ in ()).throw(fault))

    post(message.pk)

    message.refresh_from_db()
    assert (message.status, message.tries, message.sending_lease_by) == ("pending", 1, "")


def test_a_refused_mail_does_not_stop_the_others(home: House, post_office: MailServer) -> None:
    refused = mail_about(home)
    other = mail_about(home, actor_id=home.operator.pk)
    later = mail_about(home, actor_id=home.admin.pk)
    post_office.answers["RCPT owner@acme.test"] = "550 nobody"

    post(refused.pk)  # whoever sends one goes on with what else is due

    statuses = {message.pk: message.status for message in Message.objects.filter(channel="mail")}
    assert statuses == {refused.pk: "failed", other.pk: "sent", later.pk: "sent"}


def test_a_mail_server_that_refuses_connections_is_asked_again(home: House, settings) -> None:
    settings.EMAIL_BACKEND = "apps.notifications.smtp.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    message = mail_about(home)

    post(message.pk)

    message.refresh_from_db()
    assert (message.status, message.tries) == ("pending", 1)


def test_somebody_who_may_no_longer_sign_in_gets_no_mail(home: House, post_office: MailServer) -> None:
    message = mail_about(home)
    home.owner.is_active = False
    home.owner.save()

    post(message.pk)

    message.refresh_from_db()
    assert message.status == "failed"
    assert post_office.raw == []


def test_a_sender_that_comes_back_late_does_not_undo_what_another_wrote(
    home: House, post_office: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = mail_about(home)

    def slow_failure(_message: Message) -> None:
        Message.objects.filter(pk=message.pk).update(status="sent", sending_lease_by="another")
        raise OSError

    monkeypatch.setattr(posting, "mail_for", slow_failure)
    post(message.pk)

    message.refresh_from_db()
    assert (message.status, message.sending_lease_by) == ("sent", "another")


@pytest.mark.parametrize("meanwhile", [{"status": "sent"}, {"status": "pending", "next_try_at": clock.in_seconds(60)}])
def test_what_another_sender_did_between_the_look_and_the_claim_counts(
    home: House, post_office: MailServer, monkeypatch: pytest.MonkeyPatch, meanwhile: dict[str, Any]
) -> None:
    message = mail_about(home)
    take = leases.take

    def take_late(*arguments: Any) -> str | None:
        Message.objects.filter(pk=message.pk).update(**meanwhile)
        return take(*arguments)

    monkeypatch.setattr(posting.leases, "take", take_late)
    post(message.pk)

    message.refresh_from_db()
    assert (message.status, message.tries, message.sending_lease_by) == (meanwhile["status"], 0, "")
    assert post_office.raw == []


def test_a_mail_that_kills_its_sender_each_time_is_given_up(home: House, post_office: MailServer) -> None:
    message = mail_about(home)
    Message.objects.filter(pk=message.pk).update(status="sending", tries=len(posting.WAITS) + 1)

    post(message.pk)

    message.refresh_from_db()
    assert message.status == "failed"
    assert post_office.raw == []


def test_a_page_message_is_never_mailed(home: House, post_office: MailServer, asked: Asked) -> None:
    event = happened(home, "job.cancelled")
    fan_out()
    message = Message.objects.get(event=event)
    Message.objects.update(status="pending")
    asked.clear()

    sweep()
    post(message.pk)

    assert posts(asked) == []
    assert post_office.raw == []


def test_the_greeting_names_the_brand_and_not_this_machine(home: House, post_office: MailServer) -> None:
    post(mail_about(home).pk)

    assert post_office.greetings == ["acme.test"]


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_once(transactional_db: None, home: House, post_office: MailServer) -> None:
    messages = [mail_about(home) for _ in range(6)]

    in_threads(lambda: [post(message.pk) for message in messages], count=3)

    assert sorted(mail["Message-ID"] for mail in post_office.mails) == sorted(f"<{m.pk}@acme.test>" for m in messages)
    assert set(Message.objects.filter(channel="mail").values_list("status", "tries")) == {("sent", 1)}


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_hangs_holds_a_few_threads_and_the_rest_return_at_once(
    transactional_db: None, home: House, post_office: MailServer, settings
) -> None:
    settings.EMAIL_TIMEOUT = 3
    post_office.answers["MAIL"] = "hang"
    messages = [mail_about(home) for _ in range(10)]
    returned = threading.Semaphore(0)
    threads = [
        threading.Thread(target=in_own_connection, args=(lambda m=message: (post(m.pk), returned.release()),))
        for message in messages
    ]
    began = time.monotonic()
    for thread in threads:
        thread.start()

    for _ in range(6):  # all but the four that hold a slot
        assert returned.acquire(timeout=2.5)
    assert time.monotonic() - began < 3
    post_office.released.set()
    for thread in threads:
        thread.join(60)
    assert not Message.objects.filter(status="failed").exists()


def test_a_hanging_mail_server_is_left_after_its_time(home: House, post_office: MailServer, settings) -> None:
    settings.EMAIL_TIMEOUT = 0.3
    post_office.answers["MAIL"] = "hang"
    message = mail_about(home)
    began = time.monotonic()

    post(message.pk)

    assert time.monotonic() - began < 5
    message.refresh_from_db()
    assert message.status == "pending"


def in_own_connection(work) -> None:
    try:
        work()
    finally:
        connection.close()


def in_threads(work, count: int) -> None:
    threads = [threading.Thread(target=in_own_connection, args=(work,)) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
