"""Counts the room on order: a burst from the camera's owner, counted in the looking thread."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

import msgspec
import structlog

from site_agent.camera.boxes import Box
from site_agent.camera.detector import MODEL_SHA256, SETTINGS, NoModel
from site_agent.camera.door import MOST_BYTES, SIDE
from site_agent.camera.eyes import Eyes, LookingThread
from site_agent.camera.frames import Frame, Picture
from site_agent.camera.gate import Fault
from site_agent.camera.headcount import Tally, count_burst, uncounted
from site_agent.camera.owner import Burst, BurstClock, NoPicture
from site_agent.camera.privacy import Leaving, prepare, stricter
from site_agent.camera.room import Room
from site_agent.camera.seats import VOTE_SHARE
from site_agent.camera.still import StillPlaces
from wire.count_notes import still_word
from wire.ids import PicturePolicy

log = structlog.get_logger()


class BurstOrder(Protocol):
    """What a count needs of a roll call order; ``wire.messages.RollCallOrder`` fits."""

    @property
    def at_ns(self) -> int: ...
    @property
    def frames(self) -> int: ...
    @property
    def span_ms(self) -> int: ...
    @property
    def policy(self) -> PicturePolicy: ...


class HeadCount(msgspec.Struct, frozen=True):
    """A counted burst: the numbers, the centre time interval that holds it, and what it was counted with.

    ``model`` is the SHA-256 of the detector's model; ``picture`` the JPEG that the room's rule lets out, if any;
    ``still`` are the counted places where bursts show that nothing ever moves.
    """

    tally: Tally
    lo_ns: int
    hi_ns: int
    model: bytes = b""
    settings: str = ""
    picture: bytes | None = None
    still: tuple[Box, ...] = ()


class HeadCounter(Protocol):
    """Counts the people in the room on order."""

    async def count(self, order: BurstOrder) -> HeadCount:
        """Take the burst at the order's moment and count it; a fault is a reason in the tally, never an exception."""
        ...


class BurstSource(Protocol):
    """Takes bursts; ``CameraOwner`` is one."""

    async def burst(self, at_ns: int, frames: int, span_ms: int, clock: BurstClock) -> Burst:
        """Raises ``NoPicture``."""
        ...


def no_rule() -> PicturePolicy:
    """The rule of a room that was never told one."""
    return PicturePolicy.COUNT_ONLY


class RoomCounter:
    """A HeadCounter over the camera. ``room`` and ``rule`` are asked for every count, so a change holds at once.

    ``settings``: what evidence says of a person model, if there is one; ``still``: what earlier bursts have shown.
    """

    def __init__(
        self,
        camera: BurstSource,
        clock: BurstClock,
        looking: LookingThread,
        *,
        room: Callable[[], Room] = Room,
        rule: Callable[[], PicturePolicy] = no_rule,
        settings: str = "",
        still: StillPlaces | None = None,
    ) -> None:
        self._camera = camera
        self._clock = clock
        self._looking = looking
        self._room = room
        self._rule = rule
        self._settings = settings
        self._still = still or StillPlaces()

    async def count(self, order: BurstOrder) -> HeadCount:
        """Take the burst at the order's moment and count it; a fault is a reason in the tally, never an exception."""
        return (await self.look(order))[0]

    async def look(self, order: BurstOrder) -> tuple[HeadCount, Frame | None]:
        """The same, with the picture that the count's boxes lie on; it stays in this computer."""
        try:
            burst = await self._camera.burst(order.at_ns, order.frames, order.span_ms, self._clock)
        except NoPicture as fault:
            log.warning("room_not_counted", why=str(fault))
            lo_ns, hi_ns = self._clock.interval_ns()
            return HeadCount(uncounted(Fault.NO_PICTURE), min(order.at_ns, lo_ns), hi_ns), None
        policy = stricter(self._rule(), order.policy)
        counted = await self._looking.run(partial(_counted, burst, order.frames, self._room(), policy, self._still))
        said = f"{counted.settings}{self._settings}" if counted.settings else ""
        return msgspec.structs.replace(counted, settings=said), _middle(burst).frame


def _counted(
    burst: Burst, ordered: int, room: Room, policy: PicturePolicy, places: StillPlaces, eyes: Eyes
) -> HeadCount:
    try:
        tally = count_burst(burst.frames, eyes.seats, room, ordered)
        left = _leaving(burst, tally, policy, eyes)
    except NoModel as missing:
        log.warning("room_not_counted", why=str(missing))
        return HeadCount(uncounted(Fault.NO_MODEL), burst.lo_ns, burst.hi_ns)
    still = [] if burst.is_drawn else places.take(burst.frames, tally.boxes)
    return HeadCount(
        tally=tally,
        lo_ns=burst.lo_ns,
        hi_ns=burst.hi_ns,
        model=bytes.fromhex(MODEL_SHA256),
        settings=f"{SETTINGS} vote={VOTE_SHARE:.2f}{room.settings} {still_word(len(still))}{_made(left)}",
        picture=left.jpeg if left is not None else None,
        still=tuple(still),
    )


def _middle(burst: Burst) -> Picture:
    # A drawn room keeps the rule like any other: the centre keeps nothing that was made under a laxer one.
    return Picture(burst.frames[len(burst.frames) // 2], is_drawn=False)


def _leaving(burst: Burst, tally: Tally, policy: PicturePolicy, eyes: Eyes) -> Leaving | None:
    """The middle frame, if it may go at all. A wide face in any frame of the burst is expected in this one too."""

    def faces() -> list[Box]:
        return [*tally.boxes, *(box for frame in burst.frames for box in eyes.near.detect(frame))]

    return prepare(_middle(burst), policy, faces, places=tally.boxes, side=SIDE, most_bytes=MOST_BYTES)


def _made(left: Leaving | None) -> str:
    return f" picture={left.policy}:{left.width}x{left.height}" if left is not None else " picture=none"
