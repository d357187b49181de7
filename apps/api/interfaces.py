"""The REST door to the interfaces of a server."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.actor import Actor
from apps.api import shapes
from apps.api.authentication import actor_of
from apps.api.changes import body
from apps.api.listing import PROBLEMS
from apps.api.views import IDEMPOTENCY_KEY, QUEUE, order_on
from apps.common.errors import NotFound
from apps.networks.selectors import ids_by_upstream
from apps.servers.models import Server
from apps.servers.selectors import interface_of, server_for

ORDER: dict[str, Any] = {"parameters": [QUEUE, IDEMPOTENCY_KEY], "responses": {202: shapes.JobShape, **PROBLEMS}}
SWITCHES = {"up": "link_up", "down": "link_down"}


class OneInterfaceShape(serializers.Serializer[Any]):
    """An interface of a server; `network` is the private network that it is in."""

    id = serializers.IntegerField()
    mac = serializers.CharField()
    ip = serializers.CharField()
    state = serializers.CharField()
    network = serializers.IntegerField(allow_null=True)


class NetworkChoice(serializers.Serializer[Any]):
    network = serializers.IntegerField()


def shown(actor: Actor, server: Server, cards: list[dict[str, Any]]) -> list[dict[str, Any]]:
    networks = ids_by_upstream(actor, server.account_id, [card["network"] for card in cards])
    return [
        {
            "id": card["key"],
            **{name: card[name] for name in ("mac", "ip", "state")},
            "network": networks.get(card["network"]),
        }
        for card in cards
        if "key" in card
    ]


class Interfaces(APIView):
    """The interfaces of a server. One more is added while the server is stopped."""

    @extend_schema(operation_id="interfaces_list", responses={200: OneInterfaceShape(many=True), **PROBLEMS})
    def get(self, request: Request, server_id: int) -> Response:
        actor = actor_of(request)
        server = server_for(actor, server_id)
        return Response({"results": shown(actor, server, server.interfaces), "next": None})

    @extend_schema(operation_id="interfaces_add", request=NetworkChoice, **ORDER)
    def post(self, request: Request, server_id: int) -> Response:
        return order_on(request, server_id, "connect")


class OneInterface(APIView):
    """One interface. It is moved and removed while the server is stopped."""

    @extend_schema(operation_id="interfaces_read", responses={200: OneInterfaceShape, **PROBLEMS})
    def get(self, request: Request, server_id: int, interface_id: int) -> Response:
        actor = actor_of(request)
        server = server_for(actor, server_id)
        return Response(shown(actor, server, [interface_of(server, interface_id)])[0])

    @extend_schema(operation_id="interfaces_move", request=NetworkChoice, **ORDER)
    def patch(self, request: Request, server_id: int, interface_id: int) -> Response:
        return order_on(request, server_id, "move", {**body(request), "interface": interface_id})

    @extend_schema(operation_id="interfaces_remove", **ORDER)
    def delete(self, request: Request, server_id: int, interface_id: int) -> Response:
        return order_on(request, server_id, "disconnect", {**body(request), "interface": interface_id})


class Switch(APIView):
    """Switch an interface on or off (up, down) while the server is running."""

    @extend_schema(operation_id="interfaces_switch", request=None, **ORDER)
    def post(self, request: Request, server_id: int, interface_id: int, switch: str) -> Response:
        if switch not in SWITCHES:
            server_for(actor_of(request), server_id)
            raise NotFound
        return order_on(request, server_id, SWITCHES[switch], {**body(request), "interface": interface_id})
