"""Where the wall and the session pages look: each feature's own memory, joined here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet

from orchestrator.app.heads import RoomHeads
from orchestrator.app.register import CurrentExam, Register
from orchestrator.app.streams import Streams
from orchestrator.attendance.service import Attendance
from orchestrator.media.tokens import Seat
from orchestrator.presence.model import Presence, PresenceState
from orchestrator.presence.service import PresenceWatch
from orchestrator.sessions.air.routes import AirView, air_view
from orchestrator.sessions.air.service import Air
from orchestrator.sessions.model import Session, SessionState
from orchestrator.sessions.routes import Room
from orchestrator.sessions.service import Conductor
from orchestrator.sources.onair import Shown
from orchestrator.wall.judge import Headcount, Show, SiteCard, Sitting
from orchestrator.wall.model import ExamStrip, SessionStrip, SourceOnAir
from wire.health import SOUND_DBFS
from wire.ids import SessionId, SiteId
from wire.ladder import PHONE
from wire.messages import ExamProgress

MS = 1_000_000


class WallSources:
    """Answers the wall from memory."""

    def __init__(
        self,
        register: Register,
        presence: PresenceWatch,
        attendance: Attendance,
        conductor: Conductor,
        streams: Streams,
        air: Air,
        shown: Callable[[SessionId, str, AbstractSet[Seat]], Shown],
    ) -> None:
        self._register = register
        self._presence = presence
        self._heads = RoomHeads(attendance, conductor)
        self._conductor = conductor
        self._streams = streams
        self._air = air
        self._shown = shown

    async def cards(self) -> dict[SiteId, SiteCard]:
        return await self._register.refresh()

    def presence(self, site: SiteId) -> Presence:
        return self._presence.of(site)

    def heads(self, site: SiteId) -> Headcount:
        return self._heads.of(site)

    def show(self, site: SiteId) -> Show | None:
        session = self._conductor.shown_at(site)
        if session is None:
            return None
        air = self._streams.on_air(session.stream)
        heartbeat = self._presence.of(site).heartbeat
        screen = heartbeat.screen if heartbeat is not None and heartbeat.screen.session == session.id else None
        return Show(
            session.id,
            live=session.state is SessionState.LIVE and bool(air.air),
            sound=air.on_air and air.sounds,
            rung=self._streams.rungs.of(session.stream, site, screen),
        )

    def sitting(self, site: SiteId) -> Sitting | None:
        current = self._register.exam_at(site)
        if current is None:
            return None
        return Sitting(current.exam.id, current.exam.stage, current.exam.t0_ns, current.registered.get(site, 0))

    def sessions(self) -> list[SessionStrip]:
        return [self._strip(each) for each in self._conductor.all() if each.on_screen]

    def _strip(self, session: Session) -> SessionStrip:
        rooms, air = self.rooms(session), air_view(self._air, session)
        return SessionStrip(
            id=session.id,
            topic=session.topic,
            lecturer_name=session.lecturer_name,
            state=session.state,
            starts_ms=session.starts_ns // MS,
            ends_ms=session.ends_ns // MS,
            sites=len(session.sites),
            on_air=self._streams.on_air(session.stream).on_air,
            air=air.air,
            air_why=air.why,
            air_since_ms=air.since_ms,
            finding=air.finding,
            trouble=air.trouble,
            watching=sum(room.state == "playing" for room in rooms),
            hearing=sum(room.hears for room in rooms),
            source=self._source(session, air),
        )

    def _source(self, session: Session, air: AirView) -> SourceOnAir:
        sending = {seat for seat, sends in ((Seat.LECTURER, air.lecturer), (Seat.STANDBY, air.standby)) if sends}
        seen = self._shown(session.id, air.air, sending)
        return SourceOnAir(seen.way, seen.name, seen.left_s, seen.trouble, seen.troubled)

    def rooms(self, session: Session) -> list[Room]:
        """How every room of a session follows it, by code."""
        return sorted((self._room(session, site) for site in session.sites), key=lambda room: room.code)

    def _room(self, session: Session, site: SiteId) -> Room:
        card = self._register.cards.get(site)
        presence = self._presence.of(site)
        screen = presence.heartbeat.screen if presence.heartbeat else None
        there = presence.state is PresenceState.ONLINE and screen is not None and screen.session == session.id
        state = str(screen.state) if there and screen else str(presence.state)
        if there and self._streams.rungs.by_phone(session.stream, site):
            state = PHONE
        hears = bool(there and screen and screen.audio_dbfs is not None and screen.audio_dbfs > SOUND_DBFS)
        return Room(site, card.code if card else site, card.name if card else "", state, hears)

    def exams(self) -> list[ExamStrip]:
        return [self._exam_strip(each) for each in self._register.exams]

    def _exam_strip(self, current: CurrentExam) -> ExamStrip:
        exam = current.exam
        told = [self._progress(exam.id, site) for site in exam.sites]
        progress = [each for each in told if each is not None]
        return ExamStrip(
            id=exam.id,
            title=exam.title,
            state=exam.stage,
            starts_ms=exam.t0_ns // MS,
            duration_s=exam.duration_s,
            sites=len(exam.sites),
            opened=sum(each.opened_hi_ns is not None for each in progress),
            registered=sum(current.registered.values()),
            signed_in=sum(each.signed_in for each in progress),
            handed_in=sum(each.handed_in for each in progress),
        )

    def _progress(self, exam: str, site: SiteId) -> ExamProgress | None:
        heartbeat = self._presence.of(site).heartbeat
        return next((each for each in heartbeat.exams if each.exam == exam), None) if heartbeat else None
