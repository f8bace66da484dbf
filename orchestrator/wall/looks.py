"""Who looks at which rooms' pictures, and what the rooms are asked for it. Pure.

A look is one page with its pictures switched on. It says again and again which rooms are on its screen; a look that has
fallen silent is over, and with the last look at a room the pictures of the room end by themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec

from wire.ids import PicturePolicy, SiteId
from wire.rooms import Thumbnail, ThumbnailOrder

S = 10**9
MS = 1_000_000
LOOK_NS = 30 * S
"""A look counts so long after it was last said."""
ORDER_NS = 40 * S
AGAIN_NS = 20 * S
"""An order is repeated this long before it ends, so that one that is lost does no harm."""
SOONEST_MS = 4_000
BUDGET_PER_S = 30.0
"""Pictures a second for the whole centre: about 400 kB/s of its line at 14 kB each."""
MOST_SITES = 200
"""Rooms looked at by everybody together; further ones have no pictures."""
WIDE_UP_TO = 24
WIDE, NARROW = 320, 200
KEPT_NS = 90 * S
"""A picture older than this is no picture of the room any more."""

RANK = {PicturePolicy.COUNT_ONLY: 0, PicturePolicy.BLURRED: 1, PicturePolicy.FULL: 2}


class Look(msgspec.Struct, frozen=True):
    """One page's look: who, at what, until when it counts, and which rooms it has been audited for."""

    who: str
    sites: frozenset[SiteId]
    until_ns: int
    seen: frozenset[SiteId] = frozenset()


class Kept(msgspec.Struct, frozen=True):
    """The newest picture of a room."""

    thumbnail: Thumbnail
    received_ns: int


class Looks:
    """All looks, orders and pictures. Memory only: a picture is gone with the process."""

    def __init__(self) -> None:
        self._looks: dict[str, Look] = {}
        self._orders: dict[SiteId, ThumbnailOrder] = {}
        self._kept: dict[SiteId, Kept] = {}

    def look(self, key: str, who: str, sites: Collection[SiteId], now: int) -> frozenset[SiteId]:
        """Somebody looks at these rooms. Returns the ones that are new in this look: what the audit trail is told."""
        known = self._looks.get(key)
        before = known.seen if known is not None and known.who == who and known.until_ns > now else frozenset()
        wanted = frozenset(sites)
        self._looks[key] = Look(who, wanted, now + LOOK_NS, before | wanted)
        return wanted - before

    def end(self, key: str, who: str) -> None:
        """Somebody looks away."""
        known = self._looks.get(key)
        if known is not None and known.who == who:
            del self._looks[key]

    def orders(self, allowed: Mapping[SiteId, bool], now: int) -> dict[SiteId, ThumbnailOrder]:
        """What to send now: new orders, changed ones, and those that end soon. Rooms whose rule lets no picture out are
        not asked. Forgets what nobody looks at."""
        self._forget(now)
        wanted = self.looked_at(now)
        asked = [site for site in wanted if allowed.get(site, False)]
        due: dict[SiteId, ThumbnailOrder] = {}
        for site in asked:
            every_ms, width = pace(len(asked))
            known = self._orders.get(site)
            if known and (known.every_ms, known.width) == (every_ms, width) and known.until_ns - now > AGAIN_NS:
                continue
            due[site] = self._orders[site] = ThumbnailOrder(every_ms=every_ms, width=width, until_ns=now + ORDER_NS)
        for site in set(self._orders) - set(asked):
            del self._orders[site]
        return due

    def linked_anew(self, site: SiteId) -> None:
        """The room's computer knows nothing of an order it was given before."""
        self._orders.pop(site, None)

    def looked_at(self, now: int) -> list[SiteId]:
        """Rooms that somebody looks at, `MOST_SITES` at most, always the same ones first."""
        sites = {site for each in self._looks.values() if each.until_ns > now for site in each.sites}
        return sorted(sites)[:MOST_SITES]

    def take(self, site: SiteId, thumbnail: Thumbnail, rule: PicturePolicy, now: int) -> bool:
        """Keep a picture that was asked for and that the room's rule lets out; False: it is thrown away unseen."""
        order = self._orders.get(site)
        if order is None or order.until_ns + ORDER_NS < now or not lets_out(rule, thumbnail.policy):
            return False
        self._kept[site] = Kept(thumbnail, now)
        return True

    def picture(self, site: SiteId, rule: PicturePolicy, now: int) -> Kept | None:
        """The newest picture of a room. One that the rule of this moment forbids is forgotten at once."""
        kept = self._kept.get(site)
        if kept is None:
            return None
        if now - kept.received_ns > KEPT_NS or not lets_out(rule, kept.thumbnail.policy):
            del self._kept[site]
            return None
        return kept

    def looker(self, key: str, who: str, site: SiteId, now: int) -> bool:
        """Whether this look takes the room in, so that its picture was audited."""
        known = self._looks.get(key)
        return known is not None and known.who == who and known.until_ns > now and site in known.seen

    def _forget(self, now: int) -> None:
        self._looks = {key: each for key, each in self._looks.items() if each.until_ns > now}
        self._kept = {site: kept for site, kept in self._kept.items() if now - kept.received_ns <= KEPT_NS}


def pace(sites: int) -> tuple[int, int]:
    """How often each of so many rooms sends a picture (ms), and how wide (px)."""
    every_ms = max(SOONEST_MS, round(sites / BUDGET_PER_S) * 1000)
    return every_ms, WIDE if sites <= WIDE_UP_TO else NARROW


def lets_out(rule: PicturePolicy, made_under: PicturePolicy) -> bool:
    """Whether a room's rule allows a picture that was made under another, earlier one."""
    return made_under is not PicturePolicy.COUNT_ONLY and RANK[made_under] <= RANK[rule]
