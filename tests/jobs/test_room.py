"""What a customer may have at most: kept for all that makes or enlarges, without a race."""

import threading

import pytest
from django.db import connection

from apps.accounts.models import Limits
from apps.events.models import Event
from apps.jobs.models import Job
from apps.jobs.services import endings
from apps.jobs.services.submission import submit
from apps.servers.models import Server
from tests import house as houses
from tests.api.conftest import Program

SMALL = {"cpu": 1, "ram_gb": 1, "disks": [{"size_gb": 10}]}
CHANGES = {"add_server", "clone_server", "update_server", "restore_server"}


@pytest.fixture
def owner(acme):
    return Program(acme, acme.owner)


def limit(house, **limits):
    Limits.objects.update_or_create(customer=house.customer, defaults=limits)


def has(house):
    servers = Server.objects.filter(customer=house.customer, gone_at=None)
    return {
        "servers": len(servers),
        "cpu": sum(server.cpu for server in servers),
        "ram_gb": int(sum(server.ram_gb for server in servers)),
        "disk_gb": sum(server.disk_gb for server in servers),
    }


def state():
    return Job.objects.count(), Server.objects.count(), Event.objects.exclude(kind__startswith="token").count()


def sent(sandbox):
    return [line["cmd"] for line in sandbox.ledger() if line["cmd"] in CHANGES]


def refused(sandbox, before, answer, *words):
    assert (answer.status_code, answer.json()["code"]) == (409, "limit_reached"), answer.content
    assert all(word in answer.json()["detail"] for word in words), answer.json()["detail"]
    assert (state(), sent(sandbox)) == (before, [])


def act(program, house, upstream_id, action, body=None, query=""):
    return program.post(f"servers/{house.server(upstream_id).pk}/actions/{action}/{query}", body)


@pytest.mark.parametrize(
    ("which", "room", "word"),
    [("servers", 0, "servers"), ("cpu", 0, "processors"), ("ram_gb", 0, "memory"), ("disk_gb", 9, "disk")],
)
def test_a_server_too_many_or_too_large_is_refused_with_the_numbers(acme, owner, sandbox, which, room, word):
    there = has(acme)[which]
    limit(acme, **{which: there + room})
    before = state()

    answer = owner.post("servers/", {"name": "new", **SMALL})

    refused(sandbox, before, answer, word, f"limit is {there + room}", f"{there + (10 if which == 'disk_gb' else 1)} ")


@pytest.mark.parametrize("which", ["servers", "cpu", "ram_gb", "disk_gb"])
def test_what_just_fits_is_taken_and_fills_the_room_at_once(acme, owner, sandbox, which):
    limit(acme, **{which: has(acme)[which] + (10 if which == "disk_gb" else 1)})

    assert owner.post("servers/", {"name": "new", **SMALL}).status_code == 202
    before = state()
    refused(sandbox, before, owner.post("servers/", {"name": "newer", **SMALL}))


@pytest.mark.parametrize("which", ["servers", "cpu", "ram_gb", "disk_gb"])
def test_a_clone_counts_like_its_source(acme, owner, sandbox, which):
    limit(acme, **{which: has(acme)[which]})
    before = state()

    refused(sandbox, before, act(owner, acme, 333, "clone", {"name": "copy"}))


def test_a_larger_size_counts_from_the_order_on_and_a_smaller_one_is_always_taken(acme, owner, sandbox):
    server = acme.server(335)
    limit(acme, cpu=has(acme)["cpu"] + 2, ram_gb=0)
    before = state()

    refused(sandbox, before, act(owner, acme, 335, "resize", {"cpu": server.cpu + 3}), "processors")
    assert act(owner, acme, 335, "resize", {"cpu": server.cpu + 2}).status_code == 202
    before = state()
    refused(sandbox, before, act(owner, acme, 333, "clone", {"name": "copy"}))
    refused(sandbox, before, owner.post("servers/", {"name": "new", **SMALL}))
    assert act(owner, acme, 335, "resize", {"cpu": 1}, "?queue=1").status_code == 202
    assert act(owner, acme, 335, "resize", {"cpu": server.cpu + 2}, "?queue=1").status_code == 202


def archived(house, sandbox, upstream_id):
    sandbox.control("set_power", account="user99", id=upstream_id, state="archived")
    server = house.server(upstream_id)
    Server.objects.filter(pk=server.pk).update(status="archived")
    return server


def test_an_archived_server_frees_its_processors_until_it_is_to_come_back(acme, owner, sandbox):
    total, server = has(acme)["cpu"], archived(acme, sandbox, 335)
    limit(acme, cpu=total)
    assert owner.post("servers/", {"name": "new", **SMALL}).status_code == 202
    before = state()

    refused(sandbox, before, act(owner, acme, 335, "restore"), f"{total + 1} processors", f"limit is {total}")

    limit(acme, cpu=total + 1)
    assert act(owner, acme, 335, "restore").status_code == 202
    before = state()
    refused(sandbox, before, owner.post("servers/", {"name": "newer", **SMALL}))
    assert Job.objects.get(kind="restore").server == server


def test_what_failed_or_was_cancelled_gives_its_room_back(acme, owner):
    limit(acme, servers=has(acme)["servers"] + 1)
    job = owner.post("servers/", {"name": "new", **SMALL}).json()
    assert owner.post(f"jobs/{job['id']}/cancel/").status_code == 200
    job = owner.post("servers/", {"name": "new", **SMALL}).json()
    endings.fail(Job.objects.get(pk=job["id"]), "refused")

    assert owner.post("servers/", {"name": "new", **SMALL}).status_code == 202


def test_limits_hold_for_the_resellers_people_too_and_for_nobody_else(acme, owner, sandbox):
    limit(acme, servers=0)
    admin, before = Program(acme, acme.admin), state()

    refused(sandbox, before, admin.post("servers/", {"name": "new", "customer": acme.customer.pk, **SMALL}))
    assert admin.post("servers/", {"name": "new", "customer": acme.other.pk, **SMALL}).status_code == 202
    assert act(owner, acme, 333, "stop").status_code == 202


def test_a_refusal_leaves_its_key_free(acme, owner):
    limit(acme, servers=0)
    assert owner.post("servers/", {"name": "new", **SMALL}, idempotency_key="k").status_code == 409
    limit(acme, servers=100)
    assert owner.post("servers/", {"name": "new", **SMALL}, idempotency_key="k").status_code == 202


@pytest.mark.django_db(transaction=True)
def test_twenty_creations_at_once_at_a_limit_of_five_make_exactly_five(transactional_db, sandbox):
    house = houses.acme(sandbox)
    there = has(house)["servers"]
    limit(house, servers=there + 5)
    program, answers = Program(house, house.owner), []

    def make(number: int) -> None:
        twin = Program(house, None)
        twin.token = program.token
        answers.append(twin.post("servers/", {"name": f"new-{number}", **SMALL}))
        connection.close()

    threads = [threading.Thread(target=make, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answer.status_code for answer in answers) == [202] * 5 + [409] * 15
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"limit_reached"}
    assert (has(house)["servers"], Job.objects.filter(kind="create").count()) == (there + 5, 5)
    for job in Job.objects.all():
        submit(job.pk)
    assert sandbox.accepted("add_server") == 5
