"""Those who come at once connect one after the other."""

from __future__ import annotations

import asyncio

import pytest

from orchestrator.media.relay.turnstile import LineFull, Turnstile


async def test_the_next_in_line_comes_when_one_is_through() -> None:
    turnstile = Turnstile(2, 60.0, 10)
    first, _ = await turnstile.enter(), await turnstile.enter()
    async with asyncio.TaskGroup() as group:
        third = group.create_task(turnstile.enter())
        fourth = group.create_task(turnstile.enter())
        await asyncio.sleep(0)
        assert not third.done()
        first()
        first()
        leave = await third
        assert not fourth.done()
        leave()
        await fourth


async def test_who_does_not_connect_holds_nobody_up() -> None:
    turnstile = Turnstile(1, 0.01, 10)
    await turnstile.enter()
    await turnstile.enter()


async def test_a_line_that_is_too_long_is_told() -> None:
    turnstile = Turnstile(1, 60.0, 1)
    leave = await turnstile.enter()
    async with asyncio.TaskGroup() as group:
        second = group.create_task(turnstile.enter())
        await asyncio.sleep(0)
        with pytest.raises(LineFull):
            await turnstile.enter()
        leave()
        await second


async def test_who_gives_up_waiting_does_not_lose_the_turn_of_others() -> None:
    turnstile = Turnstile(1, 60.0, 10)
    leave = await turnstile.enter()
    loop = asyncio.get_running_loop()
    gone, called = loop.create_task(turnstile.enter()), loop.create_task(turnstile.enter())
    await asyncio.sleep(0)
    gone.cancel()
    leave()
    called.cancel()
    await asyncio.wait({gone, called})
    await turnstile.enter()
