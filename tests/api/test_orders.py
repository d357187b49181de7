"""Orders by REST, from 202 to their end."""

import threading

import pytest
from django.db import connection

from apps.images.models import Template
from apps.images.services import sync as images
from apps.jobs.models import Job
from apps.jobs.services.submission import submit
from apps.servers.models import Server
from tests import house as houses
from tests.api.conftest import Program
from tests.jobs.test_life_of_a_job import changes, look


def finish(house, sandbox, job_id):
    submit(job_id)
    look(house)
    sandbox.advance(200)
    look(house)
    look(house)


def act(program, house, upstream_id, action, body=None, query="", **headers):
    server = house.server(upstream_id)
    return program.post(f"servers/{server.pk}/actions/{action}/{query}", body, **headers)


def test_start_answers_202_with_a_job_that_succeeds(acme, sandbox, owner):
    answer = act(owner, acme, 335, "start")

    job = answer.json()
    assert answer.status_code == 202
    assert answer["Location"] == f"/api/v1/jobs/{job['id']}/"
    assert (job["kind"], job["status"], job["error"]) == ("start", "queued", None)
    assert owner.get(f"servers/{job['server']}/").json()["job"]["id"] == job["id"]

    finish(acme, sandbox, job["id"])
    ended = owner.get(answer["Location"]).json()
    assert (ended["status"], ended["error"]) == ("succeeded", None)
    assert owner.get(f"servers/{job['server']}/").json()["status"] == "on"
    assert changes(sandbox) == ["run_server"]


def test_a_clone_is_the_customers_and_listed_at_once(acme, sandbox, owner):
    job = act(owner, acme, 333, "clone", {"name": "web-2"}).json()

    listed = {row["name"]: row for row in owner.get("servers/").json()["results"]}
    assert listed["web-2"]["id"] == job["target"]
    assert listed["web-2"]["status"] == "busy"

    finish(acme, sandbox, job["id"])
    assert owner.get(f"jobs/{job['id']}/").json()["result"] == {"server": job["target"]}
    assert owner.get(f"servers/{job['target']}/").json()["status"] == "off"
    assert Program(acme, acme.stranger).get(f"servers/{job['target']}/").status_code == 404
    assert changes(sandbox) == ["clone_server"]


def test_a_reinstall_shows_its_password_in_this_one_answer(acme, sandbox, owner):
    images.sync(acme.account.pk)
    template = next(row for row in owner.get("templates/").json()["results"] if row["name"] == "debian-12")

    answer = act(owner, acme, 334, "reinstall", {"template": template["id"]}, idempotency_key="k1")
    again = act(owner, acme, 334, "reinstall", {"template": template["id"]}, idempotency_key="k1")
    job = answer.json()

    assert len(job["result"]["password"]) == 20
    assert answer["Cache-Control"] == "no-store"
    assert (again.json()["id"], again["Idempotent-Replayed"]) == (job["id"], "true")
    assert "password" not in again.json()["result"]
    finish(acme, sandbox, job["id"])
    ended = owner.get(f"jobs/{job['id']}/").json()
    assert (ended["status"], "password" in ended["result"]) == ("succeeded", False)
    assert changes(sandbox) == ["reinstall_server"]


def test_a_task_that_fails_is_a_failed_job_with_code_and_sentence(acme, sandbox, owner):
    sandbox.fault("fail_task", cmd="clone_server", count=1)
    job = act(owner, acme, 333, "clone", {"name": "web-2"}).json()

    finish(acme, sandbox, job["id"])

    ended = owner.get(f"jobs/{job['id']}/").json()
    assert (ended["status"], ended["error"]["code"]) == ("failed", "task_failed")
    assert "did not succeed" in ended["error"]["message"]


def test_one_fresh_status_stands_right_before_each_command(acme, sandbox, owner):
    for upstream_id, action in ((333, "stop"), (335, "start"), (334, "reboot")):
        finish(acme, sandbox, act(owner, acme, upstream_id, action).json()["id"])

    calls = [line["cmd"] for line in sandbox.ledger()]
    for command in ("stop_server", "run_server", "reload_server"):
        assert calls.count(command) == 1
        assert calls[calls.index(command) - 1] == "get_servers_status"


def test_a_wrong_state_is_409_before_anything_is_sent_or_written(acme, sandbox, owner):
    answer = act(owner, acme, 333, "start")

    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")
    assert answer["Content-Type"] == "application/problem+json"
    assert (changes(sandbox), Job.objects.count()) == ([], 0)


def test_a_busy_server_is_409_or_a_place_in_line(acme, sandbox, owner):
    act(owner, acme, 333, "stop")

    refused = act(owner, acme, 333, "reboot")
    queued = act(owner, acme, 333, "start", query="?queue=1")

    assert (refused.status_code, refused.json()["code"]) == (409, "server_busy")
    assert (queued.status_code, queued.json()["status"]) == (202, "queued")
    assert owner.post(f"jobs/{queued.json()['id']}/cancel/").json()["status"] == "cancelled"
    assert Job.objects.count() == 2


def test_a_job_that_was_sent_cannot_be_cancelled(acme, sandbox, owner):
    job = act(owner, acme, 333, "stop").json()
    submit(job["id"])

    answer = owner.post(f"jobs/{job['id']}/cancel/")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_queued")


@pytest.mark.parametrize(
    ("action", "body", "field"),
    [
        ("clone", {}, "name"),
        ("clone", {"name": "x" * 300}, "name"),
        ("clone", {"name": "<script>"}, "name"),
        ("clone", {"name": "a\u0000b"}, "name"),
        ("clone", {"name": "\U0001f600"}, "name"),
        ("clone", {"name": {"a": 1}}, "name"),
        ("clone", {"name": "ok", "customer": 7}, "customer"),
        ("start", {"reseller": 1}, "reseller"),
        ("reinstall", {}, "template"),
        ("reinstall", {"template": 1}, "template"),
        ("reinstall", {"template": True}, "template"),
        ("reinstall", {"template": "9" * 40}, "template"),
    ],
)
def test_bad_input_names_its_field_and_nothing_is_sent_or_written(acme, sandbox, owner, action, body, field):
    answer = act(owner, acme, 335 if action == "start" else 333, action, body)

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"#/{field}"]
    assert (sandbox.ledger(), Job.objects.count(), Server.objects.filter(upstream_id=None).count()) == ([], 0, 0)


def test_an_image_too_large_for_the_disks_is_400_with_the_sizes(acme, sandbox, owner):
    images.sync(acme.account.pk)
    windows = Template.objects.get(name="windows-2022")
    sandbox.control("forget_ledger")

    answer = act(owner, acme, 336, "reinstall", {"template": windows.pk})

    assert (answer.status_code, answer.json()["code"]) == (400, "disk_too_small")
    assert "needs 40 GB" in answer.json()["detail"]
    assert (sandbox.ledger(), Job.objects.count()) == ([], 0)


def test_another_houses_image_looks_like_none(acme, sandbox, owner):
    other = houses.build("borealis", sandbox.url, "user77", [501], [])
    images.sync(other.account.pk)
    foreign = Template.objects.filter(account=other.account).first()

    answer = act(owner, acme, 334, "reinstall", {"template": foreign.pk})
    missing = act(owner, acme, 334, "reinstall", {"template": 12345})
    assert (answer.status_code, answer.content) == (400, missing.content)


def test_a_key_that_is_used_again_for_something_else_is_422(acme, owner):
    act(owner, acme, 333, "stop", idempotency_key="k1")

    answer = act(owner, acme, 334, "stop", idempotency_key="k1")
    assert (answer.status_code, answer.json()["code"], Job.objects.count()) == (422, "idempotency_key_reused", 1)


@pytest.mark.parametrize("key", ["", "x" * 256, "with space", "é"])
def test_a_key_that_is_none_is_400(acme, owner, key):
    answer = act(owner, acme, 333, "stop", idempotency_key=key)
    assert (answer.status_code, Job.objects.count()) == (400, 0)


def test_a_refusal_leaves_its_key_free(acme, sandbox, owner):
    assert act(owner, acme, 335, "stop", idempotency_key="k1").status_code == 409
    sandbox.control("set_power", account="user99", id=335, state="on")

    assert act(owner, acme, 335, "stop", idempotency_key="k1").status_code == 202


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", [None, "k1"])
def test_twenty_orders_at_once_make_one_job(transactional_db, sandbox, key):
    house = houses.acme(sandbox)
    program = Program(house, house.owner)
    server, answers = house.server(333), []

    def order() -> None:
        headers = {"idempotency_key": key} if key else {}
        twin = Program(house, None)
        twin.token = program.token
        answers.append(twin.post(f"servers/{server.pk}/actions/clone/", {"name": "web-2"}, **headers))
        connection.close()

    threads = [threading.Thread(target=order) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Job.objects.count() == 1
    codes = sorted({answer.status_code for answer in answers})
    assert codes == ([202] if key else [202, 409])
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 202}) == 1


def test_an_upstream_that_is_down_is_503_with_a_plain_sentence_and_nothing_written(acme, sandbox, owner):
    sandbox.fault("http_502")

    answer = act(owner, acme, 333, "stop")

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert int(answer["Retry-After"]) >= 1
    assert Job.objects.count() == 0
    assert owner.get("servers/").status_code == 200
