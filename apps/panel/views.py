"""Servers: the list, one of them, and the orders that need no page of their own."""

import re
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.common.errors import NotFound, PortalError
from apps.jobs import selectors, words
from apps.jobs.models import Job
from apps.panel.activity import activity
from apps.panel.forms import OrderForm
from apps.panel.guard import for_people
from apps.panel.ordering import place
from apps.panel.people import PageRequest
from apps.panel.progress import progress
from apps.resellers.models import UpstreamAccount
from apps.servers import permissions
from apps.servers.models import Server
from apps.servers.selectors import server_for, servers_for
from apps.servers.services.watch import keep_hot

ORDERS = {"name": "name", "-name": "-name", "state": "status", "newest": "-id"}
PER_PAGE = 50
ADDRESS = re.compile(r"[0-9a-fA-F]*[.:][0-9a-fA-F.:]*")  # a part of one, at least its dot or colon
POWER = ("start", "stop", "reboot", "pause")
STATES = [(value, words.POWER[value]) for value in ("on", "off", "paused", "archived", "unknown")]


@require_safe
@for_people
def servers(request: PageRequest) -> HttpResponse:
    """The list: searched, filtered, sorted, paged, all by the address; as many queries for a page of any length."""
    rows = _searched(servers_for(request.actor), request.GET)
    order = ORDERS.get(request.GET.get("sort", ""), "name")
    page = Paginator(rows.order_by(order, "id"), PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    keep_hot(shown)
    lines = selectors.open_jobs(server.pk for server in shown)
    context = {
        "page": page,
        "rows": [(server, next(iter(lines.get(server.pk, [])), None)) for server in shown],
        "q": request.GET.get("q", ""),
        "state": request.GET.get("state", ""),
        "sort": request.GET.get("sort", "name"),
        "states": STATES,
        "is_narrowed": bool(request.GET.get("q") or request.GET.get("state")),
        "section": "servers",
        "is_away": is_away(shown),
        "seen_at": min((server.status_seen_at for server in shown if server.status_seen_at), default=None),
    }
    return render(request, part(request, "panel/servers.html", "rows"), context)


def _searched(rows: QuerySet[Server], query: Any) -> QuerySet[Server]:
    text, state = query.get("q", "").replace("\x00", "").strip()[:100], query.get("state", "")
    if text:
        by_name = Q(name__icontains=text)
        rows = rows.filter(by_name | Q(interfaces__icontains=text) if ADDRESS.fullmatch(text) else by_name)
    if state == "gone":
        return rows.exclude(gone_at=None)
    return rows.filter(status=state, gone_at=None) if state in Server.Status.values else rows


def part(request: HttpRequest, template: str, part: str) -> str:
    """The whole page, or for htmx the part of it that changes."""
    return f"{template}#{part}" if getattr(request, "htmx", False) and not request.htmx.boosted else template  # type: ignore[attr-defined]


@require_safe
@for_people
def server(request: PageRequest, server_id: int) -> HttpResponse:
    """One server: state, facts, power, jobs, what happened."""
    found = server_for(request.actor, server_id)
    keep_hot([found])
    return render(request, part(request, "panel/server.html", "live"), server_context(request, found))


def server_context(request: PageRequest, found: Server) -> dict[str, Any]:
    """All that the page of a server shows."""
    line = selectors.open_jobs([found.pk]).get(found.pk, [])
    active = next(iter(line), None)
    jobs = list(selectors.jobs_of(request.actor, found.pk)[:15])
    may_act = permissions.may(request.actor, "start", found) and not found.is_gone and not found.is_pending
    return {
        "section": "servers",
        "server": found,
        "active": active,
        "active_view": job_view(active) if active else None,
        "waiting": [(job, place, words.job_title(job)) for place, job in enumerate(line[1:], start=2)],
        "jobs": [(job, words.job_title(job), words.sentence(job) if not job.is_open else "") for job in jobs],
        "activity": activity(request.actor, found),
        "power": [(action, words.KINDS[action], action in _possible(found)) for action in POWER],
        "may_act": may_act,
        "is_away": is_away([found]),
        "lately": [words.duration(seconds) for seconds in _lately(active)],
        "once": OrderForm.fresh(),
    }


def is_away(servers: Iterable[Server]) -> bool:
    """Whether some of what is shown is old because its machines cannot be reached."""
    accounts = UpstreamAccount.objects.filter(pk__in={server.account_id for server in servers})
    return accounts.exclude(state=UpstreamAccount.State.WORKING, unreachable_since=None).exists()


def _lately(job: Job | None) -> list[float]:
    return selectors.last_durations(job.kind, job.server_id) if job else []


def _possible(found: Server) -> set[str]:
    return {
        Server.Status.ON: {"stop", "reboot", "pause"},
        Server.Status.OFF: {"start"},
        Server.Status.PAUSED: {"start", "stop"},
    }.get(Server.Status(found.status), set())


def job_view(job: Job) -> dict[str, Any]:
    """A job as pages show it: sentence, estimate, and how far it is, honestly."""
    estimate = selectors.estimate(job.kind, job.disk_gb) if job.is_open else None
    place = selectors.place_in_line(job) if job.status == Job.Status.QUEUED else 1
    return {
        "job": job,
        "title": words.job_title(job),
        "sentence": words.sentence(job, place=place, estimate=estimate),
        "progress": progress(job, estimate),
    }


@require_POST
@for_people
def power(request: PageRequest, server_id: int, action: str) -> HttpResponse:
    """Start, stop, reboot, pause: one click, one order."""
    found = server_for(request.actor, server_id)
    if action not in POWER:
        raise NotFound
    try:
        place(request, found, action, {})
    except PortalError as refusal:
        if refusal.status in {403, 404}:
            raise
        messages.error(request, str(refusal))
    return redirect("panel:server", server_id)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The servers are the first thing that a person wants to see."""
    return redirect("panel:servers")
