"""Which addresses of the internet may be connected to.

A host is resolved once, and every address of it is checked; `network` connects to a checked one,
and never asks again.
"""

import ipaddress
import socket
import threading
from collections.abc import Callable

from newsletter.posts.clean.safe_url import to_ascii_host

#: Host and port → addresses, as socket.getaddrinfo gives them.
Resolver = Callable[[str, int], list[str]]

#: What `is_global` lets through in some versions of Python (CVE-2024-4032), or what clouds keep at
#: public addresses.
_BLOCKED_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in (
        *(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
        ),
        *(
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",
            "168.63.129.16/32",
        ),
        *(
            "::/96",
            "64:ff9b:1::/48",
            "100::/64",
            "2001::/23",
            "2001:db8::/32",
            "3fff::/20",
            "5f00::/16",
            "fc00::/7",
            "fe80::/9",
            "ff00::/8",
        ),
    )
)
#: IPv6 addresses that hold an IPv4 one: mapped, translated (RFC 2765), NAT64 (RFC 6052), 6to4 (RFC
#: 3056).
_IPV4_MAPPED, _IPV4_TRANSLATED, _NAT64, _6TO4 = (
    ipaddress.IPv6Network(network)
    for network in ("::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "2002::/16")
)


class PrivateAddressError(Exception):
    """A host has an address that sources may not name."""


class UnresolvedHostError(Exception):
    """A host has no address, or the name server doesn't answer."""


def is_public(address: str) -> bool:
    """Say whether an IP address belongs to the open internet.

    Not private, local, shared, reserved, multicast or a cloud's own.
    """
    try:
        ip = _unwrap_ipv4(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    return (
        ip.is_global
        and not ip.is_multicast
        and not any(ip in network for network in _BLOCKED_NETWORKS if network.version == ip.version)
    )


def resolve_allowed_addresses(
    host: str, port: int, allowed_hosts: frozenset[str], resolver: Resolver
) -> list[str]:
    """Return the addresses of a host that may be connected to.

    `allowed`: hosts, or "host:port", that may have private addresses. Raises RefusedError,
    UnresolvedError.
    """
    bare = host.strip("[]")
    addresses = resolver(bare, port)
    if not addresses:
        raise UnresolvedHostError(host)
    name = to_ascii_host(bare) or bare
    if name in allowed_hosts or f"{name}:{port}" in allowed_hosts:
        return addresses
    # One private address among public ones is enough: such an answer is a trick or a mistake.
    if not all(is_public(address) for address in addresses):
        raise PrivateAddressError(host)
    return addresses


def resolve_host(host: str, port: int, *, timeout_seconds: float = 5.0) -> list[str]:
    """Return a host's addresses, none where there are none.

    `patience`: seconds to wait for the name server.
    """
    found: list[str] = []

    def look_up() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend(dict.fromkeys(str(answer[4][0]) for answer in answers))

    # getaddrinfo knows no time limit of its own.
    asking = threading.Thread(target=look_up, daemon=True)
    asking.start()
    asking.join(timeout_seconds)
    return list(found)


def _unwrap_ipv4(
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Return the IPv4 address that an IPv6 address stands for, or the address itself."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip in _IPV4_MAPPED or ip in _IPV4_TRANSLATED or ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    if ip in _6TO4:
        return ipaddress.IPv4Address((int(ip) >> 80) & 0xFFFFFFFF)
    return ip
