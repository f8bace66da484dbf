"""A screen without a screen ends when it is told to, whatever it was just told before."""

from __future__ import annotations

import asyncio

from aiohttp import web

from site_agent.lecture.headless import HeadlessScreen
from site_agent.lecture.port import Lecture
from tests.doubles.eventually import eventually
from wire.ids import SessionId


async def test_a_screen_that_was_refused_ends_though_the_lecture_ends_in_the_same_moment() -> None:
    asked = 0

    async def refuse(_request: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        return web.Response(status=403)

    app = web.Application()
    app.router.add_post("/whep/s1", refuse)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/whep/s1"
    screen = HeadlessScreen()
    await screen.start()
    screen.show(Lecture(SessionId("s1"), "s1-lecture", url, "", "", ""))
    await eventually(lambda: asked > 0)
    for _ in range(200):
        await asyncio.sleep(0.001)
    screen.show(None)
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await screen.stop()
    await runner.cleanup()
