"""What was asked under a key is made once: a repeat under the same key finds what the first one made."""

from dataclasses import dataclass

from django.utils.crypto import salted_hmac

from apps.accounts.actor import Actor
from apps.accounts.models import IdempotencyKey
from apps.common.errors import KeyReused


@dataclass(frozen=True, slots=True)
class Key:
    """The caller's Idempotency-Key and what was asked under it."""

    word: str
    asked: str

    @property
    def fingerprint(self) -> str:
        """Keyed, for what was asked may hold a password."""
        return salted_hmac("idempotency", self.asked.encode("utf-8", "replace"), algorithm="sha256").hexdigest()


def made_under(actor: Actor, key: Key | None) -> int | None:
    """The id of what this key made before; KeyReused if something else was asked under it."""
    row = IdempotencyKey.objects.filter(user=actor.user, key=key.word).first() if key else None
    if row is None or key is None:
        return None
    if row.fingerprint != key.fingerprint:
        raise KeyReused
    return row.made_id


def keep(actor: Actor, key: Key | None, made_id: int) -> None:
    """In the transaction that makes it. IntegrityError if a twin was faster."""
    if key is not None:
        IdempotencyKey.objects.create(user=actor.user, key=key.word, fingerprint=key.fingerprint, made_id=made_id)
