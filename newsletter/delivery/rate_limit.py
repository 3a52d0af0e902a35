"""Rate limits (token buckets): how many messages may go now, in all and to one receiving domain.

A bucket fills at its rate and holds a second's worth. Slots are taken before a row is marked as
sending, so that no row grows old in that state. The clock is handed in (seconds, monotonic).
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class TokenBucket:
    """Slots at a rate (a second)."""

    rate: float
    tokens: float = 1.0
    refilled_at: float | None = None

    @property
    def capacity(self) -> float:
        """Slots that it holds at most: a second's worth, one at least."""
        return max(1.0, self.rate)

    def refill(self, now: float) -> None:
        """Add what has come since the last look."""
        if self.refilled_at is not None:
            self.tokens = min(self.capacity, self.tokens + (now - self.refilled_at) * self.rate)
        self.refilled_at = now

    def get_delay(self) -> float:
        """Return the seconds until there is a slot."""
        # A billionth less than one is one: floats don't add up exactly.
        return 0.0 if self.tokens > 1 - 1e-9 else (1 - self.tokens) / self.rate


@dataclass(slots=True, kw_only=True)
class RateLimiter:
    """All limits together; None: as fast as it goes."""

    rate: float | None = None
    #: Receiving domain → messages a second; subdomains have their own.
    domain_rates: Mapping[str, float] = field(default_factory=dict)
    _total_bucket: TokenBucket | None = None
    _domain_buckets: dict[str, TokenBucket] = field(default_factory=dict)
    _reserved: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Make the buckets."""
        self._total_bucket = TokenBucket(rate=self.rate) if self.rate else None
        self._domain_buckets = {
            domain.lower(): TokenBucket(rate=rate) for domain, rate in self.domain_rates.items()
        }

    def try_acquire(self, domain: str, now: float) -> bool:
        """Take a slot for a message to a domain, if there is one now."""
        buckets = [
            bucket
            for bucket in (self._total_bucket, self._domain_buckets.get(domain))
            if bucket is not None
        ]
        for bucket in buckets:
            bucket.refill(now)
        if any(bucket.get_delay() for bucket in buckets):
            return False
        for bucket in buckets:
            bucket.tokens -= 1
        if self._reserved[domain]:
            self._reserved[domain] -= 1
        return True

    def try_reserve(self, domain: str) -> bool:
        """Keep a claimed row until its slot opens, and say whether that may be.

        More than a second's worth stand in others' way.
        """
        bucket = self._domain_buckets.get(domain)
        if bucket is None:
            return True
        if self._reserved[domain] >= bucket.capacity:
            return False
        self._reserved[domain] += 1
        return True

    def list_saturated_domains(self, now: float) -> list[str]:
        """Return the domains of which no more rows are to be claimed.

        No slot is open, or enough are held.
        """
        for bucket in self._domain_buckets.values():
            bucket.refill(now)
        return [
            domain
            for domain, bucket in self._domain_buckets.items()
            if bucket.get_delay() or self._reserved[domain] >= bucket.capacity
        ]

    def get_delay(self, now: float) -> float:
        """Return the seconds until a slot opens somewhere; 0.0 if one is open."""
        for bucket in (self._total_bucket, *self._domain_buckets.values()):
            if bucket is not None:
                bucket.refill(now)
        if self._total_bucket is not None and self._total_bucket.get_delay():
            return self._total_bucket.get_delay()
        return min(
            (bucket.get_delay() for bucket in self._domain_buckets.values() if bucket.get_delay()),
            default=0.0,
        )

    def limit_prefetch(self, limit: int) -> int:
        """Return how many rows are worth claiming ahead: about a second's worth."""
        return limit if not self.rate else max(1, min(limit, math.ceil(self.rate)))
