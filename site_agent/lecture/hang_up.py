"""Ending a WebRTC connection whole, wherever it stood."""

import asyncio
from typing import Protocol
from weakref import WeakKeyDictionary

from aiortc import RTCSessionDescription

LINGER_S = 2.0
"""aioice asks a TURN server for half a minute to free what it gave, and a server that is cut off never answers."""

_closing: set[asyncio.Task[None]] = set()
"""Those that are still closing: the loop itself holds no task."""


class Peer(Protocol):
    """An `RTCPeerConnection`."""

    async def close(self) -> None: ...


class Gathers(Peer, Protocol):
    """One that is being set up."""

    async def setLocalDescription(self, description: RTCSessionDescription, /) -> None: ...


_gathering: WeakKeyDictionary[Peer, asyncio.Task[None]] = WeakKeyDictionary()


async def gather(peer: Gathers, description: RTCSessionDescription) -> None:
    """Set the local description, which opens the connection's sockets. That goes on whoever stops waiting, and
    `hang_up` lets it end: cancelled half way, aioice forgets the sockets it had opened, and closing does not find
    them."""
    gathering = asyncio.get_running_loop().create_task(peer.setLocalDescription(description), name="gather")
    _gathering[peer] = gathering
    await asyncio.shield(gathering)


async def hang_up(peer: Peer, linger_s: float = LINGER_S) -> None:
    """Close, whoever stops waiting meanwhile, and wait for it a little: the next connection must not wait for the last
    word to the one before. aiortc closes by itself too when the far end does, and all who close wait for one future:
    were the waiting cancelled, so would be that future, under whoever is to set it."""
    closing = asyncio.get_running_loop().create_task(_close(peer), name="hang up")
    _closing.add(closing)
    closing.add_done_callback(_closing.discard)
    await asyncio.wait([closing], timeout=linger_s)
    if closing.done():
        closing.result()


async def _close(peer: Peer) -> None:
    gathering = _gathering.pop(peer, None)
    if gathering is not None:
        await asyncio.wait([gathering])
    await peer.close()
