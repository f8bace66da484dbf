"""The room's picture for its own screen page while the room speaks: the agent owns the camera, the page publishes.

Over loopback, a WebSocket of JPEG pictures at about 15 a second, each through the one door by which pictures leave this
computer. Nothing is queued: a picture is taken when the one before it is gone, so a slow page gets fewer, never older.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

import structlog
from aiohttp import WSCloseCode, web

from site_agent.camera.door import PictureDoor
from site_agent.camera.frames import Picture
from site_agent.camera.owner import NoPicture
from site_agent.camera.privacy import Leaving
from wire.ids import PicturePolicy

SIDE = 640
MOST_BYTES = 96 << 10
EVERY_S = 1 / 15
BLURRED_EVERY_S = 0.5
"""Under the rule that blurs, faces are looked for in every picture: often enough to see that somebody is there."""
NOTHING_EVERY_S = 1.0
NO_PICTURE = "no_picture"
NOT_ALLOWED = "not_allowed"

log = structlog.get_logger()


class PictureSource(Protocol):
    """Gives the room as it is now; ``CameraOwner`` is one."""

    async def frame(self) -> Picture:
        """Raises ``NoPicture``."""
        ...


class FloorPictures:
    """Serves `/local/floor/picture` to one page: of two, the newer one, because the older is a browser's that was
    replaced. ``speaking``: whether this room may be seen now, ``door``: by which door; asked for every picture."""

    def __init__(
        self,
        camera: PictureSource,
        door: Callable[[], PictureDoor],
        speaking: Callable[[], bool],
    ) -> None:
        self._camera = camera
        self._door = door
        self._speaking = speaking
        self._page: web.WebSocketResponse | None = None

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One page's WebSocket; closed as soon as the room does not speak any more. A word in place of a picture says
        why there is none: `no_picture` or `not_allowed`."""
        page = web.WebSocketResponse(heartbeat=10.0, max_msg_size=1024)
        await page.prepare(request)
        before, self._page = self._page, page
        if before is not None:
            await before.close(code=WSCloseCode.GOING_AWAY)
        async with asyncio.TaskGroup() as tasks:
            showing = tasks.create_task(self._show(page))
            async for _ in page:
                pass  # nothing is expected of the page
            showing.cancel()
        if self._page is page:
            self._page = None
        return page

    async def _show(self, page: web.WebSocketResponse) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._speaking():
                began = loop.time()
                every_s = await self._one(page)
                await asyncio.sleep(max(0.0, began + every_s - loop.time()))
            await page.close()
        except ConnectionError:
            return

    async def _one(self, page: web.WebSocketResponse) -> float:
        """Send one picture, or the word why there is none; returns how long until the next."""
        left: Leaving | None = None
        try:
            picture = await self._camera.frame()
            left = await self._door().let_out(picture, side=SIDE, most_bytes=MOST_BYTES)
        except NoPicture:
            await page.send_str(NO_PICTURE)
            return NOTHING_EVERY_S
        if left is None:
            await page.send_str(NOT_ALLOWED)
            return NOTHING_EVERY_S
        if not self._speaking():
            return 0.0
        await page.send_bytes(left.jpeg)
        return BLURRED_EVERY_S if left.policy is PicturePolicy.BLURRED else EVERY_S
