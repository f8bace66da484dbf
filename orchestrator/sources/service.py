"""Adds, removes and orders the sources of sessions, and judges the keys that encoders bring."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Protocol

import msgspec
import structlog

from orchestrator.access import login
from orchestrator.access.audit import Audit
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.media.sources.door_owner import RtmpSettings, SrtSettings
from orchestrator.media.sources.job import Bounds, Job, Order, Way
from orchestrator.media.tokens import Seat
from orchestrator.sessions.model import Session
from orchestrator.sources import model, store
from orchestrator.sources.clip_model import Clip
from orchestrator.sources.encoders import Encoders
from orchestrator.sources.films import Films
from orchestrator.sources.model import Source, Wish
from orchestrator.sources.onair import Shown, shown
from orchestrator.sources.running import Running
from orchestrator.sources.store import Connection
from orchestrator.storage.engine import Database
from orchestrator.web.kit import Identity
from wire.ids import SessionId, new_id
from wire.seal import SealBroken, seal, unseal

DEEDS = frozenset({"start", "stop", "pause", "resume", "seek"})

log = structlog.get_logger()


class Plan(Protocol):
    """The sessions, as this feature needs them."""

    def session(self, session: SessionId) -> Session:
        """Refuses ``no_session``."""
        ...

    def check_own(self, who: Identity, session: Session) -> None:
        """Refuses ``not_yours``."""
        ...

    def ticket(self, session: Session, seat: Seat, subject: str) -> tuple[str, str]:
        """WHIP address and token of a seat."""
        ...

    async def check_free(self, session: Session, seat: Seat) -> None:
        """Refuses ``seat_taken`` while somebody is connected there."""
        ...

    async def put_on_air(self, who: Identity, session: Session, seat: Seat) -> None:
        """Rooms see this seat from now on. Refuses ``in_break``."""
        ...

    async def take_off_air(self, session: Session, seat: Seat) -> None:
        """The order for this seat has served its time, if it still stands."""
        ...


class Settings(msgspec.Struct, frozen=True):
    """How sources may come and what they may cost."""

    rtmp: RtmpSettings
    srt: SrtSettings
    films: Films
    clip: Callable[[str], Clip | None]
    """A film that somebody sent, by its id."""
    clip_path: Callable[[str], Path]
    """Where such a film lies; refuses ``no_film``."""
    bounds: Bounds = Bounds()
    most: int = 6
    """Processes of cameras and files at a time; encoders have the door's own bound."""


class Added(msgspec.Struct, frozen=True):
    """A new source, its key and its passphrase, told this once."""

    source: Source
    key: str = ""
    secret: str = ""


class Sources:
    """All sources of all sessions, in memory and in SQL. All times come from ``clock``."""

    def __init__(
        self, database: Database, clock: Clock, audit: Audit, plan: Plan, at_rest: bytes, settings: Settings
    ) -> None:
        self._database = database
        self._clock = clock
        self._audit = audit
        self._plan = plan
        self._at_rest = at_rest
        self._settings = settings
        self._sources: dict[str, Source] = {}
        self._over: set[str] = set()
        """Sources that ended by themselves and whose row still says that they are wanted."""
        self.running = Running(self._to_run, self.job, self._ended, settings.most)
        self.encoders = Encoders(clock, self, self.running, settings.rtmp, settings.srt)

    async def load(self) -> None:
        """Read what stands; what was wanted before a restart is wanted again."""
        self._sources = {source.id: source for source in await self._database.read(store.standing)}
        self._look()

    def of(self, session: SessionId) -> list[Source]:
        """The sources of a session, the oldest first."""
        return [source for source in self._sources.values() if source.session == session]

    def shown(self, session: SessionId, air: str, sending: AbstractSet[Seat]) -> Shown:
        """What the rooms see: ``air`` is the seat that they see, ``sending`` the seats from which somebody sends."""
        return shown(self.of(session), self.running.word, air, sending)

    # Lives

    async def keep_running(self) -> None:
        """The processes of cameras and files. Runs until cancelled."""
        await self.running.run()

    async def keep_noting(self) -> None:
        """Write down which sources came to their end, and cut off encoders whose session is over. Runs until
        cancelled."""
        while True:
            await self._note()
            await asyncio.sleep(1)

    async def _note(self) -> None:
        for identity in sorted(self._over):
            source = self._sources.get(identity)
            if source is not None and source.wanted:
                await self._want(source, None, wanted=False)
                await self._off_air(source)
            self._over.discard(identity)
        self.encoders.sweep()

    # Deeds

    async def add(self, who: Identity, session_id: SessionId, wish: Wish) -> Added:
        """A new source. Refuses what cannot be, each with its own word."""
        session = self._own(who, session_id)
        if session.state.value in {"ended", "cancelled"}:
            raise Refused("session_over", "Buổi học đã kết thúc. / The session is over.", 409)
        if wish.way in {Way.RTSP, Way.SRT} and not model.may_name_addresses(who.role):
            message = "Chỉ người vận hành thêm địa chỉ mạng. / Only operators add network addresses."
            raise Refused("not_for_lecturers", message, 403)
        name, seat = model.checked_name(wish.name, wish.way), model.checked_seat(wish.seat)
        place = await self._place(wish)
        identity, key = new_id("source"), model.new_key() if wish.way.pushed else ""
        source = Source(
            id=identity,
            session=session.id,
            way=wish.way,
            name=name,
            seat=seat,
            owner=session.lecturer or "",
            shown=place.shown,
            made_by=who.username,
            made_ns=self._clock.now_ns(),
            sealed=seal(self._at_rest, place.address.encode(), identity.encode()) if place.address else b"",
            key_hash=login.token_hash(key) if key else None,
            wanted=wish.way.pushed,
            repeat=wish.repeat and wish.way is Way.FILE,
        )
        detail = {"session": session.id, "way": wish.way, "seat": seat, "shown": place.shown}

        await self._insert(source, detail)
        return Added(source, key, place.address if wish.way.pushed else "")

    async def add_clip(self, clip: Clip) -> None:
        """The source of a film that was sent; the same again changes nothing. It plays in the standby's seat, so that
        the lecturer may come and go meanwhile."""
        if self.has_clip(clip.id):
            return
        session = self._plan.session(clip.session)
        source = Source(
            id=new_id("source"),
            session=session.id,
            way=Way.FILE,
            name=clip.title,
            seat=Seat.STANDBY,
            owner=session.lecturer or "",
            shown=clip.name,
            made_by=clip.made_by,
            made_ns=self._clock.now_ns(),
            clip=clip.id,
        )
        await self._insert(source, {"session": session.id, "way": source.way, "seat": source.seat, "shown": clip.name})

    def has_clip(self, clip: str) -> bool:
        """Whether a source plays this film."""
        return any(source.clip == clip for source in self._sources.values())

    async def retire_clip(self, clip: str) -> None:
        """Its source stops and goes."""
        for source in [each for each in self._sources.values() if each.clip == clip]:
            await self._remove(source, "centre")

    async def _insert(self, source: Source, detail: dict[str, str]) -> None:
        def work(conn: Connection) -> None:
            if sum(each.session == source.session for each in store.standing(conn)) >= model.MOST:
                raise Refused("too_many_sources", f"Tối đa {model.MOST} nguồn một buổi. / Too many sources.", 409)
            store.insert(conn, source)
            self._audit.record(conn, source.made_by, "source.added", source.id, detail)

        await self._database.write(work)
        self._sources[source.id] = source
        self._look()

    async def remove(self, who: Identity, session_id: SessionId, identity: str) -> Source:
        """Take a source away: it stops now, and its key is good no more. Returns what it was."""
        source = self._named(who, session_id, identity)
        await self._remove(source, who.username)
        return source

    async def _remove(self, source: Source, by: str) -> None:
        def work(conn: Connection) -> None:
            if store.remove(conn, source.id, self._clock.now_ns()):
                self._audit.record(conn, by, "source.removed", source.id, {"session": source.session})

        await self._database.write(work)
        self._sources.pop(source.id, None)
        self.encoders.cut(source.id)
        self.running.forget(source.id)
        if source.wanted:
            await self._off_air(source)

    async def order(self, who: Identity, session_id: SessionId, identity: str, order: Order) -> Source:
        """start, stop; pause, resume and seek of a file."""
        source = self._named(who, session_id, identity)
        if order.deed not in DEEDS:
            raise Refused("bad_order", "Không có lệnh này. / No such order.", 422)
        if order.deed == "start":
            self._check_open(source)
            if source.clip and not source.wanted:
                await self._on_air(who, source)
            return await self._want(source, who, wanted=True)
        if order.deed == "stop":
            stopped = await self._want(source, who, wanted=False)
            if source.wanted:
                await self._off_air(source)
            return stopped
        if source.way is not Way.FILE or not self.running.order(source.id, order):
            raise Refused("not_running", "Nguồn này không đang phát tệp. / It plays no file now.", 409)
        await self._database.write(lambda conn: self._record(conn, who, source, order.deed))
        return source

    async def films(self) -> list[dict[str, object]]:
        """What may be played."""
        found = await asyncio.to_thread(self._settings.films.all)
        return [msgspec.to_builtins(film) for film in found]

    # On air

    async def _on_air(self, who: Identity, source: Source) -> None:
        """Whoever starts a film that was sent means the rooms to see it now."""
        session = self._plan.session(source.session)
        await self._plan.check_free(session, source.seat)
        await self._plan.put_on_air(who, session, source.seat)

    async def _off_air(self, source: Source) -> None:
        """A film has ended: whoever sends is seen again, else the slate."""
        if not source.clip:
            return
        try:
            await self._plan.take_off_air(self._plan.session(source.session), source.seat)
        except Refused as refused:  # the session is over: nothing is on air
            log.info("film_not_taken_off_air", source=source.id, code=refused.code)

    # Inside

    async def _place(self, wish: Wish) -> model.Place:
        if wish.way.pushed:
            encrypted = wish.encrypt and wish.way is Way.SRT_IN
            return model.Place(model.new_secret() if encrypted else "", "AES" if encrypted else "")
        if wish.way is Way.FILE:
            await asyncio.to_thread(self._settings.films.path, wish.file)
            return model.Place(wish.file, wish.file)
        return model.checked_address(wish.way, wish.address)

    async def _want(self, source: Source, who: Identity | None, *, wanted: bool) -> Source:
        def work(conn: Connection) -> None:
            store.want(conn, source.id, wanted=wanted)
            self._record(conn, who, source, "start" if wanted else "stop")

        await self._database.write(work)
        self._over.discard(source.id)
        if wanted:
            self.running.begin(source.id)
        changed = msgspec.structs.replace(source, wanted=wanted)
        if source.id in self._sources:
            self._sources[source.id] = changed
        if not wanted:
            self.encoders.cut(source.id)
        self._look()
        return changed

    def _record(self, conn: Connection, who: Identity | None, source: Source, deed: str) -> None:
        name = who.username if who is not None else "centre"
        self._audit.record(conn, name, f"source.{deed}", source.id, {"session": source.session})

    def _own(self, who: Identity, session_id: SessionId) -> Session:
        session = self._plan.session(session_id)
        self._plan.check_own(who, session)
        return session

    def _named(self, who: Identity, session_id: SessionId, identity: str) -> Source:
        session = self._own(who, session_id)
        source = self._sources.get(identity)
        if source is None or source.session != session.id:
            raise Refused("no_source", "Không có nguồn này. / No such source.", 404)
        return source

    def is_open(self, source: Source) -> bool:
        """Whether its session is on the screens."""
        try:
            return self._plan.session(source.session).on_screen
        except Refused:
            return False

    def _check_open(self, source: Source) -> None:
        if not self.is_open(source):
            raise Refused("not_open", "Buổi học chưa mở. / The session is not open yet.", 409)

    def _look(self) -> None:
        for source in self._sources.values():
            self.encoders.want(source.way)
        self.running.look()

    # Processes of our own

    def _to_run(self) -> list[Source]:
        return [
            source
            for source in self._sources.values()
            if not source.way.pushed and source.wanted and source.id not in self._over and self.is_open(source)
        ]

    def job(self, source: Source) -> Job:
        """What its process is told, with a fresh token."""
        url, token = self._plan.ticket(self._plan.session(source.session), source.seat, source.id)
        clip = self._settings.clip(source.clip) if source.clip else None
        length_s = clip.length_ms / 1000 if clip is not None else 0.0
        address = self._address(source)
        return Job(source.way, address, url, token, self._settings.bounds, source.repeat, length_s=length_s)

    def _address(self, source: Source) -> str:
        """Of a camera, an encoder or a file; empty where it is gone."""
        try:
            if source.clip:
                return str(self._settings.clip_path(source.clip))
            address = "" if source.way.pushed else self._unsealed(source)
            return str(self._settings.films.path(address)) if source.way is Way.FILE and address else address
        except Refused:
            return ""

    def _unsealed(self, source: Source) -> str:
        try:
            return unseal(self._at_rest, source.sealed, source.id.encode()).decode() if source.sealed else ""
        except SealBroken:
            return ""

    def _ended(self, source: Source) -> None:
        self._over.add(source.id)

    # Keys of encoders

    def of_key(self, key: str) -> Source | None:
        """The source of a key that was not revoked."""
        hashed = login.token_hash(key)
        return next((source for source in self._sources.values() if source.key_hash == hashed), None)

    def secret(self, source: Source) -> str:
        """The passphrase that its encoder must have, empty for none."""
        return self._unsealed(source) if source.way is Way.SRT_IN else ""

    def let_in(self, key: str, stream: str) -> tuple[Source, str]:
        """A key that an encoder brought as a bearer token of WHIP. Refuses ``bad_key``, ``not_open``."""
        source = self.of_key(key)
        if source is None or not source.wanted or self._plan.session(source.session).stream != stream:
            log.warning("whip_key_refused", stream=stream)
            raise Refused("bad_key", "Khoá sai, đang tắt hoặc đã thu hồi. / This key is wrong, off or revoked.", 401)
        self._check_open(source)
        return source, self._plan.ticket(self._plan.session(source.session), source.seat, source.id)[1]

    def still_in(self, source: str) -> bool:
        """Whether a source's key is still good and its session open."""
        found = self._sources.get(source)
        return found is not None and found.wanted and self.is_open(found)
