"""kill -9 of the worker and of the store, at every stage of a clone: one clone or none, and one message."""

from datetime import timedelta

import pytest
from django.db.models import F

from apps.events.models import Event
from apps.jobs.models import Job
from apps.jobs.services.orders import order
from apps.notifications.models import Message
from apps.resellers.models import UpstreamAccount
from tests import house as houses
from tests.processes import Crew, until

pytestmark = [pytest.mark.system, pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]


@pytest.fixture
def acme(transactional_db, sandbox):
    sandbox.reset(speed=40)
    return houses.acme(sandbox)


def clone(house):
    return order(actor=house.as_owner, server=house.server(333), kind="clone", arguments={"name": "web-2"}).job


def make_older(job, seconds=40):
    """As if the machines had been away for so long, and what the killed one had leased had run out."""
    past = timedelta(seconds=seconds)
    rows = Job.objects.filter(pk=job.pk)
    rows.update(started_at=F("started_at") - past)
    rows.exclude(sent_at=None).update(sent_at=F("sent_at") - past)
    UpstreamAccount.objects.update(login_lease_until=None, sync_lease_until=None, tick_lease_until=None)


def status(job):
    return Job.objects.values_list("status", flat=True).get(pk=job.pk)


def ended(job):
    return status(job) in {"succeeded", "failed"}


def messages(job):
    kinds = ("job.succeeded", "job.failed")
    return list(Message.objects.filter(kind__in=kinds).values_list("channel", flat=True).order_by("channel"))


def assert_told_once(house, job, crew):
    until(lambda: messages(job) == ["mail", "page"] and crew.mails())
    assert Event.objects.filter(subject_id=job.pk, kind__in=("job.succeeded", "job.failed")).count() == 1
    assert len({line for path in crew.mails() for line in path.read_text().splitlines() if "Message-ID" in line}) == 1


def test_without_accidents_a_clone_is_made_and_told_by_a_real_worker(acme, sandbox, crew: Crew):
    job = clone(acme)
    crew.start("store", "worker", "beat")

    until(lambda: ended(job))

    assert (status(job), sandbox.accepted("clone_server")) == ("succeeded", 1)
    assert_told_once(acme, job, crew)


def test_a_worker_killed_before_the_send_leaves_a_job_that_is_sent_once(acme, sandbox, crew: Crew):
    sandbox.fault("slow", cmd="get_logs", count=1, seconds=5)
    job = clone(acme)
    crew.start("store", "worker", "beat")
    until(lambda: sandbox.calls("get_logs"))
    crew.kill("worker")
    assert status(job) == "submitting"
    make_older(job, seconds=90)

    crew.start("worker")
    until(lambda: ended(job))

    assert (status(job), sandbox.accepted("clone_server")) == ("succeeded", 1)
    assert_told_once(acme, job, crew)


def test_a_worker_killed_during_the_send_leaves_one_clone(acme, sandbox, crew: Crew):
    sandbox.fault("slow", cmd="clone_server", count=1, seconds=5)
    job = clone(acme)
    crew.start("store", "worker", "beat")
    until(lambda: sandbox.calls("clone_server"))
    crew.kill("worker")
    make_older(job)

    crew.start("worker")
    until(lambda: ended(job))

    assert (status(job), sandbox.accepted("clone_server"), sandbox.calls("clone_server")) == ("succeeded", 1, 1)
    assert_told_once(acme, job, crew)


def test_a_worker_killed_after_the_answer_leaves_one_clone(acme, sandbox, crew: Crew):
    job = clone(acme)
    crew.start("store", "worker", "beat")
    until(lambda: sandbox.accepted("clone_server"))
    crew.kill("worker")
    make_older(job)

    crew.start("worker")
    until(lambda: ended(job))

    assert (status(job), sandbox.accepted("clone_server"), sandbox.calls("clone_server")) == ("succeeded", 1, 1)
    assert_told_once(acme, job, crew)


def test_a_send_that_never_arrived_and_a_killed_worker_end_in_a_plain_failure_with_none(acme, sandbox, crew: Crew):
    sandbox.fault("slow", cmd="clone_server", count=1, seconds=3)
    sandbox.fault("cut_before", cmd="clone_server", count=1)
    job = clone(acme)
    crew.start("store", "worker", "beat")
    until(lambda: sandbox.calls("clone_server"))
    crew.kill("worker")
    make_older(job)

    crew.start("worker")
    until(lambda: ended(job))

    failed = Job.objects.get(pk=job.pk)
    assert (failed.status, failed.error_code) == ("failed", "not_accepted")
    assert (sandbox.accepted("clone_server"), sandbox.calls("clone_server")) == (0, 1)
    assert_told_once(acme, job, crew)


def test_a_store_that_is_killed_and_loses_everything_forgets_no_job(acme, sandbox, crew: Crew):
    sandbox.fault("slow", cmd="clone_server", count=1, seconds=2)
    job = clone(acme)
    crew.start("store", "worker", "beat")
    until(lambda: sandbox.calls("clone_server"))
    crew.kill("store")
    for kept in (crew.folder / "appendonlydir").glob("*"):
        kept.unlink()

    crew.start("store")
    until(lambda: ended(job), within=90)

    assert (status(job), sandbox.accepted("clone_server"), sandbox.calls("clone_server")) == ("succeeded", 1, 1)
    assert_told_once(acme, job, crew)
