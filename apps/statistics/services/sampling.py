"""Samples of all running servers of an account in few calls; kept for a week."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import islice

from apps.common import clock
from apps.common.errors import Unavailable
from apps.common.queue import send
from apps.resellers import rounds
from apps.resellers.gateway import Gateway
from apps.resellers.models import UpstreamAccount
from apps.servers.models import Server
from apps.statistics.models import Sample
from apps.statistics.paths import columns, paths_of
from apps.upstream.listings import read_counters

EVERY = 60  # seconds
FRESH = timedelta(seconds=5)
KEPT_FOR = timedelta(days=7)
SERVERS_A_CALL = 40


def ask_where_due() -> None:
    """Ask a worker to sample each account whose minute has come."""
    rounds.ask_where_due("statistics.sample", EVERY)


def look(server: Server) -> None:
    """Somebody looks: sample this server now, unless it was within five seconds."""
    newest = Sample.objects.filter(server=server).order_by("-at").values_list("at", flat=True).first()
    if server.status == Server.Status.ON and (newest is None or newest < clock.now() - FRESH):
        send("statistics.sample_server", server.pk, expires=5)


def sample(account_id: int) -> None:
    """Sample the customers' running servers of one account (get_stat_data)."""
    account = UpstreamAccount.objects.filter(pk=account_id).first()
    if account is None:
        return
    running = Server.objects.filter(account=account, status=Server.Status.ON, gone_at=None)
    running = running.exclude(customer=None).exclude(upstream_id=None).order_by("pk")
    servers = running.iterator()
    while part := list(islice(servers, SERVERS_A_CALL)):
        if not _take(account, part):
            return


def sample_server(server_id: int) -> None:
    """Sample one server."""
    server = Server.objects.select_related("account").filter(pk=server_id, gone_at=None).first()
    if server is not None and server.upstream_id is not None:
        _take(server.account, [server])


def _take(account: UpstreamAccount, servers: Iterable[Server]) -> bool:
    """One call; False if the machines cannot be reached."""
    asked = [one for server in servers for one in paths_of(server)]
    if not asked:
        return True
    now = clock.now()
    try:
        values = Gateway(account).read_as(read_counters, "get_stat_data", fields="|".join(one.path for one in asked))
    except Unavailable:
        return False
    found = columns(asked, values)
    Sample.objects.bulk_create([Sample(server_id=server_id, at=now, **facts) for server_id, facts in found.items()])
    return True


def forget_old() -> None:
    """What is older than a week goes."""
    Sample.objects.filter(at__lt=clock.now() - KEPT_FOR).delete()
