"""The wall as it stands, with a stamp on every change. A reader asks for what changed since its own stamp: no queue
per reader, and a slow one simply gets the newest of everything. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

from orchestrator.wall.model import Counters, Tile, WallEvent, counters
from wire.ids import SiteId

EVENTS_KEPT = 300
GONE_KEPT = 1000


class WallBoard:
    """Tiles, strips and events; ``stamp`` grows with every change."""

    def __init__(self) -> None:
        self.stamp = 0
        self._tiles: dict[SiteId, tuple[int, Tile]] = {}
        self._gone: deque[tuple[int, SiteId]] = deque(maxlen=GONE_KEPT)
        self._sections: dict[str, tuple[int, list[Any]]] = {"sessions": (0, []), "exams": (0, [])}
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

    def put_section(self, name: str, rows: Sequence[Any]) -> None:
        """Stand a whole list on the wall under a name of its own, such as ``sessions``; sent again when it changed."""
        rows = list(rows)
        known = self._sections.get(name)
        if known is None or known[1] != rows:
            self._sections[name] = (self._next(), rows)

    def section(self, name: str) -> list[Any]:
        """A list as it stands; empty when nobody put it."""
        known = self._sections.get(name)
        return known[1] if known else []

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
            **{name: rows for name, (_, rows) in self._sections.items()},
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
        changes.update({name: rows for name, (at, rows) in self._sections.items() if at > stamp})
        return changes

    def parts(self, names: Sequence[str], stamp: int | None) -> dict[str, Any]:
        """Of these sections what changed after ``stamp``, or with None all; one that nobody put yet is empty."""
        found: dict[str, Any] = {}
        for name in names:
            at, rows = self._sections.get(name, (0, []))
            if stamp is None or at > stamp:
                found[name] = rows
        return found

    def _next(self) -> int:
        self.stamp += 1
        return self.stamp
