"""Builds the operators' shift: what runs, what people may ask, what stands on the wall."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from orchestrator.app.ground import Ground
from orchestrator.app.lives import Life
from orchestrator.duty.handing import Handovers
from orchestrator.duty.handover import SiteName
from orchestrator.duty.handover_routes import HandoverPages, handover_view
from orchestrator.duty.handover_routes import routes as handover_routes
from orchestrator.duty.routes import DutyPages, claim_view, matter_view
from orchestrator.duty.routes import routes as duty_routes
from orchestrator.duty.service import Duty
from orchestrator.wall.board import WallBoard
from orchestrator.web.kit import Routes
from wire.ids import SiteId


class DutyParts(msgspec.Struct, frozen=True):
    """Lives to keep going, by name, and routes to serve."""

    duty: Duty
    lives: Mapping[str, Life]
    routes: Routes


async def build_duty(ground: Ground, board: WallBoard) -> DutyParts:
    """All parts, connected, with what stood in the book before; nothing runs yet."""
    database, clock, bus, audit = ground.database, ground.clock, ground.live.bus, ground.audit
    duty = Duty(database, clock, bus, audit)

    def show() -> None:
        board.put_section("claims", [claim_view(claim) for claim in duty.claims])
        board.put_section("offers", [handover_view(offer) for offer in duty.offers])
        board.put_section("matters", [matter_view(matter) for matter in duty.matters])

    duty.on_changed(show)
    await duty.load()

    def name_of(site: SiteId) -> SiteName:
        tile = board.tile(site)
        return SiteName(tile.code, tile.name, tile.contact, tile.phone) if tile else SiteName(site, "", "", "")

    handovers = Handovers(database, clock, bus, audit, duty, name_of)
    return DutyParts(
        duty=duty,
        lives={"duty": duty.run},
        routes=[*duty_routes(DutyPages(duty)), *handover_routes(HandoverPages(handovers))],
    )
