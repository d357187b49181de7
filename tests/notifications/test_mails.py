"""What stands in a mail: the brand, the person's language and time, and no name that a customer must not see."""

import re
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as outbox
from django.test import Client
from django.utils import translation

from apps.events.models import Event
from apps.notifications.interest import INTERESTS, MAIL
from apps.notifications.models import Message
from apps.notifications.services.mails import mail_for
from apps.notifications.services.posting import post
from tests.house import House
from tests.notifications.conftest import mail_about

AT = datetime(2026, 7, 1, 21, 30, tzinfo=UTC)
NAMES = ("upstream", "imserver", "imsystem", "sublet", "django", "celery", "allauth", "user99", "css-inline")
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c626001000000ffff"
    "03000006000557bfabd40000000049454e44ae426082"
)
HOSTILE = [
    "web\r\nBcc: evil@example.test",
    "web\nContent-Type: text/html\n\n<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "{{ 7|add:7 }}{% now 'Y' %}",
    "💩 сервер",
    "a\u202eb\x00\ud800",
    "x" * 300,
]


def sent(message: Message) -> EmailMessage:
    """The mail as it would arrive."""
    return message_from_bytes(mail_for(message).message().as_bytes(), policy=policy.default)  # type: ignore[return-value]


def text_of(mail: EmailMessage) -> str:
    return str(mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]


def html_of(mail: EmailMessage) -> str:
    return str(mail.get_body(("html",)).get_content())  # type: ignore[union-attr]


def again(message: Message) -> Message:
    return Message.objects.select_related("user__reseller__brand", "event").get(pk=message.pk)


def test_a_mail_comes_in_the_name_and_colours_of_the_brand(home: House) -> None:
    brand = home.reseller.brand
    brand.name, brand.bar, brand.support_email = "Акме, Cloud", "#123456", "help@acme.test"
    brand.save()

    mail = sent(again(mail_about(home)))

    (sender,) = mail["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ("Акме, Cloud", "no-reply@acme.test")
    assert mail["To"] == "owner@acme.test"
    assert mail["Subject"] == "web-2 is ready"
    assert "web-2, the clone of web-1, is ready." in text_of(mail)
    for body in (text_of(mail), html_of(mail)):
        assert "http://acme.test/jobs/4711/" in body
        assert "help@acme.test" in body
        assert "Акме, Cloud" in body
    assert "background: #123456" in html_of(mail)
    assert "<style" not in html_of(mail)


def test_the_brand_may_have_an_address_of_its_own(home: House) -> None:
    home.reseller.brand.sender_address = "hello@mail.acme.test"
    home.reseller.brand.save()
    message = again(mail_about(home))

    mail = sent(message)

    assert mail["From"].addresses[0].addr_spec == "hello@mail.acme.test"
    assert mail["Message-ID"] == f"<{message.pk}@mail.acme.test>"


def test_links_go_to_the_canonical_domain_by_https_where_it_is_served_so(home: House, settings) -> None:
    settings.SECURE, settings.PUBLIC_PORT = True, "8443"
    home.reseller.domains.create(host="other.test")

    assert "https://acme.test:8443/jobs/4711/" in text_of(sent(mail_about(home)))


@pytest.mark.parametrize(
    ("person", "brand", "expected"), [("ru", "en", "ru"), ("", "ru", "ru"), ("en", "ru", "en"), ("xx", "", "en")]
)
def test_a_mail_is_in_the_language_of_the_person_else_of_the_brand(
    home: House, in_russian: Callable[[str], str], person: str, brand: str, expected: str
) -> None:
    home.owner.language, home.reseller.brand.language = person, brand
    home.owner.save()
    home.reseller.brand.save()

    with translation.override("ru" if expected == "en" else "en"):  # whoever sends it speaks another
        mail = sent(again(mail_about(home)))

    subject = {"en": "web-2 is ready", "ru": "Сервер web-2 готов"}[expected]
    button = {"en": "Open the job", "ru": "Открыть задание"}[expected]
    assert mail["Subject"] == subject
    assert button in text_of(mail)
    assert button in html_of(mail)
    assert f'lang="{expected}"' in html_of(mail)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Asia/Vladivostok", "July 2, 2026, 7:30 a.m."),
        ("", "July 1, 2026, 9:30 p.m."),
        ("Not/AZone", "9:30 p.m."),
        ("../etc", "9:30 p.m."),
    ],
)
def test_times_are_in_the_zone_of_the_person(home: House, zone: str, expected: str) -> None:
    home.owner.time_zone = zone
    home.owner.save()
    message = mail_about(home)
    message.facts["at"] = AT.isoformat()
    message.user = home.owner

    mail = sent(message)

    name = AT.astimezone(ZoneInfo("Asia/Vladivostok" if zone.startswith("Asia") else "UTC")).tzname()
    for body in (text_of(mail), html_of(mail)):
        assert expected in body
        assert f"({name})" in body


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_adds_no_header_no_markup_and_no_line(home: House, name: str) -> None:
    usual = sent(mail_about(home))
    message = mail_about(home)
    message.facts |= {"server_name": name, "target_name": name}  # JSON columns refuse some of these names already
    message.user.reseller.brand.name = name

    mail = sent(message)

    assert mail.keys() == usual.keys()
    assert len(mail["Subject"].splitlines()) == 1
    assert len(mail["From"].addresses) == len(mail["To"].addresses) == 1
    assert len(text_of(mail).splitlines()) <= len(text_of(usual).splitlines())
    assert not re.search(r"<(script|img)", html_of(mail))
    assert "14" not in mail["Subject"]


def test_no_mail_names_what_is_behind_the_brand(home: House, post_office) -> None:
    user_kinds = {"user.password_changed", "user.password_reset_asked"}
    for kind in INTERESTS:
        for language in ("en", "ru"):
            home.owner.language = home.admin.language = language
            home.owner.save()
            home.admin.save()
            event_facts = {"kind": "clone", "name": "main", "code": "E-17", "state": "refused"}
            about = {"subject_kind": "user", "subject_id": home.owner.pk} if kind in user_kinds else {}
            if MAIL in INTERESTS[kind].channels:
                post(mail_about(home, kind, after=event_facts, **about).pk)

    assert len(post_office.raw) == 2 * sum(MAIL in interest.channels for interest in INTERESTS.values())
    for raw in post_office.raw:
        mail = message_from_bytes(raw, policy=policy.default)
        everything = "\n".join([raw.decode(), mail.as_string(), text_of(mail), html_of(mail)]).lower()  # type: ignore[arg-type]
        for word in (*NAMES, "borealis", "e-17"):
            assert word not in everything, word
        assert not re.search(rf"\b{re.escape(socket.gethostname())}\b", str(mail.items()))
        for header in ("X-Mailer", "User-Agent", "Received"):
            assert header not in mail


def test_a_mail_fetches_nothing(home: House) -> None:
    html = html_of(sent(mail_about(home)))

    assert not re.search(r"<(img|link|script|iframe|object)|url\(|@import|src=", html)


def test_a_logo_travels_with_the_mail(home: House) -> None:
    home.reseller.brand.logo, home.reseller.brand.logo_type = PIXEL, "image/png"
    home.reseller.brand.save()

    mail = sent(again(mail_about(home)))

    assert mail.get_content_type() == "multipart/related"
    assert 'src="cid:logo"' in html_of(mail)
    (picture,) = [part for part in mail.walk() if part["Content-ID"] == "<logo>"]
    assert picture.get_payload(decode=True) == PIXEL
    assert 'alt="Acme Cloud"' in html_of(mail)


def test_a_reset_link_in_a_mail_sets_a_password_at_its_own_reseller_only(home: House, neighbour: House) -> None:
    for house in (home, neighbour):
        message = mail_about(
            house, "user.password_reset_asked", subject_kind="user", subject_id=house.viewer.pk, actor_id=None
        )
        post(message.pk)
    text = str(outbox.outbox[0].body)

    (path,) = re.findall(r"http://acme\.test(/account/\S+)", text)
    at_home = Client(headers={"host": "acme.test"}).get(path, follow=True)
    next_door = Client(headers={"host": "borealis.test"}).get(path, follow=True)

    assert "Set a new password" in text
    assert 'name="password1"' in at_home.content.decode()
    assert 'name="password1"' not in next_door.content.decode()
    assert not Message.objects.filter(facts__icontains=path.split("/")[-2]).exists()
    assert not Event.objects.filter(after__icontains=path.split("/")[-2]).exists()


def test_every_try_makes_the_same_headers(home: House) -> None:
    message = mail_about(home)
    first, second = sent(again(message)), sent(again(message))

    without_boundary = [
        {name: value for name, value in mail.items() if name != "Content-Type"} for mail in (first, second)
    ]
    assert without_boundary[0] == without_boundary[1]
    assert set(without_boundary[0]) == {"Subject", "From", "To", "Message-ID", "Date", "Auto-Submitted", "MIME-Version"}
