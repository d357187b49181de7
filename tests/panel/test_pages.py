"""One server, jobs, messages: what they say."""

from datetime import timedelta

import pytest

from apps.common import clock
from apps.events.models import Event
from apps.jobs.models import Job
from apps.jobs.services.orders import cancel, order
from apps.notifications.models import Message
from apps.servers.models import Server

HOSTILE = ['<img src=x onerror="alert(1)">', "💩 &amp; ' \"", "x" * 255, "{{ 7|add:7 }}", "a\u202eb"]


def a_job(house, status, **facts):
    server = house.server(333)
    now = clock.now()
    facts = {"created_at": now, "disk_gb": server.disk_gb, **facts}
    return Job.objects.create(
        kind=facts.pop("kind", "stop"),
        status=status,
        reseller=house.reseller,
        account=house.account,
        customer=house.customer,
        server=server,
        requested_by=house.owner,
        **facts,
    )


def test_the_page_of_a_server_shows_its_facts_and_age(acme, owner):
    server = acme.server(333)

    page = owner.get(f"/servers/{server.pk}/").content.decode()

    assert server.interfaces[0]["ip"] in page
    assert f"{server.disk_gb} GB" in page.replace("\xa0", " ")
    assert "ago" in page


def test_a_gone_server_is_shown_and_cannot_be_ordered_on(acme, owner):
    server = acme.server(333)
    Server.objects.filter(pk=server.pk).update(gone_at=clock.now())

    page = owner.get(f"/servers/{server.pk}/").content.decode()

    assert "Gone at the provider" in page
    assert f"/servers/{server.pk}/stop/" not in page


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_shown_harmless_on_every_page(acme, owner, name):
    server = acme.server(333)
    Server.objects.filter(pk=server.pk).update(name=name)
    job = a_job(acme, "failed", error_code="task_failed", finished_at=clock.now())

    for address in (
        "/servers/",
        f"/servers/{server.pk}/",
        "/jobs/",
        f"/jobs/{job.pk}/",
        f"/servers/{server.pk}/clone/",
    ):
        answer = owner.get(address)
        assert answer.status_code == 200
        assert "<img src=x" not in answer.content.decode()


@pytest.mark.parametrize(
    ("status", "facts", "says"),
    [
        ("queued", {}, "Next in line"),
        ("submitting", {}, "being sent"),
        ("running", {"sent": True}, "not known yet"),
        ("uncertain", {"sent": True}, "will not be sent twice"),
        ("succeeded", {"sent": True, "ended": True}, "is stopped"),
        ("failed", {"error_code": "not_accepted", "ended": True}, "Nothing was changed"),
        ("cancelled", {"ended": True}, "Nothing was sent"),
    ],
)
def test_a_job_says_where_it_stands(acme, owner, status, facts, says):
    sent, ended = facts.pop("sent", False), facts.pop("ended", False)
    now = clock.now()
    job = a_job(acme, status, sent_at=now if sent else None, finished_at=now if ended else None, **facts)

    assert says in owner.get(f"/jobs/{job.pk}/").content.decode()


def test_a_running_job_is_told_how_long_the_last_ones_took(acme, owner):
    begin = clock.now() - timedelta(minutes=10)
    for seconds in (30, 40, 50):
        a_job(acme, "succeeded", sent_at=begin, finished_at=begin + timedelta(seconds=seconds))
    job = a_job(acme, "running", sent_at=clock.now(), started_at=clock.now())

    page = owner.get(f"/jobs/{job.pk}/").content.decode()

    assert "40 s" in page
    assert 'data-median="40"' in page


def test_the_place_in_line_is_told(acme, owner):
    order(actor=acme.as_owner, server=acme.server(333), kind="stop", arguments={})
    second = order(actor=acme.as_owner, server=acme.server(333), kind="start", arguments={}, queue=True).job

    assert "1 job on this server runs first" in owner.get(f"/jobs/{second.pk}/").content.decode()


@pytest.mark.parametrize("show", ["", "open", "failed", "done", "nonsense"])
def test_the_list_of_jobs_can_be_narrowed(acme, owner, show):
    for status in ("queued", "failed", "succeeded"):
        a_job(acme, status)

    assert owner.get("/jobs/", {"show": show}).status_code == 200


def test_messages_are_counted_until_read(acme, owner):
    job = order(actor=acme.as_owner, server=acme.server(333), kind="stop", arguments={}).job
    cancel(actor=acme.as_owner, job=job)
    event = Event.objects.filter(kind="job.cancelled").get()
    facts = {**event.after, "job_id": job.pk, "kind": "stop", "server_name": "<b>web</b>"}
    told = Message.objects.create(
        event=event, user=acme.owner, channel="page", kind="job.succeeded", facts=facts, created_at=clock.now()
    )

    page = owner.get("/notifications/").content.decode()
    assert "&lt;b&gt;web&lt;/b&gt; is stopped" in page
    assert owner.get("/servers/").context["unread"] == 1

    owner.post("/notifications/read/")

    told.refresh_from_db()
    assert told.read_at is not None
    assert owner.get("/servers/").context["unread"] == 0


def test_the_first_page_is_the_list_of_servers(owner):
    assert owner.get("/")["Location"] == "/servers/"


def test_the_tray_is_answered_alone(owner):
    part = owner.get("/tray/").content.decode()

    assert "<html" not in part
    assert 'id="tray"' in part
