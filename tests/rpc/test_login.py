"""Signing in as a program."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.db.models import F

from apps.accounts.models import ProgramSession, User
from apps.events.models import Event
from apps.rpc import codes
from tests import house as houses
from tests.rpc.conftest import Program

NEW = "another long password"


def test_a_login_answers_with_a_word_for_a_day(acme):
    answer = Program(acme).ask("login", loginUsername="OWNER@acme.test", loginPassword=houses.PASSWORD)

    assert (answer["success"], answer["login"]) == (True, "owner@acme.test")
    session = ProgramSession.objects.get()
    assert (session.user, session.ends_at - session.created_at) == (acme.owner, timedelta(hours=24))
    assert answer["sess"] not in str(vars(session))
    assert Event.objects.get(kind="user.signed_in").after["program"] is True


@pytest.mark.parametrize("name", ["owner@acme.test", "nobody@acme.test", "a\ud7ffb", "x" * 400])
def test_a_wrong_password_and_an_unknown_address_are_the_same_answer(acme, name):
    answer = Program(acme).ask("login", loginUsername=name, loginPassword="wrong")

    assert (answer["success"], answer["data"], answer["login"]) == (False, codes.WRONG_LOGIN, "")
    assert not ProgramSession.objects.exists()


def test_tries_are_slowed_by_place_and_never_for_the_owner_elsewhere(acme):
    attacker = Program(acme)
    seen = [attacker.code("login", loginUsername="owner@acme.test", loginPassword="wrong") for _ in range(10)]
    assert seen[-1] == codes.TOO_MANY
    assert attacker.code("login", loginUsername="owner@acme.test", loginPassword=houses.PASSWORD) == codes.TOO_MANY

    elsewhere = Program(acme)
    answer = elsewhere.raw(
        body=f"cmd=login&loginUsername=owner@acme.test&loginPassword={houses.PASSWORD.replace(' ', '+')}".encode(),
        REMOTE_ADDR="198.51.100.7",
    )
    assert answer.json()["success"] is True


def test_a_session_is_worth_nothing_at_another_reseller_or_after_its_end(acme, program, sandbox):
    foreign = houses.build("borealis", sandbox.url, "user77", [501], [])
    elsewhere = Program(foreign)
    elsewhere.sess = program.sess
    assert elsewhere.code("get_servers") == codes.SESSION_INVALID

    ProgramSession.objects.update(ends_at=F("ends_at") - timedelta(hours=25))
    assert program.code("get_servers") == codes.SESSION_INVALID


def test_logging_out_ends_it(program):
    assert program.data("logout") == "ok"

    assert program.code("get_servers") == codes.SESSION_INVALID


def test_who_is_deactivated_or_has_a_new_password_is_out(acme, program):
    acme.owner.set_password(NEW)
    acme.owner.save()
    assert program.code("get_servers") == codes.SESSION_INVALID

    program.login(acme.owner, NEW)
    User.objects.filter(pk=acme.owner.pk).update(is_active=False)
    assert program.code("get_servers") == codes.SESSION_INVALID


@pytest.fixture
def secret(acme):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(acme.owner, secret)
    return secret


def key(secret):
    return totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))


def test_a_second_factor_is_a_passkey_and_sendkey_never_skips_it(acme, secret):
    program = Program(acme)
    given = {"loginUsername": "owner@acme.test", "loginPassword": houses.PASSWORD}

    assert program.code("login", **given) == codes.KEY_NEEDED
    assert program.code("login", **given, sendkey=1) == codes.KEY_NEEDED
    assert program.code("login", **given, sendkey=1, smskey=1234) == codes.KEY_NEEDED
    assert program.code("login", **given, passkey="000000") == codes.WRONG_KEY
    assert not ProgramSession.objects.exists()
    good = key(secret)
    program.login(acme.owner, passkey=good)
    assert program.data("get_account")["twofactorauth"] == "etoken"
    assert Program(acme).code("login", **given, passkey=good) == codes.WRONG_KEY  # a code is good once


def test_a_new_password_needs_the_old_one_and_ends_every_other_sign_in(acme, program):
    other, browser = Program(acme).login(acme.owner), Program(acme).client
    browser.force_login(acme.owner, backend="apps.accounts.auth.ResellerBackend")

    assert program.code("set_password", old="wrong", new=NEW) == codes.WRONG_LOGIN
    assert program.code("set_password", old=houses.PASSWORD, new="short") == codes.BAD_PARAMETER
    assert other.ask("get_account")["success"] is True
    assert program.data("set_password", old=houses.PASSWORD, new=NEW) == "ok"

    assert program.ask("get_account")["success"] is True
    assert other.code("get_account") == codes.SESSION_INVALID
    assert browser.get("/servers/", HTTP_HOST=acme.host).status_code == 302
    assert Event.objects.filter(kind="user.password_changed").count() == 1


def test_a_new_password_needs_the_second_factor_where_it_is_on(acme, program, secret):
    assert program.code("set_password", old=houses.PASSWORD, new=NEW) == codes.KEY_NEEDED
    acme.owner.refresh_from_db()
    assert acme.owner.check_password(houses.PASSWORD)

    assert program.data("set_password", old=houses.PASSWORD, new=NEW, passkey=key(secret)) == "ok"


@pytest.mark.parametrize(("cmd", "given"), [("set_twofactorauth", {"mode": "off"}), ("update_account", {"name": "x"})])
def test_what_the_person_does_is_refused_here(acme, program, secret, sandbox, cmd, given):
    assert program.code(cmd, **given) == codes.NOT_BY_PROGRAM
    assert Authenticator.objects.filter(user=acme.owner).exists()
    assert sandbox.ledger() == []
