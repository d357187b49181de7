"""Servers made, resized, put away, brought back and removed: with the guarantees of every job."""

from datetime import timedelta

import pytest
from django.db.models import F

from apps.events.models import Event
from apps.images.services import sync as images
from apps.jobs.models import Job
from apps.jobs.services.submission import submit
from apps.jobs.services.ticks import tick
from apps.resellers.models import UpstreamAccount
from apps.servers.models import Preset, Server
from apps.servers.services import presets
from apps.servers.services.sync import sync
from tests.api.conftest import Program

SIZE = {"cpu": 2, "ram_gb": 4, "disks": [{"size_gb": 40}]}


@pytest.fixture
def owner(acme):
    return Program(acme, acme.owner)


def look(house):
    UpstreamAccount.objects.update(next_tick_at=None, retry_at=None)
    tick(house.account.pk)


def to_the_end(house, sandbox, answer, seconds=200):
    assert answer.status_code == 202, answer.content
    job = Job.objects.get(pk=answer.json()["id"])
    submit(job.pk)
    look(house)
    sandbox.advance(seconds)
    look(house)
    look(house)
    job.refresh_from_db()
    return job


def refreshed(house):
    UpstreamAccount.objects.update(next_sync_at=None)
    sync(house.account.pk)


def test_a_server_is_made_by_size_and_is_the_customers_from_the_order_on(acme, owner, sandbox):
    answer = owner.post("servers/", {"name": "brand-new", **SIZE})
    assert answer.status_code == 202
    number = answer.json()["server"]
    assert owner.get(f"servers/{number}/").json()["status"] == "busy"

    job = to_the_end(acme, sandbox, answer)

    assert (job.status, sandbox.accepted("add_server")) == ("succeeded", 1)
    refreshed(acme)
    server = owner.get(f"servers/{number}/").json()
    assert (server["name"], server["status"], server["cpu"], server["ram_gb"]) == ("brand-new", "off", 2, 4.0)
    assert server["disks"] == [{"size_gb": 40, "type": "ssd"}]
    assert Server.objects.filter(account=acme.account, upstream_id=job.target.upstream_id).count() == 1


def test_a_server_is_made_by_preset_with_a_system_and_a_password_that_is_told_once(acme, owner, sandbox):
    presets.sync(acme.account.pk)
    images.sync(acme.account.pk)
    listed = owner.get("presets/").json()["results"]
    assert [row["name"] for row in listed] == ["S1", "S2", "M4", "L8"]
    assert "price" not in str(listed)
    template = acme.account.templates.get(name="debian-12")

    answer = owner.post(
        "servers/", {"name": "web", "preset": listed[1]["id"], "template": template.pk}, idempotency_key="k"
    )
    again = owner.post(
        "servers/", {"name": "web", "preset": listed[1]["id"], "template": template.pk}, idempotency_key="k"
    )

    assert len(answer.json()["result"]["password"]) == 20
    assert (again.json()["id"], "password" in again.json()["result"]) == (answer.json()["id"], False)
    assert to_the_end(acme, sandbox, answer).status == "succeeded"
    refreshed(acme)
    server = owner.get(f"servers/{answer.json()['server']}/").json()
    assert (server["cpu"], server["ram_gb"], server["status"]) == (2, 4.0, "on")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "name"),
        ({"name": "x"}, "cpu"),
        ({"name": "x", **SIZE, "cpu": 0}, "cpu"),
        ({"name": "x", **SIZE, "cpu": "many"}, "cpu"),
        ({"name": "x", **SIZE, "ram_gb": -1}, "ram_gb"),
        ({"name": "x", **SIZE, "ram_gb": 1e99}, "ram_gb"),
        ({"name": "x", **SIZE, "disks": []}, "disks"),
        ({"name": "x", **SIZE, "disks": [{"size_gb": 0}]}, "disks"),
        ({"name": "x", **SIZE, "disks": [{"size_gb": 5, "type": "tape"}]}, "disks"),
        ({"name": "x", **SIZE, "disks": [{"size_gb": 5}] * 17}, "disks"),
        ({"name": "x", **SIZE, "preset": 1}, "preset"),
        ({"name": "x", "preset": 1}, "preset"),
        ({"name": "x", **SIZE, "template": 1}, "template"),
        ({"name": "x", **SIZE, "password": "a-long-password"}, "password"),
        ({"name": "x", **SIZE, "price": 1}, "price"),
        ({"name": "x", **SIZE, "customer": 1}, "customer"),
    ],
)
def test_what_cannot_be_made_is_refused_by_its_field_and_nothing_is_sent(acme, owner, sandbox, given, field):
    answer = owner.post("servers/", given)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"#/{field}"
    assert (sandbox.ledger(), Job.objects.count(), Server.objects.filter(upstream_id=None).count()) == ([], 0, 0)


@pytest.mark.parametrize("arrived", [True, False])
def test_a_lost_answer_to_a_new_server_is_settled_and_never_sent_again(acme, owner, sandbox, arrived):
    sandbox.fault("cut_after" if arrived else "cut_before", cmd="add_server", count=1)
    answer = owner.post("servers/", {"name": "brand-new", **SIZE})
    job = Job.objects.get()
    submit(job.pk)
    job.refresh_from_db()
    assert job.status == "uncertain"

    look(acme)
    sandbox.advance(200)
    for _tick in range(3):
        older(seconds=30)
        look(acme)

    job.refresh_from_db()
    assert (job.status, job.error_code) == (("succeeded", "") if arrived else ("failed", "not_accepted"))
    assert (sandbox.calls("add_server"), sandbox.accepted("add_server")) == (1, int(arrived))
    assert owner.get(f"servers/{answer.json()['server']}/").status_code == (200 if arrived else 404)


def older(seconds):
    past = timedelta(seconds=seconds)
    Job.objects.exclude(sent_at=None).update(sent_at=F("sent_at") - past)
    Job.objects.exclude(absent_at=None).update(absent_at=F("absent_at") - past)


def test_a_server_that_could_not_be_made_leaves_nothing_behind(acme, owner, sandbox):
    sandbox.fault("fail_task", cmd="add_server", count=1)
    answer = owner.post("servers/", {"name": "brand-new", **SIZE})

    job = to_the_end(acme, sandbox, answer)

    assert (job.status, job.error_code) == ("failed", "task_failed")
    refreshed(acme)
    assert owner.get("servers/?name=brand-new").json()["results"] == []


def test_without_funds_nothing_is_made_and_the_customer_hears_a_plain_sentence(acme, owner, sandbox):
    sandbox.control("set_account", account="user99", balance=1)
    answer = owner.post("servers/", {"name": "brand-new", **SIZE})
    submit(answer.json()["id"])

    job = owner.get(f"jobs/{answer.json()['id']}/").json()
    assert (job["status"], job["error"]["code"]) == ("failed", "refused")
    assert "balance" not in str(job).lower()


def test_a_stopped_server_is_resized_and_its_disks_only_grow(acme, owner, sandbox):
    server = acme.server(335)
    where = f"servers/{server.pk}/actions/resize/"
    before = [disk["size_gb"] for disk in server.disks]
    refused = [
        owner.post(where, given).status_code
        for given in ({}, {"disks": [{"size_gb": 1}]}, {"cpu": 0}, {"disks": [{"size_gb": 5}] * 17}, {"name": "x"})
    ]
    assert refused == [400] * 5
    assert owner.post(f"servers/{acme.server(333).pk}/actions/resize/", {"cpu": 2}).status_code == 409
    assert sandbox.calls("update_server") == 0

    larger = [{"size_gb": size + 10} for size in before]
    job = to_the_end(acme, sandbox, owner.post(where, {"cpu": 3, "ram_gb": 6, "disks": larger}))

    assert job.status == "succeeded"
    shown = owner.get(f"servers/{server.pk}/").json()
    refreshed(acme)
    again = owner.get(f"servers/{server.pk}/").json()
    for found in (shown, again):
        assert (found["cpu"], found["ram_gb"]) == (3, 6.0)
        assert [disk["size_gb"] for disk in found["disks"]] == [size + 10 for size in before]


def test_a_server_is_archived_restored_and_deleted(acme, owner, sandbox):
    server = acme.server(335)
    where = f"servers/{server.pk}/"
    assert to_the_end(acme, sandbox, owner.post(f"{where}actions/archive/")).status == "succeeded"
    assert owner.get(where).json()["status"] == "archived"
    assert owner.post(f"{where}actions/start/").json()["code"] == "wrong_state"
    assert to_the_end(acme, sandbox, owner.post(f"{where}actions/restore/")).status == "succeeded"
    assert owner.get(where).json()["status"] == "off"

    job = to_the_end(acme, sandbox, owner.call("DELETE", where))

    assert job.status == "succeeded"
    gone = owner.get(where).json()
    assert gone["gone"] is True
    assert owner.post(f"{where}actions/start/").json()["code"] == "server_gone"
    assert Event.objects.filter(kind="job.succeeded", subject_id=job.pk).count() == 1
    refreshed(acme)
    assert Server.objects.get(pk=server.pk).gone_at is not None


@pytest.mark.parametrize("arrived", [True, False])
def test_a_lost_answer_to_a_deletion_is_settled_and_never_sent_again(acme, owner, sandbox, arrived):
    sandbox.fault("cut_after" if arrived else "cut_before", cmd="del_server", count=1)
    answer = owner.call("DELETE", f"servers/{acme.server(335).pk}/")
    submit(answer.json()["id"])
    sandbox.advance(100)
    for _tick in range(3):
        older(seconds=30)
        look(acme)

    job = Job.objects.get()
    assert (job.status, job.error_code) == (("succeeded", "") if arrived else ("failed", "not_accepted"))
    assert (sandbox.calls("del_server"), sandbox.accepted("del_server")) == (1, int(arrived))
    assert (Server.objects.get(upstream_id="335").gone_at is not None) is arrived


def test_a_running_server_is_not_deleted(acme, owner, sandbox):
    answer = owner.call("DELETE", f"servers/{acme.server(333).pk}/")

    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")
    assert sandbox.calls("del_server") == 0


@pytest.mark.parametrize(
    ("caller", "make", "resize", "delete", "rename"),
    [
        ("owner", 202, 202, 202, 200),
        ("operator", 202, 202, 403, 200),
        ("viewer", 403, 403, 403, 403),
        ("stranger", 202, 404, 404, 404),
        ("admin", 400, 202, 202, 200),
    ],
)
def test_who_may_do_what(acme, sandbox, caller, make, resize, delete, rename):
    program = Program(acme, getattr(acme, caller))
    where, other = f"servers/{acme.server(335).pk}/", f"servers/{acme.server(333).pk}/"

    assert program.post("servers/", {"name": "x", **SIZE}).status_code == make
    assert program.call("PATCH", other, {"name": "renamed"}).status_code == rename
    answer = program.post(f"{where}actions/resize/", {"cpu": 2})
    assert answer.status_code == resize
    Job.objects.filter(kind="resize").delete()
    assert program.call("DELETE", where).status_code == delete


def test_a_name_is_ours_at_once_and_stays_when_the_mirror_is_refreshed(acme, owner, sandbox):
    where = f"servers/{acme.server(333).pk}/"

    assert owner.call("PATCH", where, {"name": "shop"}).json()["name"] == "shop"
    assert owner.call("PATCH", where, {"name": "a\x00"}).status_code == 400
    assert owner.call("PATCH", where, {"cpu": 5}).status_code == 400
    refreshed(acme)

    assert owner.get(where).json()["name"] == "shop"
    assert Preset.objects.count() == 0
