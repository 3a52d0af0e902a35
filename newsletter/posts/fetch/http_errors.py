"""HTTP status codes as errors, in one sentence each; Retry-After in seconds."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from newsletter.errors import FetchError

#: A longer Retry-After isn't believed (seconds).
_MAX_RETRY_AFTER_SECONDS = 86_400


def build_status_error(
    code: int, host: str, url: str, retry_after: str, now: datetime
) -> FetchError:
    """Return the error for a status code. `retry_after`: that header, or ""."""
    wait = parse_retry_after(retry_after, now)
    if code == 429 or (code == 503 and wait):
        if not wait:
            return FetchError(
                "{host} has been asked too often ({code}). Try again in an hour.",
                is_transient=True,
                code=code,
                host=host,
                url=url,
            )
        return FetchError(
            "{host} asks to wait {minutes} minutes ({code}). Try again after that.",
            is_transient=True,
            minutes=max(1, round(wait / 60)),
            code=code,
            host=host,
            url=url,
        )
    if code in (401, 403, 407, 451):
        return FetchError(
            "{host} refuses to show {url} ({code}). Check the address in newsletter.toml, or ask"
            " who runs the site to let “newsletter” in.",
            code=code,
            host=host,
            url=url,
        )
    if code in (404, 410):
        return FetchError(
            "{host} has nothing at {url} ({code}). Check the address in newsletter.toml.",
            code=code,
            host=host,
            url=url,
        )
    if 500 <= code < 600:
        return FetchError(
            "{host} has a fault of its own ({code}). Try again later.",
            is_transient=True,
            code=code,
            host=host,
            url=url,
        )
    return FetchError(
        "{host} gave no answer that can be used ({code}). Check the address {url} in"
        " newsletter.toml.",
        code=code,
        host=host,
        url=url,
    )


def parse_retry_after(retry_after: str, now: datetime) -> int:
    """Return Retry-After in seconds from now, 0 where it can't be read (RFC 9110, 10.2.3)."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), _MAX_RETRY_AFTER_SECONDS)
    try:
        then = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0
    aware = then if then.tzinfo else then.replace(tzinfo=UTC)
    return min(max(0, int((aware - now).total_seconds())), _MAX_RETRY_AFTER_SECONDS)
