"""Interfaces of a server at the REST door: jobs like every other."""

import pytest

from apps.jobs.models import Job
from apps.networks.services import sync as networks
from apps.servers.services.sync import sync
from tests.api.conftest import Program
from tests.jobs.test_making_and_removing import refreshed, to_the_end


@pytest.fixture
def owner(acme):
    return Program(acme, acme.owner)


@pytest.fixture
def network(owner):
    return owner.post("networks/", {"name": "backend"}).json()["id"]


def cards(owner, house, server):
    return owner.get(f"servers/{house.server(server).pk}/interfaces/").json()["results"]


def test_an_interface_is_added_moved_switched_and_removed(acme, owner, sandbox, network):
    server = acme.server(335)  # stopped
    where = f"servers/{server.pk}/interfaces/"
    assert to_the_end(acme, sandbox, owner.post(where, {"network": network})).status == "succeeded"
    refreshed(acme)
    networks.sync(acme.account.pk)
    first, added = cards(owner, acme, 335)
    assert (first["network"], added["network"], added["state"]) == (None, network, "up")
    assert owner.get(f"networks/{network}/").json()["servers"] == [server.pk]

    other = owner.post("networks/", {"name": "inside"}).json()["id"]
    moved = owner.call("PATCH", f"{where}{added['id']}/", {"network": other})
    assert to_the_end(acme, sandbox, moved).status == "succeeded"
    to_the_end(acme, sandbox, owner.post(f"servers/{server.pk}/actions/start/"))
    assert to_the_end(acme, sandbox, owner.post(f"{where}{added['id']}/down/")).status == "succeeded"
    refreshed(acme)
    assert owner.get(f"{where}{added['id']}/").json() | {"mac": ""} == {
        **added,
        "mac": "",
        "network": other,
        "state": "down",
    }

    to_the_end(acme, sandbox, owner.post(f"servers/{server.pk}/actions/stop/"))
    assert to_the_end(acme, sandbox, owner.call("DELETE", f"{where}{added['id']}/")).status == "succeeded"
    refreshed(acme)
    assert cards(owner, acme, 335) == [first]
    assert sandbox.accepted("eth_action") == 4


def test_numbers_of_interfaces_are_ours_and_stay(acme, owner):
    before = cards(owner, acme, 333)
    refreshed(acme)

    assert cards(owner, acme, 333) == before
    assert str(before[0]["id"]) not in {card["id"] for card in acme.server(333).interfaces}


@pytest.mark.parametrize(
    ("server", "method", "tail"), [(333, "POST", ""), (333, "DELETE", "one/"), (335, "POST", "one/up/")]
)
def test_the_wrong_power_state_is_refused_and_nothing_is_sent(acme, owner, sandbox, network, server, method, tail):
    card = cards(owner, acme, server)[0]["id"]
    body = {"network": network} if tail == "" else None

    answer = owner.call(method, f"servers/{acme.server(server).pk}/interfaces/{tail.replace('one', str(card))}", body)

    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state"), answer.content
    assert (sandbox.calls("eth_action"), Job.objects.count()) == (0, 0)


@pytest.mark.parametrize("given", [{}, {"network": 5}, {"network": "new"}, {"network": True}, {"net": 1}])
def test_a_network_that_is_none_or_a_neighbours_is_refused(acme, owner, sandbox, given):
    foreign = Program(acme, acme.stranger).post("networks/", {"name": "theirs"}).json()["id"]
    sandbox.control("forget_ledger")

    for body in (given, {"network": foreign}):
        answer = owner.post(f"servers/{acme.server(335).pk}/interfaces/", body)
        assert answer.status_code == 400, answer.content

    assert (sandbox.ledger(), Job.objects.count()) == ([], 0)


def test_foreign_and_missing_interfaces_look_alike(acme, owner, sandbox):
    card = cards(owner, acme, 333)[0]["id"]
    stranger = Program(acme, acme.stranger)

    bodies = {
        program.call("DELETE", f"servers/{server}/interfaces/{number}/").content
        for program, server, number in (
            (stranger, acme.server(333).pk, card),
            (stranger, acme.server(340).pk, card),
            (owner, acme.server(335).pk, card),
            (owner, 999, card),
        )
    }

    assert len(bodies) == 1
    assert (sandbox.ledger(), Job.objects.count()) == ([], 0)


def test_a_lost_answer_is_settled_and_not_sent_again(acme, owner, sandbox, network):
    sandbox.fault("cut_after", cmd="eth_action", count=1)

    job = to_the_end(acme, sandbox, owner.post(f"servers/{acme.server(335).pk}/interfaces/", {"network": network}))

    assert (job.status, sandbox.calls("eth_action"), sandbox.accepted("eth_action")) == ("succeeded", 1, 1)


def test_a_program_of_the_vendors_joins_a_new_network(acme, sandbox):
    from tests.rpc.conftest import Program as VendorProgram

    program = VendorProgram(acme).login(acme.owner)
    assert program.code("eth_action", id=acme.server(333).pk, action="add", vlan="new") == "1015"
    assert program.data("get_vlans") == []

    program.data("eth_action", id=acme.server(335).pk, action="add", vlan="new")

    (network,) = program.data("get_vlans")
    assert Job.objects.get().arguments == {"network": int(network["id"])}
    sync(acme.account.pk)
