"""Looking jobs up: for an actor, there is no other way; and what past jobs teach about the next."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from django.db.models import Q, QuerySet

from apps.accounts.actor import Actor
from apps.common.errors import NotFound
from apps.jobs.models import Job

PAST_RUNS = 50


def jobs_for(actor: Actor) -> QuerySet[Job]:
    """Jobs of the actor's customers; of the whole house for the reseller's people."""
    house = Job.objects.filter(reseller_id=actor.reseller_id).select_related("server", "target", "template", "iso")
    return house if actor.is_staff else house.filter(customer__memberships__user=actor.user)


def job_for(actor: Actor, job_id: int) -> Job:
    """The job with this id. Hidden and missing look exactly alike: NotFound."""
    job = jobs_for(actor).filter(pk=job_id).first()
    if job is None:
        raise NotFound
    return job


def open_jobs(server_ids: Iterable[int]) -> dict[int, list[Job]]:
    """Open jobs by server, in the order of the line; a server that is being made has the job that makes it."""
    wanted = set(server_ids)
    rows = Job.objects.filter(Q(server_id__in=wanted) | Q(target_id__in=wanted), status__in=Job.OPEN)
    lines: dict[int, list[Job]] = {}
    for job in rows.select_related("server", "target", "template", "iso").order_by("pk"):
        for server_id in wanted.intersection({job.server_id, job.target_id}):
            lines.setdefault(server_id, []).append(job)
    return lines


def jobs_of(actor: Actor, server_id: int) -> QuerySet[Job]:
    """The server's history, newest first, the job that made it included."""
    seen = jobs_for(actor)
    return (seen.filter(server_id=server_id) | seen.filter(target_id=server_id)).order_by("-pk")


def place_in_line(job: Job) -> int:
    """1 for the job that is next or runs; 2 for the one behind it."""
    if job.server_id is None:
        return 1
    return Job.objects.filter(server_id=job.server_id, status__in=Job.OPEN, pk__lt=job.pk).count() + 1


@dataclass(frozen=True, slots=True)
class Estimate:
    """How long the same kind took lately on disks of about that size, seconds; `runs` says how many were measured."""

    median: float
    ninetieth: float
    runs: int


def estimate(kind: str, disk_gb: int) -> Estimate | None:
    """From the last fifty that succeeded, on disks of half to twice the size; None without any."""
    past = Job.objects.filter(kind=kind, status=Job.Status.SUCCEEDED).exclude(sent_at=None)
    alike = past.filter(disk_gb__gte=disk_gb // 2, disk_gb__lte=disk_gb * 2).order_by("-pk")
    pairs = alike.values_list("sent_at", "finished_at")[:PAST_RUNS]
    seconds = sorted((end - begin).total_seconds() for begin, end in pairs if begin and end)
    if not seconds:
        return None
    return Estimate(median(seconds), seconds[min(int(len(seconds) * 0.9), len(seconds) - 1)], len(seconds))


def last_durations(kind: str, server_id: int | None, count: int = 3) -> list[float]:
    """How long the last few of this kind took on this very server, seconds, newest first."""
    past = Job.objects.filter(kind=kind, server_id__in=[server_id], status=Job.Status.SUCCEEDED).exclude(sent_at=None)
    pairs = past.order_by("-pk").values_list("sent_at", "finished_at")[:count]
    return [(end - begin).total_seconds() for begin, end in pairs if begin and end]
