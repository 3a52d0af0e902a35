"""How often people may ask for what sends a mail: a fixed window, counted in the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from newsletter.store import rate_counters


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """What may happen how often in which time."""

    #: The beginning of its counters' names.
    bucket: str
    maximum: int
    window: timedelta

    def hit(self, connection: sa.Connection, whom: str, now: datetime) -> bool:
        """Count one more; return True if that was one too many.

        `whom` is a keyed hash or an id, never an address.
        """
        count = rate_counters.hit(connection, f"{self.bucket}:{whom}", now, self.window)
        return count > self.maximum

    def reset(self, connection: sa.Connection, whom: str) -> None:
        """Forget how often it was."""
        rate_counters.reset(connection, f"{self.bucket}:{whom}")


_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)

SIGNUPS_PER_CLIENT = RateLimit(bucket="client", maximum=20, window=_HOUR)
SIGNUPS_PER_DOMAIN = RateLimit(bucket="domain", maximum=200, window=_HOUR)
#: An address gets one mail that it hasn't asked for itself, whoever types it.
CONFIRMATIONS_PER_ADDRESS = RateLimit(bucket="address", maximum=1, window=_DAY)
#: Of one subscriber.
ADDRESS_CHANGES = RateLimit(bucket="move", maximum=3, window=_DAY)
DATA_EXPORTS = RateLimit(bucket="data", maximum=3, window=_DAY)
