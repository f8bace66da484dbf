"""Takes what a WHEP endpoint answers, be it an answer or an offer of its own."""

from collections.abc import Callable

import aiohttp
from aiortc import RTCPeerConnection, RTCSessionDescription

from site_agent.lecture import whep
from site_agent.lecture.hang_up import hang_up


async def agree(
    http: aiohttp.ClientSession,
    peer: RTCPeerConnection,
    session: whep.WhepSession,
    token: str,
    fresh: Callable[[], RTCPeerConnection],
) -> RTCPeerConnection:
    """The connection that is agreed on: ``peer``, or where the endpoint offers itself a ``fresh`` one, as aiortc
    cannot take an offer back. Raises WhepRefused."""
    try:
        if not session.counter:
            await peer.setRemoteDescription(RTCSessionDescription(sdp=session.sdp, type="answer"))
            return peer
        await hang_up(peer)
        peer = fresh()
        await peer.setRemoteDescription(RTCSessionDescription(sdp=session.sdp, type="offer"))
        await peer.setLocalDescription(await peer.createAnswer())
    except ValueError as fault:
        raise whep.WhepRefused(f"the answer cannot be read: {fault}") from fault
    await whep.answer(http, session, token, peer.localDescription.sdp)
    return peer
