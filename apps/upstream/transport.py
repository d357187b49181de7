"""One pooled session a process and upstream host; a total deadline that nothing outlasts; an honest "was it sent?"."""

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

POOL = 32


class Attempt:
    """One call: until when it may begin and go on, and whether a byte of it may have left this machine."""

    def __init__(self, seconds: float, begin_before: float | None = None) -> None:
        self.ends = time.monotonic() + seconds
        self.begins_before = self.ends if begin_before is None else min(begin_before, self.ends)
        self.sent = self.too_late = self.over = False
        self._lock = threading.Lock()
        self._cutter: socket.socket | None = None

    def hold(self, used: socket.socket) -> None:
        """From now on the deadline cuts this connection. It is held by a duplicate: TLS takes the original away."""
        with self._lock:
            self._let_go()
            if self.over:
                raise TimeoutError
            self._cutter = socket.socket(fileno=os.dup(used.fileno()))

    def about_to_send(self) -> None:
        """The first byte leaves after this, unless it is too late: however long the connecting took."""
        if not self.sent and (self.over or time.monotonic() > self.begins_before):
            self.too_late = True
            raise TimeoutError
        self.sent = True

    def cut(self) -> None:
        """The time is over: whatever this call waits for ends now."""
        with self._lock:
            self.over = True
            if self._cutter is not None:
                with suppress(OSError):
                    self._cutter.shutdown(socket.SHUT_RDWR)

    def finish(self) -> None:
        with self._lock:
            self._let_go()

    def _let_go(self) -> None:
        if self._cutter is not None:
            self._cutter.close()
            self._cutter = None


class _Here(threading.local):
    attempt: Attempt | None = None


_here = _Here()


@contextmanager
def under(attempt: Attempt) -> Iterator[None]:
    """Connections that this thread uses belong to the attempt, and are cut at its end."""
    timer = threading.Timer(max(attempt.ends - time.monotonic(), 0), attempt.cut)
    timer.daemon = True
    _here.attempt = attempt
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        _here.attempt = None
        attempt.finish()


class _Watched:
    """Tells the attempt which connection it uses and when its first byte may leave."""

    sock: Any

    def _new_conn(self) -> socket.socket:
        made: socket.socket = super()._new_conn()  # type: ignore[misc]
        try:
            if _here.attempt is not None:
                _here.attempt.hold(made)
        except OSError:
            made.close()
            raise
        return made

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()  # type: ignore[attr-defined]
        if _here.attempt is not None:
            if not _here.attempt.sent:
                _here.attempt.hold(self.sock)
            _here.attempt.about_to_send()
        super().send(data)  # type: ignore[misc]


class _Plain(_Watched, HTTPConnection):
    pass


class _Secure(_Watched, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}


class _NoCookies(DefaultCookiePolicy):
    def set_ok(self, cookie: Any, request: Any) -> bool:
        return False


def session_for(url: str) -> requests.Session:
    """The process's session for the host of this URL."""
    parts = urlsplit(url)
    return _session(f"{parts.scheme}://{parts.netloc}")


@lru_cache(maxsize=64)
def _session(_origin: str) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(_NoCookies())
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter(pool_connections=1, pool_maxsize=POOL, max_retries=0))
    return session


def _without_headers(record: logging.LogRecord) -> bool:
    """The library logs headers that it cannot parse; the upstream may have put our session there."""
    if "parse headers" in str(record.msg):
        record.msg, record.args, record.exc_info = "Failed to parse headers of an answer", (), None
    return True


logging.getLogger("urllib3.connection").addFilter(_without_headers)
os.register_at_fork(after_in_child=_session.cache_clear)  # two processes never speak on one connection
