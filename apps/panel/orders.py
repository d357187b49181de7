"""The pages of orders that need one: clone and reinstall. What was typed survives a refusal."""

import unicodedata
from itertools import chain, count
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.common.errors import InvalidInput, PortalError
from apps.images.selectors import templates_for_server
from apps.jobs import selectors, words
from apps.panel.forms import CloneForm, OrderForm, ReinstallForm
from apps.panel.guard import for_people
from apps.panel.ordering import place
from apps.panel.people import PageRequest
from apps.servers import permissions
from apps.servers.models import Server
from apps.servers.selectors import server_for, servers_for


@require_http_methods(["GET", "HEAD", "POST"])
@for_people
def clone(request: PageRequest, server_id: int) -> HttpResponse:
    """A copy under a new name."""
    server = server_for(request.actor, server_id)
    permissions.require(request.actor, "clone", server)
    form = CloneForm(request.POST or None, initial={"name": _copy_of(request, server), "once": OrderForm.fresh()})
    if request.method == "POST" and form.is_valid():
        return _ordered(request, server, "clone", form, {"name": form.cleaned_data["name"]})
    return _page(request, server, "clone", form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_people
def reinstall(request: PageRequest, server_id: int) -> HttpResponse:
    """A new system in place of the old one; its name typed, for all on the disks is lost."""
    server = server_for(request.actor, server_id)
    permissions.require(request.actor, "reinstall", server)
    form = ReinstallForm(request.POST or None, initial={"once": OrderForm.fresh()})
    if request.method == "POST" and form.is_valid():
        if _plain(form.cleaned_data["confirm"]) == _plain(server.name):
            arguments = {name: form.cleaned_data[name] for name in ("template", "password") if form.cleaned_data[name]}
            return _ordered(request, server, "reinstall", form, arguments)
        form.add_error("confirm", _("Type the name of the server exactly: all data on its disks will be lost."))
    return _page(request, server, "reinstall", form)


def _copy_of(request: PageRequest, server: Server) -> str:
    """A name for the copy that none of the person's servers has."""
    name = f"{server.name[:50].strip()}-copy"
    taken = set(servers_for(request.actor).filter(name__startswith=name).values_list("name", flat=True))
    return next(free for free in chain([name], (f"{name}-{number}" for number in count(2))) if free not in taken)


def _plain(name: str) -> str:
    """A name as a person can type it: one form of each letter, single spaces."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def _ordered(
    request: PageRequest, server: Server, kind: str, form: OrderForm, arguments: dict[str, Any]
) -> HttpResponse:
    """On to the job; or the same page with what was typed and what is wrong with it."""
    try:
        return redirect("panel:job", place(request, server, kind, arguments).pk)
    except PortalError as refusal:
        if refusal.status in {403, 404}:
            raise
        _blame(form, refusal)
        return _page(request, server, kind, form, status=refusal.status)


def _blame(form: OrderForm, refusal: PortalError) -> None:
    fields = refusal.errors if isinstance(refusal, InvalidInput) else {}
    for name, texts in fields.items():
        form.add_error(name if name in form.fields else None, [str(text) for text in texts])
    if not fields:
        form.add_error(None, str(refusal))


def _page(request: PageRequest, server: Server, kind: str, form: OrderForm, status: int = 200) -> HttpResponse:
    estimate = selectors.estimate(kind, server.disk_gb)
    lately = selectors.last_durations(kind, server.pk)
    context = {
        "server": server,
        "section": "servers",
        "form": form,
        "usually": words.usually(estimate, server.disk_gb),
        "lately": [words.duration(seconds) for seconds in lately],
        "line": [words.job_title(job) for job in selectors.open_jobs([server.pk]).get(server.pk, [])],
    }
    if kind == "reinstall":
        context["templates"] = templates_for_server(request.actor, server)
    if form.errors and status == 200:
        status = 400
    return render(request, f"panel/{kind}.html", context, status=status)
