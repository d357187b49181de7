"""The listening socket: a long backlog, a thread a connection, and refusing everybody for a while on demand."""

import contextlib
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Listener(ThreadingHTTPServer):
    """Serves until `stop`. While refusing, the port stays bound and nobody listens on it."""

    daemon_threads = True
    request_queue_size = 512
    allow_reuse_address = True

    def __init__(self, host: str, port: int, handler: type[BaseHTTPRequestHandler]) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._open, self._stopping, self._state = threading.Event(), False, threading.Lock()
        self._connections: set[socket.socket] = set()
        self._timer: threading.Timer | None = None
        self._open.set()
        super().__init__((host, port), handler)
        self.bound = (host, int(self.server_address[1]))

    def server_bind(self) -> None:
        """Without asking any name server who we are."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def serve(self) -> None:
        """Until `stop` was called."""
        while not self._stopping:
            self.serve_forever(poll_interval=0.05)
            self._open.wait()
        self.server_close()

    def stop(self) -> None:
        self._stopping = True
        self._open.set()
        self.shutdown()

    def refuse(self, seconds: float = 0.0) -> None:
        """Nobody gets in, and whoever is in is thrown out: for so many seconds, or until `accept_again`."""
        with self._state:
            if self._stopping or not self._open.is_set():
                return
            self._open.clear()
            self.shutdown()
            self.socket.close()
            self._throw_out()
            self.socket = socket.socket(self.address_family, socket.SOCK_STREAM)
            self.server_address = self.bound
            self.server_bind()
            if seconds > 0:
                self._timer = threading.Timer(seconds, self.accept_again)
                self._timer.daemon = True
                self._timer.start()

    def accept_again(self) -> None:
        with self._state:
            if self._timer:
                self._timer.cancel()
                self._timer = None
            if not self._open.is_set():
                self.socket.listen(self.request_queue_size)
                self._open.set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def spare(self, connection: socket.socket) -> None:
        """This one is not thrown out."""
        self._connections.discard(connection)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news; a mistake of ours is."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)

    def _throw_out(self) -> None:
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
