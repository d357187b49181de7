"""Live events over the real web server: who sees what, how it resumes, and when it is cut."""

import json
import queue
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator

import pytest
import requests
from django.contrib.sessions.backends.db import SessionStore

from apps.accounts.models import Membership
from apps.accounts.services import tokens
from apps.events.services import record
from apps.operator import plan
from tests import house as houses
from tests.processes import ROOT, Crew, until

pytestmark = [pytest.mark.system, pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]


@pytest.fixture
def acme(transactional_db, sandbox):
    return houses.acme(sandbox)


class Web:
    """granian as `up` starts it, on the test's database."""

    def __init__(self, crew: Crew) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        crew.start("store")
        with (crew.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                plan.web("127.0.0.1", self.port), cwd=ROOT, env=crew.env, stdout=log, stderr=log
            )
        until(self._is_ready)

    def _is_ready(self) -> bool:
        try:
            return requests.get(f"http://127.0.0.1:{self.port}/readyz", timeout=2).status_code == 200
        except requests.RequestException:
            return False

    def get(self, host: str, path: str, **headers: str) -> requests.Response:
        address = f"http://127.0.0.1:{self.port}{path}"
        return requests.get(address, headers={"Host": host, **headers}, stream=True, timeout=30)


@pytest.fixture
def web(crew: Crew) -> Iterator[Web]:
    running = Web(crew)
    yield running
    if running.process.poll() is None:
        running.process.terminate()
        running.process.wait(20)


class Listener:
    """Reads a stream in a thread."""

    def __init__(self, answer: requests.Response) -> None:
        self.answer, self.heard, self.over = answer, queue.Queue(), threading.Event()
        assert answer.status_code == 200, answer.text
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        try:
            for line in self.answer.iter_lines(chunk_size=1):
                if line.startswith(b"data: "):
                    self.heard.put(json.loads(line[6:]))
        except requests.RequestException:
            pass
        self.over.set()

    def next(self) -> dict:
        return self.heard.get(timeout=15)


def tell(house, kind="job.running", customer=None, staff_only=False, subject_id=1):
    return record(
        kind,
        reseller_id=house.reseller.pk,
        customer_id=(customer or house.customer).pk,
        subject_kind="job",
        subject_id=subject_id,
        staff_only=staff_only,
    )


def listen(web, house, user, **headers):
    token = tokens.make(user, "test")[1]
    return Listener(web.get(house.host, "/api/v1/events/", Authorization=f"Bearer {token}", **headers))


def test_a_stream_hears_what_its_caller_may_see_and_nothing_else(acme, web):
    owner, admin = listen(web, acme, acme.owner), listen(web, acme, acme.admin)
    tell(acme, customer=acme.other, subject_id=2)
    tell(acme, staff_only=True, subject_id=3)
    tell(acme, subject_id=4)

    assert owner.next()["subject_id"] == 4
    heard = set()
    while not heard >= {2, 3, 4}:
        heard.add(admin.next()["subject_id"])


def test_a_stream_resumes_after_the_last_id(acme, web):
    first, second = tell(acme, subject_id=1), tell(acme, subject_id=2)

    resumed = listen(web, acme, acme.owner, **{"Last-Event-ID": str(first.pk)})

    heard = [resumed.next()["id"], resumed.next()["id"]]
    assert second.pk in heard


@pytest.mark.parametrize("how", ["revoked token", "lost membership", "deactivated"])
def test_revoked_rights_cut_or_narrow_the_stream_within_seconds(acme, web, how):
    stream = listen(web, acme, acme.owner)
    tell(acme, subject_id=7)
    assert stream.next()["subject_id"] == 7

    if how == "revoked token":
        tokens.revoke(acme.owner.api_tokens.get())
    elif how == "deactivated":
        type(acme.owner).objects.filter(pk=acme.owner.pk).update(is_active=False)
    else:
        Membership.objects.filter(user=acme.owner).delete()
        until(lambda: not _hears(acme, stream), within=15)
        return
    assert stream.over.wait(15)


def _hears(house, stream) -> bool:
    tell(house, subject_id=8)
    try:
        return bool(stream.heard.get(timeout=3))
    except queue.Empty:
        return False


def test_a_page_listens_by_its_session_and_is_cut_when_that_ends(acme, web, client):
    client.force_login(acme.owner, backend="apps.accounts.auth.ResellerBackend")
    key = client.session.session_key
    stream = Listener(web.get(acme.host, "/live/", Cookie=f"session={key}"))
    tell(acme, subject_id=9)
    assert stream.next()["subject_id"] == 9

    SessionStore(key).delete()
    assert stream.over.wait(15)


@pytest.mark.parametrize("path", ["/live/", "/api/v1/events/"])
def test_strangers_hear_nothing(acme, web, path):
    for headers in ({}, {"Authorization": "Bearer " + "x" * 30}, {"Cookie": "session=" + "y" * 32}):
        assert web.get(acme.host, path, **headers).status_code == 401
    token = tokens.make(acme.owner, "test")[1]
    assert web.get("elsewhere.test", path, Authorization=f"Bearer {token}").status_code == 404


def test_the_server_ends_promptly_with_streams_open(acme, web):
    stream = listen(web, acme, acme.owner)
    web.process.send_signal(signal.SIGTERM)

    web.process.wait(20)
    assert stream.over.wait(10)


def test_a_large_body_over_the_real_server_is_413(acme, web):
    token = tokens.make(acme.owner, "test")[1]
    answer = requests.post(
        f"http://127.0.0.1:{web.port}/api/v1/servers/{acme.server(333).pk}/actions/clone/",
        data=b'{"name": "' + b"x" * 10_000_000 + b'"}',
        headers={"Host": acme.host, "Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        timeout=30,
    )
    assert answer.status_code == 413


@pytest.mark.parametrize("path", ["/live/", "/api/v1/events/", "/account/login/", "/static/css/portal.css"])
def test_an_unknown_host_gets_nothing_and_no_answer_names_the_server(acme, web, path):
    unknown, known = web.get("nobody.test", path), web.get(acme.host, path)

    assert (unknown.status_code, unknown.text) == (404, "Not found\n")
    assert unknown.headers["Server"] == known.headers["Server"] == "web"
