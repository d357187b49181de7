"""Changes of a sent job: job, mirror and event in one transaction."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from apps.common import clock
from apps.common.queue import send_after_commit
from apps.images.models import Iso, Template
from apps.jobs import states
from apps.jobs.commands import order_of
from apps.jobs.models import Case, Job
from apps.jobs.services.telling import tell
from apps.resellers.models import UpstreamAccount
from apps.servers.models import Server
from apps.upstream.values import Power

S = Job.Status


def to_running(job: Job, *, was_answered: bool = False, **columns: Any) -> bool:
    """The upstream has it. True for the one who wrote so."""
    before = job.status
    columns |= {"accepted_at": clock.now(), "absent_at": None, "doubt": ""}
    if was_answered:
        columns["was_answered"] = True
    with transaction.atomic():
        moved = states.move(job, S.RUNNING, **columns)
        if moved:
            tell(job, "job.running", before=before)
    return moved


def name_made(job: Job, upstream_id: str) -> None:
    """What the job makes has this upstream id. What a refresh wrote about it meanwhile gives way."""
    if job.image is not None:
        _name_image(job, job.image, upstream_id)
        return
    target = job.target
    if target is None or target.upstream_id is not None:
        return
    rivals = Server.objects.select_for_update().filter(account_id=job.account_id, upstream_id=upstream_id)
    if rivals.filter(customer=None, jobs=None, made_by_jobs=None).delete()[0] == 0 and rivals.exists():
        open_case(job, Case.Reason.TWO_CANDIDATES, {"upstream_id": upstream_id})
        return
    target.upstream_id, target.status, target.status_seen_at = upstream_id, Server.Status.BUSY, clock.now()
    target.gone_at = None
    target.save(update_fields=["upstream_id", "status", "status_seen_at", "gone_at"])


def _name_image(job: Job, image: Template | Iso, upstream_id: str) -> None:
    if image.upstream_id is not None:
        return
    rivals = type(image)._default_manager.select_for_update().filter(account_id=job.account_id, upstream_id=upstream_id)
    if rivals.filter(customer=None, made_by_jobs=None).delete()[0] == 0 and rivals.exists():
        open_case(job, Case.Reason.TWO_CANDIDATES, {"upstream_id": upstream_id})
        return
    image.upstream_id, image.gone_at, image.seen_at = upstream_id, None, clock.now()
    image.save(update_fields=["upstream_id", "gone_at", "seen_at"])


@transaction.atomic
def succeed(job: Job, power: Power | None) -> None:
    """Done, and the mirror says what state the server is in since."""
    before = job.status
    result = {"server": job.target_id or job.server_id, "template": job.template_id, "iso": job.iso_id}
    result = {name: made for name, made in result.items() if made is not None}
    if states.move(job, S.SUCCEEDED, finished_at=clock.now(), secret="", journal_before=[], result=result):
        if looked_at := job.target or job.server:
            _mirror(looked_at, power)
        _take_up(job)
        _next(job)
        tell(job, "job.succeeded", before=before)


@transaction.atomic
def fail(
    job: Job,
    code: str,
    *,
    power: Power | None = None,
    upstream_code: str = "",
    held_by: str | None = None,
    is_made: bool = False,
) -> None:
    """Not done. A server that was to be made leaves the lists, unless it is there all the same (`is_made`)."""
    before = job.status
    columns = {"finished_at": clock.now(), "secret": "", "error_code": code, "upstream_code": upstream_code}
    if states.move(job, S.FAILED, held_by=held_by, **columns):
        if job.server:
            _mirror(job.server, power)
        if job.made is not None and not is_made:
            made = type(job.made)._default_manager.filter(pk=job.made.pk, gone_at=None)
            made.update(gone_at=job.finished_at, upstream_id=None)
        _next(job)
        tell(job, "job.failed", before=before)


def fail_unsent(job: Job, code: str, *, upstream_code: str = "") -> None:
    """Refused before or at the sending: nothing was changed."""
    fail(job, code, upstream_code=upstream_code, held_by=job.claim or None)


def _mirror(server: Server, power: Power | None) -> None:
    if power is not None:
        Server.objects.filter(pk=server.pk).update(status=power.value, status_seen_at=clock.now())


def _take_up(job: Job) -> None:
    """What the mirror says at once, without waiting for the next refresh."""
    if job.kind == Job.Kind.DELETE:
        _server(job).filter(gone_at=None).update(gone_at=job.finished_at)
    if order_of(job).command == "eth_action":
        send_after_commit("networks.sync", job.account_id)  # who is in which network
    if job.image is not None:
        type(job.image)._default_manager.filter(pk=job.image.pk).update(seen_at=job.finished_at)
        send_after_commit("images.sync", job.account_id)  # its other facts
    if job.kind == Job.Kind.RESIZE:
        facts = {name: job.arguments[name] for name in ("cpu", "ram_gb", "disks") if name in job.arguments}
        _server(job).update(seen_at=job.finished_at, **facts)


def _server(job: Job) -> QuerySet[Server]:
    return Server.objects.filter(pk__in=[job.server_id])


def _next(job: Job) -> None:
    """The server is free: whoever waits in its line is due, and the whole account is refreshed."""
    now = clock.now()
    UpstreamAccount.objects.filter(pk=job.account_id).update(next_tick_at=now, next_sync_at=now)


def tell_uncertain(job: Job) -> None:
    tell(job, "job.uncertain", before=S.SUBMITTING)


@transaction.atomic
def open_case(job: Job, reason: Case.Reason, evidence: dict[str, Any]) -> None:
    """A person must decide. Once for each reason; the job waits as it is."""
    _case, is_new = Case.objects.get_or_create(
        job=job, reason=reason, defaults={"evidence": evidence, "opened_at": clock.now()}
    )
    if is_new:
        Job.objects.filter(pk=job.pk).update(doubt=reason)
        tell(job, "case.opened", staff_only=True, reason=reason)


@transaction.atomic
def appeared_after_all(job: Job, entry: str, target: str | None) -> None:
    """A command that counted as not accepted is in the journal: a case, and the customer is told."""
    if Job.objects.filter(pk=job.pk, journal_id=None).update(journal_id=entry) != 1:
        return
    open_case(job, Case.Reason.APPEARED_AFTER_ALL, {"entry": entry, "target": target})
    if target is not None and order_of(job).makes_a_server:
        name_made(job, target)
    tell(job, "job.appeared_after_all", before=job.status)
