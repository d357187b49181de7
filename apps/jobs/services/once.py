"""An order that comes again under the same key returns the job that it made the first time."""

from collections.abc import Callable

from django.db import IntegrityError
from django.utils.crypto import salted_hmac

from apps.accounts.actor import Actor
from apps.common.errors import KeyReused, PortalError
from apps.jobs.models import IdempotencyKey, Job

Within = Callable[[Job], None]


def once(actor: Actor, key: str, asked: str, make: Callable[[Within], Job]) -> tuple[Job, bool]:
    """Make the job, or find the one that this key made before (then True); KeyReused if `asked` differs.

    `make` is given what it must call in the transaction that makes the job.
    """
    fingerprint = salted_hmac(
        "idempotency", asked.encode("utf-8", "replace"), algorithm="sha256"
    ).hexdigest()  # may hold a password
    if found := _made_before(actor, key, fingerprint):
        return found, True

    def keep(job: Job) -> None:
        IdempotencyKey.objects.create(user=actor.user, key=key, fingerprint=fingerprint, job=job)

    try:
        return make(keep), False
    except (IntegrityError, PortalError):
        # A twin may have made it between our look and now; then this caller is told of the twin's.
        if found := _made_before(actor, key, fingerprint):
            return found, True
        raise


def _made_before(actor: Actor, key: str, fingerprint: str) -> Job | None:
    row = IdempotencyKey.objects.filter(user=actor.user, key=key).first()
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise KeyReused
    return Job.objects.select_related("server", "target").get(pk=row.job_id)
