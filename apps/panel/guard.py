"""The panel's border: nobody without a sign-in, and every failure that we chose as its page."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from apps.accounts.actor import Actor
from apps.accounts.models import User
from apps.panel.people import PageRequest
from apps.web.errors import failures_become_pages


def for_people(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Gives the view an actor; sends others to sign in, and back to here."""

    @login_required
    @failures_become_pages
    def known_people(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        known = cast(PageRequest, request)
        known.actor = Actor(cast(User, request.user))
        return view(known, *args, **kwargs)

    @wraps(view)
    @never_cache
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if getattr(request, "htmx", False) and not request.user.is_authenticated:
            return HttpResponse(status=401)  # a part of a page: what stands there stays, with what was typed
        return known_people(request, *args, **kwargs)

    return guarded
