"""Pages for what went wrong, in brand, each with what to do."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from apps.common.errors import PortalError


def page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    """The same frame for each; for the same failure the same bytes, whatever was asked for."""
    if getattr(request, "reseller", None) is None:
        return HttpResponse(f"{title}\n", status=status, content_type="text/plain; charset=utf-8")
    return render(request, "error.html", {"title": title, "text": text}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 400, _("This request cannot be read"), _("Go back, reload the page, and try again."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    text = _("Your role does not allow this. Ask an owner of the account.")
    return page(request, 403, _("Not allowed"), text)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    text = _("There is nothing here under this address. Look in the list, or ask whoever gave you the link.")
    return page(request, 404, _("Not found"), text)


def broken(request: HttpRequest) -> HttpResponse:
    text = _("Something broke on our side. It has been written down. Try again in a minute.")
    return page(request, 500, _("That did not work"), text)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    text = _(
        "The page was open for too long, or your sign-in has changed. Go back, reload the page, and send it again."
    )
    return page(request, 403, _("Send it again"), text)


def failures_become_pages(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The pages' border: every failure that we chose becomes its page, once."""

    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except PortalError as failure:
            if failure.status == 404:
                return not_found(request)
            if failure.status == 403:
                return forbidden(request)
            return page(request, failure.status, _("That did not work"), str(failure))

    return guarded
