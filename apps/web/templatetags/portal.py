"""Small words of templates: ages, states, icons, the address with one thing changed."""

from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from django import template
from django.template.defaultfilters import floatformat
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.jobs import words
from apps.jobs.models import Job
from apps.servers.models import Server

register = template.Library()

POWER_LOOK = {
    "on": ("well", "circle-filled"),
    "off": ("neutral", "circle"),
    "paused": ("attention", "pause"),
    "busy": ("busy", "loader"),
    "archived": ("neutral", "archive"),
    "unknown": ("neutral", "circle-help"),
}
# Each browser names also those that it grew from: the first that fits is it.
BROWSERS = (
    ("YaBrowser/", "Yandex"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
JOB_LOOK = {
    "queued": ("neutral", "clock"),
    "submitting": ("busy", "loader"),
    "running": ("busy", "loader"),
    "uncertain": ("attention", "circle-help"),
    "succeeded": ("well", "check"),
    "failed": ("danger", "x"),
    "cancelled": ("neutral", "ban"),
}


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """An icon of the sprite; words beside it say the same."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', static("vendor/icons.svg"), name
    )


@register.simple_tag
def server_state(server: Server, job: Job | None = None) -> SafeString:
    """The state as look, icon and word."""
    look, name = POWER_LOOK.get(server.status, POWER_LOOK["unknown"])
    if server.is_gone:
        look, name = "danger", "x"
    elif (job is not None and job.is_active) or server.is_pending:
        look, name = "busy", "loader"
    return _badge(look, name, words.server_word(server, job))


@register.simple_tag
def server_word_of(server: Server, job: Job | None = None) -> str:
    """The state's word alone."""
    return words.server_word(server, job)


@register.simple_tag
def job_word_of(job: Job) -> str:
    """The state's word alone."""
    return words.status_word(job.status)


@register.simple_tag
def job_state(job: Job) -> SafeString:
    """The state as look, icon and word."""
    look, name = JOB_LOOK[job.status]
    return _badge(look, name, words.status_word(job.status))


@lru_cache(maxsize=256)
def _badge(look: str, name: str, word: str) -> SafeString:
    return format_html('<span class="state {}">{}{}</span>', look, icon(name), word)


@register.simple_tag
def ago(moment: datetime | None) -> SafeString | str:
    """ "3 min ago" within a day, else the date; exact on hover and for machines."""
    if moment is None:
        return _("never")
    exact = _exact(moment, timezone.get_current_timezone_name(), get_language())
    return format_html('<time data-ago datetime="{}" title="{}">{}</time>', moment.isoformat(), exact, _age(moment))


@lru_cache(maxsize=1024)
def _exact(moment: datetime, zone: str, language: str | None) -> str:
    """All rows of a list were seen at the same moment."""
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


@register.simple_tag
def gigabytes(size: float | None) -> str:
    """ "4 GB", in the reader's words; a dash for what is not known."""
    return _gigabytes(size, get_language()) if size else "–"


@lru_cache(maxsize=256)
def _gigabytes(size: float, language: str | None) -> str:
    return _("{size} GB").format(size=floatformat(size))


@register.simple_tag
def ago_words() -> SafeString:
    """The words of `ago` for the page's own clock, which goes on counting."""
    words_ = (_("{n} s ago"), _("{n} min ago"), _("{n} h ago"))
    return format_html('data-ago="{}"', "|".join(words_))


def _age(moment: datetime) -> str:
    seconds = max((timezone.now() - moment).total_seconds(), 0)
    if seconds < 60:
        return _("{n} s ago").format(n=int(seconds))
    if seconds < 3600:
        return _("{n} min ago").format(n=int(seconds // 60))
    if seconds < 86400:
        return _("{n} h ago").format(n=int(seconds // 3600))
    return date_format(timezone.localtime(moment), "DATE_FORMAT")


@register.filter
def device(user_agent: str) -> str:
    """ "Firefox, Windows" from what a browser says of itself; programs (curl/8.5) by their first word."""
    browser = next((name for token, name in BROWSERS if token in user_agent), "")
    system = next((name for token, name in SYSTEMS if token in user_agent), "")
    return ", ".join(filter(None, (browser, system))) or user_agent.partition(" ")[0][:40] or _("unknown")


@register.simple_tag
def lasted(job: Job) -> str:
    """How long the work took."""
    begun = job.sent_at or job.started_at
    if begun is None or job.finished_at is None:
        return ""
    return words.duration((job.finished_at - begun).total_seconds())


@register.simple_tag(takes_context=True)
def address_with(context: dict[str, Any], **changes: Any) -> str:
    """This page's query with some parts changed; empty ones leave it."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in {"", None}:
            query[name] = value
    return f"?{query.urlencode()}"
