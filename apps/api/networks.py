"""The REST door to private networks."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.actor import Actor
from apps.api import changes
from apps.api.authentication import actor_of
from apps.api.changes import ChangeShape, body
from apps.api.idempotency import key_of
from apps.api.listing import LISTING, PROBLEMS, Listing
from apps.api.shapes import RESOURCE_STATES, moment
from apps.networks import selectors
from apps.networks.models import Network
from apps.networks.services import networks


class NetworkShape(serializers.Serializer[Network]):
    """A private network and the servers in it."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    status = serializers.ChoiceField(RESOURCE_STATES)
    servers = serializers.ListField(child=serializers.IntegerField())
    created_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField(allow_null=True)


class NetworkOrder(serializers.Serializer[Any]):
    name = serializers.CharField()
    customer = serializers.IntegerField(required=False, help_text="Needed by whoever acts for several.")


class NetworkName(serializers.Serializer[Any]):
    name = serializers.CharField()


def shown(actor: Actor, rows: Iterable[Network]) -> list[dict[str, Any]]:
    found = list(rows)
    servers = selectors.servers_in(actor, found)
    return [
        {
            "id": network.pk,
            "name": network.name,
            "status": "pending" if network.is_pending else "gone" if network.gone_at else "active",
            "servers": servers[network.pk],
            "created_at": moment(network.created_at),
            "seen_at": moment(network.seen_at),
        }
        for network in found
    ]


class Networks(Listing):
    """Private networks."""

    shape = NetworkShape
    filters = {"name": None, "q": None}
    ordering_fields = ("name", "created_at")
    ordering = "-id"

    @extend_schema(
        operation_id="networks_list",
        parameters=[*LISTING, OpenApiParameter("name"), OpenApiParameter("q", description="part of the name")],
        responses={200: NetworkShape(many=True), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        return self.answer(request, selectors.networks_for(actor_of(request)))

    def narrow(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(name__icontains=value) if name == "q" else rows.filter(name=value)

    def show(self, rows: Iterable[Network]) -> list[dict[str, Any]]:
        return shown(actor_of(self.request), rows)

    @extend_schema(
        operation_id="networks_add", request=NetworkOrder, responses={201: NetworkShape, 202: ChangeShape, **PROBLEMS}
    )
    def post(self, request: Request) -> Response:
        actor, given = actor_of(request), changes.only(body(request), "name", "customer")
        write = networks.add_network(actor, given.get("name"), customer=given.get("customer"), key=key_of(request))
        return changes.made(write, "networks", lambda: _one(actor, write.subject_id))


class OneNetwork(APIView):
    """One private network."""

    @extend_schema(operation_id="networks_read", responses={200: NetworkShape, **PROBLEMS})
    def get(self, request: Request, network_id: int) -> Response:
        return Response(_one(actor_of(request), network_id))

    @extend_schema(
        operation_id="networks_rename", request=NetworkName, responses={200: NetworkShape, 202: ChangeShape, **PROBLEMS}
    )
    def patch(self, request: Request, network_id: int) -> Response:
        actor = actor_of(request)
        network, given = selectors.network_for(actor, network_id), changes.only(body(request), "name")
        write = networks.rename_network(actor, network, given.get("name"), key=key_of(request))
        return changes.changed(write, lambda: _one(actor, network_id))

    @extend_schema(operation_id="networks_remove", responses={204: None, 202: ChangeShape, **PROBLEMS})
    def delete(self, request: Request, network_id: int) -> Response:
        actor = actor_of(request)
        network = selectors.network_for(actor, network_id)
        return changes.removed(networks.remove_network(actor, network, key=key_of(request)))


def _one(actor: Actor, network_id: int) -> dict[str, Any]:
    return shown(actor, [selectors.network_for(actor, network_id)])[0]
