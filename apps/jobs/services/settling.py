"""What one tick's picture says of each job, written down."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from apps.common import clock
from apps.images.models import Iso, Template
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


Names = Mapping[str, Mapping[str, str]]  # server, template, iso → upstream id → name


def needed_names(jobs: Iterable[Job]) -> set[str]:
    """The listings that are needed: of servers, only while one is made whose upstream id is not known."""
    needed = {"server" for job in jobs if job.target is not None and job.target.upstream_id is None}
    return needed | {_made_kind(job) for job in jobs if job.image is not None}


def _made_kind(job: Job) -> str:
    return "template" if job.template_id else "iso" if job.iso_id else "server"


def watched(account: UpstreamAccount, for_: timedelta) -> list[Job]:
    """Jobs that counted as not accepted a short while ago: an entry may still appear."""
    late = Job.objects.filter(account=account, error_code="not_accepted", journal_id=None)
    recent = late.filter(finished_at__gt=clock.now() - for_)
    return list(recent.select_related("server", "target", "template", "iso"))


def settle(
    account: UpstreamAccount,
    active: Sequence[Job],
    journal: Sequence[JournalEntry],
    power: Mapping[str, Power],
    names: Names,
    watch_for: timedelta,
) -> None:
    """Judge every sent job of the account by one picture."""
    ids = [entry.id for entry in journal]
    taken = _texts(Job.objects.filter(account=account, journal_id__in=ids).values_list("journal_id", flat=True))
    pictures = {
        kind: Picture(journal, power, names.get(kind, {}), taken, _known(account, model, names.get(kind, {})))
        for kind, model in (("server", Server), ("template", Template), ("iso", Iso))
    }
    now = clock.now()
    for job in active:
        picture = pictures[_made_kind(job)]
        verdict = evidence.judge(_sent(job, now), picture)
        if verdict.entry:
            taken.add(verdict.entry)
        _write(job, verdict, picture, now)
    for job in watched(account, watch_for):
        sent = _sent(job, now)
        found = evidence.candidates_of(sent, pictures[_made_kind(job)])
        if len(found) == 1:
            made = found[0].server_id if order_of(job).makes_a_server and found[0].server_id != sent.server else None
            endings.appeared_after_all(job, found[0].id, made)


def _known(account: UpstreamAccount, model: type[Server | Template | Iso], names: Iterable[str]) -> set[str]:
    """Those of the listed that are somebody's already."""
    rows = model._default_manager.filter(account=account, upstream_id__in=list(names)).exclude(customer=None)
    return _texts(rows.values_list("upstream_id", flat=True))


def _texts(values: Iterable[str | None]) -> set[str]:
    return {value for value in values if value is not None}


def _sent(job: Job, now: datetime) -> Sent:
    sent_at = job.sent_at or now
    return Sent(
        id=job.pk,
        order=order_of(job),
        server=str(job.server.upstream_id) if job.server else "",
        status_before=job.status_before,
        seen_before=frozenset(job.journal_before),
        answered=job.was_answered,
        seconds_since_sent=(now - sent_at).total_seconds(),
        seconds_absent=(now - job.absent_at).total_seconds() if job.absent_at else None,
        entry=job.journal_id,
        target=job.made.upstream_id if job.made else None,
        target_name=job.made.upstream_name if job.made else "",
    )


@transaction.atomic
def _write(job: Job, verdict: Verdict, picture: Picture, now: datetime) -> None:
    """One verdict, in one transaction."""
    if verdict.entry or verdict.target:
        _accept(job, verdict)
    looked_at = job.target or job.server
    state = picture.states.get(str(looked_at.upstream_id)) if looked_at else None
    if verdict.says is Says.DONE:
        endings.succeed(job, state)
    elif verdict.says is Says.NOT_DONE:
        _fail(job, picture)
    elif verdict.says is Says.NOT_ACCEPTED:
        endings.fail(job, "not_accepted")
    elif verdict.says is Says.ABSENT and job.absent_at is None:
        Job.objects.filter(pk=job.pk).update(absent_at=now)
    elif verdict.says in DOUBTS:
        endings.open_case(job, DOUBTS[verdict.says], {"candidates": list(verdict.candidates)})
    elif verdict.says is Says.LOOK_AT_STATES:
        _by_state(job, state, picture, now)


def _fail(job: Job, picture: Picture) -> None:
    """Accepted, and not done. What was made all the same stays its customer's."""
    listed = picture.names if job.image else picture.states
    is_made = job.made is not None and str(job.made.upstream_id) in listed
    power = picture.states.get(str(job.server.upstream_id)) if job.server else None
    endings.fail(job, "task_failed", power=power, is_made=is_made)


def _accept(job: Job, verdict: Verdict) -> None:
    """The evidence names the job's entry or the server that it made."""
    if verdict.entry and job.journal_id is None:
        Job.objects.filter(pk=job.pk, journal_id=None).update(journal_id=verdict.entry)
        job.journal_id = verdict.entry
    if job.status == Job.Status.UNCERTAIN:
        endings.to_running(job)
    if verdict.target:
        endings.name_made(job, verdict.target)


def _by_state(job: Job, state: Power | None, picture: Picture, now: datetime) -> None:
    """The journal cannot tell any more: two looks at the state, or at the list of images, do."""
    sent = _sent(job, now)
    says = evidence.image_says(sent, state, picture.names) if job.image else evidence.state_says(sent.order, state)
    if says is Says.NOTHING:
        Job.objects.filter(pk=job.pk).exclude(settled_looks=0).update(settled_looks=0)
    elif job.settled_looks + 1 < LOOKS:
        Job.objects.filter(pk=job.pk).update(settled_looks=job.settled_looks + 1)
    elif says is Says.DONE:
        endings.succeed(job, state)
    else:
        _fail(job, picture)
