"""Who may see and do what in the panel: the same answer for hidden and missing, and no trace of a refusal."""

import pytest
from django.contrib.sessions.models import Session

from apps.events.models import Event
from apps.jobs.models import Job
from apps.jobs.services.orders import order
from apps.panel.forms import OrderForm
from apps.servers.models import Server
from tests.house import build

ACTIONS = ["start", "stop", "reboot", "pause", "clone", "reinstall"]
PAGES = ["/servers/", "/servers/{id}/", "/servers/{id}/clone/", "/servers/{id}/reinstall/", "/jobs/", "/notifications/"]


def nothing_happened(sandbox):
    commands = {line["cmd"] for line in sandbox.ledger()}
    reads = {cmd for cmd in commands if cmd.startswith("get_") or cmd in {"auth_login"}}
    return commands == reads and not Job.objects.exists() and not Event.objects.filter(kind__startswith="job").exists()


@pytest.mark.parametrize("path", ["{id}/", "{id}/clone/", "{id}/reinstall/"])
def test_a_hidden_server_looks_exactly_like_a_missing_one(acme, stranger, path):
    hidden = stranger.get("/servers/" + path.format(id=acme.server(333).pk))
    missing = stranger.get("/servers/" + path.format(id=1))

    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert hidden.content == missing.content
    assert _headers(hidden) == _headers(missing)


def test_a_neighbours_server_looks_like_a_missing_one(acme, owner, sandbox):
    neighbour = build("borealis", sandbox.url, "user77", [501], [502])

    hidden = owner.get(f"/servers/{neighbour.server(501).pk}/")

    assert hidden.content == owner.get("/servers/1/").content
    assert hidden.status_code == 404


def _headers(answer):
    return {name: value for name, value in answer.headers.items() if name != "X-Request-Id"}


@pytest.mark.parametrize("action", ACTIONS)
def test_a_stranger_cannot_order_and_nothing_is_sent(acme, stranger, sandbox, action):
    address = f"/servers/{acme.server(333).pk}/{action}/"

    answer = stranger.post(address, {"once": OrderForm.fresh(), "name": "mine", "confirm": acme.server(333).name})

    assert answer.status_code == 404
    assert nothing_happened(sandbox)


@pytest.mark.parametrize("action", ACTIONS)
def test_a_viewer_cannot_order_and_nothing_is_sent(acme, viewer, sandbox, action):
    address = f"/servers/{acme.server(333).pk}/{action}/"

    answer = viewer.post(address, {"once": OrderForm.fresh(), "name": "mine", "confirm": acme.server(333).name})

    assert answer.status_code == 403
    assert nothing_happened(sandbox)


def test_a_viewer_is_drawn_no_buttons(acme, viewer):
    page = viewer.get(f"/servers/{acme.server(333).pk}/").content.decode()

    assert f"/servers/{acme.server(333).pk}/stop/" not in page
    assert "/clone/" not in page
    assert "/reinstall/" not in page


@pytest.mark.parametrize("path", PAGES)
def test_nobody_is_sent_to_sign_in_and_back(acme, at, path):
    address = path.format(id=acme.server(333).pk)

    answer = at(acme, None).get(address)

    assert answer.status_code == 302
    assert answer["Location"] == f"/account/login/?next={address}"
    assert not Session.objects.exists()


def test_a_part_for_nobody_is_refused_without_a_page(acme, at):
    answer = at(acme, None).get("/servers/", headers={"HX-Request": "true"})

    assert answer.status_code == 401
    assert answer.content == b""


@pytest.mark.parametrize("action", ["start", "stop", "reboot", "pause"])
def test_a_get_orders_nothing(acme, owner, sandbox, action):
    assert owner.get(f"/servers/{acme.server(333).pk}/{action}/").status_code == 405
    assert nothing_happened(sandbox)


@pytest.mark.parametrize("path", PAGES)
def test_looking_changes_nothing_that_anybody_sees(acme, owner, sandbox, path):
    before = list(Server.objects.order_by("pk").values())

    assert owner.get(path.format(id=acme.server(333).pk)).status_code == 200

    assert list(Server.objects.order_by("pk").values()) == before
    assert nothing_happened(sandbox)
    assert sandbox.ledger() == []


def test_posts_without_the_forms_token_are_refused_with_what_to_do(acme, at, sandbox):
    strict = at(acme, acme.owner)
    strict.handler.enforce_csrf_checks = True

    answer = strict.post(f"/servers/{acme.server(333).pk}/stop/", {})

    assert answer.status_code == 403
    assert "reload" in answer.content.decode()
    assert nothing_happened(sandbox)


@pytest.mark.parametrize("path", [*PAGES, "/nowhere/", "/servers/1/", "/account/login/"])
def test_every_page_keeps_the_strict_policy(acme, owner, at, path):
    client = at(acme, None) if "login" in path else owner

    answer = client.get(path.format(id=acme.server(333).pk))

    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    html = answer.content.decode()
    assert " style=" not in html
    assert "<style" not in html
    assert " onclick=" not in html
    assert "<script>" not in html


def test_a_strangers_job_looks_like_a_missing_one(acme, stranger, sandbox):
    job = order(actor=acme.as_owner, server=acme.server(333), kind="stop", arguments={}).job

    hidden, missing = stranger.get(f"/jobs/{job.pk}/"), stranger.get("/jobs/1/")

    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert hidden.content == missing.content
    assert stranger.post(f"/jobs/{job.pk}/cancel/").status_code == 404
    job.refresh_from_db()
    assert job.status == "queued"
