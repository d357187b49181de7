"""A vendor that misbehaves in every way: a real server on a real socket, told by each test what to do."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from urllib.parse import parse_qs

import pytest
from urllib3.util import connection

from apps.upstream.client import Limits, Upstream
from apps.upstream.errors import UpstreamError

SESSION = "canary-session-1d69a2ca"
PASSWORD = "canary pass/word+ü&1"
QUICK = Limits(connect=0.3, read=0.4, total=0.6, size=100_000)

Handle = Callable[["Vendor", socket.socket], None]


class Vendor:
    """Keeps what it was sent; answers with `handle`, which speaks on the socket itself."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/api"
        self.requests: list[tuple[str, bytes]] = []
        self.connections = 0
        self._conns: list[socket.socket] = []
        self.ends = threading.Event()
        self.handle: Handle = lambda vendor, conn: vendor.answer(conn, b'{"success":true,"data":[],"login":"user99"}')
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def _accept(self) -> None:
        while True:
            try:
                conn, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._conns.append(conn)
            thread = threading.Thread(target=self._serve, args=(conn,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, conn: socket.socket) -> None:
        with conn:
            conn.settimeout(2)
            try:
                while not self.ends.is_set() and self._read_request(conn):
                    self.handle(self, conn)
            except OSError:
                return

    def _read_request(self, conn: socket.socket) -> bool:
        got = b""
        while b"\r\n\r\n" not in got:
            part = conn.recv(65536)
            if not part:
                return False
            got += part
        head, _, body = got.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        length = next((int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length:")), 0)
        while len(body) < length:
            body += conn.recv(65536)
        self.requests.append((lines[0], body))
        return True

    @property
    def forms(self) -> list[dict[str, str]]:
        return [{name: values[0] for name, values in parse_qs(body.decode()).items()} for _, body in self.requests]

    def answer(self, conn: socket.socket, body: bytes, status: str = "200 OK", *headers: str) -> None:
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Content-Type: application/json", *headers]
        conn.sendall("\r\n".join([*lines, "", ""]).encode() + body)

    def drip(self, conn: socket.socket, piece: bytes) -> None:
        """The piece again and again, fast enough that no single read times out, until the other side is gone."""
        while not self.ends.is_set():
            conn.sendall(piece)
            self.ends.wait(0.03)

    def stop(self) -> None:
        self.ends.set()
        for sock in (self._listener, *self._conns):  # closing alone would not wake accept and recv
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(3)


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    made = Vendor()
    yield made
    made.stop()


@pytest.fixture
def upstream(vendor: Vendor) -> Upstream:
    return Upstream(vendor.url, limits=QUICK)


@pytest.fixture
def took() -> Callable[[], float]:
    """Seconds since the test began."""
    began = time.monotonic()
    return lambda: time.monotonic() - began


def saying(body: bytes | str, status: str = "200 OK", *headers: str) -> Handle:
    """Answer so to everything."""
    sent = body.encode() if isinstance(body, str) else body
    return lambda vendor, conn: vendor.answer(conn, sent, status, *headers)


def failing(upstream, error, name="run_server", **parameters):
    """The error of one call, which must be of exactly this kind."""
    parameters = parameters or {"id": "333"}
    with pytest.raises(UpstreamError) as caught:
        upstream.call(name, parameters, session=SESSION)
    assert type(caught.value) is error
    assert caught.value.command == name
    return caught.value


@pytest.fixture
def slow_connecting(monkeypatch):
    """Name and connection take so many seconds more; gives the list of the connections that were begun."""
    begun = []
    really = connection.create_connection

    def take(seconds):
        def slowly(*args, **kwargs):
            begun.append(args)
            time.sleep(seconds)
            return really(*args, **kwargs)

        monkeypatch.setattr(connection, "create_connection", slowly)
        return begun

    return take
