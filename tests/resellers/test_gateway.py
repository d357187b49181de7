"""Reads and changes through the back gate, for ten readings of what the vendor leaves open."""

import time

import pytest

from apps.resellers.gateway import Gateway, ReadRefused, Unreachable
from apps.resellers.models import UpstreamAccount
from apps.upstream.errors import UpstreamRefused, UpstreamSessionEnded, UpstreamUnreachable
from apps.upstream.values import Power
from tests.resellers.conftest import account_at

SEEDS = pytest.mark.parametrize("seed", range(10))


@pytest.fixture
def seeded(db, sandbox, seed):
    sandbox.reset(seed)
    return Gateway(account_at(sandbox.url))


def row(gateway: Gateway) -> UpstreamAccount:
    return UpstreamAccount.objects.get(pk=gateway._account.pk)


def send(gateway: Gateway, command: str = "stop_server", **parameters: object) -> object:
    return gateway.change(command, parameters, begin_before=time.monotonic() + 2, deadline=12)


@SEEDS
def test_the_first_call_logs_in_once_and_learns_the_codes(seeded, sandbox):
    assert seeded.statuses()["333"] in {Power.ON, Power.OFF}
    assert len(seeded.servers()) == len(seeded.statuses())
    assert seeded.journal(fresh=True) == []
    assert "debian-12" in [template.name for template in seeded.templates()]

    assert sandbox.calls("login") == 1
    codes, learned = sandbox.control("codes"), row(seeded).learned
    assert learned == {"session_ended": [codes["session_invalid"]], "unknown_command": [codes["unknown_command"]]}
    assert row(seeded).calibrated_at is not None


@SEEDS
def test_an_expired_session_is_renewed_and_its_code_is_learned(seeded, sandbox):
    seeded.statuses()
    sandbox.control("expire_sessions")

    assert seeded.statuses()
    assert sandbox.calls("login") == 2
    assert sandbox.control("codes")["session_expired"] in row(seeded).learned["session_ended"]

    sandbox.control("expire_sessions")  # the code is known now: no guess is needed, ten minutes or not
    assert seeded.read("get_server", id="333")
    assert sandbox.calls("login") == 3


@SEEDS
def test_a_change_under_an_ended_session_is_not_repeated_and_the_next_read_renews(seeded, sandbox):
    seeded.statuses()
    sandbox.control("expire_sessions")
    seeded.statuses()  # learns the code
    sandbox.control("expire_sessions")

    with pytest.raises(UpstreamSessionEnded) as ended:
        send(seeded, id="333")

    assert not ended.value.may_have_happened
    assert (sandbox.calls("stop_server"), sandbox.accepted("stop_server")) == (1, 0)
    assert sandbox.calls("login") == 2
    send(seeded, id="333")
    assert (sandbox.calls("login"), sandbox.accepted("stop_server")) == (3, 1)


@SEEDS
def test_a_change_whose_answer_is_lost_is_sent_once(seeded, sandbox):
    seeded.statuses()
    sandbox.fault("cut_after", cmd="stop_server")

    with pytest.raises(UpstreamUnreachable) as lost:
        send(seeded, id="333")

    assert lost.value.may_have_happened
    assert sandbox.calls("stop_server") == 1


@SEEDS
def test_an_unknown_refusal_causes_one_login_in_ten_minutes(seeded, sandbox):
    seeded.statuses()
    sandbox.fault("unknown_code", cmd="get_templates")

    for _try in range(3):
        with pytest.raises(ReadRefused):
            seeded.templates()

    assert sandbox.calls("login") == 2
    assert sandbox.calls("get_templates") == 4  # one repeat, after the one renewal
    assert len(row(seeded).learned["session_ended"]) == 1  # the guess was wrong: nothing was learned


@SEEDS
def test_a_refusal_that_names_a_resource_or_a_missing_command_causes_no_login(seeded, sandbox):
    seeded.statuses()

    with pytest.raises(ReadRefused):
        seeded.read("get_server", id="99999")
    sandbox.fault("unknown_code", cmd="get_server")
    with pytest.raises(ReadRefused):
        seeded.read("get_server", id="333")

    assert sandbox.calls("login") == 1


def test_a_code_that_a_new_session_does_not_cure_causes_no_second_login(gateway, account, sandbox):
    gateway.statuses()
    UpstreamAccount.objects.filter(pk=account.pk).update(dialect={"session_ended": ["9999", "0000", "E999"]})
    sandbox.fault("unknown_code", cmd="get_templates")

    for _try in range(3):
        with pytest.raises(ReadRefused):
            gateway.templates()

    assert sandbox.calls("login") == 2


@pytest.mark.parametrize("fault", ["http_502", "html", "empty", "number", "half"])
def test_what_is_no_answer_is_unreachable_and_the_next_good_answer_clears_it(gateway, sandbox, fault):
    gateway.statuses()
    sandbox.fault(fault, cmd="get_servers_status", count=1)

    with pytest.raises(Unreachable):
        gateway.statuses(fresh=True)

    assert row(gateway).unreachable_since is not None
    UpstreamAccount.objects.update(retry_at="2026-01-01T00:00Z")
    assert gateway.statuses(fresh=True)
    assert (row(gateway).unreachable_since, row(gateway).retry_at) == (None, None)


def test_a_read_over_a_cut_connection_is_repeated_once(gateway, sandbox):
    gateway.statuses()
    before = sandbox.calls("get_servers")
    sandbox.fault("cut_before", cmd="get_servers", count=1)

    assert gateway.servers()
    assert sandbox.calls("get_servers") == before + 2


def test_a_change_that_begins_too_late_is_not_sent_and_marks_nothing(gateway, sandbox):
    gateway.statuses()

    with pytest.raises(UpstreamUnreachable) as late:
        gateway.change("stop_server", {"id": "333"}, begin_before=time.monotonic() - 1, deadline=12)

    assert late.value.sent is False
    assert sandbox.calls("stop_server") == 0
    assert row(gateway).unreachable_since is None


def test_a_refused_change_says_its_code(gateway, sandbox):
    with pytest.raises(UpstreamRefused) as refused:
        send(gateway, id="99999")

    assert refused.value.code == sandbox.control("codes")["no_such_object"]


def test_a_read_is_no_way_to_change_something(gateway, sandbox):
    with pytest.raises(ValueError, match="changes something"):
        gateway.read("stop_server", id="333")

    assert sandbox.ledger() == []


def test_an_answer_in_a_shape_nobody_knows_is_unreachable(gateway, sandbox, monkeypatch):
    monkeypatch.setattr(Gateway, "read", lambda *_, **__: "a text where a list should be")

    with pytest.raises(Unreachable):
        gateway.servers()


def test_usable_means_that_a_call_would_be_tried(gateway, account):
    assert gateway.is_usable()
    UpstreamAccount.objects.update(retry_at="2099-01-01T00:00Z")
    assert not gateway.is_usable()
    UpstreamAccount.objects.update(retry_at=None, state="refused")
    assert not gateway.is_usable()
    UpstreamAccount.objects.update(state="working", second_factor="sms")
    assert not gateway.is_usable()
