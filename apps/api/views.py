"""The REST door: parse, ask a service, answer."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.actor import Actor
from apps.accounts.models import ApiToken
from apps.accounts.selectors import memberships_of
from apps.api import idempotency, shapes
from apps.api.authentication import actor_of
from apps.api.changes import body, only
from apps.api.listing import LISTING, PROBLEMS, Listing
from apps.common.errors import InvalidInput, NotFound
from apps.jobs import selectors
from apps.jobs.commands import ORDERS
from apps.jobs.models import Job
from apps.jobs.services import creating, orders
from apps.servers.models import Server
from apps.servers.selectors import server_for, servers_for
from apps.servers.services.renaming import rename
from apps.servers.services.watch import keep_hot

ACTIONS = [kind.value for kind in ORDERS if ORDERS[kind].is_public and kind not in {Job.Kind.CREATE, Job.Kind.DELETE}]

QUEUE = OpenApiParameter("queue", OpenApiTypes.INT, description="1: wait in line if the server is busy")
IDEMPOTENCY_KEY = OpenApiParameter("Idempotency-Key", location="header", description="≤ 255 printable characters")


class Servers(Listing):
    """The servers that the caller may see."""

    shape = shapes.ServerShape
    filters = {"status": Server.Status.values, "q": None, "name": None}
    ordering_fields = ("name", "created_at", "status")
    ordering = "-id"

    @extend_schema(
        operation_id="servers_list",
        parameters=[
            *LISTING,
            OpenApiParameter("status", enum=Server.Status.values),
            OpenApiParameter("q", description="part of the name or an address"),
            OpenApiParameter("name", description="exact"),
        ],
        responses={200: shapes.ServerShape(many=True), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        return self.answer(request, servers_for(actor_of(request)))

    @extend_schema(
        operation_id="servers_create",
        request=shapes.NewServerShape,
        parameters=[IDEMPOTENCY_KEY],
        responses={202: shapes.JobShape, **PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        actor = actor_of(request)
        return order_anew(
            request, actor, lambda keep: creating.create(actor=actor, arguments=body(request), within=keep)
        )

    def narrow(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if name == "q":
            return rows.filter(name__icontains=value)
        return rows.filter(**{name: value})

    def show(self, rows: Iterable[Server]) -> list[dict[str, Any]]:
        servers = list(rows)
        keep_hot(servers)
        lines = selectors.open_jobs(server.pk for server in servers)
        return [shapes.server_json(server, lines.get(server.pk, [])) for server in servers]


class OneServer(APIView):
    """One server."""

    @extend_schema(operation_id="servers_read", responses={200: shapes.ServerShape, **PROBLEMS})
    def get(self, request: Request, server_id: int) -> Response:
        server = server_for(actor_of(request), server_id)
        keep_hot([server])
        return _shown(server)

    @extend_schema(
        operation_id="servers_rename", request=shapes.ServerNameShape, responses={200: shapes.ServerShape, **PROBLEMS}
    )
    def patch(self, request: Request, server_id: int) -> Response:
        actor = actor_of(request)
        server = server_for(actor, server_id)
        rename(actor, server, only(body(request), "name").get("name"))
        return _shown(server)

    @extend_schema(
        operation_id="servers_delete",
        parameters=[QUEUE, IDEMPOTENCY_KEY],
        responses={202: shapes.JobShape, **PROBLEMS},
    )
    def delete(self, request: Request, server_id: int) -> Response:
        return order_on(request, server_id, "delete")


def _shown(server: Server) -> Response:
    return Response(shapes.server_json(server, selectors.open_jobs([server.pk]).get(server.pk, [])))


class Action(APIView):
    """Order a job on a server."""

    @extend_schema(
        operation_id="servers_act",
        request=shapes.OrderShape,
        parameters=[
            OpenApiParameter("action", location="path", enum=ACTIONS),
            QUEUE,
            IDEMPOTENCY_KEY,
        ],
        responses={202: shapes.JobShape, **PROBLEMS},
    )
    def post(self, request: Request, server_id: int, action: str) -> Response:
        if action not in ACTIONS:
            server_for(actor_of(request), server_id)
            raise NotFound
        return order_on(request, server_id, action)


def order_on(request: Request, server_id: int, kind: str, arguments: dict[str, Any] | None = None) -> Response:
    """An order on a server that the caller sees, with these arguments or those of the body."""
    actor = actor_of(request)
    server = server_for(actor, server_id)
    given = body(request) if arguments is None else arguments

    def make(keep: Any) -> orders.Ordered:
        queue = _queue(request)
        return orders.order(actor=actor, server=server, kind=kind, arguments=given, queue=queue, within=keep)

    return order_anew(request, actor, make)


def order_anew(request: Request, actor: Actor, make: Callable[[Any], orders.Ordered]) -> Response:
    """202 with the job, once a key; a password that was made stands in the first answer only."""
    password: list[str | None] = [None]

    def job(keep: Any) -> Job:
        ordered = make(keep)
        password[0] = ordered.password
        return ordered.job

    made, is_replay = idempotency.made(request, actor, job)
    return _accepted(made, None if is_replay else password[0], is_replay=is_replay)


def _queue(request: Request) -> bool:
    given = request.query_params.get("queue", "0")
    if given not in {"0", "1"}:
        raise InvalidInput({"queue": [_("queue is 0 or 1.")]})
    return given == "1"


def _accepted(job: Job, password: str | None, *, is_replay: bool) -> Response:
    headers = {"Location": f"/api/v1/jobs/{job.pk}/"}
    if is_replay:
        headers["Idempotent-Replayed"] = "true"
    if password is not None:
        headers["Cache-Control"] = "no-store"
    return Response(shapes.job_json(job, password), status=status.HTTP_202_ACCEPTED, headers=headers)


class Jobs(Listing):
    """Jobs, newest first."""

    shape = shapes.JobShape
    filters = {"status": Job.Status.values, "kind": Job.Kind.values, "server": None}
    ordering_fields = ("id",)
    ordering = "-id"

    @extend_schema(
        operation_id="jobs_list",
        parameters=[
            *LISTING,
            OpenApiParameter("status", enum=Job.Status.values),
            OpenApiParameter("kind", enum=Job.Kind.values),
            OpenApiParameter("server", OpenApiTypes.INT),
        ],
        responses={200: shapes.JobShape(many=True), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        return self.answer(request, selectors.jobs_for(actor_of(request)))

    def narrow(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if name != "server":
            return rows.filter(**{name: value})
        if not value.isascii() or not value.isdigit():
            raise InvalidInput({"server": [_("An id has digits only.")]})
        return rows.filter(server_id=int(value[:18]))

    def show(self, rows: Iterable[Job]) -> list[dict[str, Any]]:
        return [shapes.job_json(job) for job in rows]


class OneJob(APIView):
    """One job."""

    @extend_schema(operation_id="jobs_read", responses={200: shapes.JobShape, **PROBLEMS})
    def get(self, request: Request, job_id: int) -> Response:
        return Response(shapes.job_json(selectors.job_for(actor_of(request), job_id)))


class Cancel(APIView):
    """Take a job out of the line."""

    @extend_schema(operation_id="jobs_cancel", request=None, responses={200: shapes.JobShape, **PROBLEMS})
    def post(self, request: Request, job_id: int) -> Response:
        actor = actor_of(request)
        job = orders.cancel(actor=actor, job=selectors.job_for(actor, job_id))
        return Response(shapes.job_json(job))


class Account(APIView):
    """Whose token this is, and what it may do."""

    @extend_schema(operation_id="account_read", responses={200: OpenApiTypes.OBJECT, **PROBLEMS})
    def get(self, request: Request) -> Response:
        actor = actor_of(request)
        token = actor.token or ApiToken()
        customers = [
            {"id": member.customer_id, "name": member.customer.name, "role": member.role}
            for member in memberships_of(actor.user)
        ]
        return Response(
            {
                "email": actor.user.email,
                "staff_role": actor.user.staff_role or None,
                "customers": customers,
                "token": {"name": token.name, "scope": token.scope, "expires_at": token.expires_at},
            }
        )
