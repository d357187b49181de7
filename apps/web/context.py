"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from apps.accounts.actor import Actor
from apps.accounts.models import User
from apps.jobs.models import Job
from apps.jobs.selectors import jobs_for
from apps.notifications.selectors import unread_count
from apps.servers.selectors import servers_for

THEMES = frozenset({"light", "dark"})


def brand(request: HttpRequest) -> dict[str, Any]:
    """The reseller's brand, the theme that was chosen, and (counted only if shown) what waits for the person."""
    reseller = getattr(request, "reseller", None)
    theme = request.COOKIES.get("theme", "")
    context: dict[str, Any] = {
        "brand": reseller.brand if reseller is not None else None,
        "theme": theme if theme in THEMES else "",
        "languages": settings.LANGUAGES,
        "demo": settings.DEMO,
        "section": request.path.split("/")[1],
    }
    user = getattr(request, "user", None)
    if isinstance(user, User):
        actor = Actor(user)
        context["unread"] = SimpleLazyObject(lambda: unread_count(user))
        context["server_count"] = SimpleLazyObject(lambda: servers_for(actor).filter(gone_at=None).count())
        context["open_jobs"] = SimpleLazyObject(lambda: jobs_for(actor).filter(status__in=Job.OPEN).count())
    return context
