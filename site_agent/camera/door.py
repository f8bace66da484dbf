"""The one door by which a picture leaves this computer: roll calls, thumbnails, readiness and logs all ask here."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Protocol

import structlog

from site_agent.camera.boxes import Box
from site_agent.camera.detector import NoModel
from site_agent.camera.eyes import Eyes, LookingThread
from site_agent.camera.frames import Picture
from site_agent.camera.privacy import Leaving, prepare
from wire.ids import PicturePolicy

SIDE = 1280
MOST_BYTES = 384 << 10

log = structlog.get_logger()


class PictureDoor(Protocol):
    """Lets pictures out, or not."""

    async def let_out(self, picture: Picture, *, side: int = ..., most_bytes: int = ...) -> Leaving | None:
        """The picture as the room's rule lets it go; None when nothing may."""
        ...


class RuledDoor:
    """A PictureDoor that obeys the room's rule of the moment; ``rule`` is asked for every picture."""

    def __init__(self, rule: Callable[[], PicturePolicy], looking: LookingThread) -> None:
        self._rule = rule
        self._looking = looking

    async def let_out(
        self,
        picture: Picture,
        *,
        side: int = SIDE,
        most_bytes: int = MOST_BYTES,
    ) -> Leaving | None:
        """The picture as the room's rule lets it go; None when nothing may."""
        policy = self._rule()
        if policy is PicturePolicy.COUNT_ONLY and not picture.is_drawn:
            return None
        if policy is PicturePolicy.FULL or picture.is_drawn:
            # Nothing is looked for in it: a room that speaks need not wait behind a count.
            return await asyncio.to_thread(prepare, picture, policy, _no_faces, side=side, most_bytes=most_bytes)
        try:
            return await self._looking.run(partial(_prepared, picture, policy, side, most_bytes))
        except NoModel as missing:
            log.warning("picture_stays", why=str(missing))
            return None


def _no_faces() -> list[Box]:
    return []


def _prepared(picture: Picture, policy: PicturePolicy, side: int, most_bytes: int, eyes: Eyes) -> Leaving | None:
    return prepare(picture, policy, lambda: eyes.near.detect(picture.frame), side=side, most_bytes=most_bytes)
