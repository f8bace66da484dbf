"""By which way the lecture is asked for: over UDP, and where that is blocked through the TURN servers the relay names.

Those over UDP pass a firewall that lets only well-known ports through, those over TCP and TLS one that blocks UDP
(RFC 9725 §4.6 tells them in Link headers). A way that works is
kept; one that does not makes room for the next, and after the last one UDP is tried again.
"""

import re
from typing import Any

from aiortc import RTCIceServer, RTCPeerConnection

_LINK = re.compile(r'<((?:turn|turns):[^>]+)>;[^,]*?username="([^"]*)"; credential="([^"]*)"')
MOST = 8
ORDER = ("turn", "tcp", "tls")


def turn_servers(links: str) -> list[RTCIceServer]:
    """The TURN servers in a Link header: over UDP, which delays least, then over TCP, then over TLS."""
    found = [
        RTCIceServer(urls=url, username=user, credential=credential) for url, user, credential in _LINK.findall(links)
    ]
    return sorted(found, key=lambda one: ORDER.index(class_of(one.urls)))[:MOST]


def class_of(url: object) -> str:
    """`tls`, `tcp` or, for TURN over UDP, `turn`."""
    text = str(url)
    if text.startswith("turns:"):
        return "tls"
    return "tcp" if "transport=tcp" in text else "turn"


def path_of(peer: RTCPeerConnection, servers: list[RTCIceServer]) -> str:
    """The class of the path that ICE chose: `udp` without a detour, else the server's; empty while there is none."""
    for receiver in peer.getReceivers():
        connection: Any = receiver.transport.transport._connection
        pair = connection._nominated.get(1)
        if pair is not None:
            relayed = pair.local_candidate.type == "relay"
            return class_of(servers[0].urls) if relayed and servers else "udp"
    return ""


class Detours:
    """What one screen has learned of its ways, from connection to connection."""

    def __init__(self) -> None:
        self._known: list[RTCIceServer] = []
        self._at = 0

    @property
    def servers(self) -> list[RTCIceServer]:
        """For the next connection: none, or one, since aioice speaks to one TURN server at a time."""
        return [self._known[self._at - 1]] if 0 < self._at <= len(self._known) else []

    def heard(self, links: str) -> None:
        """An answer named these servers, with fresh credentials."""
        known = turn_servers(links)
        if known:
            self._known = known

    def failed(self) -> None:
        """No connection came to stand by the present way."""
        self._at = (self._at + 1) % (len(self._known) + 1)
