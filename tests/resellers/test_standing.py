"""A refused password and a session that only a person can win: told once, and nobody hammers."""

import time

import pytest
from django.utils import timezone

from apps.events.models import Event
from apps.resellers.gateway import AccountRefused, Gateway, KeyNeeded, ReadRefused, Unreachable
from apps.resellers.models import UpstreamAccount
from apps.resellers.services import keeping
from apps.resellers.services.accounts import set_address, set_password
from apps.upstream.client import Upstream
from tests.resellers.conftest import account_at


def kinds() -> list[str]:
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


def read_all(gateway: Gateway, error: type[Exception]) -> None:
    for call in (gateway.statuses, gateway.journal, gateway.servers, gateway.templates):
        with pytest.raises(error):
            call(fresh=True)
    with pytest.raises(error):
        gateway.change("stop_server", {"id": "333"}, begin_before=time.monotonic() + 2, deadline=12)


def with_key(sandbox, mode: str) -> Gateway:
    """An account whose session a person has won."""
    login = {"sms": "smsuser", "etoken": "tokenuser"}[mode]
    account = account_at(sandbox.url, login, second_factor=mode)
    upstream = Upstream(sandbox.url)
    if mode == "sms":
        upstream.log_in(login, "secret", send_key=True)
        won = upstream.log_in(login, "secret", sms_key=sandbox.control("sms_key", account=login))
    else:
        won = upstream.log_in(login, "secret", passkey="123456")
    from apps.resellers import session

    session.keep(account, won.session, timezone.now())
    sandbox.control("forget_ledger")
    return Gateway(account)


def test_a_refused_password_is_tried_once_and_never_again(account, gateway, sandbox):
    sandbox.control("set_account", account="user99", password="another")

    read_all(gateway, AccountRefused)
    keeping.keep_sessions()

    assert [line["cmd"] for line in sandbox.ledger()] == ["login"]
    account.refresh_from_db()
    assert (account.state, account.state_code) == ("refused", sandbox.control("codes")["bad_login"])
    assert account.state_since is not None
    assert kinds() == ["upstream_account.refused"]
    assert Event.objects.get().staff_only
    assert not gateway.is_usable()


def test_a_refused_account_is_a_plain_503_for_customers(account, gateway, sandbox):
    sandbox.control("set_account", account="user99", password="another")

    with pytest.raises(AccountRefused) as refused:
        gateway.statuses()

    assert (refused.value.status, refused.value.code) == (503, "orders_stopped")
    for word in ("password", "upstream", account.login, sandbox.control("codes")["bad_login"], "login"):
        assert word not in str(refused.value)


def test_a_new_password_makes_the_account_work_again(account, gateway, sandbox):
    sandbox.control("set_account", account="user99", password="another")
    read_all(gateway, AccountRefused)

    account.refresh_from_db()
    set_password(account, "another")

    assert gateway.statuses()
    assert sandbox.calls("login") == 2
    account.refresh_from_db()
    assert (account.state, account.state_code) == ("working", "")
    assert kinds() == ["upstream_account.refused", "upstream_account.working"]


def test_a_new_password_that_comes_during_a_refused_login_is_not_marked_as_refused(account, sandbox, monkeypatch):
    sandbox.control("set_account", account="user99", password="another")
    asked = Upstream.log_in

    def slow(upstream: Upstream, login: str, password: str) -> object:
        set_password(UpstreamAccount.objects.get(pk=account.pk), "another")
        return asked(upstream, login, password)

    monkeypatch.setattr(Upstream, "log_in", slow)
    with pytest.raises(Unreachable):
        Gateway(account).statuses()
    monkeypatch.undo()

    account.refresh_from_db()
    assert account.state == "working"
    assert Gateway(account).statuses()


@pytest.mark.parametrize("fault", ["http_502", "html", "empty", "throttle_http", "cut_before"])
def test_an_upstream_that_is_away_does_not_mark_the_account(account, gateway, sandbox, fault):
    sandbox.fault(fault, cmd="login", count=2)

    with pytest.raises(Unreachable):
        gateway.statuses()

    account.refresh_from_db()
    assert account.state == "working"
    assert account.unreachable_since is not None
    assert kinds() == []


def test_a_login_refused_with_the_throttled_code_does_not_mark_the_account(account, gateway, sandbox):
    UpstreamAccount.objects.update(dialect={"throttled": [sandbox.control("codes")["throttled"]]})
    sandbox.fault("throttle", cmd="login", count=1)

    with pytest.raises(Unreachable):
        gateway.statuses()

    account.refresh_from_db()
    assert (account.state, kinds()) == ("working", [])


@pytest.mark.parametrize("mode", ["sms", "etoken"])
def test_a_machine_never_logs_in_where_a_person_must(db, sandbox, mode):
    gateway = with_key(sandbox, mode)
    assert gateway.statuses()
    sandbox.control("expire_sessions")

    read_all(gateway, KeyNeeded)

    assert sandbox.calls("login") == 0
    row = UpstreamAccount.objects.get()
    assert row.state == "key_needed"
    assert kinds() == ["upstream_account.key_needed"]
    assert not gateway.is_usable()


@pytest.mark.parametrize("mode", ["sms", "etoken"])
def test_an_account_that_never_had_a_key_says_so_without_a_call(db, sandbox, mode):
    gateway = Gateway(account_at(sandbox.url, "smsuser", second_factor=mode))

    read_all(gateway, KeyNeeded)

    assert sandbox.ledger() == []
    assert kinds() == ["upstream_account.key_needed"]


def test_one_refused_read_does_not_cost_a_session_that_only_a_person_can_win(db, sandbox):
    gateway = with_key(sandbox, "sms")
    assert gateway.statuses()
    sandbox.fault("unknown_code", cmd="get_templates")

    for _try in range(3):
        with pytest.raises(ReadRefused):
            gateway.templates()

    assert gateway.statuses(fresh=True)
    assert kinds() == []


def test_a_person_with_a_key_makes_the_account_work_again(db, sandbox):
    gateway = with_key(sandbox, "etoken")
    sandbox.control("expire_sessions")
    read_all(gateway, KeyNeeded)

    account = UpstreamAccount.objects.get()
    won = Upstream(sandbox.url).log_in("tokenuser", "secret", passkey="123456")
    from apps.resellers import session

    session.keep(account, won.session, timezone.now())

    assert gateway.statuses()
    assert kinds() == ["upstream_account.key_needed", "upstream_account.working"]


def test_a_new_password_does_not_throw_away_a_session_that_only_a_person_can_win(db, sandbox):
    gateway = with_key(sandbox, "etoken")

    set_password(UpstreamAccount.objects.get(), "another")

    assert gateway.statuses()
    assert sandbox.calls("login") == 0


def test_another_login_is_another_account_and_takes_nothing_with_it(account, gateway, sandbox):
    sandbox.control("set_account", account="user99", password="another")
    read_all(gateway, AccountRefused)
    account.refresh_from_db()

    assert set_address(account, url=sandbox.url, login="user77", second_factor="off")
    assert not set_address(account, url=sandbox.url, login="user77", second_factor="off")

    row = UpstreamAccount.objects.get()
    assert (row.state, row.session, row.learned, row.calibrated_at) == ("working", "", {}, None)
    assert "501" in gateway.statuses()
    assert [line["account"] for line in sandbox.ledger("login")] == ["user99", "user77"]
