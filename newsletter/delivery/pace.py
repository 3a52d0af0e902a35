"""The pace: how many messages may go now, in all and to one receiving domain.

A bucket fills at its rate and holds a second's worth. Slots are taken before a row is marked as
sending, so that no row grows old in that state. The clock is handed in (seconds, monotonic).
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Bucket:
    """Slots at a rate (a second)."""

    rate: float
    filled: float = 1.0
    at: float | None = None

    @property
    def size(self) -> float:
        """Slots that it holds at most: a second's worth, one at least."""
        return max(1.0, self.rate)

    def fill(self, now: float) -> None:
        """Add what has come since the last look."""
        if self.at is not None:
            self.filled = min(self.size, self.filled + (now - self.at) * self.rate)
        self.at = now

    def wait(self) -> float:
        """Return the seconds until there is a slot."""
        # A billionth less than one is one: floats don't add up exactly.
        return 0.0 if self.filled > 1 - 1e-9 else (1 - self.filled) / self.rate


@dataclass(slots=True, kw_only=True)
class Pace:
    """All limits together; None: as fast as it goes."""

    rate: float | None = None
    #: Receiving domain → messages a second; subdomains have their own.
    domains: Mapping[str, float] = field(default_factory=dict)
    _all: Bucket | None = None
    _each: dict[str, Bucket] = field(default_factory=dict)
    _held: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Make the buckets."""
        self._all = Bucket(rate=self.rate) if self.rate else None
        self._each = {domain.lower(): Bucket(rate=rate) for domain, rate in self.domains.items()}

    def take(self, domain: str, now: float) -> bool:
        """Take a slot for a message to a domain, if there is one now."""
        buckets = [bucket for bucket in (self._all, self._each.get(domain)) if bucket is not None]
        for bucket in buckets:
            bucket.fill(now)
        if any(bucket.wait() for bucket in buckets):
            return False
        for bucket in buckets:
            bucket.filled -= 1
        if self._held[domain]:
            self._held[domain] -= 1
        return True

    def hold(self, domain: str) -> bool:
        """Keep a claimed row until its slot opens, and say whether that may be.

        More than a second's worth stand in others' way.
        """
        bucket = self._each.get(domain)
        if bucket is None:
            return True
        if self._held[domain] >= bucket.size:
            return False
        self._held[domain] += 1
        return True

    def full(self, now: float) -> list[str]:
        """Return the domains of which no more rows are to be claimed.

        No slot is open, or enough are held.
        """
        for bucket in self._each.values():
            bucket.fill(now)
        return [
            domain
            for domain, bucket in self._each.items()
            if bucket.wait() or self._held[domain] >= bucket.size
        ]

    def wait(self, now: float) -> float:
        """Return the seconds until a slot opens somewhere; 0.0 if one is open."""
        for bucket in (self._all, *self._each.values()):
            if bucket is not None:
                bucket.fill(now)
        if self._all is not None and self._all.wait():
            return self._all.wait()
        return min((bucket.wait() for bucket in self._each.values() if bucket.wait()), default=0.0)

    def ahead(self, most: int) -> int:
        """Return how many rows are worth claiming ahead: about a second's worth."""
        return most if not self.rate else max(1, min(most, math.ceil(self.rate)))
