"""Under which names candidates reach this computer's desk."""

import contextlib
import ipaddress
import socket
from urllib.parse import urlsplit

_LONGEST = 300
"""As long as the wire takes a line."""


def desk_names(url: str) -> frozenset[str]:
    """The host name that candidates use besides the computer's own address: that of the configured `desk.url`."""
    name = urlsplit(url).hostname
    return frozenset({f"[{name}]" if ":" in name else name}) if name else frozenset()


def lan_address(bind: str) -> str:
    """The address that candidates reach this computer by; no packet leaves: a UDP connect only asks for the route."""
    if bind not in ("0.0.0.0", "::"):
        return bind
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])
    return "127.0.0.1"


def seen_from_outside(url: str) -> str:
    """The desk's address as another device opens it; empty where it leads nowhere but to this computer itself."""
    name = urlsplit(url).hostname or "localhost"
    with contextlib.suppress(ValueError):
        if ipaddress.ip_address(name).is_loopback:
            return ""
    return "" if name == "localhost" or len(url) > _LONGEST else url
