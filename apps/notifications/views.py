"""The demo's mailbox: it stands for everybody's mail program, so nobody signs in to it."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.notifications import mailbox

HARMLESS = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def _owner(request: HttpRequest) -> str:
    if not settings.DEMO:
        raise Http404
    slug: str = request.reseller.slug  # type: ignore[attr-defined]
    return slug


def _mail(request: HttpRequest, number: int) -> mailbox.Mail:
    found = mailbox.mail_of(_owner(request), number)
    if found is None:
        raise Http404
    return found


@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """What this reseller sent, newest first."""
    return render(request, "mailbox/mails.html", {"mails": mailbox.mails_of(_owner(request))})


@require_safe
def mail(request: HttpRequest, number: int) -> HttpResponse:
    """One mail as text, with the way to its HTML."""
    return render(request, "mailbox/mail.html", {"mail": _mail(request, number)})


@require_safe
def html(request: HttpRequest, number: int) -> HttpResponse:
    """The HTML of a mail, in a sandbox: no scripts, no forms, nothing fetched."""
    return HttpResponse(_mail(request, number).html, headers={"Content-Security-Policy": HARMLESS})
