"""Every fault of the TCP proxy seen at work, on a server that sends back what it gets."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.faults.lab.loop_thread import LOOPBACK
from tests.faults.lab.tcp_proxy import TcpProxy, before


@pytest.fixture
def echo() -> Iterator[int]:
    """The port of a server that sends back what it gets."""
    listener = socket.create_server((LOOPBACK, 0))

    def serve(line: socket.socket) -> None:
        with line:
            try:
                while chunk := line.recv(65_536):
                    line.sendall(chunk)
            except OSError:
                return

    def accept() -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(line,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)


@pytest.fixture
def proxy(echo: int) -> Iterator[TcpProxy]:
    made = before(echo)
    yield made
    made.close()


@pytest.fixture
def line(proxy: TcpProxy) -> Iterator[socket.socket]:
    with socket.create_connection((LOOPBACK, proxy.port), timeout=5) as made:
        assert said(made, b"hello") == b"hello"
        yield made


def connect_and_read(port: int) -> None:
    with socket.create_connection((LOOPBACK, port), timeout=5) as new:
        new.recv(1)


def said(line: socket.socket, text: bytes, seconds: float = 5.0) -> bytes:
    """What comes back; empty at the end of the stream. Raises TimeoutError."""
    line.settimeout(seconds)
    line.sendall(text)
    return line.recv(65_536)


def test_a_proxy_passes_what_it_gets_and_counts_it(proxy: TcpProxy, line: socket.socket) -> None:
    assert (proxy.counts["connections"], proxy.counts["up"], proxy.counts["down"]) == (1, 5, 5)
    assert proxy.open_connections == 1
    line.shutdown(socket.SHUT_WR)
    assert line.recv(1) == b""


def test_delay_takes_its_time_on_the_side_that_is_named(proxy: TcpProxy, line: socket.socket) -> None:
    proxy.turn("delay", "down", seconds=0.3)
    began = time.monotonic()
    assert said(line, b"slow") == b"slow"
    assert 0.3 <= time.monotonic() - began < 0.55  # both ways would be 0.6
    assert proxy.counts["delay"] == 1


def test_drop_throws_away_and_resets_the_stream_when_it_ends(proxy: TcpProxy, line: socket.socket) -> None:
    proxy.turn("drop", "up")
    with pytest.raises(TimeoutError):
        said(line, b"lost", 0.3)
    assert proxy.open_connections == 1
    proxy.turn("pass")
    with pytest.raises(ConnectionResetError):
        line.recv(1)


def test_half_close_ends_one_direction_only(proxy: TcpProxy, line: socket.socket) -> None:
    proxy.turn("half_close", "down")
    assert said(line, b"one") == b""
    line.sendall(b"two")  # the other direction still takes what comes
    assert proxy.counts["up"] >= 8


def test_black_hole_keeps_everything_back_and_loses_nothing(proxy: TcpProxy, line: socket.socket) -> None:
    proxy.turn("black_hole")
    with pytest.raises(TimeoutError):
        said(line, b"later", 0.3)
    proxy.turn("pass")
    line.settimeout(5)
    assert line.recv(65_536) == b"later"


def test_a_connection_made_in_a_black_hole_is_served_after_it(proxy: TcpProxy) -> None:
    proxy.turn("black_hole")
    with socket.create_connection((LOOPBACK, proxy.port), timeout=5) as new:
        with pytest.raises(TimeoutError):
            said(new, b"early", 0.3)
        proxy.turn("pass")
        new.settimeout(5)
        assert new.recv(65_536) == b"early"


def test_cut_ends_after_so_many_bytes(proxy: TcpProxy, line: socket.socket) -> None:
    proxy.turn("cut", "down", amount=3)
    assert said(line, b"abcdef") == b"abc"
    assert line.recv(1) == b""


def test_throttle_passes_so_many_bytes_a_second(proxy: TcpProxy, line: socket.socket) -> None:
    proxy.turn("throttle", "up", amount=1000)
    began = time.monotonic()
    line.sendall(b"x" * 500)
    got = 0
    while got < 500:
        got += len(line.recv(65_536))
    assert 0.4 <= time.monotonic() - began < 2


def test_rst_meets_open_and_new_connections(proxy: TcpProxy, line: socket.socket) -> None:
    proxy.turn("rst")
    with pytest.raises(ConnectionResetError):
        said(line, b"x")
    with pytest.raises(ConnectionResetError):  # when it connects already, or at its first read
        connect_and_read(proxy.port)


def test_idle_connections_are_reset_on_demand(proxy: TcpProxy, line: socket.socket) -> None:
    assert proxy.reset_all() == 1
    with pytest.raises(ConnectionResetError):
        line.recv(1)


def test_every_kind_of_fault_has_its_test_and_others_are_refused(proxy: TcpProxy) -> None:
    assert set(proxy.kinds) == {
        *("pass", "delay", "drop", "half_close", "black_hole", "cut", "throttle", "rst"),
    }
    with pytest.raises(ValueError, match="no fault is called 'lose'"):
        proxy.turn("lose")


def test_a_stale_connection_is_reset_when_it_is_used_and_a_new_one_is_not(
    proxy: TcpProxy, line: socket.socket
) -> None:
    assert proxy.make_stale() == 1
    with socket.create_connection((LOOPBACK, proxy.port), timeout=5) as new:
        assert said(new, b"new") == b"new"
    with pytest.raises(ConnectionResetError):
        said(line, b"old")
    assert proxy.counts["stale"] == 1


def test_nobody_gets_in_until_it_listens_again_at_the_same_port(proxy: TcpProxy, line: socket.socket) -> None:
    proxy.refuse()
    with pytest.raises(ConnectionResetError):
        said(line, b"old")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((LOOPBACK, proxy.port), timeout=5)
    proxy.listen()
    with socket.create_connection((LOOPBACK, proxy.port), timeout=5) as new:
        assert said(new, b"again") == b"again"
