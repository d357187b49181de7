"""A house whose upstream is never called, a mail server of our own, and Russian as it will be merged."""

import ast
import re
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.utils import translation
from django.utils.translation import trans_real

from apps.common import clock
from apps.events.models import Event
from apps.events.services import record
from apps.notifications.models import Message
from apps.notifications.services.fan_out import fan_out
from tests.house import House, build

PARTS = Path(configured.BASE_DIR) / "locale" / "ru" / "parts"
CATALOGUE = re.compile(r'^msgid ((?:".*"\n)+)msgstr ((?:".*"\n?)+)', re.MULTILINE)


@pytest.fixture
def home(db: None) -> House:
    return build("acme", "http://127.0.0.1:9", "user99", [333], [340])


@pytest.fixture
def neighbour(db: None) -> House:
    return build("borealis", "http://127.0.0.1:9", "user77", [733], [740])


def happened(house: House, kind: str, **more: Any) -> Event:
    """An event about the house's first server, ordered by the owner, or about what else is said."""
    after = {"kind": "clone", "server_name": "web-1", "target_name": "web-2", "error_code": "task_failed"}
    facts: dict[str, Any] = {
        "reseller_id": house.reseller.pk,
        "customer_id": house.customer.pk,
        "actor_id": house.owner.pk,
        "subject_kind": "job",
        "subject_id": 4711,
        "after": after | more.pop("after", {}),
    }
    return record(kind, **(facts | more))


def mail_about(house: House, kind: str = "job.succeeded", **more: Any) -> Message:
    event = happened(house, kind, **more)
    fan_out()
    return Message.objects.get(event=event, channel="mail")


def past() -> Any:
    return clock.in_seconds(-1)


@dataclass
class MailServer:
    """Speaks SMTP over a socket; what it answers to a command can be chosen."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)  # verb, or verb and address -> answer; "hang" says nothing
    raw: list[bytes] = field(default_factory=list)
    greetings: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=policy.default) for raw in self.raw]  # type: ignore[misc]


class Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        mail_server: MailServer = self.server.mail_server  # type: ignore[attr-defined]
        self.say("220 ready")
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb in {"EHLO", "HELO"}:
                mail_server.greetings.append(line.partition(" ")[2])
            address = re.search(r"<(.*)>", line)
            answer = mail_server.answers.get(f"{verb} {address[1]}" if address else verb, mail_server.answers.get(verb))
            if answer == "hang":
                mail_server.released.wait(20)
                return
            self.say(answer or {"DATA": "354 go on", "QUIT": "221 bye"}.get(verb, "250 ok"))
            if verb == "DATA" and not answer:
                self.take(mail_server)
            if verb == "QUIT":
                return

    def take(self, mail_server: MailServer) -> None:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b"."))
        end = mail_server.answers.get("END")
        if end is None:
            mail_server.raw.append(b"".join(lines))
        self.say(end or "250 taken")

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


class Listening(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    mail_server: MailServer


@pytest.fixture
def post_office(settings: Any) -> Iterator[MailServer]:
    """A mail server that takes everything until told otherwise; all mail goes there."""
    office = MailServer()
    with Listening(("127.0.0.1", 0), Conversation) as listening:
        listening.mail_server = office
        office.port = listening.server_address[1]
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        settings.EMAIL_BACKEND = "apps.notifications.smtp.SmtpBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", office.port, 5
        yield office
        office.released.set()
        listening.shutdown()


@pytest.fixture
def in_russian(settings: Any, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """The Russian of this app, read from its part of the catalogue; gives the translation of a text."""
    pairs = {"": "Content-Type: text/plain; charset=UTF-8\n"}
    for source, target in CATALOGUE.findall((PARTS / "notifications.po").read_text()):
        pairs[_joined(source)] = _joined(target)
    folder = tmp_path / "ru" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.mo").write_bytes(_compiled(pairs))
    settings.LOCALE_PATHS = [tmp_path]
    _forget_translations()
    yield lambda text: pairs[text]
    settings.LOCALE_PATHS = configured.LOCALE_PATHS
    _forget_translations()


def _forget_translations() -> None:
    trans_real._translations.clear()
    trans_real._default = None
    translation.activate("en")


def _joined(quoted: str) -> str:
    return "".join(ast.literal_eval(line) for line in quoted.strip().splitlines())


def _compiled(pairs: dict[str, str]) -> bytes:
    """A .mo file: header, two tables of (length, offset), and the texts."""
    texts = sorted((source.encode(), target.encode()) for source, target in pairs.items())
    count, start = len(texts), 28 + 16 * len(texts)
    tables, body = [b"", b""], b""
    for side in (0, 1):
        for pair in texts:
            tables[side] += struct.pack("<II", len(pair[side]), start + len(body))
            body += pair[side] + b"\0"
    return struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, start) + tables[0] + tables[1] + body
