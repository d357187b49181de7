"""HTTP: parameters by query, form, `json` parameter or JSON body; case-sensitive names; one write an answer."""

import ipaddress
import json
import select
import socket
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sandbox.control import Control
from sandbox.gateway import Gateway, Reply
from sandbox.listener import Listener

LARGEST = 1 << 20
LOOK_EVERY = 0.2  # seconds, at a client that waits in vain
NOT_HERE = Reply(b"not here", 404, {"Content-Type": "text/plain"})


class Server(Listener):
    """The gateway at /api, the control at /_control."""

    def __init__(self, host: str, port: int, gateway: Gateway) -> None:
        super().__init__(host, port, Handler)
        self.gateway, self.control = gateway, Control(gateway, self)
        gateway.refuse_connections = self.refuse


class ControlServer(Listener):
    """The control alone, on an address of its own: it answers even while the gateway refuses connections."""

    def __init__(self, host: str, port: int, server: Server) -> None:
        super().__init__(host, port, ControlHandler)
        self.control = server.control


class ControlHandler(BaseHTTPRequestHandler):
    """POST /_control with a JSON object; from this machine only, and never by a page in a browser."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 300
    server: "Server | ControlServer"

    def do_POST(self) -> None:
        body = self._body()
        if body is not None:
            self._write(self._posted(body))

    def _posted(self, body: bytes) -> Reply:
        return self._controlled(body) if urlsplit(self.path).path == "/_control" else NOT_HERE

    def _controlled(self, body: bytes) -> Reply:
        local = ipaddress.ip_address(str(self.client_address[0])).is_loopback
        if not local or not self.headers.get("Content-Type", "").startswith("application/json"):
            return NOT_HERE
        self.server.spare(self.connection)
        try:
            return Reply(json.dumps({"ok": self.server.control.run(json.loads(body))}).encode())
        except (ValueError, KeyError, TypeError, AttributeError) as exc:
            return Reply(json.dumps({"error": f"{type(exc).__name__}: {exc}"}).encode(), 400)

    def _body(self) -> bytes | None:
        """What was posted; None (and the connection ends) if its length is missing or too large."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LARGEST:
            self.close_connection = True
            self._write(Reply(b"", 413 if length.isdecimal() else 411))
            return None
        return self.rfile.read(int(length))

    def _write(self, reply: Reply) -> None:
        if reply.body is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        headers = {"Content-Type": "application/json", **reply.headers, "Content-Length": str(len(reply.body))}
        if self.close_connection:
            headers["Connection"] = "close"
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        start = f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}\r\n"
        self.wfile.write(f"{start}{lines}\r\n".encode() + reply.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Quiet: addresses may hold secrets."""


class Handler(ControlHandler):
    """The gateway: GET and POST."""

    server: Server

    def do_GET(self) -> None:
        self._write(self._called({}, readable=True))

    def _posted(self, body: bytes) -> Reply:
        if urlsplit(self.path).path == "/_control":
            return self._controlled(body)
        return self._called(*read_body(body, self.headers.get("Content-Type", "")))

    def _called(self, posted: dict[str, Any], readable: bool) -> Reply:
        parts = urlsplit(self.path)
        if parts.path not in {"/api", "/api/"}:
            return NOT_HERE
        given = {**dict(parse_qsl(parts.query, keep_blank_values=True)), **posted}
        inner, inner_readable = read_object(given["json"]) if "json" in given else ({}, True)
        reply = self.server.gateway.answer({**given, **inner}, readable and inner_readable)
        if reply.wait and not self._client_waits(reply.wait):
            return Reply(None)
        return reply

    def _client_waits(self, seconds: float) -> bool:
        """Let the time pass; False if the client went away meanwhile, or the faults were cleared."""
        ends, faults = time.monotonic() + seconds, self.server.gateway.faults
        while (left := ends - time.monotonic()) > 0 and self.server.gateway.faults is faults:
            readable, _, _ = select.select([self.connection], [], [], min(left, LOOK_EVERY))
            if readable:
                if not self.connection.recv(1, socket.MSG_PEEK):
                    return False
                time.sleep(min(left, LOOK_EVERY))
        return True


def read_body(body: bytes, kind: str) -> tuple[dict[str, Any], bool]:
    """The parameters in a body, form or JSON, and whether it could be read."""
    if kind.startswith("application/json") or body.lstrip().startswith((b"{", b"[")):
        return read_object(body)
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)), True


def read_object(text: Any) -> tuple[dict[str, Any], bool]:
    """A JSON object, and whether it is one."""
    try:
        found = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return {}, False
    return (found, True) if isinstance(found, dict) else ({}, False)
