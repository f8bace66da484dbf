"""Builds what belongs to attendance: rules told to rooms, and what people may ask."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from orchestrator.access.audit import Audit
from orchestrator.app.lives import Life
from orchestrator.attendance.rules.model import RoomRule
from orchestrator.attendance.rules.routes import routes as rule_routes
from orchestrator.attendance.rules.service import RuleBook
from orchestrator.attendance.service import Attendance
from orchestrator.attendance.verify.routes import routes as verify_routes
from orchestrator.attendance.verify.service import Verifying
from orchestrator.clock import Clock
from orchestrator.config import Attendance as Configured
from orchestrator.links.service import SiteLinks
from orchestrator.live.port import Bus
from orchestrator.sessions.room_rules import RoomRuleTeller
from orchestrator.sessions.service import Conductor
from orchestrator.sites import store as site_store
from orchestrator.sites.service import Sites
from orchestrator.storage.engine import Connection, Database
from orchestrator.web.kit import Routes
from wire.ids import EnrolmentId


class RoomsParts(msgspec.Struct, frozen=True):
    """Lives to keep going, by name, and routes to serve."""

    lives: Mapping[str, Life]
    routes: Routes


def rule_book(database: Database, bus: Bus, clock: Clock, audit: Audit, configured: Configured) -> RuleBook:
    """The rules of courses over the province's own."""
    province = RoomRule(configured.policy, configured.keep_days, configured.seen_by, configured.tolerance)
    return RuleBook(database, bus, clock, audit, province)


def site_key(conn: Connection, enrolment: EnrolmentId) -> bytes | None:
    """The key that a paired computer signs with."""
    found = site_store.enrolment(conn, enrolment)
    return found.sign_key if found else None


class RoomsGround(msgspec.Struct, frozen=True):
    """What attendance stands on."""

    database: Database
    bus: Bus
    clock: Clock
    audit: Audit
    links: SiteLinks
    sites: Sites


def build_attendance(ground: RoomsGround, book: RuleBook, attendance: Attendance, conductor: Conductor) -> RoomsParts:
    """All parts, connected; nothing runs yet."""
    links, clock, bus = ground.links, ground.clock, ground.bus
    teller = RoomRuleTeller(conductor.all, book.by_session, book.province, links.linked, clock, bus, links.send)
    return RoomsParts(
        lives={"attendance": attendance.run, "room_rules": teller.run},
        routes=[*rule_routes(book), *verify_routes(Verifying(ground.database, ground.audit))],
    )
