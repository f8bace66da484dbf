"""Builds what makes the training day: presence, attendance, media, the conductor, exams, essays, slides."""

from __future__ import annotations

from functools import partial

import msgspec

from orchestrator.app.air import AirParts, build_air
from orchestrator.app.attendance import RoomsParts, build_attendance, rule_book, site_key
from orchestrator.app.courses import CourseParts, build_courses
from orchestrator.app.exam_day import ExamDay, ExamGround, build_exam_day
from orchestrator.app.ground import Ground
from orchestrator.app.lecture_sources import SourceParts, build_lecture_sources
from orchestrator.app.lives import Life
from orchestrator.app.media import build_media
from orchestrator.app.slides import SlideParts, build_slides
from orchestrator.app.sources import WallSources
from orchestrator.app.streams import Streams
from orchestrator.app.wall_pictures import PictureParts, build_pictures
from orchestrator.attendance.routes import RollCallPages
from orchestrator.attendance.routes import routes as attendance_routes
from orchestrator.attendance.service import Attendance
from orchestrator.config import Config
from orchestrator.media.port import MediaEngine
from orchestrator.media.routes import Door
from orchestrator.presence.model import Thresholds
from orchestrator.presence.service import PresenceWatch
from orchestrator.sessions.air.routes import air_view
from orchestrator.sessions.link_routes import LinkPages
from orchestrator.sessions.link_routes import routes as session_link_routes
from orchestrator.sessions.routes import SessionPages
from orchestrator.sessions.routes import routes as session_routes
from orchestrator.sessions.rungs.routes import RungPages
from orchestrator.sessions.rungs.routes import routes as rung_routes
from orchestrator.sessions.rungs.service import RungOrders
from orchestrator.sessions.service import Conductor
from orchestrator.web.kit import Routes
from wire.ids import SiteId

S = 10**9


class TrainingDay(msgspec.Struct, frozen=True):
    """The parts of the day; ``wall_sources`` answers the wall from them, ``door`` is where media come in,
    ``lecture_sources.door`` where encoders' keys are known too."""

    presence: PresenceWatch
    attendance: Attendance
    rooms: RoomsParts
    room_pictures: PictureParts
    plane: MediaEngine
    door: Door
    streams: Streams
    conductor: Conductor
    rung_orders: RungOrders
    air: AirParts
    exams: ExamDay
    courses: CourseParts
    slides: SlideParts
    lecture_sources: SourceParts
    wall_sources: WallSources

    async def load(self) -> None:
        """Take up from the database what stood there before."""
        await self.attendance.load()
        await self.conductor.load()
        await self.rung_orders.load()
        await self.slides.load()
        await self.air.air.load()
        await self.lecture_sources.load()

    def lives(self) -> dict[str, Life]:
        """What follows events or the clock, by name."""
        return {
            "presence": self.presence.watch,
            **self.rooms.lives,
            **self.room_pictures.lives,
            "greeting": self.conductor.greet,
            "leases": self.conductor.keep_leases,
            "rung_orders": self.rung_orders.follow,
            **self.air.lives,
            **self.exams.lives,
            **self.courses.lives,
            **self.slides.lives,
            **self.lecture_sources.lives,
            "streams": self.streams.watch,
        }


def build_training_day(config: Config, ground: Ground) -> TrainingDay:
    """All parts, connected; nothing runs yet."""
    database, clock, bus, audit = ground.database, ground.clock, ground.live.bus, ground.audit
    links, intake = ground.links, ground.intake
    presence = PresenceWatch(clock, bus, ground.live.board, _thresholds(config))
    book = rule_book(ground, config.attendance)
    attendance = Attendance(database, clock, bus, links.send, audit, site_key, book.for_session)
    plane, door = build_media(config, ground.keys.link, ground.public_url, clock)
    streams = Streams(plane, lambda: [each.stream for each in conductor.all() if each.on_screen], plane)
    conductor = Conductor(
        database,
        clock,
        bus,
        ground.live.leases,
        links.send,
        streams,
        audit,
        ground.owner,
        by_phone=streams.rungs.by_phone,
        hotline=config.lecture.hotline,
    )
    rung_orders = RungOrders(database, clock, bus, audit, conductor, streams.rungs, partial(_takes, presence))
    air = build_air(
        ground,
        conductor,
        plane,
        streams,
        slates=config.media.slate,
        spare=config.media.spares,
        video=config.media.video,
        log_level=config.log.level,
    )
    exams = build_exam_day(
        ExamGround(
            database=database,
            bus=bus,
            clock=clock,
            links=links,
            intake=intake,
            sites=ground.sites,
            audit=audit,
            keys=ground.keys,
            configured=config.exams,
            folder=ground.folder,
            links_to_sign_in=ground.sign_in_links,
            public_url=ground.public_url,
        )
    )
    slides = build_slides(ground, conductor, config.slides)
    lecture_sources = build_lecture_sources(ground, conductor, air.air, plane, door, config)
    rooms = build_attendance(ground, presence, book, attendance, conductor)
    return TrainingDay(
        presence=presence,
        attendance=attendance,
        rooms=rooms,
        room_pictures=build_pictures(ground, rooms.policy_at),
        plane=plane,
        door=door,
        streams=streams,
        conductor=conductor,
        rung_orders=rung_orders,
        air=air,
        exams=exams,
        courses=build_courses(database, clock, ground.sites, audit, ground.keys, ground.folder),
        slides=slides,
        lecture_sources=lecture_sources,
        wall_sources=WallSources(
            ground.register, presence, attendance, conductor, streams, air.air, lecture_sources.shown
        ),
    )


def day_routes(config: Config, ground: Ground, day: TrainingDay) -> Routes:
    """What people may ask of the day."""
    conductor, register = day.conductor, ground.register
    return [
        *session_routes(
            SessionPages(
                conductor,
                ground.clock,
                day.wall_sources.rooms,
                day.streams.on_air,
                partial(air_view, day.air.air),
                register.all_sites,
                register.lecturer_name,
                config.lecture.hotline,
            )
        ),
        *rung_routes(RungPages(day.rung_orders)),
        *session_link_routes(LinkPages(ground.lecture_links, conductor, ground.clock, ground.public_url)),
        *attendance_routes(RollCallPages(day.attendance, conductor.sites_for, register.code_and_expected)),
        *day.air.routes,
        *day.rooms.routes,
        *day.room_pictures.routes,
        *day.exams.routes,
        *day.courses.routes,
        *day.slides.routes,
        *day.lecture_sources.routes,
    ]


def _takes(presence: PresenceWatch, site: SiteId) -> list[str] | None:
    """What the site's agent understands; None while nobody has heard it."""
    heartbeat = presence.of(site).heartbeat
    return list(heartbeat.takes) if heartbeat is not None else None


def _thresholds(config: Config) -> Thresholds:
    limits = config.presence
    return Thresholds(round(limits.late_s * S), round(limits.silent_s * S), round(limits.unknown_s * S))
