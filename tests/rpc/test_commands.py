"""Every command that is served: for whom, with what answer; foreign and missing alike to the byte."""

import pytest

from apps.accounts.models import ProgramSession
from apps.billing.models import Contract, File
from apps.billing.services import sync as billing
from apps.dns.services import sync as dns
from apps.images.services import sync as images
from apps.jobs.models import Job
from apps.networks.models import Network
from apps.resellers.models import UpstreamAccount
from apps.rpc import codes
from apps.rpc.commands import HANDLERS, NOT_BY_PROGRAM, ROLES, usable_by
from apps.upstream.catalogue import COMMANDS
from apps.writes.models import Write
from tests import house as houses
from tests.rpc.conftest import Program

NOT_SERVED_YET = {
    *("get_tickets", "get_ticket", "add_ticket", "add_ticket_message", "close_ticket"),
    "get_vnc",
    *("get_stat_data", "set_default_contract"),
}
MONEY = ("get_balance", "get_payments", "get_charges", "get_bills")
SERVERS = {"run_server": 335, "stop_server": 333, "pause_server": 334, "reload_server": 336}


@pytest.fixture
def world(acme, sandbox):
    """One of everything, each the first customer's; what each command needs to be carried out."""
    images.sync(acme.account.pk)
    owner = Program(acme).login(acme.owner)
    zone, network = owner.data("add_dns_zone", zone="shop.example"), owner.data("add_vlan", name="backend")
    record = owner.data("add_dns_record", zid=zone, name="www", type="A", value="192.0.2.7")
    dns.sync_records(int(zone))
    billing.sync(acme.account.pk)
    Contract.objects.filter(upstream_id="801").update(customer=acme.customer)
    billing.sync(acme.account.pk)
    contract, file = Contract.objects.get(upstream_id="801"), File.objects.get(upstream_id="8010")
    template = acme.account.templates.get(name="debian-12")
    own = acme.account.templates.get(name="golden-web")
    for image in (own, acme.account.isos.get(name="rescue-tools")):
        image.customer = acme.customer
        image.save()
    owner.data("mount_iso", id=acme.server(333).pk, iso=acme.account.isos.get(name="freebsd-14-disc1").pk)
    sandbox.control("set_server", account="user99", id=338, status=4)
    archived = acme.server(338)
    given = {name: {"id": acme.server(number).pk} for name, number in SERVERS.items()} | {
        "get_server": {"id": acme.server(333).pk},
        "add_server": {"json": '{"cpu": 2, "ram": 4, "hdd_list": [{"size": 40}], "server_name": "brand-new"}'},
        "update_server": {"id": acme.server(335).pk, "cpu": 3},
        "archive_server": {"id": acme.server(335).pk},
        "restore_server": {"id": archived.pk},
        "del_server": {"id": acme.server(335).pk},
        "clone_server": {"id": acme.server(334).pk, "server_name": "copy"},
        "reinstall_server": {"id": acme.server(334).pk, "template": template.pk, "password": "a-long-password"},
        "eth_action": {"id": acme.server(335).pk, "action": "add", "vlan": network},
        "add_template": {"id": acme.server(335).pk, "name": "golden"},
        "update_template": {"template": own.pk, "name": "better"},
        "del_template": {"template": own.pk},
        "add_iso": {"url": "https://mirror.example/live.iso", "name": "live"},
        "del_iso": {"iso": acme.account.isos.get(name="rescue-tools").pk},
        "mount_iso": {"id": acme.server(334).pk, "iso": acme.account.isos.get(name="debian-13-netinst").pk},
        "umount_iso": {"id": acme.server(333).pk},
        "add_dns_zone": {"zone": "other.example"},
        "del_dns_zone": {"zid": zone},
        "get_dns_records": {"zid": zone},
        "add_dns_record": {"zid": zone, "name": "ftp", "type": "MX", "value": "mail.example", "prio": 10},
        "update_dns_record": {"zid": zone, "rid": record, "name": "www", "type": "A", "value": "192.0.2.8"},
        "del_dns_record": {"zid": zone, "rid": record},
        "set_ptr": {"ip": acme.server(333).interfaces[0]["ip"], "name": "mail.example"},
        "add_vlan": {"name": "inside"},
        "update_vlan": {"vlan": network, "name": "outside"},
        "del_vlan": {"vlan": network},
        "get_file": {"fid": file.pk},
        **{name: {"contract": contract.pk} for name in MONEY},
        "set_password": {"old": houses.PASSWORD, "new": "another long password"},
        "update_account": {"name": "x"},
        "set_twofactorauth": {"mode": "off"},
    }
    sandbox.control("forget_ledger")
    return acme, given


def written():
    return Write.objects.count(), Job.objects.count(), Network.objects.count(), ProgramSession.objects.count()


def test_a_command_of_the_catalogue_is_served_or_stands_on_the_list_of_those_that_are_not():
    assert set(COMMANDS) - {"login"} - set(HANDLERS) == NOT_SERVED_YET
    assert set(HANDLERS) <= set(COMMANDS)
    assert set(ROLES) <= set(HANDLERS)


@pytest.mark.parametrize("cmd", sorted(NOT_SERVED_YET))
def test_what_is_not_served_is_unknown(program, sandbox, cmd):
    assert program.code(cmd) == codes.UNKNOWN_COMMAND
    assert sandbox.ledger() == []


ROLE_OF = {"owner": "owner", "operator": "operator", "viewer": "viewer", "stranger": None, "admin": "staff"}


@pytest.mark.parametrize("caller", [*ROLE_OF, "foreign owner", "foreign admin", "anonymous"])
@pytest.mark.parametrize("cmd", sorted(HANDLERS))
def test_the_matrix(world, sandbox, cmd, caller):
    acme, given = world
    parameters = given.get(cmd, {})
    house = houses.build("borealis", sandbox.url, "user77", [501], []) if caller.startswith("foreign") else acme
    program = Program(house)
    if caller != "anonymous":
        program.login(getattr(house, caller.removeprefix("foreign ")))
    before = written()
    sandbox.control("forget_ledger")

    answer = program.ask(cmd, **parameters)

    refusal = expected(cmd, parameters, caller)
    assert (answer["success"], answer.get("data") if refusal else None) == (refusal is None, refusal)
    if refusal is not None:
        assert sandbox.ledger() == []
        assert written() == before


def expected(cmd, parameters, caller):
    """The code of the refusal, or None."""
    if caller == "anonymous":
        return codes.SESSION_INVALID
    if cmd in NOT_BY_PROGRAM:
        return codes.NOT_BY_PROGRAM
    if caller.endswith("admin") and cmd in {"add_dns_zone", "add_vlan", "add_server", "add_iso"}:
        return codes.BAD_PARAMETER  # staff act for several customers, and this protocol has no word for which
    if caller in {"stranger", "foreign owner", "foreign admin"}:
        return outsiders(cmd) if cmd in ROLES or COMMANDS[cmd].names_a_resource else None
    if cmd in ROLES and caller not in {"admin", *ROLES[cmd]}:
        return hidden_money(cmd)
    return None


def outsiders(cmd):
    """What names an object is missing for them; what names none is theirs to do for themselves."""
    if cmd in {"add_dns_zone", "add_vlan", "add_server", "add_iso", "get_contracts"}:
        return None
    return codes.BAD_PARAMETER if cmd == "set_ptr" else codes.NOT_FOUND


def hidden_money(cmd):
    if cmd == "get_contracts":
        return None  # an empty list
    return (
        codes.NOT_FOUND
        if cmd in {"get_file", "get_balance", "get_payments", "get_charges", "get_bills"}
        else codes.NOT_PERMITTED
    )


OF_OBJECTS = sorted(name for name in HANDLERS if COMMANDS[name].names_a_resource and name != "add_server")


@pytest.mark.parametrize("cmd", OF_OBJECTS)
def test_foreign_and_missing_are_the_same_bytes(world, sandbox, cmd):
    acme, given = world
    stranger = Program(acme).login(acme.stranger)
    parameters = given[cmd]
    first = next(name for name in ("id", "zid", "vlan", "contract", "fid", "template", "iso") if name in parameters)

    bodies = set()
    for number in (parameters[first], 999, "abc", -5, "9" * 30):
        sent = {"cmd": cmd, "sess": stranger.sess, **parameters, first: number}
        bodies.add(stranger.raw(body="&".join(f"{name}={value}" for name, value in sent.items()).encode()).content)

    assert len(bodies) == 1
    assert f'"data": "{codes.NOT_FOUND}"'.encode() in bodies.pop()
    assert sandbox.ledger() == []


def test_everything_reads_in_the_vendors_shapes(world):
    acme, given = world
    program = Program(acme).login(acme.owner)

    server = program.data("get_server", id=acme.server(334).pk)
    assert (server["id"], server["status"], server["contract"]) == (str(acme.server(334).pk), "1", None)
    assert {"id", "server_name", "status", "cpu", "ram", "hdd_list", "eth_list", "template", "datecreate"} <= set(
        server
    )
    assert {row["id"]: row["status"] for row in program.data("get_servers_status")}[server["id"]] == "1"
    assert [row["zone"] for row in program.data("get_dns_zones")] == ["shop.example"]
    assert {"rid", "name", "type", "value", "ttl", "prio"} == set(
        program.data("get_dns_records", **given["get_dns_records"])[0]
    )
    assert [row["name"] for row in program.data("get_vlans")] == ["backend"]
    (contract,) = program.data("get_contracts")
    assert program.data("get_balance", contract=contract["id"])["currency"] == "RUB"
    bill = program.data("get_bills", contract=contract["id"])[0]
    assert program.data("get_file", fid=bill["fid"])["mime"] == "text/plain"
    day = program.data("get_charges", contract=contract["id"])[0]["date"][:10]
    assert {
        row["date"][:10] for row in program.data("get_charges", contract=contract["id"], **{"from": day, "to": day})
    } == {day}


def test_nothing_of_the_upstream_is_told(world):
    acme, given = world
    program = Program(acme).login(acme.owner)

    said = "".join(
        str(program.ask(name, **given.get(name, {}))) for name in sorted(HANDLERS) if name.startswith("get_")
    )

    for word in ("user99", "imserver", "upstream", '"333"', "'333'", "'801'"):
        assert word not in said.lower()


def test_a_role_decides_which_functions_are_offered(acme):
    offered = {
        role: set(usable_by(houses.Actor(getattr(acme, role)))) for role in ("owner", "operator", "viewer", "admin")
    }

    assert offered["owner"] == offered["admin"] == set(HANDLERS) - NOT_BY_PROGRAM
    assert offered["owner"] - offered["operator"] == {"del_dns_zone", "del_vlan", "del_template", "del_iso"} | {
        n for n in ROLES if ROLES[n] == {"owner"}
    }
    assert not any(name.startswith(("run", "stop", "clone", "add", "del")) for name in offered["viewer"])
    program = Program(acme).login(acme.viewer)
    assert {row["cmd"] for row in program.data("get_functions")} == offered["viewer"]


def test_a_wrong_state_and_a_busy_server_have_codes_of_their_own(acme, program, sandbox):
    assert program.code("run_server", id=acme.server(333).pk) == codes.WRONG_STATE
    program.data("stop_server", id=acme.server(333).pk)

    assert program.code("stop_server", id=acme.server(333).pk) == codes.SERVER_BUSY
    assert sandbox.calls("run_server") == sandbox.calls("stop_server") == 0


def test_a_lost_answer_says_that_it_must_not_be_sent_again(acme, program, sandbox):
    sandbox.fault("cut_after", cmd="add_dns_zone", count=1)

    assert program.code("add_dns_zone", zone="shop.example") == codes.NOT_SETTLED
    assert sandbox.calls("add_dns_zone") == 1


def test_an_absent_upstream_is_said_plainly(acme, program, sandbox):
    sandbox.fault("http_502", cmd="get_servers_status")

    answer = program.ask("stop_server", id=acme.server(333).pk)

    assert answer["data"] == codes.UNAVAILABLE
    assert not Job.objects.exists()
    UpstreamAccount.objects.update(retry_at=None)


def test_a_reinstall_without_a_password_tells_the_one_that_was_made_this_once(world):
    acme, given = world
    program = Program(acme).login(acme.owner)

    answer = program.ask("reinstall_server", id=acme.server(334).pk, template=given["reinstall_server"]["template"])

    assert (answer["data"], len(answer["password"])) == (str(acme.server(334).pk), 20)
    assert answer["password"] not in str(program.ask("get_logs"))
