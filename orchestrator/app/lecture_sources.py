"""Builds the sources of lectures: what runs and what people may ask."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from orchestrator.access.audit import Audit
from orchestrator.app.lives import Life
from orchestrator.clock import Clock
from orchestrator.config import Config
from orchestrator.errors import Refused
from orchestrator.media.port import MediaEngine
from orchestrator.media.sources.job import Bounds
from orchestrator.media.sources.rtmp.owner import DoorSettings
from orchestrator.media.tokens import Right, Seat
from orchestrator.sessions.model import Session
from orchestrator.sessions.service import Conductor, check_own
from orchestrator.sources.films import Films
from orchestrator.sources.routes import SourcePages, routes
from orchestrator.sources.service import Settings, Sources
from orchestrator.sources.whip import Door, KeyedDoor
from orchestrator.storage.engine import Database
from orchestrator.web.kit import Identity, Routes
from wire.ids import SessionId

SWEEP_S = 1.0


class SourceParts(msgspec.Struct, frozen=True):
    """Lives to keep going, by name, routes to serve, and what to load first."""

    lives: Mapping[str, Life]
    routes: Routes
    load: Callable[[], Awaitable[None]]
    door: Door
    """WHIP and WHEP, with encoders' keys beside tokens."""


class PlanOfSources:
    """The conductor and the media plane as the sources see them."""

    def __init__(self, conductor: Conductor, plane: MediaEngine) -> None:
        self._conductor = conductor
        self._plane = plane

    def session(self, session: SessionId) -> Session:
        return self._conductor.get(session)

    def check_own(self, who: Identity, session: Session) -> None:
        check_own(who, session)

    def ticket(self, session: Session, seat: Seat, subject: str) -> tuple[str, str]:
        until = self._conductor.token_end_ns(session.id)
        token = self._plane.token(session.id, session.stream, Right.PUBLISH, subject, until, seat=seat)
        return self._plane.inside_url(session.stream) or self._plane.publish_url(session.stream), token


def build_lecture_sources(
    database: Database,
    clock: Clock,
    audit: Audit,
    conductor: Conductor,
    plane: MediaEngine,
    media_door: Door,
    at_rest: bytes,
    config: Config,
    public_url: str,
) -> SourceParts:
    """Plain constructors; nothing runs yet."""
    chosen, tls = config.sources, config.server
    door = DoorSettings(
        bind=chosen.rtmp_bind,
        port=chosen.rtmp_port,
        certificate=tls.tls_certificate if chosen.rtmp_tls else "",
        key=tls.tls_key if chosen.rtmp_tls else "",
    )
    folder = Path(chosen.folder) if chosen.folder else Path(config.storage.folder) / "films"
    bounds = Bounds(
        pass_kbps=config.media.maximum_kbps,
        width=chosen.convert_width,
        height=chosen.convert_height,
        kbps=chosen.convert_kbps,
    )
    settings = Settings(door, Films(folder), bounds, chosen.most)
    sources = Sources(database, clock, audit, PlanOfSources(conductor, plane), at_rest, settings)
    host = urlsplit(public_url).hostname or "127.0.0.1"

    async def taken(stream: str, seat: Seat) -> bool:
        try:
            seats = (await plane.stats(stream)).seats
        except Refused:
            return True  # nobody knows just now
        return any(one.seat is seat and one.connected for one in seats)

    keyed = KeyedDoor(media_door, sources, sources.running.hear, taken)

    async def sweep() -> None:
        while True:
            await keyed.sweep()
            await asyncio.sleep(SWEEP_S)

    def rtmp_url() -> str:
        return f"rtmp{'s' if door.certificate else ''}://{host}:{sources.door.port or door.port}/live"

    def check(who: Identity, session: SessionId) -> None:
        check_own(who, conductor.get(session))

    return SourceParts(
        lives={
            "lecture_sources": sources.keep_running,
            "rtmp_door": sources.keep_door,
            "sources_noted": sources.keep_noting,
            "whip_keys": sweep,
        },
        routes=routes(SourcePages(sources, check, rtmp_url)),
        load=sources.load,
        door=keyed,
    )
