"""An endpoint that answers with an offer of its own."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from aiortc import RTCConfiguration, RTCPeerConnection

from site_agent.lecture.agreeing import agree
from site_agent.lecture.hang_up import gather, hang_up
from site_agent.lecture.whep import WhepRefused, WhepSession


def fresh() -> RTCPeerConnection:
    return RTCPeerConnection(RTCConfiguration(iceServers=[]))


async def offer() -> str:
    """What an endpoint would offer."""
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    peer.addTransceiver("video", direction="sendonly")
    try:
        await gather(peer, await peer.createOffer())
        return peer.localDescription.sdp
    finally:
        await hang_up(peer)


@pytest.mark.parametrize("impatient", [False, True], ids=["refused", "left"])
async def test_the_connection_begun_for_an_offer_is_closed_when_the_answer_is_not_taken(impatient: bool) -> None:
    begun: list[RTCPeerConnection] = []
    asked = asyncio.Event()

    async def not_taken(_request: web.Request) -> web.Response:
        asked.set()
        if impatient:
            await asyncio.Event().wait()
        raise web.HTTPServiceUnavailable

    def begin() -> RTCPeerConnection:
        begun.append(fresh())
        return begun[-1]

    app = web.Application()
    app.router.add_patch("/session", not_taken)
    async with TestServer(app) as server, aiohttp.ClientSession() as http:
        session = WhepSession(await offer(), str(server.make_url("/session")), counter=True)
        agreeing = asyncio.get_running_loop().create_task(agree(http, fresh(), session, "", begin))
        async with asyncio.timeout(30):
            await asked.wait()
        if impatient:
            agreeing.cancel()
        with pytest.raises(asyncio.CancelledError if impatient else WhepRefused):
            await agreeing
    assert [peer.connectionState for peer in begun] == ["closed"]
