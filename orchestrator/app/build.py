"""Builds the centre: plain constructors from the ground floor up. Nothing runs yet."""

from __future__ import annotations

from contextlib import AsyncExitStack

import msgspec

from orchestrator import VERSION
from orchestrator.access.gate import SessionGate
from orchestrator.app.alarms import build_alarms
from orchestrator.app.duty import build_duty
from orchestrator.app.floor import build_floor
from orchestrator.app.ground import build_ground
from orchestrator.app.history import build_history
from orchestrator.app.live import Live
from orchestrator.app.lives import Life
from orchestrator.app.orders import build_orders
from orchestrator.app.readiness import build_readiness
from orchestrator.app.recordings import RecordingGround, build_recordings
from orchestrator.app.retention import build_retention
from orchestrator.app.training_day import build_training_day, day_routes
from orchestrator.config import Config
from orchestrator.footprint import footprint
from orchestrator.links.service import SiteLinks
from orchestrator.media.port import MediaEngine
from orchestrator.media.routes import routes as media_routes
from orchestrator.storage.engine import Database
from orchestrator.wall.routes import WallFeed
from orchestrator.wall.routes import routes as wall_routes
from orchestrator.wall.service import Wall
from orchestrator.web import health, pages
from orchestrator.web.kit import Routes, get
from orchestrator.web.openapi import respond_with
from wire.messages import DeclaredCount, Heartbeat, RollCallCount


class Centre(msgspec.Struct, frozen=True):
    """What ``serve`` starts and stops: lives by name, and the routes."""

    live: Live
    links: SiteLinks
    plane: MediaEngine
    gate: SessionGate
    lives: dict[str, Life]
    routes: Routes


async def build(config: Config, public_url: str, stack: AsyncExitStack) -> Centre:
    """All parts, loaded from the database; what must be closed is closed by ``stack``."""
    ground = await build_ground(config, public_url, stack)
    database, clock, live, audit = ground.database, ground.clock, ground.live, ground.audit
    links, intake, register = ground.links, ground.intake, ground.register
    day = build_training_day(config, ground)
    conductor, plane = day.conductor, day.plane
    wall = Wall(clock, live.bus, day.wall_sources)
    feed = WallFeed(wall, clock, ground.gate.still_admits)
    alarms = build_alarms(ground, wall.board, plane, conductor, day.air.air.lost)
    stack.push_async_callback(alarms.close)
    readiness = build_readiness(ground, day.presence, conductor, day.streams, wall.board)
    duty = await build_duty(ground, wall.board)
    history = build_history(ground, day.presence, duty.duty, wall.board, keep_days=config.presence.history_days)
    orders = build_orders(ground, day.attendance, conductor, wall.board.put_section)
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
            door=day.door,
            offsets_ms=day.rooms.offsets_ms,
        ),
        config,
    )
    retention = build_retention(
        database, clock, audit, live.leases, ground.owner, config.retention, day.rooms.offsets_ms
    )
    links.on(Heartbeat, day.presence.on_heartbeat)
    intake.on_record(RollCallCount, day.attendance.take_count)
    intake.on_record(DeclaredCount, day.attendance.take_declared)
    for load in (day.load, orders.load, floor.load):
        await load()

    def gauges() -> dict[str, float]:
        counters = wall.board.counters()
        return {
            "sites": counters.total,
            "sites_online": counters.online,
            "wall_readers": feed.readers,
            **footprint(),
        }

    def counters() -> dict[str, float]:
        return {**recordings.recordings.counters(), **day.lecture_sources.counters()}

    over_the_day = (readiness, duty, alarms, history, orders, floor, recordings)
    lives: dict[str, Life] = {"link_watch": ground.link_watch.run, **day.lives(), "forgetting": retention.run}
    all_routes: Routes = [*ground.routes, *day_routes(config, ground, day)]
    for parts in over_the_day:
        lives |= parts.lives
        all_routes += parts.routes
    lives["wall"] = wall.watch
    all_routes += [
        *media_routes(day.lecture_sources.door),
        *wall_routes(feed),
        *health.routes(lambda: _ready(database), gauges, plane.metrics, counters),
        *pages.routes(),
    ]
    all_routes.append(get("/api/v1/openapi.json", respond_with(all_routes, VERSION), action=None, summary="OpenAPI"))
    return Centre(live=live, links=links, plane=plane, gate=ground.gate, lives=lives, routes=all_routes)


async def _ready(database: Database) -> None:
    await database.read(lambda conn: conn.exec_driver_sql("SELECT 1"))
