"""Orders from pages: once, however often a form is sent; what was typed survives a refusal."""

import pytest

from apps.events.models import Event
from apps.images.models import Template
from apps.images.services import sync as images
from apps.jobs.models import Job
from apps.jobs.services.orders import order
from apps.jobs.services.submission import submit
from apps.panel.forms import OrderForm
from apps.servers.models import Server

HOSTILE = "<script>alert(1)</script>"


def address(house, upstream_id, action):
    return f"/servers/{house.server(upstream_id).pk}/{action}/"


def a_template(house, name="debian-12"):
    images.sync(house.account.pk)
    return Template.objects.get(account=house.account, name=name)


def big(house):
    """A server that every small image fits."""
    return next(server for server in Server.objects.filter(customer=house.customer) if server.disk_gb >= 20)


def test_a_power_button_orders_one_job_and_leads_back(acme, owner):
    answer = owner.post(address(acme, 333, "stop"), {"once": OrderForm.fresh()})

    assert answer.status_code == 302
    assert answer["Location"] == f"/servers/{acme.server(333).pk}/"
    assert Job.objects.get().kind == "stop"


def test_the_same_form_sent_twice_orders_once(acme, owner):
    once = OrderForm.fresh()

    first = owner.post(address(acme, 333, "clone"), {"once": once, "name": "copy"})
    second = owner.post(address(acme, 333, "clone"), {"once": once, "name": "copy"})

    assert first["Location"] == second["Location"] == f"/jobs/{Job.objects.get().pk}/"
    assert Event.objects.filter(kind="job.queued").count() == 1


def test_a_form_of_one_server_cannot_be_sent_for_another(acme, owner):
    once = OrderForm.fresh()
    owner.post(address(acme, 333, "stop"), {"once": once})

    owner.post(address(acme, 334, "stop"), {"once": once})

    assert Job.objects.count() == 1


def test_a_wrong_state_is_said_on_the_page_and_nothing_is_ordered(acme, owner):
    answer = owner.post(address(acme, 333, "start"), {"once": OrderForm.fresh()}, follow=True)

    assert answer.status_code == 200
    assert list(answer.context["messages"])
    assert not Job.objects.exists()


def test_a_busy_server_keeps_what_was_typed_and_offers_to_wait(acme, owner):
    order(actor=acme.as_owner, server=acme.server(333), kind="stop", arguments={})

    answer = owner.post(address(acme, 333, "clone"), {"once": OrderForm.fresh(), "name": "kept name"})

    assert answer.status_code == 409
    page = answer.content.decode()
    assert 'value="kept name"' in page
    assert 'name="queue"' in page
    assert Job.objects.count() == 1


def test_waiting_in_line_is_a_choice(acme, owner):
    order(actor=acme.as_owner, server=acme.server(333), kind="stop", arguments={})

    answer = owner.post(address(acme, 333, "clone"), {"once": OrderForm.fresh(), "name": "later", "queue": "1"})

    assert answer.status_code == 302
    assert Job.objects.filter(kind="clone", status="queued").exists()


@pytest.mark.parametrize("name", ["", HOSTILE, "💩" * 10, "x" * 300, "a\x07b", "a\x00b", "\u202egpj.exe"])
def test_a_name_that_cannot_be_is_refused_kept_and_harmless(acme, owner, sandbox, name):
    sandbox.control("forget_ledger")

    answer = owner.post(address(acme, 333, "clone"), {"once": OrderForm.fresh(), "name": name})

    assert answer.status_code == 400
    assert HOSTILE not in answer.content.decode()
    assert not Job.objects.exists()
    assert sandbox.ledger() == []


def test_a_reinstall_needs_the_name_typed(acme, owner):
    template = a_template(acme)

    answer = owner.post(
        f"/servers/{big(acme).pk}/reinstall/",
        {"once": OrderForm.fresh(), "template": template.pk, "confirm": "something else"},
    )

    assert answer.status_code == 400
    assert not Job.objects.exists()


def test_a_password_that_was_made_is_shown_to_the_one_who_ordered_until_hidden(acme, owner, at):
    server, template = big(acme), a_template(acme)
    answer = owner.post(
        f"/servers/{server.pk}/reinstall/",
        {"once": OrderForm.fresh(), "template": template.pk, "confirm": server.name},
    )
    job = Job.objects.get()
    assert answer["Location"] == f"/jobs/{job.pk}/"

    page = owner.get(f"/jobs/{job.pk}/")
    password = page.context["password"]

    assert len(password) == 20
    assert password in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert password not in at(acme, acme.operator).get(f"/jobs/{job.pk}/").content.decode()
    owner.post(f"/jobs/{job.pk}/hide-password/")
    assert password not in owner.get(f"/jobs/{job.pk}/").content.decode()


def test_an_own_password_is_not_repeated_by_a_refused_form(acme, owner):
    template = a_template(acme)

    answer = owner.post(
        f"/servers/{big(acme).pk}/reinstall/",
        {"once": OrderForm.fresh(), "template": template.pk, "confirm": "wrong", "password": "Very-secret-12345"},
    )

    assert b"Very-secret-12345" not in answer.content


def test_an_image_that_does_not_fit_is_explained(acme, owner):
    images.sync(acme.account.pk)
    small = next(server for server in Server.objects.filter(customer=acme.customer) if 0 < server.disk_gb < 40)
    template = Template.objects.get(account=acme.account, name="windows-2022")

    answer = owner.post(
        f"/servers/{small.pk}/reinstall/",
        {"once": OrderForm.fresh(), "template": template.pk, "confirm": small.name},
    )

    assert answer.status_code == 400
    assert "40 GB" in answer.content.decode()
    assert not Job.objects.exists()


@pytest.mark.parametrize("template", ["", "0", "-1", "99999999999999999999", "x", "1 OR 1=1"])
def test_an_image_that_is_none_is_refused(acme, owner, template):
    server = big(acme)

    answer = owner.post(
        f"/servers/{server.pk}/reinstall/",
        {"once": OrderForm.fresh(), "template": template, "confirm": server.name},
    )

    assert answer.status_code == 400
    assert not Job.objects.exists()


def test_a_silent_upstream_is_said_calmly(acme, owner, sandbox):
    sandbox.fault("http_502", count=50)

    answer = owner.post(address(acme, 333, "stop"), {"once": OrderForm.fresh()}, follow=True)

    assert answer.status_code == 200
    assert not Job.objects.exists()


def test_a_waiting_job_can_be_cancelled(acme, owner):
    job = order(actor=acme.as_owner, server=acme.server(333), kind="stop", arguments={}).job

    answer = owner.post(f"/jobs/{job.pk}/cancel/", follow=True)

    job.refresh_from_db()
    assert job.status == "cancelled"
    assert "Nothing was sent" in answer.content.decode()


def test_a_job_that_runs_cannot_be_cancelled_and_the_page_says_so(acme, owner):
    job = order(actor=acme.as_owner, server=acme.server(333), kind="stop", arguments={}).job
    submit(job.pk)

    answer = owner.post(f"/jobs/{job.pk}/cancel/", follow=True)

    job.refresh_from_db()
    assert job.status == "running"
    assert list(answer.context["messages"])


def test_an_unknown_action_is_not_found(acme, owner):
    assert owner.post(address(acme, 333, "explode"), {"once": OrderForm.fresh()}).status_code == 404
