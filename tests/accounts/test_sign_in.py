"""Signing in at one reseller, and nowhere else."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from apps.accounts.models import User
from apps.accounts.services import people
from apps.events.models import Event
from apps.notifications.models import Message
from apps.notifications.services.fan_out import fan_out
from apps.notifications.services.posting import post
from tests import house as houses
from tests.house import PASSWORD

pytestmark = pytest.mark.django_db
ADDRESS = "owner@acme.test"


@pytest.fixture
def acme(db):
    return houses.build("acme", "http://127.0.0.1:9/api", "x", [], [])


@pytest.fixture
def borealis(db):
    house = houses.build("borealis", "http://127.0.0.1:9/api", "x", [], [])
    User.objects.make(reseller=house.reseller, email=ADDRESS, password="another password")
    return house


def browser(**extra):
    return Client(raise_request_exception=False, **extra)


def sign_in(client, house, email=ADDRESS, password=PASSWORD, **more):
    return client.post("/account/login/", {"login": email, "password": password, **more}, HTTP_HOST=house.host)


def is_in(client, house):
    return client.get("/jobs/", HTTP_HOST=house.host).status_code == 200


def test_the_same_address_at_two_resellers_is_two_people(acme, borealis):
    one, two, wrong = browser(), browser(), browser()
    sign_in(one, acme)
    sign_in(two, borealis, password="another password")
    sign_in(wrong, borealis)

    assert (is_in(one, acme), is_in(two, borealis), is_in(wrong, borealis)) == (True, True, False)


def test_a_cookie_is_worth_nothing_next_door(acme, borealis):
    client = browser()
    sign_in(client, acme)

    assert client.get("/jobs/", HTTP_HOST=borealis.host).status_code == 302
    assert not is_in(client, borealis)


def test_signing_in_and_out_is_written_down_and_out_is_out(acme):
    client = browser()
    sign_in(client, acme)
    cookie = client.cookies["session"].value

    client.post("/account/logout/", HTTP_HOST=acme.host)
    client.cookies["session"] = cookie

    assert not is_in(client, acme)
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert {"user.signed_in", "user.signed_out"} <= kinds


@pytest.mark.parametrize(
    "target", ["//evil.test/", "https://evil.test/", "/\\evil.test", "/%0d%0aX: y", "javascript:alert(1)"]
)
def test_next_stays_on_this_host(acme, target):
    answer = sign_in(browser(), acme, next=target)

    assert answer.status_code == 302
    assert not re.match(r"(?i)(https?:)?//|javascript:|/\\", answer["Location"])
    assert "\r" not in answer["Location"]


def test_who_is_sent_to_sign_in_comes_back_to_where_they_were(acme):
    client = browser()
    away = client.get("/jobs/?show=open", HTTP_HOST=acme.host)
    assert away["Location"] == "/account/login/?next=/jobs/%3Fshow%3Dopen"

    assert sign_in(client, acme, next="/jobs/?show=open")["Location"] == "/jobs/?show=open"


def test_a_stranger_who_hammers_an_account_locks_out_nobody_but_themselves(acme):
    for _ in range(12):
        sign_in(browser(REMOTE_ADDR="203.0.113.9"), acme, password="wrong")
    hammered, owner = browser(REMOTE_ADDR="203.0.113.9"), browser(REMOTE_ADDR="198.51.100.7")

    answer = sign_in(hammered, acme)
    sign_in(owner, acme)

    assert b"Too many tries" in answer.content
    assert (is_in(hammered, acme), is_in(owner, acme)) == (False, True)


def test_looking_at_the_page_leaves_no_sessions(acme):
    for _ in range(50):
        browser().get("/account/login/?next=/jobs/", HTTP_HOST=acme.host)

    assert Session.objects.count() == 0


HOSTILE = [
    "a\x00b@acme.test",
    "x" * 10_000 + "@acme.test",
    "a\r\nBcc: b@evil.test",
    "<script>",
    "",
    "o'r 1=1--@acme.test",
]


@pytest.mark.parametrize("email", HOSTILE)
@pytest.mark.parametrize("password", ["\x00" * 20, "x" * 10_000, "\r\n", "пароль с пробелами"])
def test_hostile_input_is_a_form_error(acme, email, password):
    answer = sign_in(browser(), acme, email=email, password=password)

    assert answer.status_code == 200
    assert Session.objects.count() == 0


def ask_reset(house, email):
    return browser().post("/account/password/reset/", {"email": email}, HTTP_HOST=house.host)


def reset_link():
    fan_out()
    for message in Message.objects.filter(channel="mail", status="pending"):
        post(message.pk)
    return re.search(r"http://[^/]+(/account/password/reset/key/\S+)", str(mail.outbox[-1].body))[1]


def test_a_reset_says_the_same_for_every_address_and_mails_only_its_owner(acme, borealis):
    known, unknown = ask_reset(acme, ADDRESS), ask_reset(acme, "nobody@acme.test")
    reset_link()

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [one.to for one in mail.outbox] == [[ADDRESS]]
    assert Event.objects.filter(kind="user.password_reset_asked").get().reseller_id == acme.reseller.pk


def test_a_reset_link_works_once_and_on_its_own_host_only(acme, borealis):
    ask_reset(acme, ADDRESS)
    link = reset_link()

    elsewhere = browser().get(link, HTTP_HOST=borealis.host, follow=True)
    assert b"no longer works" in elsewhere.content

    client = browser()
    form = client.get(link, HTTP_HOST=acme.host, follow=True)
    address = form.redirect_chain[-1][0]
    new = {"password1": "a quite new secret 7", "password2": "a quite new secret 7"}
    client.post(address, new, HTTP_HOST=acme.host)

    signed = browser()
    sign_in(signed, acme, password="a quite new secret 7")
    assert is_in(signed, acme)
    assert b"no longer works" in browser().get(link, HTTP_HOST=acme.host, follow=True).content


def test_a_mail_link_never_comes_from_a_forged_host(acme):
    answer = browser().post("/account/password/reset/", {"email": ADDRESS}, HTTP_HOST="evil.test")
    assert (answer.status_code, Event.objects.count()) == (404, 0)


def test_a_new_password_ends_the_other_sessions(acme):
    here, there = browser(), browser()
    sign_in(here, acme)
    sign_in(there, acme)

    new = {"oldpassword": PASSWORD, "password1": "a quite new secret 7", "password2": "a quite new secret 7"}
    here.post("/account/password/change/", new, HTTP_HOST=acme.host)

    assert (is_in(here, acme), is_in(there, acme)) == (True, False)
    assert Event.objects.filter(kind="user.password_changed").count() == 1


def test_the_list_of_sessions_ends_the_others(acme):
    here, there = browser(), browser()
    sign_in(here, acme)
    sign_in(there, acme)
    is_in(here, acme), is_in(there, acme)

    assert here.get("/account/sessions/", HTTP_HOST=acme.host).content.count(b"<li><svg") == 2
    here.post("/account/sessions/", HTTP_HOST=acme.host)

    assert (is_in(here, acme), is_in(there, acme)) == (True, False)


def test_who_is_deactivated_is_out_at_the_next_request(acme):
    client = browser()
    sign_in(client, acme)
    User.objects.filter(pk=acme.owner.pk).update(is_active=False)

    assert not is_in(client, acme)


@pytest.mark.parametrize("path", ["/account/signup/", "/account/email/", "/account/3rdparty/"])
def test_views_that_are_not_used_are_not_there(acme, path):
    assert browser().get(path, HTTP_HOST=acme.host).status_code == 404


def test_passwords_are_kept_with_argon2(acme, settings):
    settings.PASSWORD_HASHERS = [hasher for hasher in settings.PASSWORD_HASHERS if "MD5" not in hasher]
    people.set_applied_password(acme.owner, "another-password")

    acme.owner.refresh_from_db()
    assert acme.owner.password.startswith("argon2")
