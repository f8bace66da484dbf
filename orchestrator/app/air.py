"""Builds what keeps the screens from going dark: the record and orders of the air, and the slates."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from orchestrator.app.ground import Ground
from orchestrator.app.lives import Life
from orchestrator.app.streams import Streams
from orchestrator.clock import Clock
from orchestrator.media.port import MediaEngine
from orchestrator.media.slate.keeper import SPARE_S, SlateKeeper
from orchestrator.media.slate.model import Slate
from orchestrator.media.tokens import Right, Seat
from orchestrator.sessions.air.routes import routes
from orchestrator.sessions.air.service import Air
from orchestrator.sessions.model import Session
from orchestrator.sessions.service import Conductor
from orchestrator.web.kit import Routes

TOKEN_NS = 24 * 3600 * 10**9
RENEW_NS = TOKEN_NS // 2


class AirParts(msgspec.Struct, frozen=True):
    """The service, lives to keep going, by name, and routes to serve."""

    air: Air
    lives: Mapping[str, Life]
    routes: Routes


class Slates:
    """Every slate that should be on its way now: one for each session on screen whose relay is up."""

    def __init__(
        self, clock: Clock, conductor: Conductor, plane: MediaEngine, streams: Streams, air: Air, video: str
    ) -> None:
        self._clock = clock
        self._conductor = conductor
        self._plane = plane
        self._streams = streams
        self._air = air
        self._video = video
        self._tokens: dict[str, tuple[str, int]] = {}

    def wanted(self) -> list[Slate]:
        found = [self._slate(session) for session in self._conductor.all() if session.on_screen]
        return [slate for slate in found if slate is not None]

    def _slate(self, session: Session) -> Slate | None:
        url = self._plane.inside_url(session.stream)
        if url is None:
            return None
        shown = not self._streams.on_air(session.stream).on_air
        return Slate(session.stream, url, self._token(session), self._air.face(session), shown, self._video)

    def _token(self, session: Session) -> str:
        """One token for half a day, so that what is wanted does not change by the second."""
        now = self._clock.now_ns()
        token, until = self._tokens.get(session.stream, ("", 0))
        if until - now < RENEW_NS:
            until = now + TOKEN_NS
            token = self._plane.token(session.id, session.stream, Right.PUBLISH, "slate", until, seat=Seat.SLATE)
            self._tokens[session.stream] = token, until
        return token


def build_air(
    ground: Ground,
    conductor: Conductor,
    plane: MediaEngine,
    streams: Streams,
    *,
    slates: bool,
    spare: bool,
    video: str,
    log_level: str,
) -> AirParts:
    """All parts, connected; nothing runs yet. ``slates`` False: nobody fills in for a lecturer; ``spare``: a second
    process of the slates waits."""
    air = Air(ground.database, ground.clock, ground.live.bus, ground.audit, conductor, plane, streams.on_air)
    lives: dict[str, Life] = {"air": air.run}
    if slates:
        lives["slates"] = SlateKeeper(
            Slates(ground.clock, conductor, plane, streams, air, video).wanted,
            log_level=log_level,
            spare_s=SPARE_S if spare else None,
        ).run
    return AirParts(air=air, lives=lives, routes=routes(air, conductor.get))
