"""Takes what a WHEP endpoint answers, be it an answer or an offer of its own."""

from collections.abc import Callable

import aiohttp
from aiortc import RTCPeerConnection, RTCSessionDescription

from site_agent.lecture import whep
from site_agent.lecture.hang_up import gather, hang_up


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
        return await _counter(http, fresh(), session, token)
    except ValueError as fault:
        raise whep.WhepRefused(f"the answer cannot be read: {fault}") from fault


async def _counter(
    http: aiohttp.ClientSession, peer: RTCPeerConnection, session: whep.WhepSession, token: str
) -> RTCPeerConnection:
    """Answer the endpoint's own offer. Nobody else knows the connection yet: it is left when that fails."""
    try:
        await peer.setRemoteDescription(RTCSessionDescription(sdp=session.sdp, type="offer"))
        await gather(peer, await peer.createAnswer())
        await whep.answer(http, session, token, peer.localDescription.sdp)
    except BaseException:
        await hang_up(peer)
        raise
    return peer
