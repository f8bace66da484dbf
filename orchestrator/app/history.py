"""Builds the history of the sites and the page of one site."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from orchestrator.app.lives import Life
from orchestrator.clock import Clock
from orchestrator.duty.service import Duty
from orchestrator.history.routes import SitePages
from orchestrator.history.routes import routes as site_routes
from orchestrator.history.service import History
from orchestrator.links.records import Intake
from orchestrator.live.port import Bus, Leases
from orchestrator.presence.service import PresenceWatch
from orchestrator.storage.engine import Database
from orchestrator.wall.board import WallBoard
from orchestrator.web.kit import Routes
from wire.ids import new_id
from wire.messages import HealthSpans


class HistoryParts(msgspec.Struct, frozen=True):
    """Lives to keep going, by name, and routes to serve."""

    history: History
    lives: Mapping[str, Life]
    routes: Routes


class HistoryGround(msgspec.Struct, frozen=True):
    """What the history stands on."""

    database: Database
    clock: Clock
    bus: Bus
    leases: Leases
    intake: Intake
    presence: PresenceWatch
    duty: Duty
    wall: WallBoard
    keep_days: int


def build_history(ground: HistoryGround) -> HistoryParts:
    """All parts, connected; nothing runs yet."""
    history = History(
        ground.database,
        ground.clock,
        ground.bus,
        ground.leases,
        ground.presence,
        new_id("history"),
        keep_days=ground.keep_days,
    )
    ground.intake.on_record(HealthSpans, history.take_spans)
    pages = SitePages(history, ground.duty, ground.wall.tile, ground.clock)
    return HistoryParts(history=history, lives={"history": history.run}, routes=site_routes(pages))
