"""Contracts of an upstream account become our rows; the money of those that are mapped, too."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction

from apps.billing.models import Contract, File, Line
from apps.common import clock
from apps.common.errors import Unavailable
from apps.resellers import rounds
from apps.resellers.gateway import Gateway
from apps.resellers.models import UpstreamAccount
from apps.servers.models import Server
from apps.upstream.money import (
    RemoteContract,
    RemoteLine,
    read_balance,
    read_bills,
    read_charges,
    read_contracts,
    read_payments,
)

EVERY = 600  # seconds
LOOK_BACK = timedelta(days=92)
Kind = Line.Kind


def ask_where_due() -> None:
    """Ask a worker to refresh the contracts of each account whose time has come."""
    rounds.ask_where_due("billing.sync", EVERY)


def sync(account_id: int) -> None:
    """Refresh one account: its contracts in one call (get_contracts), then four calls for each that is mapped."""
    account = UpstreamAccount.objects.filter(pk=account_id).first()
    if account is None:
        return
    gateway = Gateway(account)
    try:
        _write_contracts(account, gateway.read_as(read_contracts, "get_contracts"))
        for contract in Contract.objects.filter(account=account, gone_at=None).exclude(customer=None):
            _refresh(contract, gateway)
    except Unavailable:
        return


@transaction.atomic
def _write_contracts(account: UpstreamAccount, listed: Sequence[RemoteContract]) -> None:
    now = clock.now()
    for remote in listed:
        facts = {"number": remote.number[:80], "kind": remote.kind, "is_default": remote.is_default}
        facts |= {"ended_at": remote.ended_at, "seen_at": now, "gone_at": None, "reseller_id": account.reseller_id}
        contract, _is_new = Contract.objects.update_or_create(
            account=account, upstream_id=remote.id, defaults=facts, create_defaults=facts
        )
        if remote.file_id:
            File.objects.get_or_create(contract=contract, upstream_id=remote.file_id)
    Contract.objects.filter(account=account, gone_at=None, seen_at__lt=now).update(gone_at=now)


def _refresh(contract: Contract, gateway: Gateway) -> None:
    """get_balance, get_payments, get_charges, get_bills (all inferred)."""
    id_, since = contract.upstream_id, (clock.now() - LOOK_BACK).date().isoformat()
    balance = gateway.read_as(read_balance, "get_balance", contract=id_)
    columns: dict[str, Any] = {
        "balance": balance.balance,
        "currency": balance.currency,
        "daily_cost": balance.daily_cost,
    }
    columns |= {"days_left": balance.days_left, "balance_seen_at": clock.now()}
    Contract.objects.filter(pk=contract.pk).update(**columns)
    span: dict[str, Any] = {"contract": id_, "from": since}
    _write_lines(contract, Kind.PAYMENT, gateway.read_as(read_payments, "get_payments", **span))
    _write_lines(contract, Kind.CHARGE, gateway.read_as(read_charges, "get_charges", **span))
    _write_lines(contract, Kind.BILL, gateway.read_as(read_bills, "get_bills", contract=id_))


@transaction.atomic
def _write_lines(contract: Contract, kind: Line.Kind, listed: Sequence[RemoteLine]) -> None:
    servers = _servers(contract, {remote.server_id for remote in listed})
    files = {
        id_: File.objects.get_or_create(contract=contract, upstream_id=id_)[0].pk
        for id_ in {remote.file_id for remote in listed if remote.file_id}
    }
    rows = [
        Line(
            contract=contract,
            kind=kind,
            upstream_id=remote.id,
            at=remote.at,
            amount=remote.amount,
            what=remote.what[:255],
            server_id=servers.get(remote.server_id),
            is_paid=remote.is_paid,
            file_id=files.get(remote.file_id),
        )
        for remote in listed
    ]
    changing = ["at", "amount", "what", "server", "is_paid", "file"]
    unique = ["contract", "kind", "upstream_id"]
    Line.objects.bulk_create(rows, update_conflicts=True, update_fields=changing, unique_fields=unique, batch_size=500)


def _servers(contract: Contract, upstream_ids: set[str]) -> dict[str, int]:
    rows = Server.objects.filter(account_id=contract.account_id, upstream_id__in=upstream_ids)
    return {str(upstream_id): pk for upstream_id, pk in rows.values_list("upstream_id", "pk")}
