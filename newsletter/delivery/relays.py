"""Which server the next connection goes to, where there are several.

Those with the lowest priority number that can be reached share the connections by their weights;
the next ones stand in while none of them can. The clock is handed in (seconds, monotonic).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.delivery.smtp_relay import SmtpRelay
from newsletter.errors import ServerError

#: Seconds that a server is left alone after it couldn't be reached, once, twice, …
RETRY_DELAYS_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)


@dataclass(slots=True, kw_only=True)
class _RelayState:
    """What this run knows of a server."""

    relay: SmtpRelay
    open_count: int = 0
    failures: int = 0
    retry_at: float = 0.0
    error: ServerError | None = None
    #: Connections in a row that ended before any message was answered, and whether it is spoken to
    #: without PIPELINING.
    empty_sessions: int = 0
    without_pipelining: bool = False


class RelaySelector:
    """The servers of one run."""

    def __init__(self, relays: Sequence[SmtpRelay]) -> None:
        self._states = {
            server: _RelayState(relay=server)
            for server in sorted(relays, key=lambda one: one.priority)
        }
        #: Since when no server could be reached; None: one was reached last time.
        self.unreachable_since: float | None = None

    @property
    def has_several(self) -> bool:
        """Whether there is a choice."""
        return len(self._states) > 1

    @property
    def max_connections(self) -> int:
        """How many connections are open at most."""
        sums: dict[int, int] = {}
        for server in self._states:
            sums[server.priority] = sums.get(server.priority, 0) + server.connections
        return max(sums.values())

    def acquire(self, now: float) -> SmtpRelay | None:
        """Return the server for one more connection, to be given back by `release`.

        None where there is none now.
        """
        awake = [one for one in self._states.values() if one.retry_at <= now]
        first = min((one.relay.priority for one in awake), default=0)
        free = [
            one
            for one in awake
            if one.relay.priority == first and one.open_count < one.relay.connections
        ]
        if not free:
            return None
        chosen = min(free, key=lambda one: (one.open_count + 1) / one.relay.weight)
        chosen.open_count += 1
        return chosen.relay

    def release(self, relay: SmtpRelay) -> None:
        """Give a connection back."""
        self._states[relay].open_count -= 1

    def record_success(self, relay: SmtpRelay) -> None:
        """Note that a server has answered a message."""
        known = self._states[relay]
        known.failures, known.empty_sessions, known.error, self.unreachable_since = 0, 0, None, None

    def should_skip_pipelining(self, relay: SmtpRelay) -> bool:
        """Return True if a relay is to be spoken to without PIPELINING, whatever it offers."""
        return self._states[relay].without_pipelining

    def record_empty_session(self, relay: SmtpRelay, now: float) -> None:
        """Note that a server let us in and answered nothing.

        After each second time the other way of speaking is tried.
        """
        known = self._states[relay]
        if known.retry_at <= now:
            known.empty_sessions += 1
            if known.empty_sessions % 2 == 0:
                known.without_pipelining = not known.without_pipelining

    def record_failure(self, relay: SmtpRelay, error: ServerError, now: float) -> None:
        """Note that a server couldn't be reached, or wants nothing now.

        It is left alone for a while.
        """
        known = self._states[relay]
        known.error = error
        if self.unreachable_since is None:
            self.unreachable_since = now
        if known.retry_at <= now:  # of several connections that fail together the first one counts
            known.failures += 1
            known.retry_at = (
                now + RETRY_DELAYS_SECONDS[min(known.failures, len(RETRY_DELAYS_SECONDS)) - 1]
            )

    def get_retry_delay(self, now: float) -> float:
        """Return the seconds until a server may be tried again that can't be now.

        0.0 where none rests.
        """
        return min(
            (one.retry_at - now for one in self._states.values() if one.retry_at > now),
            default=0.0,
        )

    def get_outage_error(self, now: float, outage_timeout: float) -> ServerError | None:
        """Return the first server's error where waiting helps no more.

        None can be reached for good, or for `outage_timeout` seconds.
        """
        errors = [one.error for one in self._states.values()]
        if self.unreachable_since is None or any(error is None for error in errors):
            return None
        hopeless = not any(error.is_transient for error in errors if error is not None)
        return errors[0] if hopeless or now - self.unreachable_since > outage_timeout else None
