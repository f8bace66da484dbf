"""Builds the centre: plain constructors from the ground floor up. Nothing runs yet."""

from __future__ import annotations

import socket
import sys
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import msgspec

from orchestrator import VERSION
from orchestrator.access.audit import Audit
from orchestrator.access.first_start import ensure_administrator
from orchestrator.access.gate import SessionGate
from orchestrator.access.lecture_link_routes import routes as lecture_link_routes
from orchestrator.access.lecture_links import LectureLinks
from orchestrator.access.links import SignInLinks
from orchestrator.access.passwords import Passwords
from orchestrator.access.routes import routes as access_routes
from orchestrator.access.service import Access
from orchestrator.access.television_routes import routes as television_routes
from orchestrator.access.televisions import Televisions
from orchestrator.app.air import AirParts, build_air
from orchestrator.app.alarms import AlarmParts, build_alarms
from orchestrator.app.attendance import RoomsGround, RoomsParts, build_attendance, rule_book, site_key
from orchestrator.app.courses import CourseParts, build_courses
from orchestrator.app.duty import DutyParts, build_duty
from orchestrator.app.exam_day import ExamDay, Ground, build_exam_day
from orchestrator.app.floor import FloorParts, build_floor
from orchestrator.app.history import HistoryGround, HistoryParts, build_history
from orchestrator.app.lecture_sources import SourceParts, build_lecture_sources
from orchestrator.app.live import Live, open_live
from orchestrator.app.media import build_media, ladder_of
from orchestrator.app.orders import OrderParts, build_orders
from orchestrator.app.readiness import ReadinessGround, ReadinessParts, build_readiness
from orchestrator.app.recordings import RecordingGround, RecordingParts, build_recordings
from orchestrator.app.register import Register
from orchestrator.app.retention import build_retention
from orchestrator.app.slides import SlideParts, build_slides
from orchestrator.app.sources import WallSources
from orchestrator.app.streams import Streams
from orchestrator.app.wall_pictures import PictureParts, build_pictures
from orchestrator.attendance.routes import RollCallPages
from orchestrator.attendance.routes import routes as attendance_routes
from orchestrator.attendance.service import Attendance
from orchestrator.clock import CentreClock
from orchestrator.config import Config
from orchestrator.links.records import Intake
from orchestrator.links.routes import routes as link_routes
from orchestrator.links.service import SiteLinks
from orchestrator.media.port import MediaEngine
from orchestrator.media.routes import routes as media_routes
from orchestrator.presence.model import Thresholds
from orchestrator.presence.service import PresenceWatch
from orchestrator.retention.service import Retention
from orchestrator.sessions.air.routes import air_view
from orchestrator.sessions.link_routes import LinkPages
from orchestrator.sessions.link_routes import routes as session_link_routes
from orchestrator.sessions.routes import SessionPages
from orchestrator.sessions.routes import routes as session_routes
from orchestrator.sessions.rungs import RungPages
from orchestrator.sessions.rungs import routes as rung_routes
from orchestrator.sessions.service import Conductor
from orchestrator.sites.centre_keys import load_keys
from orchestrator.sites.enrolling import Enrolling
from orchestrator.sites.routes import routes as site_routes
from orchestrator.sites.service import Sites
from orchestrator.sites.watching import LinkWatch
from orchestrator.storage.engine import Database
from orchestrator.wall.routes import WallFeed
from orchestrator.wall.routes import routes as wall_routes
from orchestrator.wall.service import Wall
from orchestrator.web import health, pages
from orchestrator.web.kit import Routes, get
from orchestrator.web.openapi import respond_with
from wire.ids import new_id
from wire.messages import (
    DeclaredCount,
    Heartbeat,
    Records,
    RollCallCount,
    StreamIs,
)

S = 10**9


class Centre(msgspec.Struct, frozen=True):
    """Everything that has a life of its own, for ``serve`` to run, and the routes."""

    database: Database
    live: Live
    links: SiteLinks
    link_watch: LinkWatch
    presence: PresenceWatch
    attendance: RoomsParts
    room_pictures: PictureParts
    conductor: Conductor
    air: AirParts
    exam_day: ExamDay
    courses: CourseParts
    slides: SlideParts
    duty: DutyParts
    alarms: AlarmParts
    history: HistoryParts
    retention: Retention
    orders: OrderParts
    floor: FloorParts
    recordings: RecordingParts
    lecture_sources: SourceParts
    plane: MediaEngine
    streams: Streams
    wall: Wall
    readiness: ReadinessParts
    gate: SessionGate
    routes: Routes


async def build(config: Config, public_url: str, stack: AsyncExitStack) -> Centre:
    """All parts, loaded from the database; what must be closed is closed by ``stack``."""
    folder = Path(config.storage.folder)
    clock = CentreClock()
    keys = load_keys(folder)
    database = await Database.open(config.database_url())
    stack.push_async_callback(database.close)
    live = await open_live(config.live.redis_url, stack)

    audit, passwords = Audit(clock), Passwords()
    await ensure_administrator(database, clock, audit, passwords, folder=folder, terminal=sys.stdout)
    access = Access(database, clock, audit, passwords)
    gate = SessionGate(access, [public_url])
    sign_in_links = SignInLinks(database, clock, audit, passwords)
    lecture_links = LectureLinks(database, clock, audit, passwords)
    sites = Sites(database, live.bus, clock, audit, keys=keys)
    enrolling = Enrolling(database, live.bus, clock, audit, keys=keys)

    links = SiteLinks(live.bus, clock, keys.link, enrolling.authenticate)
    intake = Intake(database, live.bus, clock, links.send)
    presence = PresenceWatch(clock, live.bus, live.board, _thresholds(config))
    book = rule_book(database, live.bus, clock, audit, config.attendance)
    attendance = Attendance(database, clock, live.bus, links.send, audit, site_key, book.for_session)
    plane, media_door = build_media(config, keys.link, public_url)
    streams = Streams(plane, lambda: [each.stream for each in conductor.all() if each.on_screen], ladder_of(plane))
    conductor = Conductor(
        database, clock, live.bus, live.leases, links.send, streams, audit, f"{socket.gethostname()}-{new_id('centre')}"
    )
    air = build_air(
        database,
        clock,
        live.bus,
        audit,
        conductor,
        plane,
        streams,
        slates=config.media.slate,
        video=config.media.video,
        log_level=config.log.level,
    )
    exam_day = build_exam_day(
        Ground(
            database=database,
            bus=live.bus,
            clock=clock,
            links=links,
            intake=intake,
            sites=sites,
            audit=audit,
            keys=keys,
            configured=config.exams,
            folder=folder,
            links_to_sign_in=sign_in_links,
            public_url=public_url,
        )
    )
    slides = build_slides(database, clock, live.bus, audit, links, conductor, config.slides, folder)
    courses = build_courses(database, clock, sites, audit, keys, folder)
    register = Register(database, sites)
    ground = RoomsGround(database, live.bus, clock, audit, links, register, presence)
    rooms = build_attendance(ground, book, attendance, conductor)
    room_pictures = build_pictures(database, clock, live.bus, audit, links, rooms.policy_at)
    sources = WallSources(register, presence, attendance, conductor, streams, air.air)
    wall = Wall(clock, live.bus, sources)
    owner = f"{socket.gethostname()}-{new_id('centre')}"
    alarms = build_alarms(
        database, clock, live.leases, audit, sites, register, wall.board, plane, keys, owner, public_url, air.air.lost
    )
    stack.push_async_callback(alarms.close)
    feed = WallFeed(wall, clock, gate.still_admits)
    readiness = build_readiness(
        ReadinessGround(
            database=database,
            bus=live.bus,
            clock=clock,
            audit=audit,
            links=links,
            intake=intake,
            presence=presence,
            conductor=conductor,
            register=register,
            streams=streams,
            wall=wall.board,
        )
    )
    duty = await build_duty(database, clock, live.bus, audit, wall.board)
    history = build_history(
        HistoryGround(
            database=database,
            clock=clock,
            bus=live.bus,
            leases=live.leases,
            intake=intake,
            presence=presence,
            duty=duty.duty,
            wall=wall.board,
            keep_days=config.presence.history_days,
        )
    )

    orders = build_orders(
        database, clock, live.bus, audit, links, intake, register, attendance, conductor, wall.board.put_section
    )

    floor = build_floor(
        config,
        database,
        clock,
        live.bus,
        audit,
        links,
        intake,
        register,
        conductor,
        plane,
        wall.board.put_section,
    )

    lecture_sources = build_lecture_sources(
        database, clock, audit, conductor, plane, media_door, keys.at_rest, config, public_url
    )
    recordings = build_recordings(
        RecordingGround(
            database=database,
            clock=clock,
            bus=live.bus,
            leases=live.leases,
            audit=audit,
            conductor=conductor,
            plane=plane,
            links=links,
            register=register,
            alarms=alarms.sources,
            door=media_door,
            offsets_ms=rooms.offsets_ms,
        ),
        config,
    )
    _take_in(links, intake, presence, attendance)
    for load in (
        attendance.load,
        conductor.load,
        slides.load,
        air.air.load,
        orders.load,
        floor.load,
        lecture_sources.load,
    ):
        await load()

    def gauges() -> dict[str, float]:
        counters = wall.board.counters()
        return {"sites": counters.total, "sites_online": counters.online, "wall_readers": feed.readers}

    all_routes: Routes = [
        *access_routes(access, audit, database, gate, sign_in_links, secure=public_url.startswith("https:")),
        *television_routes(
            Televisions(database, clock, audit, passwords), gate, secure=public_url.startswith("https:")
        ),
        *site_routes(sites, enrolling, keys),
        *link_routes(links),
        *session_routes(
            SessionPages(
                conductor,
                clock,
                sources.rooms,
                streams.on_air,
                partial(air_view, air.air),
                register.all_sites,
                register.lecturer_name,
                config.lecture.hotline,
            )
        ),
        *rung_routes(RungPages(streams.rungs, conductor, database, audit)),
        *lecture_link_routes(lecture_links, gate, secure=public_url.startswith("https:")),
        *session_link_routes(LinkPages(lecture_links, conductor, clock, public_url)),
        *attendance_routes(RollCallPages(attendance, conductor.sites_for, register.code_and_expected)),
        *air.routes,
        *rooms.routes,
        *room_pictures.routes,
        *exam_day.routes,
        *courses.routes,
        *slides.routes,
        *readiness.routes,
        *duty.routes,
        *alarms.routes,
        *history.routes,
        *orders.routes,
        *floor.routes,
        *recordings.routes,
        *lecture_sources.routes,
        *media_routes(lecture_sources.door),
        *wall_routes(feed),
        *health.routes(lambda: _ready(database), gauges, plane.metrics),
        *pages.routes(),
    ]
    all_routes.append(get("/api/v1/openapi.json", respond_with(all_routes, VERSION), action=None, summary="OpenAPI"))
    return Centre(
        database=database,
        live=live,
        links=links,
        link_watch=LinkWatch(live.bus, links, sites, enrolling),
        presence=presence,
        attendance=rooms,
        room_pictures=room_pictures,
        conductor=conductor,
        air=air,
        exam_day=exam_day,
        courses=courses,
        slides=slides,
        duty=duty,
        alarms=alarms,
        history=history,
        retention=build_retention(database, clock, audit, live.leases, owner, config.retention, rooms.offsets_ms),
        orders=orders,
        floor=floor,
        recordings=recordings,
        lecture_sources=lecture_sources,
        plane=plane,
        streams=streams,
        wall=wall,
        readiness=readiness,
        gate=gate,
        routes=all_routes,
    )


def _take_in(links: SiteLinks, intake: Intake, presence: PresenceWatch, attendance: Attendance) -> None:
    """What becomes of everything a site says."""

    links.on(Heartbeat, presence.on_heartbeat)
    links.on(StreamIs, intake.announce)
    links.on(Records, intake.take)
    intake.on_record(RollCallCount, attendance.take_count)
    intake.on_record(DeclaredCount, attendance.take_declared)


def _thresholds(config: Config) -> Thresholds:
    limits = config.presence
    return Thresholds(round(limits.late_s * S), round(limits.silent_s * S), round(limits.unknown_s * S))


async def _ready(database: Database) -> None:
    await database.read(lambda conn: conn.exec_driver_sql("SELECT 1"))
