"""The demo's mail: written to files, so that it can be read in a page."""

import email
import email.policy
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage as Parsed
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

from apps.common.ids import new_id

SHOWN = 200


class MailboxBackend(BaseEmailBackend):
    """Keeps each mail as <MAILBOX_DIR>/<reseller>/<number>.eml, whole or not at all."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            folder = _folder(_owner(message))
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{new_id()}.eml"
            half = path.with_suffix(".part")
            half.write_bytes(message.message().as_bytes())
            half.rename(path)
        return len(email_messages)


def _owner(message: EmailMessage) -> str:
    """The reseller whose mail it is; two resellers may send from one domain, so the address does not tell."""
    return str(getattr(message, "reseller_slug", "") or message.from_email.rpartition("@")[2].rstrip(">"))


def _folder(owner: str) -> Path:
    return Path(settings.MAILBOX_DIR) / (re.sub(r"[^a-z0-9_-]", "_", owner.lower()) or "_")


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as the page shows it."""

    number: int
    subject: str
    sender: str
    to: str
    date: datetime | None
    text: str
    html: str


def mails_of(owner: str) -> list[Mail]:
    """The newest mails of this reseller, newest first."""
    numbers = (int(path.stem) for path in _folder(owner).glob("*.eml") if path.stem.isdecimal())
    found = (mail_of(owner, number) for number in sorted(numbers, reverse=True)[:SHOWN])
    return [mail for mail in found if mail is not None]


def mail_of(owner: str, number: int) -> Mail | None:
    path = _folder(owner) / f"{number}.eml"
    if not path.is_file():
        return None
    parsed = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return Mail(
        number,
        subject=str(parsed["Subject"]),
        sender=str(parsed["From"]),
        to=str(parsed["To"]),
        date=parsed["Date"].datetime if parsed["Date"] else None,
        text=_part(parsed, "plain"),
        html=_with_pictures(_part(parsed, "html"), parsed),
    )


def _part(parsed: Parsed, kind: str) -> str:
    body = parsed.get_body(preferencelist=(kind,))
    return str(body.get_content()) if body is not None else ""


def _with_pictures(html: str, parsed: Parsed) -> str:
    """Pictures that came with the mail stand in the HTML itself."""
    for part in parsed.walk():
        name = str(part.get("Content-ID", "")).strip("<>")
        content = part.get_payload(decode=True) if name and part.get_content_maintype() == "image" else None
        if isinstance(content, bytes):
            html = html.replace(f"cid:{name}", f"data:{part.get_content_type()};base64,{b64encode(content).decode()}")
    return html
