"""A fault in one life of the agent does not take the exam desk with it."""

import asyncio

from site_agent.lives import keep_alive


async def test_a_life_that_fails_begins_anew_while_the_others_go_on() -> None:
    begun, went_on, again = [0], asyncio.Event(), asyncio.Event()

    async def fails_once() -> None:
        begun[0] += 1
        if begun[0] == 1:
            raise RuntimeError("the camera's driver went away")
        again.set()

    async def goes_on() -> None:
        await again.wait()
        went_on.set()

    await keep_alive({"one": fails_once, "other": goes_on}, pause_s=(0.0,))
    assert begun == [2]
    assert went_on.is_set()
