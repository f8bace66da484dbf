"""A worker that dies and a storm of viewers, in small; the full sizes are ``tests.bench.worker_crash`` and
``tests.bench.join_storm``."""

from __future__ import annotations

import asyncio

import aiohttp
from aiortc.rtcdtlstransport import RTCCertificate

from orchestrator.media.tokens import Right
from tests.doubles.eventually import eventually
from tests.doubles.small_centre import small_centre
from tests.doubles.steadfast import Speaker, Watcher

STREAM = "faults-lecture"
FAR_FUTURE_NS = 1 << 62


async def test_all_play_again_after_their_worker_died_and_others_join_at_once() -> None:
    certificate = RTCCertificate.generateCertificate()
    async with (
        small_centre() as (relay, centre),
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http,
        asyncio.TaskGroup() as group,
    ):
        publish = relay.token("faults", STREAM, Right.PUBLISH, "lecturer", FAR_FUTURE_NS)
        view = relay.token("faults", STREAM, Right.VIEW, "site", FAR_FUTURE_NS)
        speaker = Speaker(certificate, f"{centre}/whip/{STREAM}", publish)
        first, storm = (
            [Watcher(certificate, f"{centre}/whep/{STREAM}", view) for _ in range(count)] for count in (5, 25)
        )
        tasks = [group.create_task(speaker.run(http)), *(group.create_task(one.run(http)) for one in first)]
        await eventually(lambda: all(one.playing for one in first), 60)
        relay.kill_worker_of(STREAM)
        await eventually(lambda: all(one.connections >= 2 and one.playing for one in first), 60)
        assert speaker.connections >= 2
        assert relay.restarts == 1
        tasks += [group.create_task(one.run(http)) for one in storm]
        await eventually(lambda: all(one.playing for one in storm), 60)
        assert (await relay.stats(STREAM)).viewers >= 30
        for task in tasks:
            task.cancel()
