"""An order that comes again under the same key returns the job that it made the first time."""

from collections.abc import Callable

from django.db import IntegrityError

from apps.accounts.actor import Actor
from apps.accounts.services import once as keys
from apps.accounts.services.once import Key
from apps.common.errors import PortalError
from apps.jobs.models import Job

Within = Callable[[Job], None]


def once(actor: Actor, key: Key, make: Callable[[Within], Job]) -> tuple[Job, bool]:
    """Make the job, or find the one that this key made before (then True); KeyReused if something else was asked.

    `make` is given what it must call in the transaction that makes the job.
    """
    if found := _made_before(actor, key):
        return found, True
    try:
        return make(lambda job: keys.keep(actor, key, job.pk)), False
    except (IntegrityError, PortalError):
        # A twin may have made it between our look and now; then this caller is told of the twin's.
        if found := _made_before(actor, key):
            return found, True
        raise


def _made_before(actor: Actor, key: Key) -> Job | None:
    made_id = keys.made_under(actor, key)
    return Job.objects.select_related("server", "target", "template", "iso").get(pk=made_id) if made_id else None
