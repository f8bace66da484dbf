"""The wall as it stands, with a stamp on every change. A reader asks for what changed since its own stamp: no queue
per reader, and a slow one simply gets the newest of everything. Pure."""

from __future__ import annotations

from collections import deque
from typing import Any

from orchestrator.wall.model import Counters, ExamStrip, SessionStrip, Tile, WallEvent, counters
from wire.ids import SiteId

EVENTS_KEPT = 300
GONE_KEPT = 1000


class WallBoard:
    """Tiles, strips and events; ``stamp`` grows with every change."""

    def __init__(self) -> None:
        self.stamp = 0
        self._tiles: dict[SiteId, tuple[int, Tile]] = {}
        self._gone: deque[tuple[int, SiteId]] = deque(maxlen=GONE_KEPT)
        self._sessions: tuple[int, list[SessionStrip]] = (0, [])
        self._exams: tuple[int, list[ExamStrip]] = (0, [])
        self._events: deque[tuple[int, WallEvent]] = deque(maxlen=EVENTS_KEPT)
        self._event_id = 0

    def put(self, tile: Tile) -> bool:
        """Stand a tile on the wall; False when it is the same as before."""
        known = self._tiles.get(tile.id)
        if known is not None and known[1] == tile:
            return False
        self._tiles[tile.id] = (self._next(), tile)
        return True

    def drop(self, site: SiteId) -> None:
        if self._tiles.pop(site, None) is not None:
            self._gone.append((self._next(), site))

    def put_sessions(self, strips: list[SessionStrip]) -> None:
        if strips != self._sessions[1]:
            self._sessions = (self._next(), strips)

    def put_exams(self, strips: list[ExamStrip]) -> None:
        if strips != self._exams[1]:
            self._exams = (self._next(), strips)

    def tell(
        self, at_ms: int, kind: str, severity: int = 0, tile: Tile | None = None, **params: str | float | None
    ) -> None:
        """Add a line to the events."""
        self._event_id += 1
        site = (tile.id, tile.name) if tile else (None, "")
        event = WallEvent(self._event_id, at_ms, kind, severity, site[0], site[1], dict(params))
        self._events.append((self._next(), event))

    def tile(self, site: SiteId) -> Tile | None:
        known = self._tiles.get(site)
        return known[1] if known else None

    def sites(self) -> set[SiteId]:
        return set(self._tiles)

    def counters(self) -> Counters:
        return counters([tile for _, tile in self._tiles.values()])

    def snapshot(self) -> dict[str, Any]:
        """Everything, for a reader that is new or has missed something."""
        return {
            "sites": [tile for _, tile in self._tiles.values()],
            "sessions": self._sessions[1],
            "exams": self._exams[1],
            "counters": self.counters(),
            "events": [event for _, event in self._events],
        }

    def since(self, stamp: int) -> dict[str, Any]:
        """What changed after ``stamp``; only ``sites``, ``gone`` and ``events`` are always there."""
        tiles = [tile for at, tile in self._tiles.values() if at > stamp]
        gone = [site for at, site in self._gone if at > stamp and site not in self._tiles]
        changes: dict[str, Any] = {
            "sites": tiles,
            "gone": gone,
            "events": [event for at, event in self._events if at > stamp],
        }
        if tiles or gone:
            changes["counters"] = self.counters()
        if self._sessions[0] > stamp:
            changes["sessions"] = self._sessions[1]
        if self._exams[0] > stamp:
            changes["exams"] = self._exams[1]
        return changes

    def _next(self) -> int:
        self.stamp += 1
        return self.stamp
