"""Builds what belongs to attendance: rules told to rooms, and what people may ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import msgspec

from orchestrator.app.ground import Ground
from orchestrator.app.lives import Life
from orchestrator.app.register import Register
from orchestrator.attendance.numbers.asking import Asking
from orchestrator.attendance.numbers.model import SiteFacts
from orchestrator.attendance.numbers.routes import NumberPages
from orchestrator.attendance.numbers.routes import routes as number_routes
from orchestrator.attendance.numbers.service import Numbers
from orchestrator.attendance.pictures.retention import Retention
from orchestrator.attendance.pictures.routes import PicturePages
from orchestrator.attendance.pictures.routes import routes as picture_routes
from orchestrator.attendance.pictures.service import Pictures
from orchestrator.attendance.rules.model import RoomRule
from orchestrator.attendance.rules.routes import routes as rule_routes
from orchestrator.attendance.rules.service import RuleBook
from orchestrator.attendance.service import Attendance
from orchestrator.attendance.verify.routes import routes as verify_routes
from orchestrator.attendance.verify.service import Verifying
from orchestrator.config import Attendance as Configured
from orchestrator.links.service import SiteLinks
from orchestrator.presence.service import PresenceWatch
from orchestrator.sessions.rolls.routes import routes as plan_routes
from orchestrator.sessions.rolls.service import RollPlans
from orchestrator.sessions.room_rules import RoomRuleTeller
from orchestrator.sessions.service import Conductor
from orchestrator.sites import store as site_store
from orchestrator.storage.engine import Connection
from orchestrator.web.kit import Routes
from wire.ids import EnrolmentId, PicturePolicy, SiteId
from wire.messages import Heartbeat


class RoomsParts(msgspec.Struct, frozen=True):
    """Lives to keep going, by name, routes to serve, which pictures may leave a room now, and how far the centre's
    clock is ahead of those of linked sites."""

    lives: Mapping[str, Life]
    routes: Routes
    policy_at: Callable[[SiteId], PicturePolicy]
    offsets_ms: Callable[[], list[float]]


def rule_book(ground: Ground, configured: Configured) -> RuleBook:
    """The rules of courses over the province's own."""
    province = RoomRule(configured.policy, configured.keep_days, configured.seen_by, configured.tolerance)
    return RuleBook(ground.database, ground.live.bus, ground.clock, ground.audit, province)


def site_key(conn: Connection, enrolment: EnrolmentId) -> bytes | None:
    """The key that a paired computer signs with."""
    found = site_store.enrolment(conn, enrolment)
    return found.sign_key if found else None


def build_attendance(
    ground: Ground, presence: PresenceWatch, book: RuleBook, attendance: Attendance, conductor: Conductor
) -> RoomsParts:
    """All parts, connected; nothing runs yet."""
    database, bus, clock, audit, links = ground.database, ground.live.bus, ground.clock, ground.audit, ground.links
    teller = RoomRuleTeller(conductor.all, book.by_session, book.province, links.linked, clock, bus, links.send)
    numbers = Numbers(database, clock, bus, audit, partial(_facts, ground.register), links.send)
    asking = Asking(numbers, clock, bus, links.send)
    links.on(Heartbeat, asking.on_heartbeat)
    offsets_ms = partial(_offsets_ms, presence, links)
    retention = Retention(database, clock, audit, offsets_ms)
    plans = RollPlans(database, clock, audit, conductor, attendance)
    return RoomsParts(
        lives={
            "attendance": attendance.run,
            "room_rules": teller.run,
            "count_questions": asking.run,
            "roll_plans": plans.run,
            "retention": retention.run,
        },
        routes=[
            *rule_routes(book),
            *plan_routes(plans, conductor.sites_for),
            *number_routes(NumberPages(numbers, conductor.sites_for)),
            *picture_routes(PicturePages(Pictures(database, clock, audit, numbers), retention)),
            *verify_routes(Verifying(database, audit)),
        ],
        policy_at=teller.policy_at,
        offsets_ms=offsets_ms,
    )


def _facts(register: Register, site: SiteId) -> SiteFacts:
    card = register.cards.get(site)
    if card is None:
        return SiteFacts(site, "", "", "", 0)
    return SiteFacts(card.code, card.name, card.district, card.level, card.expected, card.contact, card.phone)


def _offsets_ms(presence: PresenceWatch, links: SiteLinks) -> list[float]:
    """Centre time − the site's own clock, of every linked site that has told it."""
    heartbeats = (presence.of(site).heartbeat for site in links.linked())
    return [each.clock.offset_ms for each in heartbeats if each is not None and each.clock.offset_ms is not None]
