"""One family of failures that are safe to show; each door translates it once."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class PortalError(Exception):
    """A failure with a stable code, an HTTP status and a plain sentence; `facts` are values of the sentence."""

    code = "error"
    status = 400
    message: Text = _("That did not work.")

    def __init__(self, message: Text | None = None, *, code: str | None = None, **facts: Any) -> None:
        super().__init__()
        if message is not None:
            self.message = message
        if code is not None:
            self.code = code
        self.facts: Mapping[str, Any] = facts

    def __str__(self) -> str:
        return str(self.message).format(**self.facts) if self.facts else str(self.message)


class NotFound(PortalError):
    """Missing and hidden are this, and look exactly alike."""

    code, status, message = "not_found", 404, _("There is nothing here under this address.")


class NotSignedIn(PortalError):
    code, status, message = "not_authenticated", 401, _("Sign in first.")


class NotPermitted(PortalError):
    code, status, message = (
        "not_permitted",
        403,
        _("Your role does not allow this. Ask an owner of the account."),
    )


class InvalidInput(PortalError):
    """`errors` names each wrong field: {"name": ["…"]}."""

    code, status, message = "invalid_input", 400, _("Some of what was sent cannot be used.")

    def __init__(
        self,
        errors: Mapping[str, list[Text]] | None = None,
        message: Text | None = None,
        *,
        code: str | None = None,
        **facts: Any,
    ) -> None:
        super().__init__(message, code=code, **facts)
        self.errors: Mapping[str, list[Text]] = errors or {}


class KeyReused(PortalError):
    code, status = "idempotency_key_reused", 422
    message = _("This Idempotency-Key was used for another request. Take a new key for a new order.")


class ServerBusy(PortalError):
    code, status, message = (
        "server_busy",
        409,
        _("Another job is still running on this server. Wait until it ends."),
    )


class WrongState(PortalError):
    code, status, message = "wrong_state", 409, _("The server is not in a state in which this can be done.")


class Unavailable(PortalError):
    """The machines cannot be reached at present; `retry_after` in seconds."""

    code, status = "unavailable", 503
    message = _("The machines cannot be reached at present. Nothing was changed. Try again in a minute.")

    def __init__(self, message: Text | None = None, *, retry_after: int = 30, **facts: Any) -> None:
        super().__init__(message, **facts)
        self.retry_after = retry_after


class TooMany(PortalError):
    code, status, message = "too_many_requests", 429, _("Too many requests. Wait a little and try again.")

    def __init__(self, message: Text | None = None, *, retry_after: int = 60, **facts: Any) -> None:
        super().__init__(message, **facts)
        self.retry_after = retry_after
