"""The ladder: how much of the lecture each room gets (full picture, low layer, sound alone, the telephone), and why.

Three look at it: the engine knows what it sends to whom and why, the room's screen what really arrives, an operator may
order otherwise. The orders live in memory and at the engine; they end with the session.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from orchestrator.media.port import Ladder, Rung, ViewerStats
from wire.messages import ScreenHealth

NOTHING_KNOWN = ScreenHealth()


class RungNow(msgspec.Struct, frozen=True):
    """``rung`` is ``full``, ``low``, ``sound``, ``phone``, or empty while nobody knows; ``why`` a stable word.

    ``ordered``: what an operator ordered, empty without an order.
    """

    rung: str = ""
    why: str = ""
    ordered: str = ""


def rung_now(sent: ViewerStats | None, screen: ScreenHealth, order: Rung | None) -> RungNow:
    """What a room gets: less of what is sent and what arrives."""
    ordered = order.value if order is not None else ""
    if screen.rung == "phone":
        return RungNow("phone", screen.rung_why, ordered)
    if sent is None:
        return RungNow(ordered=ordered)
    if sent.rung is not Rung.SOUND and screen.rung == "sound":
        return RungNow("sound", screen.rung_why, ordered)
    return RungNow(sent.rung.value, sent.why, ordered)


class Rungs:
    """What was seen last of every stream, and the orders."""

    def __init__(self, engine: Ladder) -> None:
        self._engine = engine
        self._seen: dict[str, dict[str, ViewerStats]] = {}
        self._orders: dict[str, dict[str, Rung]] = {}

    def seen(self, stream: str, viewers: Sequence[ViewerStats]) -> None:
        """What the engine tells of a stream; of two connections of one room the newer counts."""
        self._seen[stream] = {one.subject: one for one in viewers}

    def keep(self, streams: Sequence[str]) -> None:
        """Forget all others: their sessions are over."""
        for known in (self._seen, self._orders):
            for gone in known.keys() - set(streams):
                del known[gone]

    def of(self, stream: str, site: str, screen: ScreenHealth | None) -> RungNow:
        """A room's rung."""
        sent = self._seen.get(stream, {}).get(site)
        return rung_now(sent, screen or NOTHING_KNOWN, self._orders.get(stream, {}).get(site))

    async def order(self, stream: str, site: str, rung: Rung | None) -> None:
        """Give a room this, or with None whatever its line takes. Raises :class:`orchestrator.errors.Refused`."""
        orders = {known: one for known, one in self._orders.get(stream, {}).items() if known != site}
        if rung is not None:
            orders[site] = rung
        await self._engine.set_rungs(stream, orders)
        self._orders[stream] = orders
