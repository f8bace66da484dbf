"""Holds the relay to what stands on the floors: who has no right is not heard, even with a token that is still good.

A stream on which nobody has the floor, or whose room is muted, is hushed at the relay, and whoever still publishes
without the floor is ended. Said at once on each change, and again every two seconds, because a relay may start anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from orchestrator.errors import Refused
from orchestrator.floor.model import Floor
from orchestrator.floor.ports import Media, aside_streams, floor_stream
from wire.ids import SessionId, SiteId

log = structlog.get_logger()

S = 10**9
AGAIN_NS = 2 * S
ANSWER_S = 1.0
"""A relay that takes longer is asked again later: screens are not kept waiting for it."""

_Said = tuple[SiteId | None, bool, int]
"""Who was said to have the floor, whether the stream is hushed, when it was said (0: the relay did not answer)."""


class Guard:
    """What the relay was last told, and when."""

    def __init__(self, media: Media) -> None:
        self._media = media
        self._said: dict[SessionId, _Said] = {}
        self._over: set[str] = set()
        self._turns: dict[SessionId, asyncio.Lock] = {}

    def aside_over(self, name: str) -> None:
        """A private word ended: its streams are closed as soon as the relay answers."""
        self._over.update(aside_streams(name))

    async def hold(self, session: SessionId, floor_of: Callable[[SessionId], Floor], now_ns: int) -> None:
        """Bring the relay to where the floor stands, if it was not told lately. One at a time for a session, each by
        the floor of its own turn: of what is said at once, the older word must not be the last."""
        async with self._turns.setdefault(session, asyncio.Lock()):
            await self._hold_now(floor_of(session), now_ns)

    async def _hold_now(self, floor: Floor, now_ns: int) -> None:
        site = floor.grant.site if floor.grant else None
        hushed = floor.grant is None or floor.grant.muted
        known = self._said.get(floor.session)
        if known is not None and known[:2] == (site, hushed) and now_ns - known[2] < AGAIN_NS:
            return
        try:
            async with asyncio.timeout(ANSWER_S):
                await self._hold(floor.session, site, hushed, known)
        except (Refused, TimeoutError) as fault:
            log.warning("floor_not_held", session=floor.session, fault=str(fault) or type(fault).__name__)
            # Who spoke before and speaks still need not be ended because the relay was slow once.
            same = known is not None and known[0] == site
            self._said[floor.session] = (site if same else None, True, 0)
        else:
            self._said[floor.session] = (site, hushed, now_ns)

    async def _hold(self, session: SessionId, site: SiteId | None, hushed: bool, known: _Said | None) -> None:  # noqa: FBT001
        stream = floor_stream(session)
        if site is None or known is None or known[0] != site:
            # First silence, then the end of the one who spoke; the next one is let in after that.
            await self._media.hush(stream, hushed=True)
            await self._media.end_publisher(stream)
        await self._media.hush(stream, hushed=hushed)

    async def sweep(self, sessions: set[SessionId]) -> None:
        """Close what is over, and forget sessions that are."""
        for stream in sorted(self._over):
            if await self._closed(stream):
                self._over.discard(stream)
        for session in set(self._said) - sessions:
            if await self._closed(floor_stream(session)):
                self._said.pop(session, None)
                self._turns.pop(session, None)

    async def _closed(self, stream: str) -> bool:
        try:
            async with asyncio.timeout(ANSWER_S):
                await self._media.close_stream(stream)
        except (Refused, TimeoutError) as fault:
            log.warning("stream_not_closed", stream=stream, fault=str(fault) or type(fault).__name__)
            return False
        return True
