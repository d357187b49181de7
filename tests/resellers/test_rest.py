"""While the upstream is away nobody calls it but one probe."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.resellers import rest
from apps.resellers.gateway import Gateway, Unreachable
from apps.resellers.models import UpstreamAccount


def rests(account: UpstreamAccount, since: float, over: bool) -> UpstreamAccount:
    now = timezone.now()
    UpstreamAccount.objects.filter(pk=account.pk).update(
        unreachable_since=now - timedelta(seconds=since), retry_at=now + timedelta(seconds=-1 if over else 20)
    )
    account.refresh_from_db()
    return account


def test_while_it_rests_everybody_is_refused_at_once_and_nothing_is_sent(account, gateway, sandbox):
    rests(account, 60, over=False)
    began = time.monotonic()

    for call in (gateway.statuses, gateway.servers, gateway.journal):
        with pytest.raises(Unreachable) as away:
            call()
        assert 1 <= away.value.retry_after <= 20
    with pytest.raises(Unreachable):
        gateway.change("stop_server", {"id": "333"}, begin_before=time.monotonic() + 2, deadline=12)

    assert time.monotonic() - began < 1
    assert sandbox.ledger() == []


def test_when_the_rest_is_over_one_probes_and_the_others_wait(account):
    rests(account, 60, over=True)
    copies = [UpstreamAccount.objects.get(pk=account.pk) for _ in range(5)]

    rest.refuse_while_resting(copies[0])
    for other in copies[1:]:
        with pytest.raises(Unreachable):
            rest.refuse_while_resting(other)


def test_a_probe_that_is_answered_ends_the_rest(account, gateway):
    rests(account, 60, over=True)

    assert gateway.statuses()

    account.refresh_from_db()
    assert (account.unreachable_since, account.retry_at) == (None, None)
    assert gateway.is_usable()


@pytest.mark.parametrize(("since", "wait"), [(0, 1), (1, 1), (10, 5), (40, 20), (60, 30), (3600, 30)])
def test_the_longer_it_is_away_the_longer_the_rest(account, since, wait):
    rests(account, since, over=True)

    assert rest.note_away(account).retry_after in {wait, wait + 1}

    account.refresh_from_db()
    assert abs((account.retry_at - timezone.now()).total_seconds() - wait) < 1


def test_a_refused_connection_is_tried_once(gateway, sandbox, account):
    gateway.statuses()
    UpstreamAccount.objects.update(url="http://127.0.0.1:9/api")
    began = time.monotonic()

    with pytest.raises(Unreachable):
        gateway.statuses(fresh=True)

    assert time.monotonic() - began < 1
    account.refresh_from_db()
    assert account.unreachable_since is not None


def test_throttling_rests_for_as_long_as_the_upstream_says(gateway, sandbox, account):
    gateway.statuses()
    sandbox.fault("throttle_http", cmd="get_servers", seconds=7, count=1)

    with pytest.raises(Unreachable) as throttled:
        gateway.servers()

    assert throttled.value.retry_after in {6, 7}
    calls = len(sandbox.ledger())
    with pytest.raises(Unreachable):
        Gateway(account).statuses(fresh=True)
    assert len(sandbox.ledger()) == calls
