"""A road that takes time: replies of a mail server arrive some milliseconds later.

What we say arrives at once.

    python lag.py PORT TARGET_PORT MILLISECONDS

What goes up is spliced from socket to socket and never read, so this isn't what limits a sender.
"""

import contextlib
import fcntl
import heapq
import os
import select
import socket
import sys
import time

#: Octets that a pipe between two sockets holds.
PIPE_BYTES = 1 << 20


class DelayedConnection:
    """One connection to us and the one to the server that belongs to it."""

    def __init__(self, near: socket.socket, target: int) -> None:
        self.near, self.far = near, socket.create_connection(("127.0.0.1", target))
        for end in (self.near, self.far):
            end.setblocking(False)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.out, self.into = os.pipe()
        fcntl.fcntl(self.into, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        self.buffered_bytes = 0
        #: The server has hung up.
        self.is_closed_by_server = False

    def forward(self) -> bool:
        """Move what has come towards the server; False: the sender has hung up."""
        if not self.buffered_bytes:
            self.buffered_bytes = os.splice(
                self.near.fileno(), self.into, PIPE_BYTES, flags=os.SPLICE_F_NONBLOCK
            )
            if not self.buffered_bytes:
                return False
        with contextlib.suppress(BlockingIOError):
            while self.buffered_bytes:
                self.buffered_bytes -= os.splice(
                    self.out, self.far.fileno(), self.buffered_bytes, flags=os.SPLICE_F_NONBLOCK
                )
        return True

    def close(self) -> None:
        """Close all of it."""
        self.near.close()
        self.far.close()
        os.close(self.out)
        os.close(self.into)


class LatencyProxy:
    """All of them, in one loop."""

    def __init__(self, port: int, target: int, delay: float) -> None:
        self.target, self.delay = target, delay
        self.listening = socket.create_server(("127.0.0.1", port), backlog=256)
        self.poll = select.epoll()
        self.poll.register(self.listening, select.EPOLLIN)
        self.near: dict[int, DelayedConnection] = {}
        self.far: dict[int, DelayedConnection] = {}
        #: (when, number, road, words), the next one first.
        self.delayed_replies: list[tuple[float, int, DelayedConnection, bytes]] = []
        self.number = 0

    def run(self) -> None:
        """Go on for ever."""
        while True:
            wait = (
                max(0.0, self.delayed_replies[0][0] - time.monotonic())
                if self.delayed_replies
                else -1
            )
            for descriptor, _ in self.poll.poll(wait):
                self._handle_event(descriptor)
            now = time.monotonic()
            while self.delayed_replies and self.delayed_replies[0][0] <= now:
                _, _, road, words = heapq.heappop(self.delayed_replies)
                if not words:
                    self._close(road)
                with contextlib.suppress(OSError):
                    road.near.send(words)

    def _handle_event(self, descriptor: int) -> None:
        if descriptor == self.listening.fileno():
            self._open()
            return
        road = self.near.get(descriptor) or self.far.get(descriptor)
        if road is None:
            return
        try:
            if descriptor == road.far.fileno() and not road.buffered_bytes:
                self._delay_reply(road)
                return
            going = road.forward()
            self._update_interest(road)
        except BlockingIOError:
            return
        except OSError:
            going = False
        if not going:
            self._close(road)

    def _open(self) -> None:
        road = DelayedConnection(self.listening.accept()[0], self.target)
        self.near[road.near.fileno()] = self.far[road.far.fileno()] = road
        for end in (road.near, road.far):
            self.poll.register(end, select.EPOLLIN)

    def _update_interest(self, road: DelayedConnection) -> None:
        """Wait for the server to take what is held, and read nothing more from the sender."""
        self.poll.modify(road.near, 0 if road.buffered_bytes else select.EPOLLIN)
        if not road.is_closed_by_server:
            self.poll.modify(
                road.far, select.EPOLLIN | (select.EPOLLOUT if road.buffered_bytes else 0)
            )

    def _delay_reply(self, road: DelayedConnection) -> None:
        """Keep a reply until it is time.

        The end of the connection comes no sooner than the words before it.
        """
        words = road.far.recv(4096)
        if not words:
            road.is_closed_by_server = True
            self.poll.unregister(road.far)
        self.number += 1
        heapq.heappush(
            self.delayed_replies, (time.monotonic() + self.delay, self.number, road, words)
        )

    def _close(self, road: DelayedConnection) -> None:
        if road.near.fileno() >= 0:
            self.near.pop(road.near.fileno(), None)
            self.far.pop(road.far.fileno(), None)
            road.close()


if __name__ == "__main__":
    LatencyProxy(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]) / 1000).run()
