"""A person with TOTP signs in with it; a code opens once; the secret is encrypted under our keys."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)

from tests import house as houses
from tests.accounts.test_sign_in import browser, is_in, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(db):
    return houses.build("acme", "http://127.0.0.1:9/api", "x", [], [])


@pytest.fixture
def secret(acme):
    made = generate_totp_secret()
    TOTP.activate(acme.owner, made)
    return made


def code(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_the_password_alone_does_not_open(acme, secret):
    client = browser()
    answer = sign_in(client, acme)

    assert answer["Location"].startswith("/account/second-factor/")
    assert not is_in(client, acme)


def test_a_code_opens_and_opens_only_once(acme, secret):
    one, two = browser(), browser()
    sign_in(one, acme)
    sign_in(two, acme)
    shown = code(secret)

    one.post("/account/second-factor/", {"code": shown}, HTTP_HOST=acme.host)
    two.post("/account/second-factor/", {"code": shown}, HTTP_HOST=acme.host)

    assert (is_in(one, acme), is_in(two, acme)) == (True, False)


def test_the_secret_is_encrypted_at_rest(acme, secret):
    assert secret not in str(Authenticator.objects.get().data)
