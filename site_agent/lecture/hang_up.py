"""Ending a WebRTC connection whole."""

import asyncio

from aiortc import RTCPeerConnection


async def hang_up(peer: RTCPeerConnection) -> None:
    """Close, whoever stops waiting meanwhile. aiortc closes by itself too when the far end does, and all who close wait
    for one future: were the waiting cancelled, so would be that future, under whoever is to set it."""
    await asyncio.shield(asyncio.get_running_loop().create_task(peer.close(), name="hang up"))
