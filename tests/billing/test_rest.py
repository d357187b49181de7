"""Contracts and money at the REST door: what is mapped, cut to the customer's own, and nothing else."""

from datetime import timedelta

import pytest
from django.db.models import F

from apps.billing.models import Contract, File, Line
from apps.billing.services import sync
from apps.resellers.gateway import Gateway
from tests import house as houses
from tests.api.conftest import Program

LISTS = ["contracts/", "billing/payments/", "billing/charges/", "billing/bills/"]


@pytest.fixture
def mapped(acme, sandbox):
    """The contract in use is the first customer's."""
    sync.sync(acme.account.pk)
    Contract.objects.filter(upstream_id="801").update(customer=acme.customer)
    sync.sync(acme.account.pk)
    sandbox.control("forget_ledger")
    return Contract.objects.get(upstream_id="801")


@pytest.fixture
def owner(acme):
    return Program(acme, acme.owner)


def results(program, path):
    answer = program.get(path)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_without_a_mapped_contract_the_lists_are_empty_and_no_money_is_asked_for(acme, owner, sandbox):
    sync.sync(acme.account.pk)

    assert [results(owner, path) for path in LISTS] == [[]] * 4
    assert Contract.objects.count() == 2
    assert {line["cmd"] for line in sandbox.ledger()} - {"login"} == {"get_contracts"}


def test_a_mapped_contract_shows_its_balance_payments_and_bills(owner, mapped):
    (contract,) = results(owner, "contracts/")

    assert (contract["number"], contract["kind"], contract["currency"]) == ("801/26", "partner", "RUB")
    assert float(contract["balance"]) > 0
    assert float(contract["daily_cost"]) > 0
    payments, bills = results(owner, "billing/payments/"), results(owner, "billing/bills/")
    assert [row["amount"] for row in payments] == ["9000.00"] * 3
    assert [row["paid"] for row in bills] == [False, True, True]
    assert bills[0]["at"] > bills[1]["at"]
    assert results(owner, f"billing/bills/?contract={mapped.pk}&until={bills[1]['at']}") == bills[2:]


def test_charges_are_cut_to_the_customers_own_servers(acme, owner, mapped):
    mine = {acme.server(number).pk for number in (333, 334, 335, 336, 338)}

    charges = results(owner, "billing/charges/?limit=200")

    assert {row["server"] for row in charges} == mine
    assert Line.objects.filter(kind="charge").exclude(server__in=mine).exists()
    everything = results(Program(acme, acme.admin), "billing/charges/?limit=200")
    assert {row["server"] for row in everything} > mine


def test_a_second_round_repeats_no_line_and_a_bill_becomes_paid(acme, mapped):
    Line.objects.filter(kind="bill").update(is_paid=False)
    before = Line.objects.count()

    sync.sync(acme.account.pk)

    assert Line.objects.count() == before
    assert Line.objects.filter(kind="bill", is_paid=True).count() == 2


def test_files_of_contracts_and_bills_can_be_kept_and_never_run(acme, owner, mapped):
    contract = owner.get(f"contracts/{mapped.pk}/").json()
    bill = results(owner, "billing/bills/")[0]

    for number, word in ((contract["file"], b"Contract"), (bill["file"], b"Bill")):
        answer = owner.get(f"files/{number}/")
        assert answer.status_code == 200
        assert answer.content.startswith(word)
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("fault", ["html", "half", "number", "cut_before"])
def test_a_file_that_cannot_be_read_is_503(owner, mapped, sandbox, fault):
    sandbox.fault(fault, cmd="get_file")

    assert owner.get(f"files/{File.objects.filter(contract=mapped).first().pk}/").status_code == 503


@pytest.mark.parametrize("fault", ["html", "half", "number", "cut_before"])
@pytest.mark.parametrize("cmd", ["get_contracts", "get_balance", "get_charges"])
def test_a_garbled_answer_changes_nothing(acme, mapped, sandbox, cmd, fault):
    before = list(Contract.objects.order_by("pk").values_list("number", "gone_at", "currency")), Line.objects.count()
    sandbox.fault(fault, cmd=cmd)

    sync.sync(acme.account.pk)

    after = list(Contract.objects.order_by("pk").values_list("number", "gone_at", "currency")), Line.objects.count()
    assert after == before


@pytest.mark.parametrize("seed", range(1, 11))
def test_every_shape_is_read_alike(acme, sandbox, seed):
    sandbox.reset(seed=seed)
    Gateway(acme.account).journal()
    sync.sync(acme.account.pk)
    Contract.objects.filter(upstream_id="801").update(customer=acme.customer)
    sync.sync(acme.account.pk)

    contract = Contract.objects.get(upstream_id="801")
    assert (contract.number, contract.kind, contract.is_default, contract.ended_at) == ("801/26", "partner", True, None)
    assert Contract.objects.get(upstream_id="5801").ended_at is not None
    assert (contract.balance > 0, contract.days_left > 0) == (True, True)
    assert Line.objects.filter(kind="bill").count() == Line.objects.filter(kind="payment").count() == 3
    assert Line.objects.filter(kind="charge", at__isnull=False, amount__gt=0, server__isnull=False).exists()


@pytest.mark.parametrize(
    ("caller", "sees"),
    [("owner", True), ("admin", True), ("reader", True), ("operator", False), ("viewer", False), ("stranger", False)],
)
def test_money_is_the_business_of_owners_and_the_resellers_people(acme, mapped, sandbox, caller, sees):
    person = acme.owner if caller == "reader" else getattr(acme, caller)
    program = Program(acme, person, scope="read" if caller == "reader" else "full")
    file = File.objects.filter(contract=mapped).first()

    listed = [bool(results(program, path)) for path in LISTS]
    single = [program.get(path).status_code for path in (f"contracts/{mapped.pk}/", f"files/{file.pk}/")]

    assert (listed, single) == ([sees] * 4, [200 if sees else 404] * 2)
    if not sees:
        assert sandbox.ledger() == []
        missing = program.get("contracts/1/")
        assert program.get(f"contracts/{mapped.pk}/").content == missing.content


def test_another_reseller_sees_nothing(acme, mapped, sandbox):
    foreign = houses.build("borealis", sandbox.url, "user77", [501], [])

    for person in (foreign.owner, foreign.admin):
        program = Program(foreign, person)
        assert [results(program, path) for path in LISTS] == [[]] * 4
        assert program.get(f"contracts/{mapped.pk}/").status_code == 404


def test_a_balance_falls_as_time_passes(acme, mapped, sandbox):
    before = mapped.balance
    sandbox.advance(5 * 86_400)

    Gateway(acme.account).journal()
    sync.sync(acme.account.pk)

    mapped.refresh_from_db()
    assert before - mapped.balance == pytest.approx(5 * mapped.daily_cost, abs=1)
    assert Contract.objects.filter(balance_seen_at__lt=F("seen_at") - timedelta(seconds=60)).count() == 0
