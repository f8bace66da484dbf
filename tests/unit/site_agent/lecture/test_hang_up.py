"""Leaving a connection whose far end may never say goodbye."""

from __future__ import annotations

import asyncio

import psutil
import pytest
from aioice import ice
from aiortc import RTCConfiguration, RTCPeerConnection

from site_agent.lecture.hang_up import gather, hang_up


class Peer:
    """A connection whose closing ends when the far end lets it."""

    def __init__(self) -> None:
        self.let_go = asyncio.Event()
        self.closed = asyncio.Event()

    async def close(self) -> None:
        await self.let_go.wait()
        self.closed.set()


async def test_a_far_end_that_never_answers_holds_nobody_up_and_is_left_all_the_same() -> None:
    peer = Peer()
    await hang_up(peer, linger_s=0.01)
    assert not peer.closed.is_set()
    peer.let_go.set()
    async with asyncio.timeout(5):
        await peer.closed.wait()


async def test_whoever_stops_waiting_does_not_stop_the_closing() -> None:
    peer = Peer()
    waiting = asyncio.get_running_loop().create_task(hang_up(peer))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    peer.let_go.set()
    async with asyncio.timeout(5):
        await peer.closed.wait()


def sockets() -> set[tuple[str, int]]:
    """Where this process listens by UDP."""
    return {tuple(one.laddr) for one in psutil.Process().net_connections("udp4")}


async def test_a_connection_left_while_its_sockets_are_opened_leaves_none_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ice, "get_host_addresses", lambda **_: ["127.0.0.1", "127.0.0.2", "127.0.0.3"])
    before, met = sockets(), 0
    for steps in range(40):
        peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        peer.addTransceiver("video", direction="recvonly")
        described = asyncio.get_running_loop().create_task(gather(peer, await peer.createOffer()))
        for _ in range(steps):
            await asyncio.sleep(0)
        met += bool(sockets() - before) and not described.done()
        described.cancel()
        await asyncio.wait([described])
        await hang_up(peer, linger_s=30)
        await asyncio.sleep(0)  # a transport closes in the loop's next turn
        assert sockets() <= before, f"after {steps} steps"
    assert met, "never left half way"
