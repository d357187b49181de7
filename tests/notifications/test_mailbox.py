"""The demo's mail can be read in a page, by each reseller's people alone, and harms nobody."""

from pathlib import Path

import pytest
from django.test import Client

from apps.notifications import mailbox
from apps.notifications.services.posting import post
from tests.house import House
from tests.notifications.conftest import mail_about
from tests.notifications.test_mails import PIXEL


@pytest.fixture(autouse=True)
def boxes(settings, tmp_path: Path) -> Path:
    settings.DEMO = True
    settings.EMAIL_BACKEND = "apps.notifications.mailbox.MailboxBackend"
    settings.MAILBOX_DIR = tmp_path / "mail"
    return settings.MAILBOX_DIR


def at(house: House) -> Client:
    return Client(headers={"host": house.host, "accept-language": "en"})


def test_a_mail_can_be_read_without_signing_in(home: House) -> None:
    post(mail_about(home).pk)
    (kept,) = mailbox.mails_of("acme")

    page = at(home).get("/mailbox/")
    mail = at(home).get(f"/mailbox/{kept.number}/")

    assert page.status_code == mail.status_code == 200
    assert "web-2 is ready" in page.content.decode()
    assert "http://acme.test/jobs/4711/" in mail.content.decode()


def test_an_empty_mailbox_says_what_comes_here(home: House) -> None:
    assert "Nothing was sent yet" in at(home).get("/mailbox/").content.decode()


def test_a_neighbour_sees_nothing_even_where_both_send_from_one_domain(home: House, neighbour: House) -> None:
    for house in (home, neighbour):
        house.reseller.brand.sender_address = "no-reply@shared.test"
        house.reseller.brand.save()
    post(mail_about(home).pk)
    (kept,) = mailbox.mails_of("acme")

    assert "web-2" not in at(neighbour).get("/mailbox/").content.decode()
    assert at(neighbour).get(f"/mailbox/{kept.number}/").status_code == 404
    assert at(neighbour).get(f"/mailbox/{kept.number}/html/").status_code == 404


@pytest.mark.parametrize("path", ["", "{n}/", "{n}/html/", "1/"])
def test_without_the_demo_there_is_no_mailbox(home: House, settings, path: str) -> None:
    post(mail_about(home).pk)
    (kept,) = mailbox.mails_of("acme")
    settings.DEMO = False

    assert at(home).get("/mailbox/" + path.format(n=kept.number)).status_code == 404


def test_the_html_of_a_mail_is_shown_in_a_sandbox(home: House) -> None:
    home.reseller.brand.logo, home.reseller.brand.logo_type = PIXEL, "image/png"
    home.reseller.brand.save()
    post(mail_about(home).pk)
    (kept,) = mailbox.mails_of("acme")

    shown = at(home).get(f"/mailbox/{kept.number}/html/")

    assert shown["Content-Security-Policy"].startswith("sandbox; default-src 'none';")
    assert "script-src" not in shown["Content-Security-Policy"]
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "data:image/png;base64," in shown.content.decode()
    assert "cid:" not in shown.content.decode()


def test_a_hostile_mail_is_shown_as_text(home: House) -> None:
    post(mail_about(home, after={"target_name": "<script>alert(1)</script>"}).pk)
    (kept,) = mailbox.mails_of("acme")

    for path in ("/mailbox/", f"/mailbox/{kept.number}/", f"/mailbox/{kept.number}/html/"):
        assert "<script>alert(1)" not in at(home).get(path).content.decode()


def test_half_a_mail_and_foreign_files_are_not_shown(home: House, boxes: Path) -> None:
    post(mail_about(home).pk)
    (boxes / "acme" / "99.part").write_bytes(b"Subject: half")
    (boxes / "acme" / "notes.eml").write_bytes(b"Subject: foreign")

    assert len(mailbox.mails_of("acme")) == 1


def test_a_mailbox_that_cannot_be_written_keeps_the_mail_for_later(home: House, boxes: Path) -> None:
    boxes.write_bytes(b"not a folder")
    message = mail_about(home)

    post(message.pk)

    message.refresh_from_db()
    assert message.status == "pending"


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_mailbox_is_only_read(home: House, method: str) -> None:
    assert getattr(at(home), method)("/mailbox/").status_code == 405
