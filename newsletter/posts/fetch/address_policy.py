"""Address policy: which IP addresses a fetch may connect to (protection against SSRF).

A host is resolved once, and every address of it is checked; `guarded_transport` connects to one of
those that were checked and never resolves the name again (DNS rebinding).
"""

import ipaddress
import socket
import threading
from collections.abc import Callable

from newsletter.posts.clean.safe_url import to_ascii_host

#: Host and port → addresses, as socket.getaddrinfo gives them.
Resolver = Callable[[str, int], list[str]]

#: Networks that `is_global` lets through in some versions of Python (CVE-2024-4032), and
#: 168.63.129.16, Azure's platform service at a public address.
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
#: IPv6 networks that embed an IPv4 address: IPv4-mapped (RFC 4291), IPv4-translated (RFC 2765),
#: NAT64 (RFC 6052) and 6to4 (RFC 3056).
_IPV4_MAPPED, _IPV4_TRANSLATED, _NAT64, _6TO4 = (
    ipaddress.IPv6Network(network)
    for network in ("::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "2002::/16")
)


class PrivateAddressError(Exception):
    """A host has an address that sources may not name."""


class UnresolvedHostError(Exception):
    """A host has no address, or the DNS server doesn't answer."""


def is_public(address: str) -> bool:
    """Return True if an IP address is globally reachable unicast.

    False for private, loopback, link-local, shared (RFC 6598), reserved and multicast addresses,
    for a cloud's metadata service, and for an IPv6 address that embeds such an IPv4 one.
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

    `allowed_hosts`: hosts, or "host:port", that may have private addresses. Raises
    PrivateAddressError, UnresolvedHostError.
    """
    bare = host.strip("[]")
    addresses = resolver(bare, port)
    if not addresses:
        raise UnresolvedHostError(host)
    name = to_ascii_host(bare) or bare
    if name in allowed_hosts or f"{name}:{port}" in allowed_hosts:
        return addresses
    # One private address among public ones is enough: such an answer is an attack or a mistake.
    if not all(is_public(address) for address in addresses):
        raise PrivateAddressError(host)
    return addresses


def resolve_host(host: str, port: int, *, timeout_seconds: float = 5.0) -> list[str]:
    """Return a host's IP addresses (A and AAAA); none where it has none, or on a timeout."""
    found: list[str] = []

    def look_up() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend(dict.fromkeys(str(answer[4][0]) for answer in answers))

    # getaddrinfo has no timeout of its own.
    asking = threading.Thread(target=look_up, daemon=True)
    asking.start()
    asking.join(timeout_seconds)
    return list(found)


def _unwrap_ipv4(
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Return the IPv4 address that is embedded in an IPv6 address, or the address itself."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip in _IPV4_MAPPED or ip in _IPV4_TRANSLATED or ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    if ip in _6TO4:
        return ipaddress.IPv4Address((int(ip) >> 80) & 0xFFFFFFFF)
    return ip
