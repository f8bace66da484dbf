"""Builds the big screen and the local pages: a browser that shows them, or a watcher without one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import msgspec
from aiohttp import web

from site_agent.config import Config
from site_agent.lecture.browser import launch
from site_agent.lecture.figures import Reading
from site_agent.lecture.headless import HeadlessScreen
from site_agent.lecture.kiosk import KioskScreen
from site_agent.lecture.port import BigScreen
from site_agent.link.clock import ClockDiscipline
from site_agent.link.identity import Identity
from site_agent.local_server import LocalServer
from site_agent.platform import Platform
from site_agent.room_work import RoomWork
from site_agent.state import SiteState
from wire.messages import ScreenHealth

MS = 1_000_000


async def screen_work(
    config: Config,
    home: Path,
    identity: Identity,
    state: SiteState,
    clock: ClockDiscipline,
    room: RoomWork,
    here: Platform,
    stack: AsyncExitStack,
    routes: Sequence[web.AbstractRouteDef],
) -> tuple[BigScreen, LocalServer]:
    """The big screen and the local pages: a browser that shows them, or a watcher without one."""
    kiosk: KioskScreen | None = None
    headless = HeadlessScreen()

    def health() -> ScreenHealth:
        return (kiosk or headless).health()

    def on_figures(reading: Reading) -> None:
        if kiosk is not None:
            kiosk.read(reading)

    local = LocalServer(
        state,
        now_ms=lambda: clock.now_ns() // MS,
        health=health,
        on_figures=on_figures,
        declare=room.declare,
        centre_url=identity.server,
        port=config.screen.port,
        routes=routes,
    )
    await local.start()
    stack.push_async_callback(local.stop)
    if config.screen.headless:
        return headless, local
    kiosk = KioskScreen(
        f"{local.url}/screen",
        here.browsers(),
        home / "browser",
        partial(launch, end=here.end_group),
        config.screen.browser_flags,
    )
    return kiosk, local


def without_screen(config: Config) -> Config:
    """The same, for an agent that shows nothing."""
    return msgspec.structs.replace(config, screen=msgspec.structs.replace(config.screen, headless=True))
