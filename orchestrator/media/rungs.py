"""The ladder: how much of the lecture each room gets (full picture, low layer, sound alone, the telephone), and why.

Three look at it: the engine knows what it sends to whom and why, the room's screen what really arrives, an operator may
order otherwise. The orders stand here in memory and at the engine; whoever takes them keeps them (`sessions/rungs`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import structlog

from orchestrator.errors import Refused
from orchestrator.media.port import Ladder, Rung, ViewerStats
from wire.messages import ScreenHealth

log = structlog.get_logger()

MS = 1_000_000
NOTHING_KNOWN = ScreenHealth()


class RungOrder(msgspec.Struct, frozen=True):
    """An operator's word on one room; ``by``: the name that people read, ``at_ns``: centre time."""

    rung: Rung
    by: str = ""
    at_ns: int = 0


class RungNow(msgspec.Struct, frozen=True):
    """``rung`` is ``full``, ``low``, ``sound``, ``phone``, or empty while nobody knows; ``why`` a stable word.

    ``ordered``: what an operator ordered, empty without an order; ``by`` whom and when (ms of centre time).
    """

    rung: str = ""
    why: str = ""
    ordered: str = ""
    by: str = ""
    at_ms: int = 0


def rung_now(sent: ViewerStats | None, screen: ScreenHealth, order: RungOrder | None) -> RungNow:
    """What a room gets: less of what is sent and what arrives."""
    rung, why = _got(sent, screen)
    if order is None:
        return RungNow(rung, why)
    return RungNow(rung, why, order.rung.value, order.by, order.at_ns // MS)


def _got(sent: ViewerStats | None, screen: ScreenHealth) -> tuple[str, str]:
    if screen.rung == "phone":
        return "phone", screen.rung_why
    if sent is None:
        return "", ""
    if sent.rung is not Rung.SOUND and screen.rung == "sound":
        return "sound", screen.rung_why
    return sent.rung.value, sent.why


class Rungs:
    """What was seen last of every stream, and the orders. One that the engine did not take is told again."""

    def __init__(self, engine: Ladder) -> None:
        self._engine = engine
        self._seen: dict[str, dict[str, ViewerStats]] = {}
        self._orders: dict[str, dict[str, RungOrder]] = {}
        self._untold: set[str] = set()

    def seen(self, stream: str, viewers: Sequence[ViewerStats]) -> None:
        """What the engine tells of a stream; of two connections of one room the newer counts."""
        self._seen[stream] = {one.subject: one for one in viewers}

    def keep(self, streams: Sequence[str]) -> None:
        """Forget all others: their sessions are over."""
        for known in (self._seen, self._orders):
            for gone in known.keys() - set(streams):
                del known[gone]
        self._untold &= set(streams)

    def of(self, stream: str, site: str, screen: ScreenHealth | None) -> RungNow:
        """A room's rung."""
        sent = self._seen.get(stream, {}).get(site)
        return rung_now(sent, screen or NOTHING_KNOWN, self.ordered(stream, site))

    def ordered(self, stream: str, site: str) -> RungOrder | None:
        """What stands ordered of a room."""
        return self._orders.get(stream, {}).get(site)

    def by_phone(self, stream: str, site: str) -> bool:
        """Whether the room is to leave the stream and telephone."""
        order = self.ordered(stream, site)
        return order is not None and order.rung is Rung.PHONE

    def put(self, stream: str, orders: Mapping[str, RungOrder]) -> None:
        """What stands ordered in a stream from now on; the engine is to be told."""
        self._orders[stream] = dict(orders)
        self._untold.add(stream)

    def standing(self, stream: str) -> dict[str, RungOrder]:
        """All orders of a stream, by site."""
        return dict(self._orders.get(stream, {}))

    async def tell(self) -> None:
        """Give the engine what it was not told yet; one that is down is told the next time."""
        for stream in sorted(self._untold):
            orders = self._orders.get(stream, {})
            told = {site: order.rung for site, order in orders.items() if order.rung is not Rung.PHONE}
            try:
                await self._engine.set_rungs(stream, told)
            except Refused as refused:
                log.info("rungs_not_told", stream=stream, code=refused.code)
            else:
                if self._orders.get(stream, {}) == orders:
                    self._untold.discard(stream)
