"""Sending an order: at most once, whatever dies and whenever."""

import secrets
import time

from django.db import IntegrityError, transaction

from apps.common import clock
from apps.common.errors import ServerBusy, Unavailable, WrongState
from apps.events import request_ids
from apps.jobs import states
from apps.jobs.commands import order_of
from apps.jobs.models import Job
from apps.jobs.services import endings
from apps.jobs.services.preflight import look
from apps.resellers.gateway import AccountRefused, Gateway
from apps.upstream.errors import UpstreamError, UpstreamRefused
from apps.upstream.readers import read_new_id

BEGIN_WITHIN = 2.0  # seconds from the write-ahead to the first byte, or it is not sent
DEADLINE = 12.0  # seconds in which the answer must be there


def submit(job_id: int) -> None:
    """Send the job if it is at the head of its server's line. Safe to call twice, late, or for a job that is over."""
    job = claim(job_id)
    if job is None:
        return
    request_ids.begin(job.request_id)
    gateway = Gateway(job.account)
    evidence = _prepare(job, gateway)
    if evidence is None:
        return
    begin_before = time.monotonic() + BEGIN_WITHIN
    if _write_ahead(job, *evidence):
        _send(job, gateway, begin_before)


@transaction.atomic
def claim(job_id: int) -> Job | None:
    """Move the job from queued to submitting; the job for the one caller who did it, else None.

    Of one server's jobs at most one is active: the database says so, not this check.
    """
    rows = Job.objects.select_related("server", "target", "template", "iso", "account")
    job = rows.filter(pk=job_id, status=Job.Status.QUEUED).first()
    if job is None or not _is_head(job):
        return None
    try:
        with transaction.atomic():
            moved = states.move(job, Job.Status.SUBMITTING, claim=secrets.token_hex(8), started_at=clock.now())
    except IntegrityError:
        return None
    return job if moved else None


def _is_head(job: Job) -> bool:
    if job.server_id is None:
        return True
    before = Job.objects.filter(server_id=job.server_id, status__in=Job.OPEN).exclude(pk=job.pk)
    return not before.filter(pk__lt=job.pk).exists() and not before.filter(status__in=Job.ACTIVE).exists()


def _prepare(job: Job, gateway: Gateway) -> tuple[list[str], str] | None:
    """The journal's ids and the server's state, read right before sending; None: not now, or never, and so written."""
    try:
        seen, rules = [entry.id for entry in gateway.journal(fresh=True)], order_of(job)
        return seen, "" if rules.begins_from_nothing or job.server is None else look(job.server, rules)
    except WrongState as refusal:
        endings.fail_unsent(job, refusal.code)
    except AccountRefused:
        endings.fail_unsent(job, AccountRefused.code)
    except (ServerBusy, Unavailable):
        hand_back(job)
    return None


def hand_back(job: Job) -> None:
    """Back into the line: surely nothing was sent."""
    states.move(
        job,
        Job.Status.QUEUED,
        held_by=job.claim,
        sent_at=None,
        started_at=None,
        journal_before=[],
        status_before="",
    )


def _write_ahead(job: Job, seen: list[str], status: str) -> bool:
    """From this commit on the command counts as perhaps sent. False if the claim was lost meanwhile."""
    columns = {"sent_at": clock.now(), "journal_before": seen, "status_before": status}
    held = Job.objects.filter(pk=job.pk, status=Job.Status.SUBMITTING, claim=job.claim, sent_at=None)
    if held.update(**columns) != 1:
        return False
    for name, value in columns.items():
        setattr(job, name, value)
    return True


def _send(job: Job, gateway: Gateway, begin_before: float) -> None:
    """Send the one command, once, and write down what came of it."""
    is_named = job.server is not None and not order_of(job).begins_from_nothing
    parameters = {**({"id": job.server.upstream_id} if job.server and is_named else {}), **job.parameters}
    if job.secret:
        parameters["password"] = job.secret
    try:
        answer = gateway.change(order_of(job).command, parameters, begin_before=begin_before, deadline=DEADLINE)
    except UpstreamRefused as refusal:
        endings.fail_unsent(job, "refused", upstream_code=refusal.code)
    except UpstreamError as error:
        if error.may_have_happened:
            doubt(job)
        else:
            hand_back(job)
    except Unavailable:
        hand_back(job)
    else:
        accept(job, answer)


def accept(job: Job, answer: object) -> None:
    """The upstream said yes: the job runs, and what it makes has an upstream id, all at once."""
    made = ""
    if order_of(job).makes:
        try:
            made = read_new_id(answer, order_of(job).command)
        except UpstreamError:
            made = ""  # accepted, but it did not say what: the listing will
    with transaction.atomic():
        if endings.to_running(job, was_answered=True) and made:
            endings.name_made(job, made)


def doubt(job: Job) -> None:
    """The answer was lost: evidence decides, and nothing is sent again."""
    with transaction.atomic():
        if states.move(job, Job.Status.UNCERTAIN):
            endings.tell_uncertain(job)
