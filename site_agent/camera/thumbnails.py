"""Low-rate pictures of the room while somebody at the centre looks at it, made under the room's rule."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

from site_agent.camera.door import PictureDoor
from site_agent.camera.frames import Picture
from site_agent.camera.owner import NoPicture
from wire.rooms import MAX_THUMBNAIL_BYTES, Thumbnail, ThumbnailOrder

MS = 1_000_000
LONGEST_ORDER_NS = 600 * 10**9
"""An order that was never taken back ends after this long, whatever it says: the centre repeats what it still wants."""
_LOOK_S = 1.0

log = structlog.get_logger()


class PictureSource(Protocol):
    """Gives the room as it is now; ``CameraOwner`` is one."""

    async def frame(self) -> Picture:
        """Raises ``NoPicture``."""
        ...


class Thumbnails:
    """Obeys the newest order. ``send`` returns when the line has taken the message, so that a weak line sets the pace.

    Nothing is queued: a picture is taken only when the one before it is gone.
    """

    def __init__(
        self,
        camera: PictureSource,
        door: PictureDoor,
        send: Callable[[Thumbnail], Awaitable[bool]],
        now_ns: Callable[[], int],
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._camera = camera
        self._door = door
        self._send = send
        self._now_ns = now_ns
        self._sleep = sleep
        self._order: ThumbnailOrder | None = None
        self._until_ns = 0
        self._ordered = asyncio.Event()

    async def on_order(self, order: ThumbnailOrder) -> None:
        """For the line: from now on this order holds; the one before it is forgotten."""
        self._order = order
        self._until_ns = min(order.until_ns, self._now_ns() + LONGEST_ORDER_NS)
        self._ordered.set()

    async def run(self) -> None:
        """Send pictures while an order holds. Runs until cancelled."""
        while True:
            await self._ordered.wait()
            self._ordered.clear()
            last_ns = -LONGEST_ORDER_NS * 10
            while (order := self._order) is not None and (now := self._now_ns()) < self._until_ns:
                left_ns = last_ns + order.every_ms * MS - now
                if left_ns > 0:
                    # In short sleeps, so that a quicker order is obeyed soon.
                    await self._sleep(min(left_ns / 1e9, _LOOK_S))
                    continue
                last_ns = now
                await self._one(order)
            self._order = None

    async def _one(self, order: ThumbnailOrder) -> None:
        try:
            picture = await self._camera.frame()
        except NoPicture:
            return
        at_ns = max(0, self._now_ns())
        # A drawn room keeps the rule like any other: the centre takes nothing that says it was made under a laxer one.
        picture = Picture(picture.frame, is_drawn=False)
        left = await self._door.let_out(picture, side=order.width, most_bytes=MAX_THUMBNAIL_BYTES)
        if left is not None:
            await self._send(
                Thumbnail(at_ns=at_ns, width=left.width, height=left.height, policy=left.policy, jpeg=left.jpeg)
            )
