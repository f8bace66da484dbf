"""A fault in one life of the centre ends neither the others nor the centre."""

import asyncio

from orchestrator.app.lives import keep_alive


async def test_a_life_that_fails_begins_anew_while_the_others_go_on() -> None:
    begun, went_on = [0], asyncio.Event()
    again = asyncio.Event()

    async def fails_once() -> None:
        begun[0] += 1
        if begun[0] == 1:
            raise RuntimeError("the disk was full")
        again.set()

    async def goes_on() -> None:
        await again.wait()
        went_on.set()

    await keep_alive({"one": fails_once, "other": goes_on}, pause_s=(0.0,))
    assert begun == [2]
    assert went_on.is_set()


async def test_cancelling_ends_every_life() -> None:
    ended = []

    async def waits(name: str) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(name)

    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(keep_alive({"one": lambda: waits("one"), "two": lambda: waits("two")}))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        running.cancel()
    assert sorted(ended) == ["one", "two"]
