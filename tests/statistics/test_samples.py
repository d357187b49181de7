"""Samples: few calls an account, read by whoever sees the server."""

from datetime import timedelta

import pytest
from django.db.models import F

from apps.resellers.gateway import Gateway
from apps.statistics.models import Sample
from apps.statistics.services import sampling
from tests import house as houses
from tests.api.conftest import Program


@pytest.fixture
def owner(acme):
    return Program(acme, acme.owner)


def address(acme, upstream_id=333):
    return f"servers/{acme.server(upstream_id).pk}/metrics/"


def test_one_call_samples_all_running_servers_of_the_account(acme, sandbox):
    sampling.sample(acme.account.pk)

    sampled = set(Sample.objects.values_list("server__upstream_id", flat=True))
    assert sampled == {"333", "334", "336", "338"}  # 335 and 340 are off
    assert sandbox.calls("get_stat_data") == 1
    sample = Sample.objects.get(server=acme.server(333))
    assert 0 <= sample.cpu_percent <= 100
    assert min(sample.rx_bytes, sample.tx_bytes, sample.read_bytes, sample.written_bytes) > 0


def test_counters_grow_and_the_newest_stands_first(acme, owner, sandbox):
    sampling.sample(acme.account.pk)
    Sample.objects.update(at=F("at") - timedelta(minutes=1))
    sandbox.advance(60)
    sampling.sample_server(acme.server(333).pk)

    newest, oldest = owner.get(address(acme)).json()["results"]

    assert newest["at"] > oldest["at"]
    assert all(newest[name] > oldest[name] for name in ("rx_bytes", "tx_bytes", "read_bytes", "written_bytes"))
    since = owner.get(f"{address(acme)}?since={newest['at']}&fields=at").json()["results"]
    assert since == [{"at": newest["at"]}]
    assert owner.get(f"{address(acme)}?until={newest['at']}").json()["results"] == [oldest]


@pytest.mark.parametrize(
    "query", ["since=yesterday", "since=2026-01-01", "until=2026-01-01T00:00:00", "since=2026-13-01T00:00:00Z"]
)
def test_a_moment_that_is_none_is_refused_by_its_name(acme, owner, query):
    answer = owner.get(f"{address(acme)}?{query}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"#/{query.partition('=')[0]}"


def test_looking_asks_for_a_sample_and_never_waits_for_it(acme, owner, sandbox, asked):
    assert owner.get(address(acme)).json() == {"results": [], "next": None}
    assert owner.get(address(acme, 335)).status_code == 200

    assert ("statistics.sample_server", (acme.server(333).pk,)) in asked
    assert ("statistics.sample_server", (acme.server(335).pk,)) not in asked  # it is off
    assert sandbox.ledger() == []


@pytest.mark.parametrize("fault", ["html", "half", "number", "cut_before"])
def test_a_garbled_answer_writes_nothing(acme, sandbox, fault):
    sandbox.fault(fault, cmd="get_stat_data")

    sampling.sample(acme.account.pk)

    assert not Sample.objects.exists()


@pytest.mark.parametrize("seed", range(1, 6))
def test_numbers_as_text_are_read_alike(acme, sandbox, seed):
    sandbox.reset(seed=seed)
    Gateway(acme.account).journal()  # a read that names nothing may find out that the session has ended
    sampling.sample(acme.account.pk)

    assert Sample.objects.filter(cpu_percent__gte=0, rx_bytes__gt=0).count() == 4


def test_what_is_older_than_a_week_is_forgotten(acme):
    sampling.sample(acme.account.pk)
    Sample.objects.filter(server=acme.server(333)).update(at=F("at") - timedelta(days=8))

    sampling.forget_old()

    assert Sample.objects.count() == 3


@pytest.mark.parametrize(
    ("caller", "status"),
    [("owner", 200), ("operator", 200), ("viewer", 200), ("admin", 200), ("stranger", 404), ("foreign", 401)],
)
def test_who_may_read(acme, sandbox, caller, status):
    foreign = houses.build("borealis", sandbox.url, "user77", [501], [])
    person = foreign.owner if caller == "foreign" else getattr(acme, caller)

    assert Program(acme, person).get(address(acme)).status_code == status
