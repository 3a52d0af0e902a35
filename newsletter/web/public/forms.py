"""Read what a form sends: names and values, nothing else, and not endlessly many.

Forms of ours are urlencoded; Starlette's own reader would need another package for that.
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request

from newsletter.web.headers import parse_media_type

#: Fields of a form that are read, and characters of a value that are kept.
MAX_FIELDS, MAX_VALUE_CHARS = 100, 1000


@dataclass(frozen=True, slots=True)
class FormData:
    """What was sent."""

    pairs: tuple[tuple[str, str], ...]

    def get(self, name: str) -> str:
        """Return the first value of a name, "" where there is none; one line."""
        return next(
            (" ".join(value.split())[:MAX_VALUE_CHARS] for key, value in self.pairs if key == name),
            "",
        )

    def getlist(self, name: str) -> tuple[str, ...]:
        """Return all values of a name."""
        return tuple(value[:MAX_VALUE_CHARS] for key, value in self.pairs if key == name)


async def read_form(request: Request) -> FormData:
    """Return what a request says in its body; what isn't urlencoded says nothing."""
    kind = parse_media_type(request.headers.get("content-type", ""))
    if kind != "application/x-www-form-urlencoded":
        return FormData(())
    text = (await request.body()).decode("utf-8", "replace")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:  # too many fields
        return FormData(())
    return FormData(
        tuple(
            (name, "".join(c for c in value if c.isprintable() or c in "\r\n\t"))
            for name, value in pairs
        )
    )


def get_client_network(request: Request) -> str:
    """Return who asks: an IPv4 address, or an IPv6 address's /64 network (a home has one)."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))
    return str(address)
