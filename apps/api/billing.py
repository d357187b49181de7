"""The REST door to contracts and money."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.api.authentication import actor_of
from apps.api.listing import LISTING, PROBLEMS, Listing, moment_of
from apps.api.shapes import moment
from apps.billing import selectors
from apps.billing.models import Contract, Line
from apps.billing.services.files import fetch
from apps.common.errors import InvalidInput

SHOWN_AS_THEY_ARE = frozenset({"application/pdf", "text/plain"})
SPAN = [OpenApiParameter(name, OpenApiTypes.DATETIME) for name in ("since", "until")]
OF_CONTRACT = OpenApiParameter("contract", OpenApiTypes.INT)


class ContractShape(serializers.Serializer[Contract]):
    """A contract, and its balance as of `balance_seen_at`. Amounts are texts: money is never rounded."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    kind = serializers.CharField(help_text="service, partner, agency, testing or unknown")
    ended_at = serializers.DateTimeField(allow_null=True)
    file = serializers.IntegerField(allow_null=True)
    balance = serializers.CharField(allow_null=True)
    currency = serializers.CharField()
    daily_cost = serializers.CharField(allow_null=True)
    days_left = serializers.IntegerField(allow_null=True)
    balance_seen_at = serializers.DateTimeField(allow_null=True)
    seen_at = serializers.DateTimeField(allow_null=True)


class PaymentShape(serializers.Serializer[Line]):
    id = serializers.IntegerField()
    contract = serializers.IntegerField()
    at = serializers.DateTimeField(allow_null=True)
    amount = serializers.CharField(allow_null=True)
    method = serializers.CharField()


class ChargeShape(serializers.Serializer[Line]):
    """A charge for one of the customer's own servers."""

    id = serializers.IntegerField()
    contract = serializers.IntegerField()
    at = serializers.DateTimeField(allow_null=True)
    amount = serializers.CharField(allow_null=True)
    server = serializers.IntegerField(allow_null=True)
    what = serializers.CharField()


class BillShape(serializers.Serializer[Line]):
    id = serializers.IntegerField()
    contract = serializers.IntegerField()
    at = serializers.DateTimeField(allow_null=True)
    amount = serializers.CharField(allow_null=True)
    number = serializers.CharField()
    paid = serializers.BooleanField(allow_null=True)
    file = serializers.IntegerField(allow_null=True)


def _money(value: Any) -> str | None:
    """Two decimals at least, and no more than there are."""
    if value is None:
        return None
    written = re.sub(r"0+\Z", "", f"{value:.6f}")
    whole, _dot, part = written.partition(".")
    return f"{whole}.{part:0<2}"


def contract_json(contract: Contract) -> dict[str, Any]:
    file = next(iter(sorted(file.pk for file in contract.files.all() if not file.lines.all())), None)
    return {
        "id": contract.pk,
        "number": contract.number,
        "kind": contract.kind,
        "ended_at": moment(contract.ended_at),
        "file": file,
        "balance": _money(contract.balance),
        "currency": contract.currency,
        "daily_cost": _money(contract.daily_cost),
        "days_left": contract.days_left,
        "balance_seen_at": moment(contract.balance_seen_at),
        "seen_at": moment(contract.seen_at),
    }


class Contracts(Listing):
    """Contracts that are mapped to the caller's customers."""

    shape = ContractShape
    filters = {"number": None}
    ordering_fields = ("number",)
    ordering = "-id"

    @extend_schema(
        operation_id="contracts_list", parameters=LISTING, responses={200: ContractShape(many=True), **PROBLEMS}
    )
    def get(self, request: Request) -> Response:
        return self.answer(request, selectors.contracts_for(actor_of(request)).prefetch_related("files__lines"))

    def narrow(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(**{name: value})

    def show(self, rows: Iterable[Contract]) -> list[dict[str, Any]]:
        return [contract_json(contract) for contract in rows]


class OneContract(APIView):
    """One contract."""

    @extend_schema(operation_id="contracts_read", responses={200: ContractShape, **PROBLEMS})
    def get(self, request: Request, contract_id: int) -> Response:
        return Response(contract_json(selectors.contract_for(actor_of(request), contract_id)))


class OneFile(APIView):
    """The text of a contract or a bill, to be kept."""

    @extend_schema(operation_id="files_read", responses={200: OpenApiTypes.BINARY, **PROBLEMS})
    def get(self, request: Request, file_id: int) -> HttpResponse:
        file = fetch(actor_of(request), file_id)
        kind = file.mime if file.mime in SHOWN_AS_THEY_ARE else "application/octet-stream"
        name = re.sub(r"[^\w.\- ]", "_", file.name)[:120]
        headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment"}
        headers |= {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        return HttpResponse(file.content, content_type=kind, headers=headers)


class Lines(Listing):
    """What payments, charges and bills share."""

    kind: Line.Kind
    fields: Mapping[str, str]
    filters = {"contract": None, "since": None, "until": None}
    ordering_fields = ("at",)
    ordering = "-at"

    def page(self, request: Request) -> Response:
        return self.answer(request, selectors.lines_for(actor_of(request), self.kind))

    def narrow(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if name != "contract":
            at = moment_of(name, value)
            return rows.filter(at__gte=at) if name == "since" else rows.filter(at__lt=at)
        if not value.isascii() or not value.isdigit():
            raise InvalidInput({"contract": [_("An id has digits only.")]})
        return rows.filter(contract_id=int(value[:18]))

    def show(self, rows: Iterable[Line]) -> list[dict[str, Any]]:
        return [
            {
                "id": row.pk,
                "contract": row.contract_id,
                "at": moment(row.at),
                "amount": _money(row.amount),
                **{shown: getattr(row, column) for shown, column in self.fields.items()},
            }
            for row in rows
        ]


class Payments(Lines):
    """Payments."""

    shape, kind, fields = PaymentShape, Line.Kind.PAYMENT, {"method": "what"}

    @extend_schema(
        operation_id="payments_list",
        parameters=[*LISTING, *SPAN, OF_CONTRACT],
        responses={200: PaymentShape(many=True), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        return self.page(request)


class Charges(Lines):
    """Charges for the customer's own servers."""

    shape, kind, fields = ChargeShape, Line.Kind.CHARGE, {"server": "server_id", "what": "what"}

    @extend_schema(
        operation_id="charges_list",
        parameters=[*LISTING, *SPAN, OF_CONTRACT],
        responses={200: ChargeShape(many=True), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        return self.page(request)


class Bills(Lines):
    """Bills."""

    shape, kind, fields = BillShape, Line.Kind.BILL, {"number": "what", "paid": "is_paid", "file": "file_id"}

    @extend_schema(
        operation_id="bills_list",
        parameters=[*LISTING, *SPAN, OF_CONTRACT],
        responses={200: BillShape(many=True), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        return self.page(request)
