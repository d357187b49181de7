"""The same read is in flight once; a fresh one never gets an answer that was asked before."""

import threading
from collections.abc import Hashable
from concurrent.futures import ThreadPoolExecutor

import pytest

from apps.resellers import coalescing
from apps.resellers.coalescing import Coalescer, Flight


class Slow:
    """A read that answers when it is told to, with the number of times it was asked."""

    def __init__(self) -> None:
        self.asked, self.begun, self.go = 0, threading.Semaphore(0), threading.Semaphore(0)
        self._lock = threading.Lock()

    def __call__(self) -> int:
        with self._lock:
            self.asked += 1
            mine = self.asked
        self.begun.release()
        assert self.go.acquire(timeout=10)
        return mine


@pytest.fixture
def pool():
    with ThreadPoolExecutor(64) as pool:
        yield pool


class Watched(Coalescer):
    """Says how many callers have boarded a flight."""

    def __init__(self) -> None:
        super().__init__()
        self.boarded = threading.Semaphore(0)

    def _board(self, key: Hashable, *, fresh: bool) -> tuple[Flight, bool, Flight | None]:
        place = super()._board(key, fresh=fresh)
        self.boarded.release()
        return place

    def until_boarded(self, callers: int) -> None:
        for _caller in range(callers):
            assert self.boarded.acquire(timeout=10)


def test_callers_at_the_same_time_share_one_read(pool):
    coalescer, slow = Watched(), Slow()
    first = pool.submit(coalescer.read, "key", slow)
    slow.begun.acquire()
    others = [pool.submit(coalescer.read, "key", slow) for _ in range(20)]
    coalescer.until_boarded(21)
    slow.go.release()

    assert {future.result(10) for future in [first, *others]} == {1}
    assert slow.asked == 1


def test_fresh_callers_share_one_read_that_begins_after_they_asked(pool):
    coalescer, slow = Watched(), Slow()
    first = pool.submit(coalescer.read, "key", slow)
    slow.begun.acquire()
    fresh = [pool.submit(coalescer.read, "key", slow, fresh=True) for _ in range(20)]
    coalescer.until_boarded(21)
    assert slow.asked == 1
    slow.go.release()
    slow.begun.acquire()
    slow.go.release()

    assert first.result(10) == 1
    assert {future.result(10) for future in fresh} == {2}


def test_a_fresh_caller_does_not_wait_long_for_a_slow_read(pool, monkeypatch):
    monkeypatch.setattr(coalescing, "FOLLOW_FOR", 0.05)
    coalescer, stuck, quick = Coalescer(), Slow(), Slow()
    first = pool.submit(coalescer.read, "key", stuck)
    stuck.begun.acquire()
    quick.go.release()

    assert coalescer.read("key", quick, fresh=True) == 1

    stuck.go.release()
    assert first.result(10) == 1
    assert (coalescer._flying, coalescer._waiting) == ({}, {})


def test_other_keys_do_not_wait(pool):
    coalescer, stuck = Coalescer(), Slow()
    first = pool.submit(coalescer.read, "one", stuck)
    stuck.begun.acquire()

    assert coalescer.read("other", lambda: 7) == 7

    stuck.go.release()
    first.result(10)


def test_everybody_hears_of_a_failure_and_the_next_caller_tries_again():
    coalescer = Coalescer()

    def fails() -> int:
        raise LookupError("away")

    for fresh in (False, True):
        with pytest.raises(LookupError, match="away"):
            coalescer.read("key", fails, fresh=fresh)
    assert coalescer.read("key", lambda: 1) == 1
    assert (coalescer._flying, coalescer._waiting) == ({}, {})
