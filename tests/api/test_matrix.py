"""Who may do what at this door: each address for each kind of caller; a refusal sends nothing and writes nothing."""

import pytest

from apps.events.models import Event
from apps.images.services import sync as images
from apps.jobs.models import Job
from apps.jobs.services.orders import order
from apps.servers.models import Server
from tests import house as houses
from tests.api.conftest import Program

CALLERS = ["owner", "operator", "viewer", "stranger", "admin", "foreign owner", "foreign admin", "anonymous", "reader"]
ORDERS = ["start", "stop", "pause", "reboot", "clone", "reinstall", "resize", "archive", "restore", "create", "delete"]
MAY_READ = {"owner", "operator", "viewer", "admin", "reader"}
MAY_ORDER = {"owner", "operator", "admin"}
MAY_DELETE = {"owner", "admin"}
MAY_CREATE = {"owner", "operator", "admin", "stranger"}  # a stranger makes one of their own
UPSTREAM = {"start": 335, "resize": 335, "archive": 335, "restore": 335, "delete": 335}
SIZE = {"cpu": 1, "ram_gb": 1, "disks": [{"size_gb": 10}]}


@pytest.fixture
def world(acme, sandbox):
    foreign = houses.build("borealis", sandbox.url, "user77", [501], [])
    images.sync(acme.account.pk)
    sandbox.control("forget_ledger")
    return acme, foreign


def program(world, caller):
    acme, foreign = world
    people = {
        "owner": acme.owner,
        "operator": acme.operator,
        "viewer": acme.viewer,
        "stranger": acme.stranger,
        "admin": acme.admin,
        "foreign owner": foreign.owner,
        "foreign admin": foreign.admin,
        "anonymous": None,
        "reader": acme.owner,
    }
    return Program(acme, people[caller], scope="read" if caller == "reader" else "full")


def expected(caller, allowed):
    if caller in {"anonymous", "foreign owner", "foreign admin"}:
        return 401
    if caller in allowed:
        return None
    return 403 if caller in MAY_READ else 404


def state():
    return Job.objects.count(), Event.objects.exclude(kind__startswith="token").count(), Server.objects.count()


def call(caller_program, house, caller, action):
    """The order at its address, with a body that would do."""
    if action == "create":
        owner = {"customer": house.customer.pk} if caller == "admin" else {}
        return caller_program.post("servers/", {"name": "new", **SIZE, **owner})
    where = f"servers/{house.server(UPSTREAM.get(action, 334)).pk}/"
    if action == "delete":
        return caller_program.call("DELETE", where)
    template = house.account.templates.get(name="debian-12")
    bodies = {"clone": {"name": "web-2"}, "reinstall": {"template": template.pk}, "resize": {"cpu": 3}}
    return caller_program.post(f"{where}actions/{action}/", bodies.get(action))


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("action", ORDERS)
def test_orders(world, sandbox, caller, action):
    acme, _ = world
    if action == "restore":
        sandbox.control("set_power", account="user99", id=335, state="archived")
    caller_program, before = program(world, caller), state()

    answer = call(caller_program, acme, caller, action)

    refused = expected(caller, {"delete": MAY_DELETE, "create": MAY_CREATE}.get(action, MAY_ORDER))
    assert answer.status_code == (refused or 202)
    if refused:
        assert state() == before
        assert sandbox.ledger() == []


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("address", ["servers/{server}/", "jobs/{job}/"])
def test_reading(world, sandbox, caller, address):
    acme, _ = world
    job = order(actor=acme.as_owner, server=acme.server(333), kind="stop", arguments={}).job
    sandbox.control("forget_ledger")

    answer = program(world, caller).get(address.format(server=job.server_id, job=job.pk))

    assert answer.status_code == (expected(caller, MAY_READ) or 200)
    assert sandbox.ledger() == []


@pytest.mark.parametrize("caller", CALLERS)
def test_cancelling(world, sandbox, caller):
    acme, _ = world
    job = order(actor=acme.as_owner, server=acme.server(333), kind="stop", arguments={}).job
    caller_program, before = program(world, caller), state()

    answer = caller_program.post(f"jobs/{job.pk}/cancel/")

    refused = expected(caller, MAY_ORDER)
    assert answer.status_code == (refused or 200)
    assert Job.objects.get(pk=job.pk).status == ("queued" if refused else "cancelled")
    if refused:
        assert state() == before


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("address", ["servers/", "jobs/", "templates/"])
def test_lists_hold_what_the_caller_may_see_and_no_more(world, caller, address):
    acme, _ = world
    order(actor=acme.as_owner, server=acme.server(333), kind="stop", arguments={})
    answer = program(world, caller).get(address)

    if expected(caller, MAY_READ) == 401:
        assert answer.status_code == 401
        return
    rows = answer.json()["results"]
    count = {
        "servers/": {"stranger": 1, "admin": 20}.get(caller, 5),
        "jobs/": {"stranger": 0}.get(caller, 1),
        "templates/": {"stranger": 5, "admin": 6}.get(caller, 5),
    }[address]
    assert len(rows) == count
