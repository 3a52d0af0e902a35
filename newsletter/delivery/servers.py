"""Which server the next connection goes to, where there are several.

Those with the lowest priority number that can be reached share the connections by their weights;
the next ones stand in while none of them can. The clock is handed in (seconds, monotonic).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.delivery.smtp import Server
from newsletter.errors import ServerError

#: Seconds that a server is left alone after it couldn't be reached, once, twice, …
RECONNECT = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)


@dataclass(slots=True, kw_only=True)
class _Known:
    """What this run knows of a server."""

    server: Server
    open: int = 0
    failures: int = 0
    rests_until: float = 0.0
    error: ServerError | None = None
    #: Connections in a row that ended before any message was answered, and whether it is spoken to
    #: without PIPELINING.
    stumbles: int = 0
    in_step: bool = False


class Servers:
    """The servers of one run."""

    def __init__(self, servers: Sequence[Server]) -> None:
        self._known = {
            server: _Known(server=server)
            for server in sorted(servers, key=lambda one: one.priority)
        }
        #: Since when no server could be reached; None: one was reached last time.
        self.away_since: float | None = None

    @property
    def several(self) -> bool:
        """Whether there is a choice."""
        return len(self._known) > 1

    @property
    def connections(self) -> int:
        """How many connections are open at most."""
        sums: dict[int, int] = {}
        for server in self._known:
            sums[server.priority] = sums.get(server.priority, 0) + server.connections
        return max(sums.values())

    def take(self, now: float) -> Server | None:
        """Return the server for one more connection, to be given back by `close`.

        None where there is none now.
        """
        awake = [one for one in self._known.values() if one.rests_until <= now]
        first = min((one.server.priority for one in awake), default=0)
        free = [
            one
            for one in awake
            if one.server.priority == first and one.open < one.server.connections
        ]
        if not free:
            return None
        chosen = min(free, key=lambda one: (one.open + 1) / one.server.weight)
        chosen.open += 1
        return chosen.server

    def close(self, server: Server) -> None:
        """Give a connection back."""
        self._known[server].open -= 1

    def reached(self, server: Server) -> None:
        """Note that a server has answered a message."""
        known = self._known[server]
        known.failures, known.stumbles, known.error, self.away_since = 0, 0, None, None

    def in_step(self, server: Server) -> bool:
        """Say whether a server is to be spoken to without PIPELINING, whatever it offers."""
        return self._known[server].in_step

    def stumbled(self, server: Server, now: float) -> None:
        """Note that a server let us in and answered nothing.

        After each second time the other way of speaking is tried.
        """
        known = self._known[server]
        if known.rests_until <= now:
            known.stumbles += 1
            if known.stumbles % 2 == 0:
                known.in_step = not known.in_step

    def failed(self, server: Server, error: ServerError, now: float) -> None:
        """Note that a server couldn't be reached, or wants nothing now.

        It is left alone for a while.
        """
        known = self._known[server]
        known.error = error
        if self.away_since is None:
            self.away_since = now
        if (
            known.rests_until <= now
        ):  # of several connections that fail together the first one counts
            known.failures += 1
            known.rests_until = now + RECONNECT[min(known.failures, len(RECONNECT)) - 1]

    def wait(self, now: float) -> float:
        """Return the seconds until a server may be tried again that can't be now.

        0.0 where none rests.
        """
        return min(
            (one.rests_until - now for one in self._known.values() if one.rests_until > now),
            default=0.0,
        )

    def given_up(self, now: float, patience: float) -> ServerError | None:
        """Return the first server's error where waiting helps no more.

        None can be reached for good, or for `patience` seconds.
        """
        errors = [one.error for one in self._known.values()]
        if self.away_since is None or any(error is None for error in errors):
            return None
        hopeless = not any(error.passing for error in errors if error is not None)
        return errors[0] if hopeless or now - self.away_since > patience else None
