"""The door itself: lists, problems, tokens, bodies."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import ApiToken, Customer
from apps.accounts.services import tokens
from apps.jobs.models import Job
from apps.servers.models import Server
from tests.api.conftest import Program


def fill(house, count):
    Server.objects.bulk_create(
        Server(
            reseller=house.reseller,
            account=house.account,
            customer=house.customer,
            upstream_id=f"x{number}",
            name=f"bulk {number:03}",
            status="on",
        )
        for number in range(count)
    )


def test_a_server_has_the_promised_shape_and_nothing_of_the_upstream(acme, owner):
    server = acme.server(333)
    body = owner.get(f"servers/{server.pk}/").json()

    assert set(body) == {
        "id",
        "name",
        "status",
        "gone",
        "cpu",
        "ram_gb",
        "disks",
        "interfaces",
        "job",
        "created_at",
        "seen_at",
    }
    assert body["id"] == server.pk
    assert body["seen_at"].endswith("Z")
    assert isinstance(body["ram_gb"], float)
    assert "333" not in json.dumps({**body, "id": 0, "created_at": "", "seen_at": ""}).replace("0:03", "")


def test_lists_go_on_by_cursor_and_show_each_row_once(acme, owner):
    fill(acme, 60)
    seen, address = [], "servers/?limit=25&ordering=name"
    while address:
        page = owner.get(address).json()
        seen += [row["id"] for row in page["results"]]
        address = (page["next"] and page["next"].partition("testserver")[2]) or page["next"]
        address = address and "/api/v1/" + address.partition("/api/v1/")[2]

    assert len(seen) == len(set(seen)) == 65


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("limit=0", 400),
        ("limit=201", 400),
        ("limit=x", 400),
        ("limit=-1", 400),
        ("limit=200", 200),
        ("ordering=secret", 400),
        ("ordering=-name", 200),
        ("fields=id,name", 200),
        ("fields=account", 400),
        ("status=on", 200),
        ("status=exploded", 400),
        ("customer=1", 400),
        ("q=%00", 400),
        ("q=" + "x" * 300, 400),
        ("q=%27%3B--", 200),
        ("cursor=nonsense", 400),
    ],
)
def test_what_a_list_is_asked_is_answered_or_refused_clearly(acme, owner, query, status):
    answer = owner.get(f"servers/?{query}")
    assert answer.status_code == status
    assert answer["Content-Type"] == ("application/json" if status == 200 else "application/problem+json")


def test_fields_choose_what_is_answered(acme, owner):
    assert {frozenset(row) for row in owner.get("servers/?fields=id,name").json()["results"]} == {
        frozenset({"id", "name"})
    }


def test_filters_narrow_the_list(acme, owner):
    names = {row["name"] for row in owner.get("servers/?status=off").json()["results"]}
    assert names == {"mail-1"} or all(
        row["status"] == "off" for row in owner.get("servers/?status=off").json()["results"]
    )
    one = owner.get("servers/").json()["results"][0]
    assert [row["id"] for row in owner.get(f"servers/?name={one['name']}").json()["results"]] == [one["id"]]


def test_the_lists_ask_the_database_as_often_for_many_rows_as_for_few(acme, owner, django_assert_num_queries):
    def queries(path):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            assert owner.get(path).status_code == 200
        return len(captured)

    few = [queries("servers/?limit=200"), queries("jobs/?limit=200")]
    few = [queries("servers/?limit=200"), queries("jobs/?limit=200")]
    fill(acme, 100)
    servers = list(Server.objects.filter(customer=acme.customer))
    now = timezone.now()
    Job.objects.bulk_create(
        Job(
            kind="stop",
            status="succeeded",
            reseller=acme.reseller,
            account=acme.account,
            customer=acme.customer,
            server=server,
            created_at=now,
        )
        for server in servers
    )
    assert [queries("servers/?limit=200"), queries("jobs/?limit=200")] == few


TOKENS = [
    "",
    "Bearer",
    "Bearer short",
    "Bearer " + "x" * 40,
    "Basic dXNlcjpwYXNz",
    "Bearer a b",
    "Bearer tok_\x00abcdefgh",
    "Bearer " + "x" * 5000,
]


@pytest.mark.parametrize("header", TOKENS)
def test_a_malformed_token_is_401_and_opens_nothing(acme, sandbox, header):
    program = Program(acme, None)
    answer = program.get("servers/", **({"authorization": header} if header else {}))

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert sandbox.ledger() == []


def test_expired_revoked_and_deactivated_tokens_are_all_the_same_401(acme):
    answers = []
    for spoil in (
        lambda token: ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now() - timedelta(seconds=1)),
        tokens.revoke,
        lambda token: type(acme.owner).objects.filter(pk=acme.owner.pk).update(is_active=False),
    ):
        program = Program(acme, acme.owner)
        assert program.get("servers/").status_code == 200
        spoil(ApiToken.objects.order_by("-pk")[0])
        answers.append(program.get("servers/"))

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1


def test_a_session_cookie_opens_nothing_here(acme):
    program = Program(acme, None)
    program.client.force_login(acme.owner, backend="apps.accounts.auth.ResellerBackend")
    assert program.get("servers/").status_code == 401


BODIES = [
    (b"[]", 400, "not_an_object"),
    (b"7", 400, "not_an_object"),
    (b'"x"', 400, "not_an_object"),
    (b"null", 400, "not_an_object"),
    (b"{", 400, "not_json"),
    (b"\xff\xfe", 400, "not_json"),
    (b'{"name": NaN}', 400, "not_json"),
    (b'{"name": "a", "name": "b"}', 400, "not_json"),
    (b'{"name": "\\ud800"}', 400, "not_json"),
    (b"[" * 100000, 400, "not_json"),
]


@pytest.mark.parametrize(("body", "status", "code"), BODIES)
def test_a_body_that_is_no_object_is_refused_and_nothing_is_sent(acme, sandbox, owner, body, status, code):
    answer = owner.post(f"servers/{acme.server(333).pk}/actions/clone/", body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (sandbox.ledger(), Job.objects.count()) == ([], 0)


def test_a_body_of_ten_megabytes_is_413(acme, sandbox, owner):
    body = b'{"name": "' + b"x" * 10_000_000 + b'"}'
    answer = owner.post(f"servers/{acme.server(333).pk}/actions/clone/", body)

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert sandbox.ledger() == []


def test_another_kind_of_body_is_415(acme, owner):
    answer = owner.client.post(
        f"/api/v1/servers/{acme.server(333).pk}/actions/clone/",
        {"name": "x"},
        HTTP_HOST=acme.host,
        HTTP_AUTHORIZATION=f"Bearer {owner.token}",
    )
    assert (answer.status_code, answer["Content-Type"]) == (415, "application/problem+json")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_method_that_is_not_offered_is_405_as_a_problem(acme, owner, method):
    answer = owner.call(method, "servers/")
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")


def test_missing_foreign_and_unknown_addresses_are_the_same_bytes(acme, owner):
    foreign = acme.server(340).pk
    answers = [
        owner.get(f"servers/{foreign}/"),
        owner.get("servers/12345/"),
        owner.post(f"servers/{foreign}/actions/stop/"),
        owner.post("servers/12345/actions/stop/"),
        owner.post(f"servers/{acme.server(333).pk}/actions/explode/"),
        owner.get("jobs/12345/"),
        owner.get("nowhere/"),
        owner.get("servers/" + "9" * 30 + "/"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert {answer["Content-Type"] for answer in answers} == {"application/problem+json"}


def test_an_unknown_host_gets_nothing(acme, sandbox):
    program = Program(acme, acme.owner, host="elsewhere.test")
    answer = program.get("servers/")

    assert answer.status_code == 404
    assert b"Acme" not in answer.content
    assert sandbox.ledger() == []


def test_too_many_requests_are_429_with_the_time_to_wait(acme, owner, monkeypatch):
    from apps.api.throttling import PerToken

    monkeypatch.setattr(PerToken, "get_rate", lambda self: "3/min")
    codes = [owner.get("account/").status_code for _ in range(4)]
    last = owner.get("account/")

    assert codes == [200, 200, 200, 429]
    assert int(last["Retry-After"]) >= 1


def test_the_schema_is_valid_openapi_in_the_resellers_name(acme, owner):
    from openapi_spec_validator import validate

    schema = owner.get("schema/").json()
    validate(schema)
    assert schema["openapi"] == "3.1.0"
    assert schema["info"]["title"] == "Acme Cloud API"
    text = json.dumps(schema).lower()
    assert not any(word in text for word in ("sublet", "imserver", "upstream", "django"))
    paths = set(schema["paths"])
    assert {"/api/v1/servers/", "/api/v1/servers/{server_id}/actions/{action}/", "/api/v1/events/"} <= paths


def test_account_says_whose_token_it_is(acme, owner):
    body = owner.get("account/").json()
    assert (body["email"], body["customers"][0]["role"], body["token"]["scope"]) == ("owner@acme.test", "owner", "full")
    assert Customer.objects.get(pk=body["customers"][0]["id"]) == acme.customer
