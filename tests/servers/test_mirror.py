"""The mirror: two calls an account, never older over newer, and nothing vanishes silently."""

from datetime import timedelta

import pytest

from apps.accounts.actor import Actor
from apps.common import clock
from apps.events.models import Event
from apps.resellers.models import UpstreamAccount
from apps.servers.models import Server
from apps.servers.selectors import servers_for
from apps.servers.services import mirror
from apps.servers.services.sync import ask_where_due, sync
from apps.servers.services.watch import keep_hot
from apps.upstream.values import Power


def refresh(house):
    UpstreamAccount.objects.filter(pk=house.account.pk).update(next_sync_at=None, retry_at=None)
    sync(house.account.pk)


def older(house, seconds=120):
    past = clock.now() - timedelta(seconds=seconds)
    Server.objects.filter(account=house.account).update(status_seen_at=past, seen_at=past, created_at=past)


def test_a_refresh_is_two_calls_however_many_servers(acme, sandbox):
    sandbox.control("add_servers", account="user99", count=200, first=2000)
    refresh(acme)

    assert [line["cmd"] for line in sandbox.ledger()] == ["get_servers", "get_servers_status"]
    assert Server.objects.filter(account=acme.account).count() == 220


def test_every_fact_says_when_it_was_seen(acme, sandbox):
    older(acme)
    began = clock.now()
    refresh(acme)

    server = acme.server(333)
    assert server.seen_at >= began
    assert server.status_seen_at >= began


def test_an_older_answer_never_overwrites_a_newer_one(acme):
    late = clock.now() - timedelta(seconds=5)
    mirror.apply_statuses(acme.account, {"333": Power.OFF}, clock.now())
    mirror.apply_statuses(acme.account, {"333": Power.PAUSED}, late)

    assert acme.server(333).status == "off"


def test_a_server_that_vanishes_upstream_is_shown_as_gone_and_kept(acme, sandbox):
    sandbox.control("remove_server", account="user99", id=333)
    older(acme)
    refresh(acme)

    server = acme.server(333)
    assert server.is_gone
    assert servers_for(Actor(acme.owner)).filter(pk=server.pk).exists()
    assert Event.objects.filter(kind="server.changed", subject_id=server.pk, after__gone=True).exists()


def test_a_server_that_is_only_missing_from_a_listing_that_began_before_it_was_seen_is_not_gone(acme, sandbox):
    sandbox.control("remove_server", account="user99", id=333)
    refresh(acme)

    assert not acme.server(333).is_gone


def test_a_server_that_comes_back_is_there_again(acme, sandbox):
    Server.objects.filter(upstream_id="333").update(gone_at=clock.now())
    refresh(acme)

    assert not acme.server(333).is_gone


def test_an_unknown_state_is_unknown_and_no_error(acme, sandbox):
    sandbox.fault("unknown_status")
    refresh(acme)

    assert acme.server(333).status == "unknown"


@pytest.mark.parametrize(
    "fault", ["html", "empty", "half", "number", "http_502", "cut_before", "unknown_code", "throttle"]
)
def test_an_answer_that_cannot_be_read_changes_nothing(acme, sandbox, fault):
    before = list(Server.objects.order_by("pk").values())
    sandbox.fault(fault)
    refresh(acme)

    assert list(Server.objects.order_by("pk").values()) == before


def test_what_nobody_mapped_is_invisible_to_customers(acme):
    unmapped = Server.objects.filter(account=acme.account, customer=None)

    assert unmapped.count() == 14
    assert not servers_for(Actor(acme.owner)).filter(pk__in=unmapped).exists()
    assert servers_for(Actor(acme.admin)).filter(pk__in=unmapped).count() == 14


def test_work_outside_the_portal_is_followed(acme, sandbox):
    sandbox.control("panel", account="user99", cmd="stop_server", id=333)
    sandbox.advance(60)
    refresh(acme)

    assert acme.server(333).status == "off"
    assert Event.objects.get(kind="server.changed", subject_id=acme.server(333).pk).actor_id is None


def test_a_refresh_that_comes_too_early_calls_nobody(acme, sandbox):
    sync(acme.account.pk)

    assert sandbox.ledger() == []


def test_somebody_who_looks_makes_the_account_hot_once_a_half_minute(acme, asked):
    asked.clear()
    keep_hot([acme.server(333), acme.server(334)])
    keep_hot([acme.server(333)])

    assert asked == [("servers.sync", (acme.account.pk,))]


def test_the_clock_asks_for_what_is_due_only(acme, asked):
    asked.clear()
    ask_where_due()
    assert asked == []
    UpstreamAccount.objects.update(next_sync_at=None)
    ask_where_due()
    assert asked == [("servers.sync", (acme.account.pk,))]
