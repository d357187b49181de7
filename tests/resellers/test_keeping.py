"""Sessions are renewed an hour before their end; where a machine cannot, people are warned once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.events.models import Event
from apps.resellers import tasks
from apps.resellers.gateway import Gateway
from apps.resellers.models import UpstreamAccount


def ends_in(**span: int) -> None:
    UpstreamAccount.objects.update(session_ends_at=timezone.now() + timedelta(**span))


def number() -> int:
    return UpstreamAccount.objects.get().session_number


def test_a_session_is_renewed_in_its_last_hour_and_not_before(gateway, sandbox):
    gateway.statuses()
    tasks.keep_sessions()
    ends_in(minutes=61)
    tasks.keep_sessions()
    assert (sandbox.calls("login"), number()) == (1, 1)

    ends_in(minutes=59)
    tasks.keep_sessions()
    tasks.keep_sessions()

    assert (sandbox.calls("login"), number()) == (2, 2)
    assert UpstreamAccount.objects.get().session_ends_at > timezone.now() + timedelta(hours=23)


def test_a_session_lives_a_day_from_its_login(gateway):
    gateway.statuses()

    row = UpstreamAccount.objects.get()
    assert row.session_ends_at - row.session_started_at == timedelta(hours=24)


def test_a_session_whose_day_is_over_is_not_tried(gateway, sandbox):
    gateway.statuses()
    ends_in(seconds=-1)
    sandbox.control("forget_ledger")

    gateway.servers()

    assert [line["cmd"] for line in sandbox.ledger()] == ["login", "get_servers"]


def test_an_early_renewal_that_fails_leaves_the_session_and_rests(gateway, sandbox):
    gateway.statuses()
    ends_in(minutes=30)
    sandbox.fault("http_502", cmd="login")

    tasks.keep_sessions()
    tasks.keep_sessions()

    assert number() == 1
    assert sandbox.calls("login") == 2  # the one that won the session, and one that failed
    assert UpstreamAccount.objects.get().state == "working"


@pytest.mark.parametrize("mode", ["sms", "etoken"])
def test_people_are_warned_once_before_a_session_ends_that_only_they_can_win(gateway, sandbox, mode):
    gateway.statuses()
    UpstreamAccount.objects.update(second_factor=mode)
    ends_in(hours=4)
    tasks.keep_sessions()
    assert not Event.objects.exists()

    ends_in(hours=2)
    tasks.keep_sessions()
    tasks.keep_sessions()

    assert [(event.kind, event.staff_only) for event in Event.objects.all()] == [("upstream_account.ending", True)]
    assert sandbox.calls("login") == 1

    ends_in(seconds=-1)
    tasks.keep_sessions()
    assert UpstreamAccount.objects.get().state == "key_needed"
    assert Event.objects.count() == 2


def test_an_account_without_a_session_is_left_alone(account, sandbox):
    tasks.keep_sessions()

    assert sandbox.ledger() == []


def test_a_session_that_a_person_won_is_calibrated_by_the_round(account, sandbox):
    Gateway(account).statuses()
    UpstreamAccount.objects.update(calibrated_at=None, learned={}, second_factor="etoken")

    tasks.keep_sessions()

    row = UpstreamAccount.objects.get()
    assert row.calibrated_at is not None
    assert row.learned["session_ended"] == [sandbox.control("codes")["session_invalid"]]
