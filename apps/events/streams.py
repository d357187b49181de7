"""Live events: one pump a process reads new rows and hands each to the streams that may see it.

Ids commit out of order, so the pump reads the last minute again and drops what it has seen; a resuming client is
given a minute more than it asked for, and drops repeats by id.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import redis.asyncio
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections, connection

from apps.common import clock
from apps.events.live import CHANNEL
from apps.events.models import Event

OVERLAP = timedelta(minutes=1)
LOOK_EVERY = 2.0  # seconds, when the store is silent
CHECK_EVERY = 3.0  # seconds between two looks at whether a stream may go on
HEARTBEAT = 15.0
QUEUE = 200
PER_PERSON = 10
RESUME_AT_MOST = 500


@dataclass(frozen=True, slots=True)
class Audience:
    """Who listens: `customers` None means all of the reseller's, for its own people."""

    user_id: int
    reseller_id: int
    customers: frozenset[int] | None

    def may_see(self, event: Event) -> bool:
        if event.reseller_id != self.reseller_id:
            return False
        if self.customers is None:
            return True
        return not event.staff_only and event.customer_id in self.customers


@dataclass(eq=False)
class Stream:
    """One connection."""

    audience: Audience
    still: Callable[[], Audience | None]  # asks the database whether, and as whom, it may go on
    queue: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(QUEUE))

    def give(self, event: Event) -> None:
        """A slow reader is cut and comes back with its last id."""
        if self.audience.may_see(event):
            try:
                self.queue.put_nowait(encode(event, self.audience))
            except asyncio.QueueFull:
                self.cut()

    def cut(self) -> None:
        while self.queue.full():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


class Pump:
    """Runs while somebody listens."""

    def __init__(self) -> None:
        self.streams: set[Stream] = set()
        self._task: asyncio.Task[None] | None = None
        self._seen: dict[int, float] = {}

    def join(self, stream: Stream) -> None:
        self.streams.add(stream)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    def leave(self, stream: Stream) -> None:
        self.streams.discard(stream)

    def count_of(self, user_id: int) -> int:
        return sum(stream.audience.user_id == user_id for stream in self.streams)

    async def _run(self) -> None:
        since = await sync_to_async(_with_connection_given_back)(clock.now)
        checked = time.monotonic()
        async with _wakes() as wait:
            while self.streams:
                since = await self._hand_out(since)
                if time.monotonic() - checked >= CHECK_EVERY:
                    checked = time.monotonic()
                    await self._check()
                await wait()

    async def _hand_out(self, since: Any) -> Any:
        try:
            now, events = await sync_to_async(_with_connection_given_back)(lambda: _events_since(since - OVERLAP))
        except Exception:  # noqa: BLE001 - a database that is away for a moment ends no stream
            await asyncio.sleep(1)
            return since
        for event in events:
            if event.pk not in self._seen:
                self._seen[event.pk] = time.monotonic()
                if event.created_at >= since - OVERLAP:
                    for stream in list(self.streams):
                        stream.give(event)
        long_ago = time.monotonic() - 3 * OVERLAP.total_seconds()
        self._seen = {pk: at for pk, at in self._seen.items() if at > long_ago}
        return now

    async def _check(self) -> None:
        """Rights that were revoked cut the stream; rights that changed change what it sees."""
        streams = list(self.streams)
        try:
            found = await sync_to_async(_with_connection_given_back)(lambda: [stream.still() for stream in streams])
        except Exception:  # noqa: BLE001 - asked again in a moment
            return
        for stream, audience in zip(streams, found, strict=True):
            if audience is None:
                stream.cut()
            else:
                stream.audience = audience


_pumps: dict[int, Pump] = {}


def pump() -> Pump:
    """The pump of this event loop."""
    return _pumps.setdefault(id(asyncio.get_running_loop()), Pump())


@contextlib.asynccontextmanager
async def _wakes() -> AsyncIterator[Callable[[], Any]]:
    """A wait that ends when the store says that there is something new, or after a while without it."""
    client = redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1)
    subscriber = client.pubsub()

    async def wait() -> None:
        try:
            if not subscriber.subscribed:
                await subscriber.subscribe(CHANNEL)
            await subscriber.get_message(ignore_subscribe_messages=True, timeout=LOOK_EVERY)
        except (redis.RedisError, OSError):
            await asyncio.sleep(LOOK_EVERY / 2)

    try:
        yield wait
    finally:
        with contextlib.suppress(redis.RedisError, OSError):
            await subscriber.aclose()  # type: ignore[no-untyped-call]
            await client.aclose()


def _with_connection_given_back(work: Callable[[], Any]) -> Any:
    """Run it in a thread; its database connection goes back whatever happens."""
    close_old_connections()
    try:
        return work()
    finally:
        connection.close()


def _events_since(moment: Any) -> tuple[Any, list[Event]]:
    now = clock.now()
    return now, list(Event.objects.filter(created_at__gte=moment).order_by("pk")[:5000])


def _missed(audience: Audience, last_id: int) -> list[Event]:
    """What came after that id, and a minute before it."""
    last = Event.objects.filter(pk=last_id).values_list("created_at", flat=True).first()
    mine = Event.objects.filter(reseller_id=audience.reseller_id)
    if audience.customers is not None:
        mine = mine.filter(customer_id__in=audience.customers, staff_only=False)
    after = mine.filter(created_at__gte=last - OVERLAP) if last else mine.filter(pk__gt=last_id)
    return list(after.order_by("pk")[:RESUME_AT_MOST])


def encode(event: Event, audience: Audience) -> bytes:
    """One event as the stream writes it; who did it is told as "you" or "somebody"."""
    actor = None if event.actor_id is None else "you" if event.actor_id == audience.user_id else "somebody"
    data = {
        "id": event.pk,
        "kind": event.kind,
        "created_at": event.created_at.isoformat(),
        "subject_kind": event.subject_kind,
        "subject_id": event.subject_id,
        "server_id": event.server_id,
        "actor": actor,
        "after": event.after,
    }
    return f"id: {event.pk}\nevent: {event.kind}\ndata: {json.dumps(data)}\n\n".encode()


async def stream(audience: Audience, still: Callable[[], Audience | None], last_id: int | None) -> AsyncIterator[bytes]:
    """The bytes of one stream, until the client goes or its rights end."""
    mine = Stream(audience, still)
    pump().join(mine)
    try:
        yield b"retry: 2000\n\n"
        if last_id is not None:
            missed = await sync_to_async(_with_connection_given_back)(lambda: _missed(audience, last_id))
            for event in missed:
                yield encode(event, audience)
        while True:
            try:
                part = await asyncio.wait_for(mine.queue.get(), HEARTBEAT)
            except TimeoutError:
                part = b": still here\n\n"
            if part is None:
                return
            yield part
    finally:
        pump().leave(mine)
