"""Which files that messages name by address may be fetched, as a mapping table says it."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator

from risk.webhooks.field_source import TablePart
from risk.webhooks.public_address import url_refusal

FILE_URL = "file_url"
"""The member of an item of evidence that holds the address of its file; no field has this name."""

LONGEST_URL = 2_000

_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
_ANY_OF = "*."
_HTTPS = 443


def _check_host(host: str) -> str:
    """Whole domains only of somebody's own: `*.com` is everybody's."""
    own = host.removeprefix(_ANY_OF)
    if not _HOST.fullmatch(own) or (own != host and "." not in own):
        raise ValueError("a host such as files.example.com or *.example.com, in small letters")
    return host


class FileSettings(TablePart):
    """The hosts that files may be fetched from; `*.` before one stands for all below it."""

    hosts: tuple[Annotated[str, AfterValidator(_check_host)], ...] = ()

    def refusal(self, url: str, *, private: bool) -> str:
        """Why nothing is fetched from an address; empty where it may be. `private` allows plain
        http, other ports, and addresses of the own network."""
        if len(url) > LONGEST_URL:
            return f"an address of more than {LONGEST_URL:,} characters"
        if why := url_refusal(url, private=private):
            return f"expected {why}"
        parts = urlsplit(url)
        if parts.port not in (None, _HTTPS) and not private:
            return f"a port other than {_HTTPS}"
        if not self._names(parts.hostname or ""):
            return "no host that [files] of the endpoint's mapping table names"
        return ""

    def _names(self, host: str) -> bool:
        below = any(h.startswith(_ANY_OF) and host.endswith(h[1:]) for h in self.hosts)
        return bool(_HOST.fullmatch(host)) and (host in self.hosts or below)
