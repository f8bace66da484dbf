"""The line measured in its turn, against a real relay: UDP that passes, UDP that does not, octets both ways."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from site_agent.lecture import hang_up
from site_agent.readiness.looking.line import LineLooks
from tests.doubles.eventually import eventually
from tests.doubles.relay import RunningRelay, relay
from wire.messages import MeasureAsk, MeasureTurn, Up
from wire.readiness import Check, CheckName, CheckState

C, S = CheckName, CheckState


class Turns:
    """A line over which the centre gives each asker its turn at once."""

    def __init__(self) -> None:
        self.connection = 1
        self.whep = ""
        self.looks: LineLooks | None = None
        self.asked = 0

    async def pass_by(self, message: Up) -> bool:
        assert isinstance(message, MeasureAsk)
        assert self.looks is not None
        self.asked += 1
        turn = MeasureTurn(
            ask=message.ask,
            path="/line",
            down_bytes=200_000,
            up_bytes=100_000,
            limit_s=3.0,
            until_ns=1,
            whep_url=self.whep,
            token="",
        )
        await self.looks.on_turn(turn)
        return True


async def octets(_request: web.Request) -> web.Response:
    return web.Response(body=bytes(200_000))


async def taken(request: web.Request) -> web.Response:
    body = await request.read()
    return web.json_response({"octets": len(body), "ms": 40.0})


@asynccontextmanager
async def measuring(
    running: RunningRelay | None, *, path: str = "", way_within_s: float = 15.0
) -> AsyncIterator[tuple[LineLooks, Turns]]:
    app = web.Application(client_max_size=1 << 20)
    app.router.add_get("/line", octets)
    app.router.add_post("/line", taken)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server = f"http://127.0.0.1:{runner.addresses[0][1]}"
    turns = Turns()
    turns.whep = running.whep("line-check") if running is not None else f"{server}/no-such"
    looks = LineLooks(
        server,
        lambda: turns,
        playing=lambda: path,
        busy=lambda: bool(path),
        measured=lambda: None,
        way_within_s=way_within_s,
    )
    turns.looks = looks
    async with asyncio.TaskGroup() as tasks:
        life = tasks.create_task(looks.run())
        try:
            yield looks, turns
        finally:
            life.cancel()
    # One that never stood may close for longer than anybody waits for it; its socket must not outlive the loop.
    await eventually(lambda: not hang_up._closing)
    await runner.cleanup()


async def path_and_speed(running: RunningRelay | None, way_within_s: float = 15.0) -> dict[CheckName, Check]:
    async with measuring(running, way_within_s=way_within_s) as (looks, _turns):
        return {check.name: check for check in await looks.asked()}


async def test_a_line_over_which_pictures_come_by_udp_is_good_both_ways() -> None:
    with relay("--open") as running:
        found = await path_and_speed(running)
    assert (found[C.PATH].state, found[C.PATH].note) == (S.GOOD, "udp")
    assert found[C.PATH].figures["connect_ms"] > 0
    assert found[C.BANDWIDTH].state is S.GOOD
    assert found[C.BANDWIDTH].figures["up_kbps"] == 20_000


async def test_a_network_that_blocks_udp_is_found_though_everything_else_passes() -> None:
    # Nobody listens at that address: what is sent there by UDP never comes back.
    with relay("--open", "--announce", "127.0.0.2") as running:
        found = await path_and_speed(running, way_within_s=1.5)
    assert (found[C.PATH].state, found[C.PATH].reason, found[C.PATH].note) == (S.BAD, "udp_blocked", "link")
    assert found[C.BANDWIDTH].state is S.GOOD


async def test_a_relay_that_cannot_be_asked_is_named() -> None:
    found = await path_and_speed(None)
    assert (found[C.PATH].state, found[C.PATH].reason) == (S.BAD, "no_relay")


async def test_nothing_is_measured_while_a_lecture_plays_whose_pictures_show_the_way() -> None:
    for path, state in (("udp", S.GOOD), ("tcp", S.WEAK), ("tls", S.WEAK)):
        async with measuring(None, path=path) as (looks, turns):
            found = {check.name: check for check in await looks.look()}
        assert (found[C.PATH].state, found[C.PATH].note, turns.asked) == (state, path, 0)


async def test_a_line_that_is_down_is_not_judged() -> None:
    async with measuring(None) as (looks, turns):
        await eventually(lambda: turns.asked == 1)
        turns.connection = 0
        assert {check.reason for check in await looks.look()} == {"line_down"}
