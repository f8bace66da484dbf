"""Builds the history of the sites and the page of one site."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from orchestrator.app.ground import Ground
from orchestrator.app.lives import Life
from orchestrator.duty.service import Duty
from orchestrator.history.routes import SitePages
from orchestrator.history.routes import routes as site_routes
from orchestrator.history.service import History
from orchestrator.history.timeline import UNKNOWN
from orchestrator.presence.service import PresenceWatch
from orchestrator.wall.board import WallBoard
from orchestrator.wall.model import Tile
from orchestrator.web.kit import Routes
from wire.ids import new_id
from wire.messages import HealthSpans


class HistoryParts(msgspec.Struct, frozen=True):
    """Lives to keep going, by name, and routes to serve."""

    history: History
    lives: Mapping[str, Life]
    routes: Routes


UNREMARKABLE = frozenset({"best", "begins", "climbed"})
"""Reasons of the full picture that nobody asks for."""


def rung_word(tile: Tile | None) -> str:
    """How much of the lecture a room gets and why, as the history keeps it; empty while the wall does not know it."""
    if tile is None:
        return ""
    if tile.session is None:
        return "none"
    rung, why = tile.stream.rung or UNKNOWN, tile.stream.rung_why
    return rung if not why or (rung == "full" and why in UNREMARKABLE) else f"{rung}.{why}"


def build_history(
    ground: Ground, presence: PresenceWatch, duty: Duty, wall: WallBoard, *, keep_days: int
) -> HistoryParts:
    """All parts, connected; nothing runs yet."""
    history = History(
        ground.database,
        ground.clock,
        ground.live.bus,
        ground.live.leases,
        presence,
        new_id("history"),
        keep_days=keep_days,
        rung_of=lambda site: rung_word(wall.tile(site)),
    )
    ground.intake.on_record(HealthSpans, history.take_spans)
    pages = SitePages(history, duty, wall.tile, ground.clock)
    return HistoryParts(history=history, lives={"history": history.run}, routes=site_routes(pages))
