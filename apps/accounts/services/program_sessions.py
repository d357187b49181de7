"""Signing in as a program: e-mail address, password and, where it is on, the second factor; for a day."""

import secrets
from datetime import timedelta
from hashlib import sha256

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from apps.accounts import throttling
from apps.accounts.models import ProgramSession, User
from apps.common import clock
from apps.common.errors import InvalidInput, PortalError, TooMany
from apps.events.services import record

LASTS = timedelta(hours=24)
NOTE_USE_EVERY = timedelta(minutes=1)


class WrongLogin(PortalError):
    code, status, message = "wrong_login", 401, _("The address or the password is not right.")


class KeyNeeded(PortalError):
    code, status, message = "key_needed", 401, _("This account has a second factor: give its code as passkey.")


class WrongKey(PortalError):
    code, status, message = "wrong_key", 401, _("This code is not right, or was used already.")


def sign_in(reseller_id: int, email: str, password: str, passkey: str, address: str) -> tuple[ProgramSession, str]:
    """A new session and its word, which cannot be read again. WrongLogin, KeyNeeded, WrongKey, TooMany."""
    if throttling.is_slowed(address, email):
        raise TooMany(_("Too many tries from here. Wait five minutes."), retry_after=300)
    user = _known(reseller_id, email, password)
    if user is None:
        throttling.note_failure(address, email)
        raise WrongLogin
    _require_key(user, passkey, address)
    throttling.note_success(address, email)
    return _begin(user, address)


def _known(reseller_id: int, email: str, password: str) -> User | None:
    """As slow for an address that nobody has."""
    if "\x00" in email or len(password) > 1000:
        return None
    user = User.objects.filter(login=User.login_for(reseller_id, email), is_active=True).first()
    if user is None:
        make_password(password)
        return None
    return user if user.check_password(password) else None


def _require_key(user: User, passkey: str, address: str) -> None:
    factor = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if factor is None:
        return
    if not passkey:
        raise KeyNeeded
    if not TOTP(factor).validate_code(passkey):
        throttling.note_failure(address, user.email)
        raise WrongKey


@transaction.atomic
def _begin(user: User, address: str) -> tuple[ProgramSession, str]:
    word, now = secrets.token_hex(16), clock.now()
    session = ProgramSession.objects.create(
        user=user,
        digest=_digest(word),
        password_mark=user.get_session_auth_hash(),
        address=address or None,
        created_at=now,
        ends_at=now + LASTS,
        last_used_at=now,
    )
    ProgramSession.objects.filter(user=user, ends_at__lt=now).delete()
    _tell("user.signed_in", user, {"address": address, "program": True})
    return session, word


def find(word: str, reseller_id: int) -> ProgramSession | None:
    """The living session with this word whose user is one of this reseller's; None for every other reason alike."""
    now = clock.now()
    rows = ProgramSession.objects.filter(digest=_digest(word), ends_at__gt=now, user__is_active=True)
    session = rows.filter(user__reseller_id=reseller_id).select_related("user__reseller").first()
    if session is None or not constant_time_compare(session.password_mark, session.user.get_session_auth_hash()):
        return None
    if session.last_used_at < now - NOTE_USE_EVERY:
        ProgramSession.objects.filter(pk=session.pk).update(last_used_at=now)
    return session


def end(session: ProgramSession) -> None:
    """From now on its word opens nothing."""
    if ProgramSession.objects.filter(pk=session.pk).delete()[0]:
        _tell("user.signed_out", session.user, {"program": True})


@transaction.atomic
def change_password(session: ProgramSession, old: str, new: str, passkey: str, address: str) -> None:
    """A new password; every other sign-in of the user, in a browser or of a program, ends.

    WrongLogin, KeyNeeded, WrongKey, TooMany; InvalidInput (field new) for a password that is too plain.
    """
    user = session.user
    if throttling.is_slowed(address, user.email):
        raise TooMany(_("Too many tries from here. Wait five minutes."), retry_after=300)
    if not user.check_password(old):
        throttling.note_failure(address, user.email)
        raise WrongLogin
    _require_key(user, passkey, address)
    try:
        validate_password(new, user)
    except ValidationError as exc:
        raise InvalidInput({"new": list(exc.messages)}) from None
    user.set_password(new)
    user.save(update_fields=["password"])
    ProgramSession.objects.filter(pk=session.pk).update(password_mark=user.get_session_auth_hash())
    ProgramSession.objects.filter(user=user).exclude(pk=session.pk).delete()
    _tell("user.password_changed", user, {})


def _digest(word: str) -> str:
    return sha256(word.encode("utf-8", "replace")).hexdigest()


def _tell(kind: str, user: User, after: dict[str, object]) -> None:
    record(
        kind,
        reseller_id=user.reseller_id,
        actor_id=user.pk,
        subject_kind="user",
        subject_id=user.pk,
        after=after,
        staff_only=True,
    )
