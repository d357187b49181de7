"""From the order to the end, against the practice upstream over HTTP."""

from datetime import timedelta

import pytest

from apps.accounts.actor import Actor
from apps.common.errors import InvalidInput, NotPermitted, ServerBusy, WrongState
from apps.events.models import Event
from apps.images.models import Template
from apps.images.services import sync as images
from apps.jobs.models import Job
from apps.jobs.services.orders import cancel, order
from apps.jobs.services.submission import submit
from apps.jobs.services.ticks import tick
from apps.resellers.models import UpstreamAccount
from apps.servers.models import Server
from apps.servers.selectors import servers_for
from tests.conftest_sandbox import SandboxProcess
from tests.house import House

COMMANDS = {
    "run_server",
    "stop_server",
    "pause_server",
    "reload_server",
    "clone_server",
    "reinstall_server",
}


def look(house: House) -> None:
    """One tick, whenever it would be due."""
    UpstreamAccount.objects.filter(pk=house.account.pk).update(next_tick_at=None, retry_at=None)
    tick(house.account.pk)


def ask(house: House, upstream_id: int, kind: str, *, queue: bool = False, **arguments: object) -> Job:
    return order(
        actor=house.as_owner, server=house.server(upstream_id), kind=kind, arguments=arguments, queue=queue
    ).job


def changes(sandbox: SandboxProcess) -> list[str]:
    return [line["cmd"] for line in sandbox.ledger() if line["cmd"] in COMMANDS]


def run_to_the_end(house: House, sandbox: SandboxProcess, job: Job) -> Job:
    submit(job.pk)
    look(house)
    sandbox.advance(200)
    look(house)
    look(house)
    job.refresh_from_db()
    return job


def template(house: House, name: str = "debian-12") -> int:
    images.sync(house.account.pk)
    return Template.objects.get(account=house.account, name=name).pk


@pytest.mark.parametrize(
    ("kind", "upstream_id", "ends"),
    [("start", 335, "on"), ("stop", 333, "off"), ("pause", 333, "paused"), ("reboot", 334, "on")],
)
def test_a_power_order_runs_to_its_end_with_one_command(acme, sandbox, kind, upstream_id, ends):
    job = run_to_the_end(acme, sandbox, ask(acme, upstream_id, kind))

    assert (job.status, job.error_code) == ("succeeded", "")
    assert acme.server(upstream_id).status == ends
    assert len(changes(sandbox)) == 1


def test_a_fresh_look_stands_right_before_each_command(acme, sandbox):
    run_to_the_end(acme, sandbox, ask(acme, 333, "stop"))

    calls = [line["cmd"] for line in sandbox.ledger()]
    assert calls[calls.index("stop_server") - 1] == "get_servers_status"


def test_a_clone_belongs_to_the_customer_from_the_order_on(acme, sandbox):
    job = ask(acme, 333, "clone", name="web-2")
    assert servers_for(acme.as_owner).filter(name="web-2", upstream_id=None).exists()

    run_to_the_end(acme, sandbox, job)

    copy = Server.objects.get(name="web-2")
    assert (job.status, copy.customer_id, copy.status) == ("succeeded", acme.customer.pk, "off")
    assert copy.upstream_id
    assert job.target_id == copy.pk
    assert not servers_for(Actor(acme.stranger)).filter(pk=copy.pk).exists()
    assert changes(sandbox) == ["clone_server"]


def test_a_reinstall_shows_its_password_once_and_keeps_it_nowhere(acme, sandbox):
    ordered = order(
        actor=acme.as_owner, server=acme.server(334), kind="reinstall", arguments={"template": template(acme)}
    )
    job = run_to_the_end(acme, sandbox, ordered.job)

    assert job.status == "succeeded"
    assert len(ordered.password) == 20
    assert job.secret == ""
    assert ordered.password not in str(list(Event.objects.values()))


def test_a_task_that_fails_makes_a_failed_job_with_an_error(acme, sandbox):
    sandbox.fault("fail_task", cmd="clone_server", count=1)

    job = run_to_the_end(acme, sandbox, ask(acme, 333, "clone", name="web-2"))

    assert (job.status, job.error_code) == ("failed", "task_failed")
    assert not servers_for(acme.as_owner).filter(name="web-2").exists()


@pytest.mark.parametrize("kind", ["clone", "reinstall"])
def test_an_answer_lost_after_acceptance_ends_as_succeeded_with_one_command(acme, sandbox, kind):
    arguments = {"name": "web-2"} if kind == "clone" else {"template": template(acme)}
    sandbox.fault("cut_after", cmd=f"{kind}_server", count=1)

    job = ask(acme, 334, kind, **arguments)
    submit(job.pk)
    job.refresh_from_db()
    assert job.status == "uncertain"

    look(acme)
    sandbox.advance(200)
    look(acme)
    look(acme)
    job.refresh_from_db()

    assert (job.status, changes(sandbox)) == ("succeeded", [f"{kind}_server"])


def age(job: Job, seconds: float) -> None:
    """As if the job had been sent and missed so much earlier."""
    job.refresh_from_db()
    moved = {"sent_at": job.sent_at - timedelta(seconds=seconds)}
    if job.absent_at:
        moved["absent_at"] = job.absent_at - timedelta(seconds=seconds)
    Job.objects.filter(pk=job.pk).update(**moved)


def test_an_order_that_never_arrived_fails_plainly_and_is_never_sent_again(acme, sandbox):
    sandbox.fault("cut_before", cmd="clone_server", count=1)
    job = ask(acme, 333, "clone", name="web-2")
    submit(job.pk)

    look(acme)
    job.refresh_from_db()
    assert job.status == "uncertain"

    age(job, 21)
    look(acme)
    look(acme)
    job.refresh_from_db()
    assert (job.status, job.error_code) == ("failed", "not_accepted")
    assert changes(sandbox) == ["clone_server"]
    assert sandbox.accepted("clone_server") == 0
    assert Event.objects.filter(kind="job.failed", subject_id=job.pk).count() == 1


def test_a_sender_that_died_after_the_write_ahead_leaves_a_doubt_that_evidence_settles(acme, sandbox):
    job = ask(acme, 333, "stop")
    Job.objects.filter(pk=job.pk).update(
        status="submitting", claim="dead", sent_at=job.created_at - timedelta(seconds=30), status_before="on"
    )
    sandbox.control("panel", account="user99", cmd="stop_server", id=333)

    look(acme)
    sandbox.advance(20)
    look(acme)

    job.refresh_from_db()
    assert (job.status, changes(sandbox)) == ("succeeded", [])


def test_a_sender_that_died_before_the_write_ahead_has_sent_nothing_and_the_job_goes_on(acme, sandbox):
    job = ask(acme, 333, "stop")
    long_ago = job.created_at - timedelta(seconds=90)
    Job.objects.filter(pk=job.pk).update(status="submitting", claim="dead", started_at=long_ago)

    look(acme)
    job.refresh_from_db()
    assert job.status == "queued"

    run_to_the_end(acme, sandbox, job)
    assert (job.status, changes(sandbox)) == ("succeeded", ["stop_server"])


@pytest.mark.parametrize(("kind", "upstream_id"), [("start", 333), ("stop", 335), ("pause", 335), ("reboot", 335)])
def test_a_wrong_state_is_refused_before_anything_is_sent(acme, sandbox, kind, upstream_id):
    with pytest.raises(WrongState):
        ask(acme, upstream_id, kind)

    assert (Job.objects.count(), changes(sandbox)) == (0, [])


def test_a_second_order_for_a_busy_server_is_refused_or_joins_the_line(acme, sandbox):
    first = ask(acme, 333, "stop")
    with pytest.raises(ServerBusy):
        ask(acme, 333, "reboot")
    second = ask(acme, 333, "start", queue=True)

    submit(second.pk)  # not its turn
    assert Job.objects.get(pk=second.pk).status == "queued"
    run_to_the_end(acme, sandbox, first)
    run_to_the_end(acme, sandbox, second)

    assert (second.status, changes(sandbox)) == ("succeeded", ["stop_server", "run_server"])


def test_a_job_can_be_cancelled_only_while_it_waits(acme, sandbox):
    first = ask(acme, 333, "stop")
    waiting = ask(acme, 333, "clone", queue=True, name="web-2")

    cancel(actor=acme.as_owner, job=waiting)
    submit(waiting.pk)
    submit(first.pk)
    first.refresh_from_db()
    with pytest.raises(WrongState):
        cancel(actor=acme.as_owner, job=first)

    assert Job.objects.get(pk=waiting.pk).status == "cancelled"
    assert not servers_for(acme.as_owner).filter(name="web-2").exists()
    assert changes(sandbox) == ["stop_server"]


def test_an_image_that_does_not_fit_is_refused_with_the_sizes(acme, sandbox):
    with pytest.raises(InvalidInput) as refusal:
        ask(acme, 336, "reinstall", template=template(acme, "windows-2022"))

    assert refusal.value.code == "disk_too_small"
    assert "needs 40 GB" in str(refusal.value)
    assert (Job.objects.count(), changes(sandbox)) == (0, [])


@pytest.mark.parametrize(
    "name", ["", "   ", "a\x00b", "x" * 300, "<b>bold</b>", "smile 😀", "line\nbreak", "\u202eevil", None, 7, ["a"]]
)
def test_a_name_that_cannot_be_used_is_refused_with_its_field(acme, sandbox, name):
    with pytest.raises(InvalidInput) as refusal:
        ask(acme, 333, "clone", name=name)

    assert list(refusal.value.errors) == ["name"]
    assert (Job.objects.count(), Server.objects.filter(upstream_id=None).count(), sandbox.ledger()) == (0, 0, [])


def test_a_viewer_may_look_and_not_order(acme, sandbox):
    with pytest.raises(NotPermitted):
        order(actor=Actor(acme.viewer), server=acme.server(333), kind="stop", arguments={})

    assert (Job.objects.count(), sandbox.ledger()) == (0, [])


def test_orders_under_a_refused_password_fail_with_a_code(acme, sandbox):
    job = ask(acme, 333, "stop")
    sandbox.control("set_account", account="user99", password="another")
    sandbox.control("expire_sessions")

    submit(job.pk)

    job.refresh_from_db()
    assert (job.status, job.error_code) == ("failed", "orders_stopped")
    assert (sandbox.calls("login"), changes(sandbox)) == (1, [])


def test_an_entry_that_appears_after_all_opens_a_case_and_tells_the_customer(acme, sandbox):
    sandbox.fault("cut_before", cmd="clone_server", count=1)
    job = ask(acme, 333, "clone", name="web-2")
    submit(job.pk)
    look(acme)
    age(job, 21)
    look(acme)
    sandbox.control("panel", account="user99", cmd="clone_server", id=333, server_name="web-2")

    look(acme)

    assert job.cases.get().reason == "appeared_after_all"
    assert Event.objects.filter(kind="job.appeared_after_all", customer_id=acme.customer.pk).count() == 1


def test_ticks_that_come_too_early_or_twice_call_nobody(acme, sandbox):
    job = ask(acme, 333, "stop")
    submit(job.pk)
    look(acme)
    calls = len(sandbox.ledger())

    tick(acme.account.pk)

    assert len(sandbox.ledger()) == calls


def test_one_journal_and_one_list_of_states_settle_all_jobs(acme, sandbox):
    for upstream_id in (333, 334, 336):
        submit(ask(acme, upstream_id, "stop").pk)
    sandbox.advance(60)
    sandbox.control("forget_ledger")

    look(acme)

    assert [line["cmd"] for line in sandbox.ledger()] == ["get_logs", "get_servers_status"]
    assert set(Job.objects.values_list("status", flat=True)) == {"succeeded"}
