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
PIPE = 1 << 20


class Road:
    """One connection to us and the one to the server that belongs to it."""

    def __init__(self, near: socket.socket, target: int) -> None:
        self.near, self.far = near, socket.create_connection(("127.0.0.1", target))
        for end in (self.near, self.far):
            end.setblocking(False)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.out, self.into = os.pipe()
        fcntl.fcntl(self.into, fcntl.F_SETPIPE_SZ, PIPE)
        self.held = 0
        #: The server has hung up.
        self.ended = False

    def up(self) -> bool:
        """Move what has come towards the server; False: the sender has hung up."""
        if not self.held:
            self.held = os.splice(self.near.fileno(), self.into, PIPE, flags=os.SPLICE_F_NONBLOCK)
            if not self.held:
                return False
        with contextlib.suppress(BlockingIOError):
            while self.held:
                self.held -= os.splice(
                    self.out, self.far.fileno(), self.held, flags=os.SPLICE_F_NONBLOCK
                )
        return True

    def close(self) -> None:
        """Close all of it."""
        self.near.close()
        self.far.close()
        os.close(self.out)
        os.close(self.into)


class Roads:
    """All of them, in one loop."""

    def __init__(self, port: int, target: int, delay: float) -> None:
        self.target, self.delay = target, delay
        self.listening = socket.create_server(("127.0.0.1", port), backlog=256)
        self.poll = select.epoll()
        self.poll.register(self.listening, select.EPOLLIN)
        self.near: dict[int, Road] = {}
        self.far: dict[int, Road] = {}
        #: (when, number, road, words), the next one first.
        self.late: list[tuple[float, int, Road, bytes]] = []
        self.number = 0

    def run(self) -> None:
        """Go on for ever."""
        while True:
            wait = max(0.0, self.late[0][0] - time.monotonic()) if self.late else -1
            for descriptor, _ in self.poll.poll(wait):
                self._step(descriptor)
            now = time.monotonic()
            while self.late and self.late[0][0] <= now:
                _, _, road, words = heapq.heappop(self.late)
                if not words:
                    self._close(road)
                with contextlib.suppress(OSError):
                    road.near.send(words)

    def _step(self, descriptor: int) -> None:
        if descriptor == self.listening.fileno():
            self._open()
            return
        road = self.near.get(descriptor) or self.far.get(descriptor)
        if road is None:
            return
        try:
            if descriptor == road.far.fileno() and not road.held:
                self._reply(road)
                return
            going = road.up()
            self._watch(road)
        except BlockingIOError:
            return
        except OSError:
            going = False
        if not going:
            self._close(road)

    def _open(self) -> None:
        road = Road(self.listening.accept()[0], self.target)
        self.near[road.near.fileno()] = self.far[road.far.fileno()] = road
        for end in (road.near, road.far):
            self.poll.register(end, select.EPOLLIN)

    def _watch(self, road: Road) -> None:
        """While something is held, wait for the server to take it, and take nothing more from the sender."""
        self.poll.modify(road.near, 0 if road.held else select.EPOLLIN)
        if not road.ended:
            self.poll.modify(road.far, select.EPOLLIN | (select.EPOLLOUT if road.held else 0))

    def _reply(self, road: Road) -> None:
        """Keep a reply until it is time.

        The end of the connection comes no sooner than the words before it.
        """
        words = road.far.recv(4096)
        if not words:
            road.ended = True
            self.poll.unregister(road.far)
        self.number += 1
        heapq.heappush(self.late, (time.monotonic() + self.delay, self.number, road, words))

    def _close(self, road: Road) -> None:
        if road.near.fileno() >= 0:
            self.near.pop(road.near.fileno(), None)
            self.far.pop(road.far.fileno(), None)
            road.close()


if __name__ == "__main__":
    Roads(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]) / 1000).run()
