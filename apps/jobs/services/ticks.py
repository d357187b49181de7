"""One clock an upstream account: a journal and a list of states settle all its open jobs, one or ten thousand."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from apps.common import clock, leases
from apps.common.errors import Unavailable
from apps.common.queue import send
from apps.jobs import states
from apps.jobs.models import Job
from apps.jobs.services import endings, settling
from apps.jobs.services.submission import DEADLINE
from apps.resellers.gateway import AccountRefused, Gateway
from apps.resellers.models import UpstreamAccount
from apps.servers.services import mirror
from apps.upstream.listings import read_isos

S = Job.Status
LEASE = 60
SENDER_IS_DEAD_AFTER = timedelta(seconds=DEADLINE + 3)
PREPARING_IS_DEAD_AFTER = timedelta(seconds=60)
WATCH_NOT_ACCEPTED_FOR = timedelta(minutes=15)
AT_ONCE = 50  # heads of lines that one tick asks workers to send


def ask_where_due() -> None:
    """Ask a worker for a tick of every account that has open jobs and whose time has come."""
    now = clock.now()
    due = Q(next_tick_at=None) | Q(next_tick_at__lte=now)
    watched = Q(error_code="not_accepted", finished_at__gt=now - WATCH_NOT_ACCEPTED_FOR)
    busy = Job.objects.filter(Q(status__in=Job.OPEN) | watched).values("account_id")
    for account_id in UpstreamAccount.objects.filter(due, pk__in=busy).values_list("pk", flat=True):
        send("jobs.tick", account_id, expires=5)


def tick(account_id: int) -> None:
    """One look for one account. Two never overlap; one that comes too early does nothing."""
    account = UpstreamAccount.objects.filter(pk=account_id).first()
    if account is None or (account.next_tick_at and account.next_tick_at > clock.now()):
        return
    if word := leases.take(account, "tick", LEASE):
        try:
            _look(account)
        finally:
            leases.give_back(account, "tick", word)


def _look(account: UpstreamAccount) -> None:
    _recover(account, clock.now())
    active = _active(account)
    try:
        if active or settling.watched(account, WATCH_NOT_ACCEPTED_FOR):
            _settle(account, active)
    except AccountRefused:
        pass  # what runs waits for a new password; what is queued fails when it is sent
    except Unavailable as away:
        _set_next(account, timedelta(seconds=min(away.retry_after, 15)))
        return
    _send_heads(account)
    _set_next(account, _pause(account, clock.now()))


def _active(account: UpstreamAccount) -> list[Job]:
    jobs = Job.objects.filter(account=account, status__in=(S.RUNNING, S.UNCERTAIN))
    return list(jobs.select_related("server", "target", "template", "iso", "account").order_by("pk"))


def _settle(account: UpstreamAccount, active: Sequence[Job]) -> None:
    gateway = Gateway(account)
    journal = gateway.journal(fresh=True)
    began = clock.now()
    power = gateway.statuses(fresh=True)
    names = {kind: LISTS[kind](gateway) for kind in settling.needed_names(active)}
    mirror.apply_statuses(account, power, began)
    settling.settle(account, active, journal, power, names, WATCH_NOT_ACCEPTED_FOR)


LISTS: Mapping[str, Callable[[Gateway], Mapping[str, str]]] = {
    "server": lambda gateway: {server.id: server.name for server in gateway.servers(fresh=True)},
    "template": lambda gateway: {template.id: template.name for template in gateway.templates(fresh=True)},
    "iso": lambda gateway: {iso.id: iso.name for iso in gateway.read_as(read_isos, "get_isos", fresh=True)},
}


def _recover(account: UpstreamAccount, now: datetime) -> None:
    """Jobs whose sender died: before the write-ahead nothing was sent; after it, it may have been."""
    sending = Job.objects.filter(account=account, status=S.SUBMITTING).select_related(
        "server", "target", "template", "iso"
    )
    for job in sending.filter(sent_at__lt=now - SENDER_IS_DEAD_AFTER):
        if states.move(job, S.UNCERTAIN, held_by=job.claim):
            endings.tell_uncertain(job)
    for job in sending.filter(sent_at=None, started_at__lt=now - PREPARING_IS_DEAD_AFTER):
        states.move(job, S.QUEUED, held_by=job.claim, started_at=None, claim="")


def _send_heads(account: UpstreamAccount) -> None:
    """Hurry the head of each free server's line."""
    taken = Job.objects.filter(account=account, status__in=Job.ACTIVE).exclude(server=None).values("server_id")
    waiting = Job.objects.filter(account=account, status=S.QUEUED).order_by("pk")
    waiting = waiting.filter(Q(server=None) | ~Q(server_id__in=taken))  # one without a server stands in no line
    heads: dict[int, int] = {}
    for server_id, job_id in waiting.values_list("server_id", "pk")[: AT_ONCE * 10]:
        heads.setdefault(server_id or -job_id, job_id)
    for job_id in list(heads.values())[:AT_ONCE]:
        send("jobs.submit", job_id, expires=30)


def _pause(account: UpstreamAccount, now: datetime) -> timedelta:
    """Each second at first, slower with age: by the job that was sent last."""
    open_jobs = Job.objects.filter(account=account, status__in=Job.OPEN)
    newest = open_jobs.exclude(sent_at=None).order_by("-sent_at").values_list("sent_at", flat=True).first()
    if newest is None:
        return timedelta(seconds=1 if open_jobs.exists() else 15)
    age = (now - newest).total_seconds()
    steps = ((60, 1), (300, 2), (1800, 5))
    return timedelta(seconds=next((pause for limit, pause in steps if age < limit), 15))


def _set_next(account: UpstreamAccount, pause: timedelta) -> None:
    """The next look; a look that somebody asked for meanwhile stays."""
    rows = UpstreamAccount.objects.filter(pk=account.pk, next_tick_at=account.next_tick_at)
    rows.update(next_tick_at=clock.now() + pause)
