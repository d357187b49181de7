"""Keys of programs: shown once, kept as SHA-256."""

import re
import secrets
from datetime import timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import Q

from apps.accounts.models import ApiToken, User
from apps.common import clock
from apps.events.services import record

PREFIX = "tok_"
SHAPE = re.compile(r"[\x21-\x7e]{8,200}\Z")
SHOWN = 8
NOTE_USE_EVERY = timedelta(minutes=1)


def digest(plain: str) -> str:
    return sha256(plain.encode()).hexdigest()


def make(user: User, name: str, scope: str = ApiToken.Scope.FULL) -> tuple[ApiToken, str]:
    """A new token and its text, which cannot be read again."""
    plain = PREFIX + secrets.token_urlsafe(32)
    return keep(user, name, plain, scope), plain


@transaction.atomic
def keep(user: User, name: str, plain: str, scope: str = ApiToken.Scope.FULL) -> ApiToken:
    """A token whose text was given; ValueError unless it has 8 to 200 printable characters without spaces."""
    if not SHAPE.match(plain):
        raise ValueError("a token has 8 to 200 printable characters, without spaces")
    token = ApiToken.objects.create(user=user, name=name, start=plain[:SHOWN], digest=digest(plain), scope=scope)
    _tell("token.made", token)
    return token


@transaction.atomic
def revoke(token: ApiToken) -> None:
    """From now on it opens nothing."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=clock.now()):
        _tell("token.revoked", token)


def find(plain: str, reseller_id: int) -> ApiToken | None:
    """The living token with this text whose user is one of this reseller's; None for every other reason alike."""
    if not SHAPE.match(plain):
        return None
    now = clock.now()
    living = ApiToken.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)
    rows = living.filter(user__reseller_id=reseller_id, user__is_active=True).select_related("user")
    token = rows.filter(digest=digest(plain)).first()
    if token is not None and (token.last_used_at is None or token.last_used_at < now - NOTE_USE_EVERY):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def _tell(kind: str, token: ApiToken) -> None:
    record(
        kind,
        reseller_id=token.user.reseller_id,
        actor_id=token.user_id,
        subject_kind="token",
        subject_id=token.pk,
        after={"name": token.name, "start": token.start, "scope": token.scope},
        staff_only=True,
    )
