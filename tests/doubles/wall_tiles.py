"""Tiles of sites in good health, by number."""

from __future__ import annotations

from orchestrator.presence.model import Presence, PresenceState
from orchestrator.wall.judge import Headcount, SiteCard, tile
from orchestrator.wall.model import Tile
from wire.ids import SiteId


def made(number: int, count: int | None = None, state: PresenceState = PresenceState.ONLINE) -> Tile:
    """The tile of site `number` in one of two districts."""
    name = f"site-{number}"
    card = SiteCard(SiteId(name), name, name, [], f"Huyện {number % 2}", "thcs", 10, "", "", True, False)
    return tile(card, Presence(card.id, state), Headcount(count=count, at_ns=1), None, None, 0)
