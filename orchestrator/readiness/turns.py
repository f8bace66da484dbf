"""Whose turn it is to measure a line: a few sites at a time, fewer and with less while a lecture is on. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable

import msgspec

from wire.ids import SiteId

MOST_WAITING = 2000
SECOND = 10**9


class Limits(msgspec.Struct, frozen=True):
    """How many sites measure at once, how much each may carry, how long one way and a whole turn may take."""

    at_once: int
    down_bytes: int
    up_bytes: int
    way_s: float
    turn_s: float


CALM = Limits(at_once=4, down_bytes=2 << 20, up_bytes=1 << 20, way_s=5.0, turn_s=20.0)
"""164 sites with good lines are through in about two minutes."""
WATCHED = Limits(at_once=1, down_bytes=512 << 10, up_bytes=256 << 10, way_s=3.0, turn_s=12.0)
"""While rooms watch a lecture: its packets come first."""


class Turn(msgspec.Struct):
    """A site that measures now. Each way is taken once."""

    site: SiteId
    ask: int
    token: str
    limits: Limits
    until_ns: int
    down: bool = False
    up: bool = False


class Turns:
    """Sites that wait, in the order they asked, and those whose turn it is."""

    def __init__(self, new_token: Callable[[], str]) -> None:
        self._new_token = new_token
        self._waiting: dict[SiteId, int] = {}
        self._running: dict[str, Turn] = {}

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def ask(self, site: SiteId, ask: int) -> None:
        """Wait; a site that waits keeps its place under its newest ask. When too many wait, the newest is not heard:
        it asks again."""
        if site in self._waiting or len(self._waiting) < MOST_WAITING:
            self._waiting[site] = ask

    def leave(self, site: SiteId) -> None:
        """The site is gone: nobody waits for it."""
        self._waiting.pop(site, None)
        for turn in [each for each in self._running.values() if each.site == site]:
            del self._running[turn.token]

    def grant(self, limits: Limits, now: int) -> list[Turn]:
        """End what is over and give free places to those who wait longest."""
        for turn in [each for each in self._running.values() if each.until_ns <= now]:
            del self._running[turn.token]
        busy = {turn.site for turn in self._running.values()}
        granted: list[Turn] = []
        for site in [each for each in self._waiting if each not in busy]:
            if len(self._running) >= limits.at_once:
                break
            until_ns = now + math.ceil(limits.turn_s * SECOND)
            turn = Turn(site, self._waiting.pop(site), self._new_token(), limits, until_ns)
            self._running[turn.token] = turn
            granted.append(turn)
        return granted

    def take_down(self, token: str, now: int) -> Turn | None:
        """The turn of this token, once, while it lasts."""
        turn = self._current(token, now)
        if turn is None or turn.down:
            return None
        turn.down = True
        return turn

    def take_up(self, token: str, now: int) -> Turn | None:
        """The same for the other way."""
        turn = self._current(token, now)
        if turn is None or turn.up:
            return None
        turn.up = True
        return turn

    def done(self, turn: Turn) -> None:
        """The upload, which comes last, has ended: the place is free."""
        self._running.pop(turn.token, None)

    def _current(self, token: str, now: int) -> Turn | None:
        turn = self._running.get(token)
        return turn if turn is not None and now < turn.until_ns else None
