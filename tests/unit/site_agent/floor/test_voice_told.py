"""A room that can be heard from now on says so at once, not with its next heartbeat."""

from __future__ import annotations

import asyncio
from functools import partial

from site_agent.floor_work import tell_voice
from tests.doubles.eventually import eventually
from wire.floor import Voice


def last_told_is(told: list[Voice], voice: Voice) -> bool:
    return told[-1:] == [voice]


async def test_each_change_is_told_once() -> None:
    now, told = [Voice.NO_PAGE], list[Voice]()

    async def beat() -> None:
        told.append(now[0])

    telling = asyncio.get_running_loop().create_task(tell_voice(lambda: now[0], beat, look_every_s=0.001))
    await asyncio.sleep(0)  # it looks once before anything changes
    for voice in (Voice.READY, Voice.NO_MICROPHONE, Voice.READY):
        now[0] = voice
        await eventually(partial(last_told_is, told, voice))
    telling.cancel()
    await asyncio.wait([telling])
    assert told == [Voice.READY, Voice.NO_MICROPHONE, Voice.READY]
