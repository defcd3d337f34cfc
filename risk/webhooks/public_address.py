"""Which addresses may be pushed to: those of the public internet, named without credentials."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

_UNICAST = IPv6Network("2000::/3")
_CARRIERS = (IPv6Network("2002::/16"), IPv6Network("2001::/32"))
"""6to4 and Teredo: addresses that carry another one inside."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet's."""
    ip: IPv4Address | IPv6Address = ip_address(address)
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip not in _UNICAST or any(ip in network for network in _CARRIERS):
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
