"""Which addresses may be pushed to: those of the public internet, named without credentials."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

_UNICAST = IPv6Network("2000::/3")
_SPECIAL_4 = tuple(
    IPv4Network(network)
    for network in (
        "192.0.0.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.175.48.0/24",
    )
)
_SPECIAL_6 = tuple(
    IPv6Network(network) for network in ("2001::/23", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)
"""Of IANA's registries of special-purpose addresses: what `is_global` lets through although no
receiver is there. 2001::/23 holds Teredo, 2002::/16 is 6to4: they carry another address inside."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet's."""
    ip: IPv4Address | IPv6Address = ip_address(address)
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip not in _UNICAST or any(ip in network for network in _SPECIAL_6):
            return False
    elif any(ip in network for network in _SPECIAL_4):
        return False
    return ip.is_global and not ip.is_multicast


def url_refusal(url: str, *, private: bool) -> str:
    """Why an address cannot be pushed to; empty where it can."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "an address such as https://example.com/hook"
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        return "an address that begins with https://"
    plain = url.isascii() and url.isprintable() and " " not in url
    if not parts.hostname or "@" in parts.netloc or port == 0 or not plain:
        return "an address with a host, and no name or password in it"
    try:
        literal = ip_address(parts.hostname)
    except ValueError:
        return ""
    return "" if private or is_public(str(literal)) else "an address outside the private network"
