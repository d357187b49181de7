"""No answer came back: what was surely not sent, and what may have happened, within the deadline."""

import socket
import threading
import time

import pytest

from apps.upstream.client import Limits, Upstream
from apps.upstream.errors import (
    UpstreamGarbled,
    UpstreamUnreachable,
)
from tests.upstream.conftest import QUICK, SESSION, failing, saying


def test_a_refused_connection_was_not_sent_and_is_not_tried_again(vendor, upstream, slow_connecting):
    vendor.stop()
    begun = slow_connecting(0)

    error = failing(upstream, UpstreamUnreachable)

    assert len(begun) == 1
    assert (error.sent, error.reason, error.may_have_happened) == (False, "refused", False)


def test_an_unknown_name_was_not_sent():
    error = failing(Upstream("https://nowhere.invalid/api", limits=QUICK), UpstreamUnreachable)

    assert (error.sent, error.reason) == (False, "name")


def test_a_connection_that_is_never_taken_was_not_sent():
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        held = [socket.socket() for _ in range(4)]
        for sock in held:  # fills the queue of connections that nobody takes
            sock.setblocking(False)
            sock.connect_ex(listener.getsockname())
        try:
            error = failing(
                Upstream(f"http://127.0.0.1:{listener.getsockname()[1]}/api", limits=QUICK), UpstreamUnreachable
            )
        finally:
            for sock in held:
                sock.close()

    assert (error.sent, error.reason) == (False, "timeout")


def test_a_server_that_speaks_no_tls_was_not_sent_anything(vendor):
    vendor.handle = saying("hello")

    error = failing(Upstream(vendor.url.replace("http:", "https:"), limits=QUICK), UpstreamUnreachable)

    assert error.sent is False


def test_a_dripped_tls_handshake_ends_at_the_deadline_and_was_not_sent(vendor, slow_connecting, took):
    """What the connecting took is not given again to the handshake."""

    def drip_a_record(conn):
        with conn:
            conn.sendall(b"\x16\x03\x03\x3f\xff")  # a handshake record that is never complete
            try:
                vendor.drip(conn, b"\x02")
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=lambda: drip_a_record(listener.accept()[0]))
        thread.start()
        try:
            limits = Limits(connect=0.6, read=0.6, total=0.6)
            upstream = Upstream(f"https://127.0.0.1:{listener.getsockname()[1]}/api", limits=limits)
            slow_connecting(0.4)
            error = failing(upstream, UpstreamUnreachable)
        finally:
            vendor.ends.set()
            thread.join(5)

    assert (error.sent, error.reason) == (False, "timeout")
    assert 0.5 < took() < 0.85


@pytest.mark.parametrize("answered", [b"", b"HTT", b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{"])
def test_a_connection_cut_after_the_request_may_have_happened(vendor, upstream, answered):
    def cut(vendor, conn):
        conn.sendall(answered)
        raise ConnectionError

    vendor.handle = cut

    error = failing(upstream, UpstreamUnreachable)

    assert (error.sent, error.reason, error.may_have_happened) == (True, "cut", True)
    assert len(vendor.requests) == 1


def test_half_a_head_is_garbled_and_may_have_happened(vendor, upstream):
    def cut(vendor, conn):
        conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Le")
        raise ConnectionError

    vendor.handle = cut

    assert failing(upstream, UpstreamGarbled).may_have_happened


def test_a_chunked_body_that_ends_early_may_have_happened(vendor, upstream):
    def cut(vendor, conn):
        conn.sendall(
            b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1b\r\n{"success":true,"data":"1"}\r\n5\r\nab'
        )
        raise ConnectionError

    vendor.handle = cut

    assert failing(upstream, UpstreamUnreachable).sent


def test_silence_ends_at_the_read_limit(vendor, upstream, took):
    vendor.handle = lambda vendor, conn: vendor.ends.wait(5)

    error = failing(upstream, UpstreamUnreachable)

    assert (error.sent, error.reason, error.may_have_happened) == (True, "timeout", True)
    assert took() < QUICK.total


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-Drip: 1\r\n"),
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\nX-Long: ", b"a"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n", b" "),
        (b"HTTP/1.1 200 OK\r\n\r\n", b" "),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["headers", "status line", "one header", "body", "body without length", "chunks", "continue"],
)
def test_a_dripped_answer_ends_at_the_deadline(vendor, upstream, took, head, piece):
    def drip(vendor, conn):
        conn.sendall(head)
        vendor.drip(conn, piece)

    vendor.handle = drip

    error = failing(upstream, UpstreamUnreachable)

    assert (error.sent, error.reason) == (True, "timeout")
    assert QUICK.total * 0.9 < took() < QUICK.total + 0.5


def test_past_its_moment_nothing_is_sent_and_nobody_is_connected(vendor, upstream):
    with pytest.raises(UpstreamUnreachable) as caught:
        upstream.call("run_server", {"id": 1}, session=SESSION, begin_before=time.monotonic() - 0.01)

    assert (caught.value.sent, caught.value.reason) == (False, "too late")
    assert vendor.connections == 0


def test_a_connection_that_takes_too_long_ends_unsent(vendor, upstream, slow_connecting):
    slow_connecting(0.1)

    with pytest.raises(UpstreamUnreachable) as caught:
        upstream.call("run_server", {"id": 1}, session=SESSION, begin_before=time.monotonic() + 0.05)

    assert (caught.value.sent, caught.value.reason) == (False, "too late")
    assert vendor.requests == []


def test_a_name_that_resolves_after_the_deadline_ends_unsent(vendor, slow_connecting):
    slow_connecting(0.2)

    error = failing(Upstream(vendor.url, limits=Limits(total=0.1)), UpstreamUnreachable)

    assert (error.sent, error.reason) == (False, "timeout")
    assert vendor.requests == []
