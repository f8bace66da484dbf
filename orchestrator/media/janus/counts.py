"""What a Janus server counts of a peer connection: its Admin API over HTTP, where an address of it is given.

Source: the Janus documentation, "Admin/Monitor API", request ``handle_info``. The server tells by itself only after one
to two seconds that nothing is received; whoever asks twice a second knows after one.
"""

from __future__ import annotations

import secrets
from typing import Any

import aiohttp
import msgspec

ASK_S = 2.0
GONE = (458, 459)
"""No such session, no such handle."""


class NotCounted(Exception):
    """The server refuses, e.g. for another ``admin_secret``; the sentence is its own."""


class Counts(msgspec.Struct, frozen=True):
    """Packets since the connection began, all encodings together; ``lost``: of those from the peer, ``missed``: of
    those to it, by its own word."""

    packets_in: int = 0
    bytes_in: int = 0
    lost: int = 0
    packets_out: int = 0
    missed: int = 0

    def __sub__(self, other: Counts) -> Counts:
        return Counts(*(max(0, a - b) for a, b in zip(msgspec.structs.astuple(self), _tuple(other), strict=True)))

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(a + b for a, b in zip(msgspec.structs.astuple(self), _tuple(other), strict=True)))


def _tuple(counts: Counts) -> tuple[int, ...]:
    return msgspec.structs.astuple(counts)


def counts_of(info: dict[str, Any]) -> Counts:
    """From the ``info`` of a handle; zero where it has no peer connection (yet)."""
    found = Counts()
    for medium in info.get("webrtc", {}).get("media", {}).values():
        came, went = medium.get("stats", {}).get("in", {}), medium.get("stats", {}).get("out", {})
        layers = [came, came.get("video-simulcast-1", {}), came.get("video-simulcast-2", {})]
        reports = medium.get("rtcp", {}).values()
        found += Counts(
            packets_in=sum(one.get("packets", 0) for one in layers),
            bytes_in=sum(one.get("bytes", 0) for one in layers),
            lost=sum(max(0, one.get("lost", 0)) for one in reports),
            packets_out=went.get("packets", 0),
            missed=sum(max(0, one.get("lost-by-remote", 0)) for one in reports),
        )
    return found


class Counter:
    """Asks one server. ``url``: of the Admin API, e.g. ``http://10.0.0.11:7088/admin``."""

    def __init__(self, url: str, secret: str) -> None:
        self.url = url.rstrip("/")
        self._secret = secret

    def client(self) -> aiohttp.ClientSession:
        """What :meth:`count` asks with; the caller closes it."""
        return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ASK_S))

    async def count(self, http: aiohttp.ClientSession, session: int, handle: int) -> Counts | None:
        """None for a handle that is gone. Raises :class:`NotCounted`, :class:`aiohttp.ClientError`,
        :class:`TimeoutError`."""
        asked = {"janus": "handle_info", "transaction": secrets.token_hex(8), "admin_secret": self._secret}
        async with http.post(f"{self.url}/{session}/{handle}", data=msgspec.json.encode(asked)) as reply:
            told = msgspec.json.decode(await reply.read(), type=dict[str, Any])
        if told.get("janus") == "success":
            return counts_of(told["info"])
        fault = told.get("error", {})
        if fault.get("code") in GONE:
            return None
        raise NotCounted(str(fault.get("reason", "")))
