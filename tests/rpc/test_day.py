"""A day's work of a program that knows the vendor's protocol and nothing else: at the vendor's, and at our door."""

import json
import re
import time
from collections.abc import Iterator

import pytest
import requests
from django.contrib.auth.hashers import Argon2PasswordHasher

from apps.accounts.models import User
from apps.images.services import sync as images
from apps.servers.services import presets
from tests import house as houses
from tests.api.test_streams import Web
from tests.processes import Crew

pytestmark = [pytest.mark.system, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]


class Vendor:
    """Plain requests, as an integrator writes them."""

    def __init__(self, url: str, login: str, password: str, host: str = "") -> None:
        self.url, self.http, self.transcript = url, requests.Session(), []
        self.http.headers.update({"Host": host} if host else {})
        answer = self.call("login", loginUsername=login, loginPassword=password)
        self.sess = answer["sess"]

    def call(self, cmd: str, **given) -> dict:
        sess = {"sess": self.sess} if cmd != "login" else {}
        return self.http.post(self.url, data={"cmd": cmd, **sess, **given}, timeout=30).json()

    def data(self, cmd: str, **given):
        answer = self.call(cmd, **given)
        assert answer["success"] in {True, "1", "true"}, answer
        return answer.get("data")

    def note(self, what: str, *facts) -> None:
        self.transcript.append((what, *facts))

    def wait(self, id_: str, cmd: str) -> None:
        """Until the journal says that the newest task of this kind on this server has ended."""
        ends = time.monotonic() + 60
        while time.monotonic() < ends:
            mine = [
                row for row in self.data("get_logs", count=20) if str(row["serverid"]) == str(id_) and row["cmd"] == cmd
            ]
            if mine and str(mine[0]["status"]) != "0":
                self.note("ended", cmd, str(mine[0]["status"]))
                return
            time.sleep(0.3)
        raise AssertionError(f"{cmd} did not end")


def a_days_work(vendor: Vendor, ip: str) -> list[tuple]:
    """Look, stop, start, clone, reinstall, a zone with a record, a private network; refusals on the way."""
    servers = {row["server_name"]: row for row in vendor.data("get_servers")}
    server = servers["web-1"]
    vendor.note("server", server["server_name"], str(server["status"]), int(server["cpu"]), float(server["ram"]))
    vendor.note("disks", [(int(disk["size"]), disk["type"]) for disk in server["hdd_list"]])
    vendor.note("cards", [(card["mac"], card["ip"]) for card in server["eth_list"]])
    vendor.note("refused", vendor.call("run_server", id=server["id"])["success"])
    for cmd, status in (("stop_server", "0"), ("run_server", "1"), ("pause_server", "2"), ("run_server", "1")):
        assert str(vendor.data(cmd, id=server["id"])) == str(server["id"])
        vendor.wait(server["id"], cmd)
        states = {str(row["id"]): str(row["status"]) for row in vendor.data("get_servers_status")}
        vendor.note(cmd, states[str(server["id"])], status)
    copy = str(vendor.data("clone_server", id=server["id"], server_name="web-1-copy"))
    assert copy != str(server["id"])
    vendor.wait(server["id"], "clone_server")
    vendor.note("copy", next(row["server_name"] for row in vendor.data("get_servers") if str(row["id"]) == copy))
    template = next(row for row in vendor.data("get_templates") if row["name"] == "debian-13")
    vendor.data(
        "reinstall_server",
        json=json.dumps({"id": server["id"], "template": template["id"], "password": "a-long-password"}),
    )
    vendor.wait(server["id"], "reinstall_server")
    size = {"cpu": 2, "ram": 4, "hdd_list": [{"size": 40, "type": "ssd"}], "server_name": "brand-new"}
    made = str(vendor.data("add_server", json=json.dumps(size)))
    vendor.wait(made, "add_server")
    vendor.data("update_server", json=json.dumps({"id": made, "cpu": 4, "ram": 8}))
    vendor.wait(made, "update_server")
    for cmd in ("archive_server", "restore_server"):
        vendor.data(cmd, id=made)
        vendor.wait(made, cmd)
    server = vendor.data("get_server", id=made)
    vendor.note("made", server["server_name"], str(server["status"]), int(server["cpu"]), float(server["ram"]))
    vendor.data("del_server", id=made)
    vendor.wait(made, "del_server")
    vendor.note("deleted", made in {str(row["id"]) for row in vendor.data("get_servers")})
    vendor.note("presets", [(row["name"], int(row["cpu"]), int(row["hdd"])) for row in vendor.data("get_presets")])
    zone = str(vendor.data("add_dns_zone", zone="shop.example"))
    record = str(vendor.data("add_dns_record", zid=zone, name="www", type="A", value="192.0.2.7", ttl=300))
    vendor.data("update_dns_record", zid=zone, rid=record, name="www", type="A", value="192.0.2.8", ttl=600)
    records = [
        (row["name"], row["type"], row["value"], int(row["ttl"])) for row in vendor.data("get_dns_records", zid=zone)
    ]
    vendor.note("records", [row for row in records if row[1] == "A"])
    vendor.data("set_ptr", ip=ip, name="www.shop.example")
    vendor.data("del_dns_record", zid=zone, rid=record)
    vendor.data("del_dns_zone", zid=zone)
    vendor.note("zones", [row["zone"] for row in vendor.data("get_dns_zones") or []])
    network = str(vendor.data("add_vlan", name="backend"))
    vendor.data("update_vlan", vlan=network, name="inside")
    vendor.note("networks", [(row["name"], list(row["servers"] or [])) for row in vendor.data("get_vlans")])
    vendor.data("del_vlan", vlan=network)
    for wrong in (("get_server", {"id": "99999"}), ("no_such_command", {}), ("get_logs", {"count": 1000})):
        answer = vendor.call(wrong[0], **wrong[1])
        vendor.note("wrong", wrong[0], answer["success"], bool(re.fullmatch(r"\d{4}", answer["data"])))
    vendor.data("logout")
    vendor.note("after", vendor.call("get_servers")["success"])
    return vendor.transcript


@pytest.fixture
def web(crew: Crew) -> Iterator[Web]:
    running = Web(crew)
    yield running
    if running.process.poll() is None:
        running.process.terminate()
        running.process.wait(20)


def test_a_program_for_the_vendor_works_here_after_changing_address_and_login(transactional_db, sandbox, crew, web):
    sandbox.reset(speed=60)
    acme = houses.acme(sandbox)
    images.sync(acme.account.pk)
    presets.sync(acme.account.pk)
    ip = acme.server(333).interfaces[0]["ip"]
    there = a_days_work(Vendor(sandbox.url, "user99", "secret"), ip)

    sandbox.reset(speed=60)
    crew.start("worker", "beat")
    User.objects.filter(pk=acme.owner.pk).update(password=Argon2PasswordHasher().encode(houses.PASSWORD, "0123456789"))
    here = a_days_work(Vendor(f"http://127.0.0.1:{web.port}/api", acme.owner.email, houses.PASSWORD, acme.host), ip)

    assert here == there
    assert len(here) > 20
