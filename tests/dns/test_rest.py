"""Zones and records at the REST door, over HTTP to the practice upstream."""

from datetime import timedelta

import pytest
from django.db.models import F

from apps.dns.models import Record, ReverseName, Zone
from apps.dns.services import sync
from apps.events.models import Event
from apps.resellers.models import UpstreamAccount
from apps.writes.models import Write
from apps.writes.services import settling
from tests import house as houses
from tests.api.conftest import Program


@pytest.fixture
def owner(acme):
    return Program(acme, acme.owner)


@pytest.fixture
def zone(acme, owner, sandbox):
    made = owner.post("dns/zones/", {"name": "Shop.Example"}).json()
    sandbox.control("forget_ledger")
    return Zone.objects.get(pk=made["id"])


def address(zone, record=""):
    return f"dns/zones/{zone.pk}/records/{record}"


def passed(seconds=3):
    """As if so many seconds had gone since everything that is open; a rest of the upstream's is over too."""
    UpstreamAccount.objects.update(retry_at=None)
    past = timedelta(seconds=seconds)
    Write.objects.update(sent_at=F("sent_at") - past, absent_at=F("absent_at") - past)


def codes(answer):
    return answer.status_code, answer.json()["code"]


def untouched(sandbox, *commands):
    return all(sandbox.calls(command) == 0 for command in commands) and not Write.objects.exists()


def test_a_zone_is_added_listed_and_removed(acme, owner, sandbox):
    made = owner.post("dns/zones/", {"name": "Пример.РФ."})

    assert made.status_code == 201
    assert made["Location"] == f"/api/v1/dns/zones/{made.json()['id']}/"
    assert made.json()["name"] == "xn--e1afmkfd.xn--p1ai"
    assert [row["id"] for row in owner.get("dns/zones/").json()["results"]] == [made.json()["id"]]
    assert owner.get(made["Location"]).json()["status"] == "active"

    assert owner.call("DELETE", made["Location"]).status_code == 204

    assert owner.get(made["Location"]).json()["status"] == "gone"
    assert (sandbox.accepted("add_dns_zone"), sandbox.accepted("del_dns_zone")) == (1, 1)
    assert list(Event.objects.filter(subject_kind="zone").values_list("kind", flat=True)) == [
        "zone.added",
        "zone.removed",
    ]


def test_records_are_added_changed_and_removed(owner, zone, sandbox):
    made = owner.post(address(zone), {"name": "www", "type": "a", "value": "192.0.2.7", "ttl": 300})

    assert made.status_code == 201
    record = made.json()
    assert (record["name"], record["type"], record["value"], record["ttl"]) == ("www", "A", "192.0.2.7", 300)
    changed = owner.call("PATCH", address(zone, f"{record['id']}/"), {"value": "192.0.2.8"})
    assert (changed.status_code, changed.json()["value"], changed.json()["ttl"]) == (200, "192.0.2.8", 300)
    sync.sync_records(zone.pk)
    listed = owner.get(address(zone)).json()["results"]
    assert [row["value"] for row in listed if row["id"] == record["id"]] == ["192.0.2.8"]
    assert {row["type"] for row in listed} == {"A", "NS"}
    assert owner.call("DELETE", address(zone, f"{record['id']}/")).status_code == 204
    assert owner.get(address(zone, f"{record['id']}/")).status_code == 404


@pytest.mark.parametrize(
    "given",
    [
        {"name": "@", "type": "MX", "value": "mail.shop.example", "priority": 10},
        {"name": "_dmarc", "type": "TXT", "value": "v=DMARC1; p=none"},
        {"name": "long", "type": "TXT", "value": "я" * 400},
        {"name": "_sip._tcp", "type": "SRV", "value": "5 5060 sip.shop.example", "priority": 1},
        {"name": "@", "type": "CAA", "value": "0 issue ca.example"},
        {"name": "*.dev", "type": "AAAA", "value": "2001:db8::7"},
    ],
)
def test_each_kind_of_record_is_kept_and_read_back_as_it_was_asked(owner, zone, given):
    made = owner.post(address(zone), given)
    assert made.status_code == 201, made.content

    sync.sync_records(zone.pk)

    assert owner.get(address(zone, f"{made.json()['id']}/")).json()["value"] == made.json()["value"]
    assert Record.objects.filter(zone=zone, name=given["name"], type=given["type"]).count() == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": "a b", "type": "A", "value": "192.0.2.1"}, "name"),
        ({"name": "www.other.example.", "type": "A", "value": "192.0.2.1"}, "name"),
        ({"name": "@", "type": "CNAME", "value": "a.example"}, "name"),
        ({"name": "a", "type": "PTR", "value": "x"}, "type"),
        ({"name": "a", "value": "x"}, "type"),
        ({"name": "a", "type": "A", "value": "nonsense"}, "value"),
        ({"name": "a", "type": "MX", "value": "a.example"}, "priority"),
        ({"name": "a", "type": "A", "value": "192.0.2.1", "priority": 5}, "priority"),
        ({"name": "a", "type": "A", "value": "192.0.2.1", "ttl": 1}, "ttl"),
        ({"name": "a", "type": "A", "value": "192.0.2.1", "zone": 5}, "zone"),
    ],
)
def test_a_record_that_is_none_is_refused_by_its_field_and_nothing_is_sent(owner, zone, sandbox, given, field):
    Write.objects.all().delete()

    answer = owner.post(address(zone), given)

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"#/{field}"]
    assert untouched(sandbox, "add_dns_record", "get_dns_records")


def test_the_same_record_twice_and_an_alias_beside_others_are_refused(owner, zone, sandbox):
    record = {"name": "www", "type": "A", "value": "192.0.2.7"}
    owner.post(address(zone), record)

    assert codes(owner.post(address(zone), record)) == (409, "record_clash")
    assert codes(owner.post(address(zone), {"name": "www", "type": "CNAME", "value": "a.example"})) == (
        409,
        "record_clash",
    )
    assert sandbox.calls("add_dns_record") == 1


def test_a_zone_that_is_served_or_stands_above_or_below_a_neighbours_is_refused_alike(acme, owner, zone, sandbox):
    stranger = Program(acme, acme.stranger)
    Write.objects.all().delete()

    answers = [stranger.post("dns/zones/", {"name": name}) for name in ("shop.example", "a.b.shop.example")]
    deeper = owner.post("dns/zones/", {"name": "dev.shop.example"})

    assert [codes(answer) for answer in answers] == [(409, "zone_taken")] * 2
    assert answers[0].content == answers[1].content
    assert deeper.status_code == 201  # one's own may stand below one's own
    assert (sandbox.calls("add_dns_zone"), Zone.objects.count()) == (1, 2)


def test_a_record_does_not_take_a_neighbours_zone_over(acme, owner, zone, sandbox):
    Zone.objects.create(
        reseller=acme.reseller, account=acme.account, customer=acme.other, upstream_id="77", name="dev.shop.example"
    )

    for name in ("dev", "www.dev", "*.dev"):
        assert codes(owner.post(address(zone), {"name": name, "type": "A", "value": "192.0.2.7"})) == (
            409,
            "name_taken",
        )
    assert sandbox.calls("add_dns_record") == 0


@pytest.mark.parametrize("fault", ["cut_after", "half", "html", "http_502", "number"])
def test_a_lost_answer_is_a_202_and_the_list_settles_it(acme, owner, sandbox, fault):
    accepts = {"accepts": True} if fault in {"html", "http_502"} else {}
    sandbox.fault(fault, cmd="add_dns_zone", count=1, **accepts)

    lost = owner.post("dns/zones/", {"name": "shop.example"}, idempotency_key="k1")

    assert lost.status_code == 202
    change = lost["Location"]
    assert lost.json()["status"] == "uncertain"
    assert owner.get("dns/zones/").json()["results"][0]["status"] == "pending"
    passed()
    settling.settle(acme.account.pk)
    assert owner.get(change).json()["status"] == "done"
    assert owner.get("dns/zones/").json()["results"][0]["status"] == "active"
    assert owner.post("dns/zones/", {"name": "shop.example"}, idempotency_key="k1").status_code == 201
    assert sandbox.calls("add_dns_zone") == 1


def test_a_change_that_never_arrived_fails_plainly_after_two_looks_and_is_not_sent_again(acme, owner, sandbox):
    sandbox.fault("cut_before", cmd="add_dns_zone", count=1)
    lost = owner.post("dns/zones/", {"name": "shop.example"})
    assert lost.status_code == 202

    passed()
    settling.settle(acme.account.pk)
    assert owner.get(lost["Location"]).json()["status"] == "uncertain"
    passed(25)
    settling.settle(acme.account.pk)

    change = owner.get(lost["Location"]).json()
    assert (change["status"], change["error"]["code"]) == ("failed", "not_accepted")
    assert owner.get("dns/zones/").json()["results"] == []
    assert (sandbox.calls("add_dns_zone"), sandbox.accepted("add_dns_zone")) == (1, 0)


@pytest.mark.parametrize(
    ("method", "command"), [("POST", "add_dns_record"), ("PATCH", "update_dns_record"), ("DELETE", "del_dns_record")]
)
def test_a_lost_answer_about_a_record_is_settled_by_its_content(acme, owner, zone, sandbox, method, command):
    record = owner.post(address(zone), {"name": "www", "type": "A", "value": "192.0.2.7"}).json()
    sandbox.fault("cut_after", cmd=command, count=1)
    given = {
        "POST": {"name": "ftp", "type": "A", "value": "192.0.2.9"},
        "PATCH": {"value": "192.0.2.9"},
        "DELETE": None,
    }
    where = address(zone) if method == "POST" else address(zone, f"{record['id']}/")

    lost = owner.call(method, where, given[method])
    assert lost.status_code == 202
    passed()
    settling.settle(acme.account.pk)

    assert owner.get(lost["Location"]).json()["status"] == "done"
    sync.sync_records(zone.pk)
    values = {(row["name"], row["value"]) for row in owner.get(address(zone)).json()["results"] if row["type"] == "A"}
    assert (
        values
        == {
            "POST": {("www", "192.0.2.7"), ("ftp", "192.0.2.9")},
            "PATCH": {("www", "192.0.2.9")},
            "DELETE": set(),
        }[method]
    )
    assert sandbox.accepted(command) == (2 if method == "POST" else 1)


def test_a_sender_that_died_is_settled_like_a_lost_answer(acme, owner, zone, sandbox):
    write = Write.objects.get()
    Write.objects.filter(pk=write.pk).update(status="sending", finished_at=None)
    Zone.objects.update(upstream_id=None)

    passed(60)
    settling.ask_where_due()
    settling.settle(acme.account.pk)

    assert Write.objects.get().status == "done"
    assert Zone.objects.get().upstream_id is not None


def test_an_idempotency_key_gives_the_same_zone_and_refuses_another(owner, sandbox):
    first = owner.post("dns/zones/", {"name": "shop.example"}, idempotency_key="k")
    second = owner.post("dns/zones/", {"name": "shop.example"}, idempotency_key="k")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    assert codes(owner.post("dns/zones/", {"name": "other.example"}, idempotency_key="k")) == (
        422,
        "idempotency_key_reused",
    )
    assert sandbox.calls("add_dns_zone") == 1


def test_the_upstreams_refusal_is_a_plain_sentence_and_the_code_is_kept_for_the_resellers_people(owner, sandbox):
    sandbox.fault("unknown_code", cmd="add_dns_zone", count=1)

    refused = owner.post("dns/zones/", {"name": "shop.example"})

    assert codes(refused) == (409, "refused")
    assert b"9999" not in refused.content
    assert Write.objects.get().upstream_code == "9999"
    assert owner.get("dns/zones/").json()["results"] == []


def test_a_reverse_name_is_set_for_ones_own_address_only(acme, owner, sandbox):
    mine = acme.server(333).interfaces[0]["ip"]
    theirs = acme.server(340).interfaces[0]["ip"]

    answer = owner.post("dns/ptr/", {"ip": mine, "name": "Mail.Shop.Example."})
    foreign, nobodys = (owner.post("dns/ptr/", {"ip": ip, "name": "a.example"}) for ip in (theirs, "203.0.113.99"))

    assert (answer.status_code, answer.json()["name"]) == (200, "mail.shop.example")
    assert owner.get("dns/ptr/").json()["results"] == [answer.json()]
    assert foreign.status_code == nobodys.status_code == 400
    assert foreign.content == nobodys.content
    assert (sandbox.calls("set_ptr"), ReverseName.objects.count()) == (1, 1)


def test_a_refresh_shows_nobodys_zones_to_the_resellers_people_only_and_marks_what_is_gone(acme, owner, zone, sandbox):
    Zone.objects.filter(pk=zone.pk).update(customer=None)
    admin = Program(acme, acme.admin)
    assert owner.get("dns/zones/").json()["results"] == []
    assert [row["name"] for row in admin.get("dns/zones/").json()["results"]] == ["shop.example"]
    admin.call("DELETE", f"dns/zones/{zone.pk}/")
    Zone.objects.update(gone_at=None, seen_at=F("seen_at") - timedelta(seconds=60))

    sync.sync(acme.account.pk)

    assert Zone.objects.get().gone_at is not None


@pytest.mark.parametrize("fault", ["html", "empty", "half", "number"])
def test_a_garbled_list_changes_nothing(acme, zone, sandbox, fault):
    Zone.objects.update(seen_at=F("seen_at") - timedelta(seconds=60))
    sandbox.fault(fault, cmd="get_dns_zones")

    sync.sync(acme.account.pk)

    assert Zone.objects.get().gone_at is None


@pytest.mark.parametrize("seed", range(1, 11))
def test_every_shape_of_lists_is_read_alike(acme, sandbox, seed):
    sandbox.reset(seed=seed)
    acme.account.refresh_from_db()
    owner = Program(acme, acme.owner)
    zone = Zone.objects.get(pk=owner.post("dns/zones/", {"name": "shop.example"}).json()["id"])
    record = owner.post(address(zone), {"name": "@", "type": "MX", "value": "mail.example", "priority": 5, "ttl": 600})

    sync.sync(acme.account.pk)
    sync.sync_records(zone.pk)

    assert Zone.objects.values_list("name", "gone_at").get() == ("shop.example", None)
    assert Record.objects.filter(pk=record.json()["id"]).values_list("name", "value", "ttl", "priority").get() == (
        "@",
        "mail.example",
        600,
        5,
    )


CALLERS = {"owner": "all", "operator": "most", "viewer": "reads", "stranger": "none", "admin": "all", "reader": "reads"}


@pytest.mark.parametrize("caller", [*CALLERS, "anonymous", "foreign owner", "foreign admin"])
def test_who_may_do_what(acme, owner, zone, sandbox, caller):
    foreign = houses.build("borealis", sandbox.url, "user77", [501], [])
    record = owner.post(address(zone), {"name": "www", "type": "A", "value": "192.0.2.7"}).json()
    sandbox.control("forget_ledger")
    before = Write.objects.count()
    people = {"foreign owner": foreign.owner, "foreign admin": foreign.admin, "anonymous": None, "reader": acme.owner}
    person = people[caller] if caller in people else getattr(acme, caller)
    program = Program(acme, person, scope="read" if caller == "reader" else "full")
    may = CALLERS.get(caller, "outside")

    reads = [
        program.get(path).status_code
        for path in (f"dns/zones/{zone.pk}/", address(zone), address(zone, f"{record['id']}/"))
    ]
    change = program.call("PATCH", address(zone, f"{record['id']}/"), {"value": "192.0.2.8"}).status_code
    remove = program.call("DELETE", f"dns/zones/{zone.pk}/").status_code

    expected = {
        "all": ([200] * 3, 200, 204),
        "most": ([200] * 3, 200, 403),
        "reads": ([200] * 3, 403, 403),
        "none": ([404] * 3, 404, 404),
        "outside": ([401] * 3, 401, 401),
    }[may]
    assert (reads, change, remove) == expected
    if may not in {"all", "most"}:
        assert sandbox.ledger() == []
        assert Write.objects.count() == before
