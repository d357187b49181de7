"""What each kind of job sends, from which states it may start, and how it ends."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.jobs.models import Job
from apps.servers.models import Server

Kind = Job.Kind
Status = Server.Status


@dataclass(frozen=True, slots=True)
class Order:
    """One kind: the upstream's command; the states before and after; whether it makes, wipes or removes a server."""

    command: str
    starts_from: frozenset[Server.Status]
    ends_in: frozenset[Server.Status]
    makes_a_server: bool = False
    begins_from_nothing: bool = False  # there is no server yet to be looked at
    makes_an_image: bool = False  # listed, at the latest, when it is done
    wipes: bool = False
    removes: bool = False  # the server is no longer listed at the end
    is_public: bool = True  # ordered as an action of the server; the others have addresses of their own

    @property
    def makes(self) -> bool:
        return self.makes_a_server or self.makes_an_image


SETTLED = frozenset({Status.ON, Status.OFF})

ORDERS: Mapping[Job.Kind, Order] = {
    Kind.START: Order("run_server", frozenset({Status.OFF, Status.PAUSED}), frozenset({Status.ON})),
    Kind.STOP: Order("stop_server", frozenset({Status.ON, Status.PAUSED}), frozenset({Status.OFF})),
    Kind.PAUSE: Order("pause_server", frozenset({Status.ON}), frozenset({Status.PAUSED})),
    Kind.REBOOT: Order("reload_server", frozenset({Status.ON}), frozenset({Status.ON})),
    Kind.CLONE: Order("clone_server", SETTLED, SETTLED, makes_a_server=True),
    Kind.CREATE: Order("add_server", frozenset(), SETTLED, makes_a_server=True, begins_from_nothing=True),
    Kind.RESIZE: Order("update_server", frozenset({Status.OFF}), frozenset({Status.OFF})),
    Kind.ARCHIVE: Order("archive_server", frozenset({Status.OFF}), frozenset({Status.ARCHIVED})),
    Kind.RESTORE: Order("restore_server", frozenset({Status.ARCHIVED}), SETTLED),
    Kind.DELETE: Order("del_server", frozenset({Status.OFF, Status.ARCHIVED}), frozenset(), removes=True),
    Kind.CONNECT: Order("eth_action", frozenset({Status.OFF}), frozenset({Status.OFF}), is_public=False),
    Kind.MOVE: Order("eth_action", frozenset({Status.OFF}), frozenset({Status.OFF}), is_public=False),
    Kind.DISCONNECT: Order("eth_action", frozenset({Status.OFF}), frozenset({Status.OFF}), is_public=False),
    Kind.LINK_UP: Order("eth_action", frozenset({Status.ON}), frozenset({Status.ON}), is_public=False),
    Kind.LINK_DOWN: Order("eth_action", frozenset({Status.ON}), frozenset({Status.ON}), is_public=False),
    Kind.TEMPLATE: Order(
        "add_template", frozenset({Status.OFF}), frozenset({Status.OFF}), makes_an_image=True, is_public=False
    ),
    Kind.ISO: Order(
        "add_iso", frozenset(), frozenset(), makes_an_image=True, begins_from_nothing=True, is_public=False
    ),
    Kind.REINSTALL: Order("reinstall_server", SETTLED, SETTLED, wipes=True),
}


def order_of(job: Job) -> Order:
    """The rules of this job's kind."""
    return ORDERS[Kind(job.kind)]
