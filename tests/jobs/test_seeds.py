"""What the vendor leaves open may be any way: the jobs' promises hold for ten seeds of the practice upstream."""

import pytest

from apps.images.services import sync as images
from apps.jobs.models import Job
from apps.jobs.services.submission import submit
from tests import house as houses
from tests.jobs.test_life_of_a_job import age, ask, changes, look, run_to_the_end

SEEDS = range(1, 11)


@pytest.fixture(params=SEEDS, ids=lambda seed: f"seed {seed}")
def world(request, db, sandbox):
    sandbox.reset(seed=request.param)
    house = houses.acme(sandbox)
    images.sync(house.account.pk)
    return house


def template(house):
    return house.account.templates.get(name="debian-12").pk


@pytest.mark.parametrize(("kind", "upstream_id"), [("start", 335), ("stop", 333), ("pause", 333), ("reboot", 334)])
def test_power(world, sandbox, kind, upstream_id):
    job = run_to_the_end(world, sandbox, ask(world, upstream_id, kind))
    assert (job.status, len(changes(sandbox))) == ("succeeded", 1)


def test_clone_and_reinstall(world, sandbox):
    clone = run_to_the_end(world, sandbox, ask(world, 333, "clone", name="web-2"))
    reinstall = run_to_the_end(world, sandbox, ask(world, 334, "reinstall", template=template(world)))

    assert (clone.status, reinstall.status) == ("succeeded", "succeeded")
    assert clone.target.upstream_id in {str(row["id"]) for row in sandbox.control("state", account="user99")["servers"]}


@pytest.mark.parametrize("fault", ["cut_after", "half", "number"])
@pytest.mark.parametrize("kind", ["clone", "reinstall"])
def test_a_lost_answer_ends_as_succeeded_with_one_command(world, sandbox, kind, fault):
    sandbox.fault(fault, cmd=f"{kind}_server", count=1)
    arguments = {"name": "web-2"} if kind == "clone" else {"template": template(world)}
    job = ask(world, 334, kind, **arguments)
    submit(job.pk)
    assert Job.objects.get(pk=job.pk).status == "uncertain"

    for _ in range(4):
        sandbox.advance(4)
        look(world)
    sandbox.advance(200)
    look(world)
    look(world)

    job.refresh_from_db()
    assert (job.status, sandbox.accepted(f"{kind}_server")) == ("succeeded", 1)


def test_an_order_that_never_arrived_is_a_plain_failure(world, sandbox):
    sandbox.fault("cut_before", cmd="clone_server", count=1)
    job = ask(world, 333, "clone", name="web-2")
    submit(job.pk)
    look(world)
    age(job, 21)
    look(world)

    job.refresh_from_db()
    assert (job.status, job.error_code, sandbox.accepted("clone_server")) == ("failed", "not_accepted", 0)


def test_an_expired_session_is_renewed_and_the_order_goes_on(world, sandbox):
    sandbox.control("expire_sessions")
    job = run_to_the_end(world, sandbox, ask(world, 333, "stop"))

    assert (job.status, sandbox.calls("login"), len(changes(sandbox))) == ("succeeded", 1, 1)
