"""What one tick's picture says of each job, written down."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from apps.common import clock
from apps.jobs import evidence
from apps.jobs.commands import order_of
from apps.jobs.evidence import Picture, Says, Sent, Verdict
from apps.jobs.models import Case, Job
from apps.jobs.services import endings
from apps.resellers.models import UpstreamAccount
from apps.servers.models import Server
from apps.upstream.values import JournalEntry, Power

LOOKS = 2
DOUBTS = {
    Says.TWO_CANDIDATES: Case.Reason.TWO_CANDIDATES,
    Says.ROLLED_OVER: Case.Reason.JOURNAL_ROLLED_OVER,
    Says.UNEXPLAINED: Case.Reason.UNEXPLAINED_CHANGE,
}


def needs_names(jobs: Iterable[Job]) -> bool:
    """Whether a listing is needed: only a server in the making whose upstream id is not known asks for names."""
    return any(job.target is not None and job.target.upstream_id is None for job in jobs)


def watched(account: UpstreamAccount, for_: timedelta) -> list[Job]:
    """Jobs that counted as not accepted a short while ago: an entry may still appear."""
    late = Job.objects.filter(account=account, error_code="not_accepted", journal_id=None)
    recent = late.filter(finished_at__gt=clock.now() - for_)
    return list(recent.select_related("server", "target"))


def settle(
    account: UpstreamAccount,
    active: Sequence[Job],
    journal: Sequence[JournalEntry],
    power: Mapping[str, Power],
    names: Mapping[str, str],
    watch_for: timedelta,
) -> None:
    """Judge every sent job of the account by one picture."""
    ids = [entry.id for entry in journal]
    taken = _texts(Job.objects.filter(account=account, journal_id__in=ids).values_list("journal_id", flat=True))
    known = _texts(
        Server.objects.filter(account=account, upstream_id__in=names.keys())
        .exclude(customer=None)
        .values_list("upstream_id", flat=True)
    )
    picture = Picture(journal, power, names, taken, known)
    now = clock.now()
    for job in active:
        verdict = evidence.judge(_sent(job, now), picture)
        if verdict.entry:
            taken.add(verdict.entry)
        _write(job, verdict, power, now)
    for job in watched(account, watch_for):
        found = evidence.candidates_of(_sent(job, now), picture)
        if len(found) == 1:
            target = found[0].server_id if found[0].server_id != job.server.upstream_id else None
            endings.appeared_after_all(job, found[0].id, target)


def _texts(values: Iterable[str | None]) -> set[str]:
    return {value for value in values if value is not None}


def _sent(job: Job, now: datetime) -> Sent:
    sent_at = job.sent_at or now
    return Sent(
        id=job.pk,
        order=order_of(job),
        server=str(job.server.upstream_id),
        status_before=job.status_before,
        seen_before=frozenset(job.journal_before),
        answered=job.was_answered,
        seconds_since_sent=(now - sent_at).total_seconds(),
        seconds_absent=(now - job.absent_at).total_seconds() if job.absent_at else None,
        entry=job.journal_id,
        target=job.target.upstream_id if job.target else None,
        target_name=job.target.upstream_name if job.target else "",
    )


@transaction.atomic
def _write(job: Job, verdict: Verdict, power: Mapping[str, Power], now: datetime) -> None:
    """One verdict, in one transaction."""
    if verdict.entry or verdict.target:
        _accept(job, verdict)
    state = power.get(str((job.target or job.server).upstream_id))
    if verdict.says is Says.DONE:
        endings.succeed(job, state)
    elif verdict.says is Says.NOT_DONE:
        _fail(job, power)
    elif verdict.says is Says.NOT_ACCEPTED:
        endings.fail(job, "not_accepted")
    elif verdict.says is Says.ABSENT and job.absent_at is None:
        Job.objects.filter(pk=job.pk).update(absent_at=now)
    elif verdict.says in DOUBTS:
        endings.open_case(job, DOUBTS[verdict.says], {"candidates": list(verdict.candidates)})
    elif verdict.says is Says.LOOK_AT_STATES:
        _by_state(job, state, power)


def _fail(job: Job, power: Mapping[str, Power]) -> None:
    """Accepted, and not done. A server that was made all the same stays its customer's."""
    is_made = job.target is not None and str(job.target.upstream_id) in power
    endings.fail(job, "task_failed", power=power.get(str(job.server.upstream_id)), is_made=is_made)


def _accept(job: Job, verdict: Verdict) -> None:
    """The evidence names the job's entry or the server that it made."""
    if verdict.entry and job.journal_id is None:
        Job.objects.filter(pk=job.pk, journal_id=None).update(journal_id=verdict.entry)
        job.journal_id = verdict.entry
    if job.status == Job.Status.UNCERTAIN:
        endings.to_running(job)
    if verdict.target:
        endings.name_target(job, verdict.target)


def _by_state(job: Job, state: Power | None, power: Mapping[str, Power]) -> None:
    """The journal cannot tell any more: two looks at the state do."""
    says = evidence.state_says(order_of(job), state)
    if says is Says.NOTHING:
        Job.objects.filter(pk=job.pk).exclude(settled_looks=0).update(settled_looks=0)
    elif job.settled_looks + 1 < LOOKS:
        Job.objects.filter(pk=job.pk).update(settled_looks=job.settled_looks + 1)
    elif says is Says.DONE:
        endings.succeed(job, state)
    else:
        _fail(job, power)
