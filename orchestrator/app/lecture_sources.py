"""Builds the sources of lectures: what runs and what people may ask."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from collections.abc import Set as AbstractSet
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from orchestrator.app.ground import Ground
from orchestrator.app.lives import Life
from orchestrator.app.slides import over_since
from orchestrator.config import Config
from orchestrator.errors import Refused
from orchestrator.essays.vault import Vault
from orchestrator.media.port import MediaEngine, Want
from orchestrator.media.sources.door_owner import RtmpSettings, SrtSettings
from orchestrator.media.sources.film_checking import check_film
from orchestrator.media.sources.job import Bounds, Way
from orchestrator.media.tokens import Right, Seat
from orchestrator.sessions.air.model import AirStep
from orchestrator.sessions.air.service import Air
from orchestrator.sessions.model import Session
from orchestrator.sessions.service import Conductor, check_own
from orchestrator.sources.clip_model import Limits
from orchestrator.sources.clip_routes import ClipPages
from orchestrator.sources.clip_routes import routes as clip_routes
from orchestrator.sources.clips import Clips
from orchestrator.sources.films import Films
from orchestrator.sources.onair import Shown
from orchestrator.sources.routes import SourcePages, routes
from orchestrator.sources.service import Settings, Sources
from orchestrator.sources.whip import Door, KeyedDoor
from orchestrator.web.kit import Identity, Routes
from wire.ids import SessionId

SWEEP_S = 1.0
LEAVE_S, LEAVE_LOOKS = 4.0, 10
SEAT_TAKEN = (
    "Nguồn dự phòng đang có người phát. Hãy dừng nguồn đó trước rồi phát phim. / "
    "Somebody sends from the standby's seat; stop them first."
)
CENTRE = Identity("centre", "centre", "Trung tâm / The centre", "administrator")
"""Who gives the air back when a film has ended."""


class SourceParts(msgspec.Struct, frozen=True):
    """Lives to keep going, by name, routes to serve, and what to load first."""

    lives: Mapping[str, Life]
    routes: Routes
    load: Callable[[], Awaitable[None]]
    door: Door
    """WHIP and WHEP, with encoders' keys beside tokens."""
    shown: Callable[[SessionId, str, AbstractSet[Seat]], Shown]
    """What the rooms of a session see, given the seat on air and those that send."""
    counters: Callable[[], dict[str, float]]
    """For ``/metrics``."""


class PlanOfSources:
    """The conductor and the media plane as the sources see them."""

    def __init__(self, conductor: Conductor, plane: MediaEngine, air: Air) -> None:
        self._conductor = conductor
        self._plane = plane
        self._air = air
        self._armed: dict[SessionId, bool] = {}
        """Whether the standby was armed before a film took its seat."""

    def session(self, session: SessionId) -> Session:
        return self._conductor.get(session)

    def check_own(self, who: Identity, session: Session) -> None:
        check_own(who, session)

    def ticket(self, session: Session, seat: Seat, subject: str) -> tuple[str, str]:
        until = self._conductor.token_end_ns(session.id)
        token = self._plane.token(session.id, session.stream, Right.PUBLISH, subject, until, seat=seat)
        return self._plane.inside_url(session.stream) or self._plane.publish_url(session.stream), token

    async def check_free(self, session: Session, seat: Seat) -> None:
        """Whoever has just stopped gets a moment to leave."""
        for _ in range(LEAVE_LOOKS):
            if not await self._taken(session, seat):
                return
            await asyncio.sleep(LEAVE_S / LEAVE_LOOKS)
        raise Refused("seat_taken", SEAT_TAKEN, 409)

    async def _taken(self, session: Session, seat: Seat) -> bool:
        return any(one.seat is seat and one.sending for one in (await self._plane.stats(session.stream)).seats)

    async def put_on_air(self, who: Identity, session: Session, seat: Seat) -> None:
        armed = self._air.wish(session.id).standby_armed
        await self._air.order(who, session.id, AirStep(seat.value))
        self._armed[session.id] = armed

    async def take_off_air(self, session: Session, seat: Seat) -> None:
        armed = self._armed.pop(session.id, True)
        if self._air.wish(session.id).want is Want(seat.value):
            await self._air.order(CENTRE, session.id, AirStep.AUTO if armed else AirStep.DISARM)


def build_lecture_sources(
    ground: Ground, conductor: Conductor, air: Air, plane: MediaEngine, media_door: Door, config: Config
) -> SourceParts:
    """Plain constructors; nothing runs yet."""
    database, clock, audit, at_rest = ground.database, ground.clock, ground.audit, ground.keys.at_rest
    chosen, tls = config.sources, config.server
    rtmp = RtmpSettings(
        bind=chosen.rtmp_bind,
        port=chosen.rtmp_port,
        certificate=tls.tls_certificate if chosen.rtmp_tls else "",
        key=tls.tls_key if chosen.rtmp_tls else "",
    )
    srt = SrtSettings(chosen.srt_bind, chosen.srt_port, chosen.srt_latency_ms)
    folder = Path(chosen.folder) if chosen.folder else ground.folder / "films"
    bounds = Bounds(
        video=config.media.video,
        pass_kbps=config.media.maximum_kbps,
        width=chosen.convert_width,
        height=chosen.convert_height,
        kbps=chosen.convert_kbps,
    )
    clips = Clips(
        database,
        clock,
        audit,
        Vault(ground.folder / "clips"),
        partial(check_film, bounds=bounds),
        lambda: sources,
        partial(over_since, conductor, clock),
        limits=Limits(chosen.film_mb, chosen.films_mb),
        keep_days=chosen.film_keep_days,
    )
    settings = Settings(rtmp, srt, Films(folder), clips.find, clips.path, bounds, chosen.most)
    sources = Sources(database, clock, audit, PlanOfSources(conductor, plane, air), at_rest, settings)
    host = urlsplit(ground.public_url).hostname or "127.0.0.1"

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

    def url(way: Way) -> str:
        port = sources.encoders.doors[way].port
        if way is Way.SRT_IN:
            return f"srt://{host}:{port or srt.port}"
        return f"rtmp{'s' if rtmp.certificate else ''}://{host}:{port or rtmp.port}/live"

    def session(who: Identity, name: SessionId) -> Session:
        found = conductor.get(name)
        check_own(who, found)
        return found

    async def load() -> None:
        await clips.load()
        await sources.load()

    return SourceParts(
        lives={
            "lecture_sources": sources.keep_running,
            "rtmp_door": partial(sources.encoders.keep, Way.RTMP),
            "srt_door": partial(sources.encoders.keep, Way.SRT_IN),
            "sources_noted": sources.keep_noting,
            "whip_keys": sweep,
            "films_checked": clips.check_all,
            "films_kept": clips.sweep,
        },
        routes=[
            *routes(SourcePages(sources, clips, session, url)),
            *clip_routes(ClipPages(clips, session)),
        ],
        load=load,
        door=keyed,
        shown=sources.shown,
        counters=sources.running.counters,
    )
