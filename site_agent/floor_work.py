"""Builds this room's part of the floor."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Protocol

import msgspec
from aiohttp import web

from site_agent.camera.door import PictureDoor
from site_agent.camera.owner import CameraOwner
from site_agent.floor.capture import FloorPictures
from site_agent.floor.pages import floor_routes
from site_agent.floor.service import SiteFloor
from site_agent.link.clock import CentreTime
from site_agent.link.identity import Identity
from site_agent.link.outbox import Outbox
from site_agent.lives import Life
from site_agent.state import SiteState
from wire.floor import FLOOR, Voice
from wire.messages import FloorNow, Up

VOICE_LOOK_S = 0.5


class Line(Protocol):
    """The line to the centre, `site_agent.link.uplink.Uplink`."""

    @property
    def connection(self) -> int: ...

    def tell(self, message: Up) -> None: ...


class FloorWork(msgspec.Struct, frozen=True):
    """Lives to keep going, routes of the computer's own pages, what becomes of messages, what the heartbeat names."""

    lives: Mapping[str, Life]
    routes: list[web.AbstractRouteDef]
    reactions: Mapping[type[Any], Callable[[Any], Awaitable[None]]]
    takes: list[str]


def floor_work(
    identity: Identity,
    camera: CameraOwner,
    door: PictureDoor,
    speaker_door: PictureDoor,
    clock: CentreTime,
    outbox: Outbox,
    state: SiteState,
    *,
    line: Callable[[], Line],
    voice: Callable[[], Voice],
    beat: Callable[[], Awaitable[object]],
) -> FloorWork:
    """All of it, connected; nothing runs yet. ``speaker_door``: while the room speaks to all others because it asked
    to; ``door`` in every other case, a private word among them. Asked only once something runs: ``line``, ``voice``,
    whether the room could be heard, and ``beat``, which tells the centre so before its usual time."""
    floor = SiteFloor(
        identity.site,
        state,
        tell=lambda message: line().tell(message),
        connection=lambda: line().connection,
        keep=outbox.append,
        now_ns=clock.now_ns,
    )

    def speaking() -> bool:
        told = state.view.floor
        return told is not None and (told.speak is not None or told.aside is not None)

    def out() -> PictureDoor:
        told = state.view.floor
        asked = told is not None and told.asked and told.speak is not None and told.aside is None
        return speaker_door if asked else door

    return FloorWork(
        lives={"floor": floor.run, "voice": partial(tell_voice, voice, beat)},
        routes=floor_routes(floor, FloorPictures(camera, out, speaking)),
        reactions={FloorNow: floor.on_floor},
        takes=[FLOOR],
    )


async def tell_voice(
    voice: Callable[[], Voice], beat: Callable[[], Awaitable[object]], look_every_s: float = VOICE_LOOK_S
) -> None:
    """Tell the centre at once when this room can be heard from now on, or no more. Runs until cancelled."""
    told = voice()
    while True:
        await asyncio.sleep(look_every_s)
        if voice() is not told:
            told = voice()
            await beat()
