"""Job events: the same facts for the page, the mail and the stream."""

from typing import Any

from apps.events.services import record
from apps.jobs.models import Job


def tell(job: Job, what: str, *, before: str = "", staff_only: bool = False, **more: Any) -> None:
    """Record `what` (job.queued, job.succeeded, …) about this job, in the caller's transaction."""
    record(
        what,
        reseller_id=job.reseller_id,
        customer_id=job.customer_id,
        actor_id=job.requested_by_id,
        subject_kind="job",
        subject_id=job.pk,
        server_id=job.server_id,
        before={"status": before} if before else {},
        after={**facts(job), **more},
        staff_only=staff_only,
    )


def facts(job: Job) -> dict[str, Any]:
    """What a sentence about the job needs, in no language, and nothing that a customer may not know."""
    return {
        "kind": job.kind,
        "status": job.status,
        "server_id": job.server_id,
        "server_name": job.subject_name,
        "target_id": job.target_id,
        "target_name": job.made.name if job.made else None,
        "error_code": job.error_code,
    }
