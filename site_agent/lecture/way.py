"""By which way the lecture's pictures can come: a real WebRTC connection to the relay, without pictures.

First over UDP alone; where that fails, through the TURN servers that the relay names (RFC 9725 §4.6), in the order of
:func:`site_agent.lecture.detours.turn_servers`.
"""

import asyncio
import time

import aiohttp
from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection

from site_agent.lecture import whep
from site_agent.lecture.agreeing import agree
from site_agent.lecture.detours import class_of, turn_servers
from site_agent.lecture.hang_up import gather, hang_up


async def reached_by(http: aiohttp.ClientSession, url: str, token: str, within_s: float) -> tuple[str, float]:
    """The way that stands, `udp`, `turn`, `tcp` or `tls`, empty when none does, and how long it took to stand (ms).

    Raises :class:`whep.WhepRefused` when the relay cannot be asked at all.
    """
    took_ms, servers = await _stands(http, url, token, [], within_s)
    if took_ms is not None:
        return "udp", took_ms
    for server in servers:
        took_ms, _ = await _stands(http, url, token, [server], within_s)
        if took_ms is not None:
            return class_of(server.urls), took_ms
    return "", 0.0


async def _stands(
    http: aiohttp.ClientSession, url: str, token: str, servers: list[RTCIceServer], within_s: float
) -> tuple[float | None, list[RTCIceServer]]:
    """Milliseconds until media could flow, None when it never could; and the TURN servers that the relay named."""
    peer = RTCPeerConnection(RTCConfiguration(iceServers=servers))
    session: whep.WhepSession | None = None
    began = time.perf_counter()
    try:
        peer.addTransceiver("video", direction="recvonly")
        await gather(peer, await peer.createOffer())
        session = await whep.ask(http, url, token, peer.localDescription.sdp)
        began = time.perf_counter()
        stands = asyncio.Event()

        def look() -> None:
            if peer.connectionState == "connected":
                stands.set()

        def fresh() -> RTCPeerConnection:
            return RTCPeerConnection(RTCConfiguration(iceServers=servers))

        async with asyncio.timeout(within_s):
            peer = await agree(http, peer, session, token, fresh)
            peer.on("connectionstatechange", look)
            look()
            await stands.wait()
        return (time.perf_counter() - began) * 1000, []
    except TimeoutError:
        return None, turn_servers(session.links if session else "")
    finally:
        await hang_up(peer)
        if session is not None:
            await whep.leave(http, session, token)
