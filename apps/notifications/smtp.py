"""The way to the mail server."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import EmailMessage


class SmtpBackend(EmailBackend):
    """Greets with the sender's domain: mail servers write it into the mail, and this machine is not named."""

    greeting = "localhost"

    @property
    def connection_class(self) -> Callable[..., Any]:  # type: ignore[override]
        made = super().connection_class

        def connect(host: str, port: int, **options: Any) -> Any:
            return made(host, port, **{**options, "local_hostname": self.greeting})

        return connect

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages[:1]:
            self.greeting = message.from_email.rpartition("@")[2].rstrip(">") or self.greeting
        return super().send_messages(email_messages)
