"""Leaving a connection whose far end may never say goodbye."""

from __future__ import annotations

import asyncio

import pytest

from site_agent.lecture.hang_up import hang_up


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
