"""manage.py apply: all of the file or nothing, and a second time nothing."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import ApiToken, Customer, Membership, User
from apps.accounts.services import tokens
from apps.billing.models import Contract
from apps.dns.models import Zone
from apps.networks.models import Network
from apps.resellers.models import Domain, Reseller, UpstreamAccount
from apps.servers.models import Server

pytestmark = pytest.mark.django_db

FILE = """
resellers:
  - slug: acme
    name: Acme Cloud
    domains: [acme.localhost, 127.0.0.1]
    tickets: desk
    upstream: {url: "http://127.0.0.1:9000/api", login: user99, password: secret, second_factor: "off"}
    admins: [{email: admin@acme.test, password: "a-password", token: "token-of-the-admin"}]
    customers:
      - name: Petrov
        users: [{email: petrov@acme.test, password: "b-password", role: owner, token: "token-of-petrov"}]
        servers: [333, 334]
        limits: {servers: 10, ram_gb: 64}
        webhooks: [{url: "http://127.0.0.1:9100/hook", secret: "whsec_x"}]
"""


def apply(folder: Path, text: str = FILE, *options: str) -> str:
    path = folder / "file.yaml"
    path.write_text(text)
    said = StringIO()
    call_command("apply", str(path), *options, stdout=said)
    return said.getvalue()


def everything():
    models = (Reseller, Domain, UpstreamAccount, Customer, User, Membership, ApiToken, Server)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def test_a_file_makes_all_that_it_says(tmp_path):
    apply(tmp_path)

    acme = Reseller.objects.get(slug="acme")
    petrov = User.objects.get(email="petrov@acme.test")
    assert petrov.check_password("b-password")
    assert Membership.objects.get(user=petrov).role == "owner"
    assert set(Server.objects.values_list("upstream_id", "customer__name")) == {("333", "Petrov"), ("334", "Petrov")}
    assert tokens.find("token-of-petrov", acme.pk).user == petrov
    assert User.objects.get(email="admin@acme.test").staff_role == "admin"
    assert Domain.objects.get(is_canonical=True).host == "acme.localhost"


def test_a_second_time_changes_nothing(tmp_path):
    apply(tmp_path)
    before = everything()

    assert apply(tmp_path).startswith("not served") or "0 changed" in apply(tmp_path)
    assert everything() == before


def test_what_later_versions_serve_is_named_and_not_silently_dropped(tmp_path):
    said = apply(tmp_path)

    assert "not served by this version yet: acme: Petrov: webhooks" in said


@pytest.mark.parametrize(("what", "model"), [("zones", Zone), ("networks", Network), ("contracts", Contract)])
def test_whatever_the_upstream_has_is_given_to_a_customer(tmp_path, what, model):
    said = json.loads(
        apply(tmp_path, FILE.replace("        limits:", f"        {what}: [4711]\n        limits:"), "--json")
    )

    row = model.objects.get()
    assert (row.upstream_id, row.customer.name, row.reseller.slug) == ("4711", "Petrov", "acme")
    assert said["resellers"]["acme"]["customers"]["Petrov"][what] == {"4711": row.pk}


@pytest.mark.parametrize("what", ["servers", "zones", "networks", "contracts"])
def test_nothing_is_given_to_two_customers(tmp_path, what):
    twice = (
        FILE.replace("        servers: [333, 334]\n", f"        {what}: [9]\n")
        + f"      - name: Other\n        {what}: [9]\n"
    )

    with pytest.raises(CommandError, match="9 is mapped twice"):
        apply(tmp_path, twice)
    assert not Reseller.objects.exists()


def test_json_gives_our_ids(tmp_path):
    said = json.loads(apply(tmp_path, FILE, "--json"))

    ids = said["resellers"]["acme"]["customers"]["Petrov"]["servers"]
    assert ids == {server.upstream_id: server.pk for server in Server.objects.all()}


def test_a_password_that_the_person_changed_stays_until_the_file_says_another(tmp_path):
    apply(tmp_path)
    petrov = User.objects.get(email="petrov@acme.test")
    petrov.set_password("their-own-password")
    petrov.save()

    apply(tmp_path)
    petrov.refresh_from_db()
    assert petrov.check_password("their-own-password")

    apply(tmp_path, FILE.replace("b-password", "c-password"))
    petrov.refresh_from_db()
    assert petrov.check_password("c-password")


def test_a_changed_token_revokes_the_former(tmp_path):
    apply(tmp_path)
    acme = Reseller.objects.get(slug="acme")

    apply(tmp_path, FILE.replace("token-of-petrov", "new-token-of-petrov"))

    assert tokens.find("token-of-petrov", acme.pk) is None
    assert tokens.find("new-token-of-petrov", acme.pk) is not None


def test_a_changed_upstream_password_ends_the_refusal(tmp_path):
    apply(tmp_path)
    UpstreamAccount.objects.update(state="refused")

    apply(tmp_path)
    assert UpstreamAccount.objects.get().state == "refused"

    apply(tmp_path, FILE.replace("password: secret,", "password: secret2,"))
    account = UpstreamAccount.objects.get()
    assert (account.state, account.password) == ("working", "secret2")


def test_several_accounts_are_named_in_the_ids_of_servers(tmp_path):
    text = FILE.replace("upstream: {", "upstreams: [{name: main, ").replace(
        'second_factor: "off"}',
        'second_factor: "off"}, {name: other, url: "https://x.example/api", login: b, password: c}]',
    )
    apply(tmp_path, text.replace("[333, 334]", '["main:333", "other:333"]'))

    assert set(Server.objects.values_list("account__name", "upstream_id")) == {("main", "333"), ("other", "333")}


MISTAKES = [
    ("slug: acme", "slgu: acme", 3, "resellers.0.slgu"),
    ("name: Petrov", "name: ''", 10, "resellers.0.customers.0.name"),
    ("role: owner", "role: king", 11, "resellers.0.customers.0.users.0.role"),
    ("petrov@acme.test", "not an address", 11, "resellers.0.customers.0.users.0.email"),
    ("http://127.0.0.1:9000/api", "http://example.test/api", 7, "resellers.0.upstream.url"),
    ('second_factor: "off"', "second_factor: maybe", 7, "resellers.0.upstream.second_factor"),
    ("tickets: desk", "tickets: drawer", 6, "resellers.0.tickets"),
    ("servers: [333, 334]", "servers: 333", 12, "resellers.0.customers.0.servers"),
    ("token-of-petrov", "short", 11, "resellers.0.customers.0.users.0.token"),
    ("acme.localhost", "bad host!", 5, "resellers.0.domains.0"),
]


@pytest.mark.parametrize(("right", "wrong", "line", "field"), MISTAKES)
def test_a_typo_is_named_by_line_and_field_and_nothing_is_applied(tmp_path, right, wrong, line, field):
    with pytest.raises(CommandError) as refusal:
        apply(tmp_path, FILE.replace(right, wrong))

    assert f"line {line}: {field}" in str(refusal.value)
    assert not any(everything().values())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("resellers: [", "line 1: not YAML"),
        ("", "the file"),
        ("- a list", "the file"),
        (FILE.replace("[333, 334]", "[333, 333]"), "server 333 is mapped twice"),
        (FILE.replace("[333, 334]", '["other:333"]'), "names an upstream that the file does not have"),
        (FILE + FILE.replace("resellers:\n", ""), "reseller acme stands twice"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_as_a_whole(tmp_path, text, says):
    with pytest.raises(CommandError) as refusal:
        apply(tmp_path, text)

    assert says in str(refusal.value)
    assert not any(everything().values())


def test_a_domain_of_another_reseller_is_refused_and_nothing_of_the_file_is_applied(tmp_path):
    apply(tmp_path)
    before = everything()

    with pytest.raises(CommandError, match="another reseller's"):
        apply(tmp_path, FILE.replace("slug: acme", "slug: thief").replace("acme.test", "thief.test"))

    assert everything() == before


def test_a_file_that_is_not_there_is_said_plainly(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("apply", str(tmp_path / "missing.yaml"))
