"""The end of a write: row, mirror and event in one transaction."""

from django.db import transaction

from apps.common import clock
from apps.common.queue import send_after_commit
from apps.events.services import record
from apps.writes.deeds import deed_of
from apps.writes.models import Write

S = Write.Status


@transaction.atomic
def finish(write: Write, upstream_id: str) -> None:
    """It happened; `upstream_id` of what it made, if known. An answer without one waits for the list."""
    deed = deed_of(write)
    if deed.makes and not upstream_id:
        doubt(write)
        return
    if _move(write, S.DONE):
        deed.finish(write, upstream_id)
        _tell(write, f"{write.subject_kind}.{deed.verb}")


@transaction.atomic
def fail(write: Write, code: str, *, upstream_code: str = "") -> None:
    """It did not happen."""
    if _move(write, S.FAILED, error_code=code, upstream_code=upstream_code):
        deed_of(write).abandon(write)
        _tell(write, "change.failed")


@transaction.atomic
def doubt(write: Write) -> None:
    """Perhaps it happened: nothing is sent again, the list decides."""
    rows = Write.objects.filter(pk=write.pk, status=S.SENDING)
    if rows.update(status=S.UNCERTAIN) == 1:
        write.status = S.UNCERTAIN
        send_after_commit("writes.settle", write.account_id)


def _move(write: Write, status: Write.Status, **columns: str) -> bool:
    """True for the one who ended it."""
    columns_ = {"status": status, "finished_at": clock.now(), **columns}
    if Write.objects.filter(pk=write.pk, status__in=Write.OPEN).update(**columns_) != 1:
        return False
    for name, value in columns_.items():
        setattr(write, name, value)
    return True


def _tell(write: Write, kind: str) -> None:
    record(
        kind,
        reseller_id=write.reseller_id,
        customer_id=write.customer_id,
        actor_id=write.requested_by_id,
        subject_kind=write.subject_kind,
        subject_id=write.subject_id,
        after={**write.facts, "error_code": write.error_code} if write.error_code else dict(write.facts),
        staff_only=write.customer_id is None,
    )
