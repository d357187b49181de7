"""Templates and ISO images at the REST door, over HTTP to the practice upstream."""

from datetime import timedelta

import pytest
from django.db.models import F

from apps.images.models import Iso, Template
from apps.images.services import sync as images
from apps.jobs.models import Case, Job
from apps.resellers.models import UpstreamAccount
from apps.writes.models import Write
from apps.writes.services import settling
from tests.api.conftest import Program
from tests.jobs.test_making_and_removing import look, refreshed, to_the_end

URL = "https://mirror.example/live.iso"


@pytest.fixture
def world(acme, sandbox):
    """The account's own template and ISO image are the first customer's."""
    images.sync(acme.account.pk)
    for kind, name in ((Template, "golden-web"), (Iso, "rescue-tools")):
        kind.objects.filter(account=acme.account, name=name).update(customer=acme.customer)
    sandbox.control("forget_ledger")
    return acme


@pytest.fixture
def owner(world):
    return Program(world, world.owner)


def codes(answer):
    return answer.status_code, answer.json()["code"]


def names(program, what):
    return {row["name"] for row in program.get(f"{what}/").json()["results"]}


def test_a_template_is_made_of_a_stopped_server_and_is_the_customers_from_the_order_on(world, owner, sandbox):
    answer = owner.post("templates/", {"server": world.server(335).pk, "name": "Golden"}, idempotency_key="k")
    number = answer.json()["template"]
    assert owner.get(f"templates/{number}/").json()["status"] == "pending"

    job = to_the_end(world, sandbox, answer)
    images.sync(world.account.pk)

    assert (job.status, job.result["template"]) == ("succeeded", number)
    made = owner.get(f"templates/{number}/").json()
    assert (made["name"], made["status"], made["own"]) == ("Golden", "active", True)
    assert made["min_disk_gb"] > 0
    assert Template.objects.filter(account=world.account, name="Golden").count() == 1
    again = owner.post("templates/", {"server": world.server(335).pk, "name": "Golden"}, idempotency_key="k")
    assert (again.json()["id"], sandbox.accepted("add_template")) == (job.pk, 1)
    assert names(Program(world, world.stranger), "templates") == names(owner, "templates") - {"Golden", "golden-web"}


def test_a_template_of_a_running_server_is_refused(world, owner, sandbox):
    assert codes(owner.post("templates/", {"server": world.server(333).pk, "name": "Golden"})) == (409, "wrong_state")
    assert (sandbox.calls("add_template"), Job.objects.count()) == (0, 0)
    assert not Template.objects.filter(name="Golden").exists()


def test_an_iso_image_is_fetched_mounted_unmounted_and_removed(world, owner, sandbox):
    answer = owner.post("isos/", {"name": "live", "url": URL})
    assert (answer.status_code, answer.json()["server"]) == (202, None)
    number = answer.json()["iso"]
    job = to_the_end(world, sandbox, answer)
    images.sync(world.account.pk)
    assert (job.status, job.result) == ("succeeded", {"iso": number})
    assert owner.get(f"isos/{number}/").json()["size_mb"] == 700

    drive = f"servers/{world.server(333).pk}/iso/"
    assert owner.get(drive).json() == {"iso": None}
    assert owner.post(drive, {"iso": number}).json()["iso"]["name"] == "live"
    refreshed(world)
    assert owner.get(drive).json()["iso"]["id"] == number
    assert codes(owner.call("DELETE", f"isos/{number}/")) == (409, "image_in_use")
    assert owner.call("DELETE", drive).status_code == 204
    assert codes(owner.call("DELETE", drive)) == (409, "drive_empty")
    assert owner.call("DELETE", f"isos/{number}/").status_code == 204
    images.sync(world.account.pk)
    assert owner.get(f"isos/{number}/").status_code == 404
    assert names(owner, "isos") >= {"debian-13-netinst", "rescue-tools"}
    sent = ("add_iso", "mount_iso", "umount_iso", "del_iso")
    assert [sandbox.accepted(command) for command in sent] == [1, 1, 1, 1]


def test_an_own_template_is_renamed_and_removed_and_a_systems_never(world, owner, sandbox):
    own, system = (Template.objects.get(account=world.account, name=name) for name in ("golden-web", "debian-12"))
    assert owner.call("PATCH", f"templates/{own.pk}/", {"name": "Base"}).json()["name"] == "Base"
    images.sync(world.account.pk)
    assert owner.get(f"templates/{own.pk}/").json()["name"] == "Base"
    assert owner.call("DELETE", f"templates/{own.pk}/").status_code == 204
    sandbox.control("forget_ledger")

    for method, body in (("PATCH", {"name": "Mine"}), ("DELETE", None)):
        assert codes(owner.call(method, f"templates/{system.pk}/", body)) == (404, "not_found")
    assert sandbox.ledger() == []


PRIVATE = [
    "http://127.0.0.1/x.iso",
    "http://10.0.0.5/x.iso",
    "http://[::1]/x.iso",
    "http://[::ffff:10.0.0.1]/x.iso",
    "http://169.254.169.254/latest/meta-data",
    "http://localhost/x.iso",
    "http://intranet/x.iso",
    "http://files.internal/x.iso",
    "http://2130706433/x.iso",
    "http://0x7f.1/x.iso",
    "http://127.1/x.iso",
    "http://192.168.1.1:8080/x.iso",
    "http://100.64.0.1/x.iso",
    "http://[64:ff9b::7f00:1]/x.iso",
    "http://[2002:7f00:1::]/x.iso",
    "ftp://mirror.example/x.iso",
    "file:///etc/passwd",
    "gopher://mirror.example/x",
    "http://user:word@mirror.example/x.iso",
    "http://mirror.example\\@10.0.0.1/x.iso",
    "//mirror.example/x.iso",
    "",
    5,
    None,
    "http://mirror.example/" + "x" * 2000,
    "http://mirror.example/a b",
]


@pytest.mark.parametrize("url", PRIVATE)
def test_an_address_that_is_not_public_is_refused_and_nothing_is_sent(world, owner, sandbox, url):
    answer = owner.post("isos/", {"name": "live", "url": url})

    assert answer.status_code == 400, answer.content
    assert [error["pointer"] for error in answer.json()["errors"]] == ["#/url"]
    assert (sandbox.ledger(), Job.objects.count(), Iso.objects.filter(name="live").count()) == ([], 0, 0)


def test_a_name_that_leads_inside_is_refused_and_the_operator_may_except_it(
    world, owner, sandbox, monkeypatch, settings
):
    def resolve(host, *args, **kwargs):
        return [(2, 1, 6, "", ("93.184.215.14", 0)), (2, 1, 6, "", ("10.0.0.1", 0))]

    monkeypatch.setattr("apps.common.addresses.lookup", resolve)
    assert owner.post("isos/", {"name": "live", "url": URL}).status_code == 400
    assert sandbox.ledger() == []

    settings.ADDRESS_EXCEPTIONS = frozenset({"mirror.example:443"})
    assert owner.post("isos/", {"name": "live", "url": URL}).status_code == 202


@pytest.mark.parametrize("arrived", [True, False])
@pytest.mark.parametrize("what", ["template", "iso"])
def test_a_lost_answer_of_an_order_is_settled_by_evidence(world, owner, sandbox, what, arrived):
    sandbox.fault("cut_after" if arrived else "cut_before", cmd=f"add_{what}", count=1)
    body = {"name": "new", "url": URL} if what == "iso" else {"server": world.server(335).pk, "name": "new"}
    answer = owner.post(f"{what}s/", body)

    job = to_the_end(world, sandbox, answer, seconds=100 if arrived else 5)
    Job.objects.filter(pk=job.pk).update(sent_at=F("sent_at") - timedelta(seconds=40))
    Job.objects.filter(pk=job.pk).update(absent_at=F("absent_at") - timedelta(seconds=40))
    look(world)
    job.refresh_from_db()

    assert job.status == ("succeeded" if arrived else "failed"), (job.error_code, job.doubt)
    assert (sandbox.calls(f"add_{what}"), sandbox.accepted(f"add_{what}")) == (1, int(arrived))
    images.sync(world.account.pk)
    assert ("new" in names(owner, f"{what}s")) is arrived
    assert Case.objects.count() == 0


def test_two_images_at_once_end_each_in_its_own_way(world, owner, sandbox):
    answers = [owner.post("isos/", {"name": name, "url": URL}) for name in ("one", "two")]
    sandbox.fault("fail_task", cmd="add_iso", count=1)
    first = to_the_end(world, sandbox, answers[0], seconds=0)
    second = to_the_end(world, sandbox, answers[1])

    first.refresh_from_db()
    assert {first.status, second.status} == {"failed", "succeeded"}
    assert (first.status, names(owner, "isos") & {"one", "two"}) == ("failed", {"two"})


@pytest.mark.parametrize("arrived", [True, False])
@pytest.mark.parametrize(
    ("method", "command"),
    [
        ("PATCH", "update_template"),
        ("DELETE", "del_template"),
        ("DELETE", "del_iso"),
        ("POST", "mount_iso"),
        ("DELETE", "umount_iso"),
    ],
)
def test_a_lost_answer_of_a_change_is_settled_by_the_list(world, owner, sandbox, method, command, arrived):
    drive = f"servers/{world.server(333).pk}/iso/"
    iso = Iso.objects.get(account=world.account, name="rescue-tools")
    if command == "umount_iso":
        owner.post(drive, {"iso": iso.pk})
    template = Template.objects.get(account=world.account, name="golden-web")
    where = {"update_template": f"templates/{template.pk}/", "del_template": f"templates/{template.pk}/"}
    where |= {"del_iso": f"isos/{iso.pk}/"}
    body = {"PATCH": {"name": "Base"}, "POST": {"iso": iso.pk}}.get(method)
    sandbox.fault("cut_after" if arrived else "cut_before", cmd=command, count=1)

    lost = owner.call(method, where.get(command, drive), body)
    assert lost.status_code == 202, lost.content
    for _look in range(2):
        UpstreamAccount.objects.update(retry_at=None)
        settling.settle(world.account.pk)
        Write.objects.update(
            sent_at=F("sent_at") - timedelta(seconds=25), absent_at=F("absent_at") - timedelta(seconds=25)
        )

    assert owner.get(lost["Location"]).json()["status"] == ("done" if arrived else "failed")
    assert (sandbox.calls(command), sandbox.accepted(command)) == (1, int(arrived))


def callers(world):
    yield "viewer", Program(world, world.viewer), {403}
    yield "narrow", Program(world, world.owner, scope="read"), {403}
    yield "stranger", Program(world, world.stranger), {404, 400}
    yield "anonymous", Program(world, None), {401}


def test_who_may_not_is_refused_and_nothing_happens(world, sandbox):
    template, iso = (
        kind.objects.get(account=world.account, name=name)
        for kind, name in ((Template, "golden-web"), (Iso, "rescue-tools"))
    )
    server = world.server(335)
    asked = [
        ("POST", "templates/", {"server": server.pk, "name": "x"}),
        ("PATCH", f"templates/{template.pk}/", {"name": "x"}),
        ("DELETE", f"templates/{template.pk}/", None),
        ("DELETE", f"isos/{iso.pk}/", None),
        ("POST", f"servers/{server.pk}/iso/", {"iso": iso.pk}),
        ("DELETE", f"servers/{server.pk}/iso/", None),
    ]
    for who, program, refusals in callers(world):
        for method, path, body in asked:
            assert program.call(method, path, body).status_code in refusals, (who, method, path)
    for user in (world.viewer, None):
        assert Program(world, user).post("isos/", {"name": "x", "url": URL}).status_code in {401, 403}
    assert (sandbox.ledger(), Write.objects.count(), Job.objects.count()) == ([], 0, 0)


def test_what_is_not_offered_is_not_there_and_has_the_resellers_words(world, owner):
    rows = Template.objects.filter(account=world.account)
    rows.filter(name="windows-2022").update(offered=False)
    rows.filter(name="debian-12").update(label="Debian, our build", description="With our agent.")

    assert names(owner, "templates") == {"ubuntu-24.04", "debian-13", "Debian, our build", "almalinux-9", "golden-web"}
    found = owner.get("templates/?q=our build").json()["results"]
    assert [row["description"] for row in found] == ["With our agent."]
    assert owner.get(f"templates/{rows.get(name='windows-2022').pk}/").status_code == 404
    body = {"template": rows.get(name="windows-2022").pk}
    assert codes(owner.post(f"servers/{world.server(333).pk}/actions/reinstall/", body)) == (400, "unknown_template")


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_answers_are_the_same_whatever_shape_the_upstream_speaks(world, owner, sandbox, seed):
    def told():
        images.sync(world.account.pk)
        kept = ("name", "own", "status", "os", "min_disk_gb", "size_mb")
        rows = [*owner.get("templates/").json()["results"], *owner.get("isos/").json()["results"]]
        return sorted(str({name: row.get(name) for name in kept}) for row in rows)

    before = told()
    sandbox.control("reset", seed=seed)
    UpstreamAccount.objects.update(session="", session_ends_at=None, learned={}, retry_at=None)

    assert told() == before
