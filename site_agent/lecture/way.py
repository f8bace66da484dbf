"""By which way the lecture's pictures can come: a real WebRTC connection to the relay, without pictures.

First over UDP alone; where that fails, through the TURN servers that the relay names (RFC 9725 §4.6): those over TCP
and TLS pass a firewall that blocks UDP.
"""

import asyncio
import re
import time

import aiohttp
from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection

from site_agent.lecture import whep
from site_agent.lecture.agreeing import agree
from site_agent.lecture.hang_up import hang_up

_LINK = re.compile(r'<((?:turn|turns):[^>]+)>;[^,]*?username="([^"]*)"; credential="([^"]*)"')


async def reached_by(http: aiohttp.ClientSession, url: str, token: str, within_s: float) -> tuple[str, float]:
    """The way that stands, `udp` or `tcp`, empty when none does, and how long it took to stand (ms).

    Raises :class:`whep.WhepRefused` when the relay cannot be asked at all.
    """
    took_ms, servers = await _stands(http, url, token, [], within_s)
    if took_ms is not None:
        return "udp", took_ms
    if servers:
        took_ms, _ = await _stands(http, url, token, servers, within_s)
    return ("tcp", took_ms) if took_ms is not None else ("", 0.0)


async def _stands(
    http: aiohttp.ClientSession, url: str, token: str, servers: list[RTCIceServer], within_s: float
) -> tuple[float | None, list[RTCIceServer]]:
    """Milliseconds until media could flow, None when it never could; and the TURN servers that the relay named."""
    peer = RTCPeerConnection(RTCConfiguration(iceServers=servers))
    session: whep.WhepSession | None = None
    began = time.perf_counter()
    try:
        peer.addTransceiver("video", direction="recvonly")
        await peer.setLocalDescription(await peer.createOffer())
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


def turn_servers(links: str) -> list[RTCIceServer]:
    """TURN servers over TCP or TLS in a Link header; those over UDP say nothing that was not tried."""
    return [
        RTCIceServer(urls=url, username=user, credential=credential)
        for url, user, credential in _LINK.findall(links)
        if url.startswith("turns:") or "transport=tcp" in url
    ]
