"""The life of a job, as data; every change of state in the code goes through `move`."""

from collections.abc import Mapping
from typing import Any

from apps.jobs.models import Job

S = Job.Status

TRANSITIONS: Mapping[Job.Status, frozenset[Job.Status]] = {
    S.QUEUED: frozenset({S.SUBMITTING, S.CANCELLED, S.FAILED}),
    S.SUBMITTING: frozenset({S.QUEUED, S.RUNNING, S.UNCERTAIN, S.FAILED}),
    S.RUNNING: frozenset({S.SUCCEEDED, S.FAILED}),
    S.UNCERTAIN: frozenset({S.RUNNING, S.SUCCEEDED, S.FAILED}),
    S.SUCCEEDED: frozenset(),
    S.FAILED: frozenset(),
    S.CANCELLED: frozenset(),
}


def move(job: Job, to: Job.Status, *, held_by: str | None = None, **columns: Any) -> bool:
    """Move the job from the state it was read in; True for the one caller who did it, whose copy is then current.

    With `held_by`, only if the job is still in the hands of that sender.
    """
    if to not in TRANSITIONS[S(job.status)]:
        raise ValueError(f"a job does not go from {job.status} to {to}")
    rows = Job.objects.filter(pk=job.pk, status=job.status)
    if held_by is not None:
        rows = rows.filter(claim=held_by)
    if rows.update(status=to, **columns) != 1:
        return False
    for name, value in {"status": to, **columns}.items():
        setattr(job, name, value)
    return True
