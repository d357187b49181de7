"""Private networks at the REST door, over HTTP to the practice upstream."""

from datetime import timedelta

import pytest
from django.db.models import F

from apps.accounts.models import Limits
from apps.networks.models import Network
from apps.networks.services import sync
from apps.resellers.models import UpstreamAccount
from apps.writes.models import Write
from apps.writes.services import settling
from tests import house as houses
from tests.api.conftest import Program


@pytest.fixture
def owner(acme):
    return Program(acme, acme.owner)


def codes(answer):
    return answer.status_code, answer.json()["code"]


def rested():
    UpstreamAccount.objects.update(retry_at=None)


def test_a_network_is_added_renamed_and_removed(acme, owner, sandbox):
    made = owner.post("networks/", {"name": "Backend"})
    assert (made.status_code, made.json()["name"], made.json()["servers"]) == (201, "Backend", [])

    renamed = owner.call("PATCH", made["Location"], {"name": "Inside"})
    sync.sync(acme.account.pk)

    assert (renamed.status_code, owner.get(made["Location"]).json()["name"]) == (200, "Inside")
    assert owner.call("DELETE", made["Location"]).status_code == 204
    assert owner.get(made["Location"]).json()["status"] == "gone"
    assert [sandbox.accepted(command) for command in ("add_vlan", "update_vlan", "del_vlan")] == [1, 1, 1]


def test_two_customers_may_give_the_same_name_and_neither_learns_of_the_other(acme, owner, sandbox):
    first = owner.post("networks/", {"name": "backend"})
    second = Program(acme, acme.stranger).post("networks/", {"name": "backend"})
    sync.sync(acme.account.pk)

    assert (first.status_code, second.status_code) == (201, 201)
    assert [row["name"] for row in owner.get("networks/").json()["results"]] == ["backend"]
    assert Network.objects.get(pk=second.json()["id"]).name == "backend"
    assert Network.objects.values("upstream_name").distinct().count() == 2


def test_the_servers_in_it_are_those_that_the_caller_sees(acme, owner):
    made = owner.post("networks/", {"name": "backend"}).json()
    Network.objects.filter(pk=made["id"]).update(server_ids=["333", "340", "999"])

    assert owner.get(f"networks/{made['id']}/").json()["servers"] == [acme.server(333).pk]
    assert codes(owner.call("DELETE", f"networks/{made['id']}/")) == (409, "network_in_use")


@pytest.mark.parametrize(
    "given", [{}, {"name": ""}, {"name": "a\x00b"}, {"name": "x" * 61}, {"name": "<b>"}, {"name": 5}]
)
def test_a_name_that_is_none_is_refused_and_nothing_is_sent(owner, sandbox, given):
    answer = owner.post("networks/", given)

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == ["#/name"]
    assert (sandbox.ledger(), Write.objects.count(), Network.objects.count()) == ([], 0, 0)


@pytest.mark.parametrize(
    ("method", "command"), [("POST", "add_vlan"), ("PATCH", "update_vlan"), ("DELETE", "del_vlan")]
)
@pytest.mark.parametrize("arrived", [True, False])
def test_a_lost_answer_is_settled_by_the_list(acme, owner, sandbox, method, command, arrived):
    made = owner.post("networks/", {"name": "backend"})
    sandbox.control("forget_ledger")
    sandbox.fault("cut_after" if arrived else "cut_before", cmd=command, count=1)
    where = "networks/" if method == "POST" else made["Location"]

    lost = owner.call(method, where, None if method == "DELETE" else {"name": "other"})
    assert lost.status_code == 202
    rested()
    settling.settle(acme.account.pk)
    Write.objects.update(sent_at=F("sent_at") - timedelta(seconds=25), absent_at=F("absent_at") - timedelta(seconds=25))
    settling.settle(acme.account.pk)

    assert owner.get(lost["Location"]).json()["status"] == ("done" if arrived else "failed")
    assert (sandbox.calls(command), sandbox.accepted(command)) == (1, int(arrived))
    names = {row["name"] for row in owner.get("networks/").json()["results"] if row["status"] == "active"}
    expected = {"POST": {"backend", "other"}, "PATCH": {"other"}, "DELETE": set()}[method] if arrived else {"backend"}
    assert names == expected


def test_whoever_acts_for_several_says_for_whom(acme, sandbox):
    admin = Program(acme, acme.admin)

    assert admin.post("networks/", {"name": "backend"}).status_code == 400
    assert admin.post("networks/", {"name": "backend", "customer": 1}).status_code == 400
    assert sandbox.calls("add_vlan") == 0
    assert admin.post("networks/", {"name": "backend", "customer": acme.customer.pk}).status_code == 201
    assert Program(acme, acme.owner).get("networks/").json()["results"][0]["name"] == "backend"


CALLERS = {
    "owner": (200, 200, 204),
    "operator": (200, 200, 403),
    "viewer": (200, 403, 403),
    "stranger": (404, 404, 404),
}
CALLERS |= {"admin": (200, 200, 204), "reader": (200, 403, 403)}


@pytest.mark.parametrize("caller", [*CALLERS, "anonymous", "foreign owner", "foreign admin"])
def test_who_may_do_what(acme, owner, sandbox, caller):
    foreign = houses.build("borealis", sandbox.url, "user77", [501], [])
    made = owner.post("networks/", {"name": "backend"})
    sandbox.control("forget_ledger")
    people = {"foreign owner": foreign.owner, "foreign admin": foreign.admin, "anonymous": None, "reader": acme.owner}
    person = people[caller] if caller in people else getattr(acme, caller)
    program = Program(acme, person, scope="read" if caller == "reader" else "full")

    read = program.get(made["Location"]).status_code
    rename = program.call("PATCH", made["Location"], {"name": "other"}).status_code
    remove = program.call("DELETE", made["Location"]).status_code

    expected = CALLERS.get(caller, (401, 401, 401))
    assert (read, rename, remove) == expected
    if expected[1] != 200:
        assert (sandbox.ledger(), Write.objects.count()) == ([], 1)


def test_a_limit_of_networks_is_kept(acme, owner, sandbox):
    Limits.objects.create(customer=acme.customer, networks=1)
    first = owner.post("networks/", {"name": "one"}, idempotency_key="k")
    sandbox.control("forget_ledger")

    second = owner.post("networks/", {"name": "two"})

    assert (first.status_code, codes(second)) == (201, (409, "limit_reached"))
    assert (sandbox.ledger(), Write.objects.count(), Network.objects.count()) == ([], 1, 1)
    assert owner.post("networks/", {"name": "one"}, idempotency_key="k").json() == first.json()
    assert owner.call("DELETE", first["Location"]).status_code == 204
    assert owner.post("networks/", {"name": "two"}).status_code == 201


def test_a_key_that_stands_for_a_change_stands_for_no_order(acme, owner, sandbox):
    owner.post("networks/", {"name": "one"}, idempotency_key="k")
    sandbox.control("forget_ledger")

    answer = owner.post(f"servers/{acme.server(333).pk}/actions/stop/", idempotency_key="k")

    assert codes(answer) == (422, "idempotency_key_reused")
    assert sandbox.ledger() == []
