"""Jobs and messages."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.common.errors import NotPermitted, PortalError
from apps.jobs import selectors, words
from apps.jobs.models import Job
from apps.jobs.services import orders
from apps.notifications import words as message_words
from apps.notifications.selectors import page_messages
from apps.notifications.services.messages import mark_read
from apps.panel.guard import for_people
from apps.panel.ordering import hide_password, made_password
from apps.panel.people import PageRequest
from apps.panel.views import job_view, part

PER_PAGE = 30
SHOWN = {"open": Job.OPEN, "failed": (Job.Status.FAILED,), "done": (Job.Status.SUCCEEDED,)}


@require_safe
@for_people
def jobs(request: PageRequest) -> HttpResponse:
    """Newest first."""
    which = request.GET.get("show", "")
    rows = selectors.jobs_for(request.actor).order_by("-pk")
    if which in SHOWN:
        rows = rows.filter(status__in=SHOWN[which])
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    shown = [(job, words.job_title(job)) for job in page.object_list]
    return render(
        request,
        part(request, "panel/jobs.html", "rows"),
        {"section": "jobs", "page": page, "jobs": shown, "show": which},
    )


@require_safe
@for_people
def job(request: PageRequest, job_id: int) -> HttpResponse:
    """One job, live."""
    found = selectors.job_for(request.actor, job_id)
    view = job_view(found)
    context = {
        **view,
        "section": "jobs",
        "view": view,
        "password": made_password(request, found),
        "may_cancel": found.status == Job.Status.QUEUED and _may(request, found),
        "lately": [words.duration(seconds) for seconds in selectors.last_durations(found.kind, found.server_id)],
    }
    return render(request, part(request, "panel/job.html", "live"), context)


def _may(request: PageRequest, found: Job) -> bool:
    try:
        orders.require_may(request.actor, found)
    except NotPermitted:
        return False
    return True


@require_POST
@for_people
def cancel(request: PageRequest, job_id: int) -> HttpResponse:
    """Out of the line."""
    found = selectors.job_for(request.actor, job_id)
    try:
        orders.cancel(actor=request.actor, job=found)
    except PortalError as refusal:
        if refusal.status in {403, 404}:
            raise
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The job was cancelled. Nothing was sent."))
    return redirect("panel:job", job_id)


@require_POST
@for_people
def hide(request: PageRequest, job_id: int) -> HttpResponse:
    """The password was written down."""
    hide_password(request, selectors.job_for(request.actor, job_id))
    return redirect("panel:job", job_id)


@require_safe
@for_people
def tray(request: PageRequest) -> HttpResponse:
    """The counts in the bar."""
    return render(request, "_tray.html")


@require_safe
@for_people
def inbox(request: PageRequest) -> HttpResponse:
    """What the person was told."""
    page = Paginator(page_messages(request.user), PER_PAGE).get_page(request.GET.get("page"))
    shown = [
        (
            message,
            message_words.subject(message.kind, message.facts),
            message_words.sentence(message.kind, message.facts),
            message.facts.get("job_id") if message.kind.startswith("job.") else None,
        )
        for message in page.object_list
    ]
    return render(
        request, part(request, "panel/inbox.html", "rows"), {"section": "inbox", "page": page, "messages_shown": shown}
    )


@require_POST
@for_people
def read(request: PageRequest) -> HttpResponse:
    """All of them are read."""
    mark_read(request.user)
    return redirect("panel:inbox")
