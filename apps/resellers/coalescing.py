"""The same read is in flight once a process; who needs a fresh answer never gets one that was asked before."""

import threading
from collections.abc import Callable, Hashable
from typing import Any

FOLLOW_FOR = 1.0  # seconds that a fresh read waits for the one before it; past them it flies beside a slow one


class Flight:
    """One read that others may wait for."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.answer: Any = None
        self.error: BaseException | None = None

    def run(self, fetch: Callable[[], Any]) -> None:
        """Fetch, and let everybody who waits have what came of it."""
        try:
            self.answer = fetch()
        except BaseException as exc:  # noqa: BLE001 - whoever waits gets it too
            self.error = exc
        finally:
            self.done.set()

    def result(self) -> Any:
        self.done.wait()
        if self.error is not None:
            raise self.error
        return self.answer


class Coalescer:
    """Per key one read in flight, and one that will follow it and has not been sent yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._flying: dict[Hashable, Flight] = {}
        self._waiting: dict[Hashable, Flight] = {}

    def read(self, key: Hashable, fetch: Callable[[], Any], *, fresh: bool = False) -> Any:
        """The answer of a read in flight, or of an own one; with `fresh` only of one that begins after this call."""
        flight, leads, before = self._board(key, fresh=fresh)
        if leads:
            flight.run(lambda: self._fly(key, flight, before, fetch))
            self._land(key, flight)
        return flight.result()

    def _board(self, key: Hashable, *, fresh: bool) -> tuple[Flight, bool, Flight | None]:
        """The flight to take, whether this caller leads it, and the one that it follows."""
        with self._lock:
            flying, waiting = self._flying.get(key), self._waiting.get(key)
            if flying is None:
                flight = self._flying[key] = Flight()
                return flight, True, None
            if not fresh:
                return flying, False, None
            if waiting is not None:
                return waiting, False, None
            flight = self._waiting[key] = Flight()
            return flight, True, flying

    def _fly(self, key: Hashable, mine: Flight, before: Flight | None, fetch: Callable[[], Any]) -> Any:
        if before is not None:
            before.done.wait(FOLLOW_FOR)
            with self._lock:  # from here on nobody who needs a fresh answer may board
                del self._waiting[key]
                self._flying[key] = mine
        return fetch()

    def _land(self, key: Hashable, mine: Flight) -> None:
        with self._lock:
            for flights in (self._flying, self._waiting):
                if flights.get(key) is mine:
                    del flights[key]
