"""Films that people send for a session: taken in by pieces, looked at apart, made a source, and forgotten in time.

Held in memory as well; SQL is the truth. A film becomes a source of its session before it is called ready, and whatever
is called ready and is no source any more is forgotten: a centre that dies in between loses nothing and keeps nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Protocol

import msgspec
import structlog

from orchestrator.access.audit import Audit
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.essays.vault import DiskFull, Vault
from orchestrator.media.sources.film_checker import Looked
from orchestrator.slides.receiving import Receiving
from orchestrator.sources import clip_store as store
from orchestrator.sources.clip_model import Clip, ClipState, Limits, check_file, settled
from orchestrator.storage.engine import Connection, Database
from wire.ids import SessionId, new_id

DAY_NS = 24 * 3600 * 10**9
SWEEP_S = 3600.0
STALE_UPLOAD_NS = 7 * DAY_NS
"""How long a film that nobody goes on sending is kept."""

log = structlog.get_logger()


class Programme(Protocol):
    """The sources of a session, as films need them."""

    async def add_clip(self, clip: Clip) -> None:
        """Make it a source, once. Refuses ``too_many_sources``."""
        ...

    async def retire_clip(self, clip: str) -> None:
        """Stop its source and take it away, if there is one."""
        ...

    def has_clip(self, clip: str) -> bool: ...


class Clips:
    """The one place that writes films. ``check`` looks at a file; ``over_since``: when a session was over in centre
    time, None while it is still to come or on."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        audit: Audit,
        vault: Vault,
        check: Callable[[Path], Awaitable[Looked]],
        programme: Callable[[], Programme],
        over_since: Callable[[SessionId], int | None],
        *,
        limits: Limits,
        keep_days: int,
    ) -> None:
        self._database = database
        self._clock = clock
        self._audit = audit
        self._vault = vault
        self._check = check
        self._programme = programme
        self._over_since = over_since
        self._keep_ns = keep_days * DAY_NS
        self._receiving = Receiving(vault, clock)
        self._clips: dict[str, Clip] = {}
        self._wake = asyncio.Event()
        self.limits = limits

    async def load(self) -> None:
        """Read everything; what was being looked at is looked at anew."""
        self._clips = {clip.id: clip for clip in await self._database.read(store.all_clips)}
        self._wake.set()

    def of(self, session: SessionId) -> list[Clip]:
        """The films of a session, the oldest first."""
        return [clip for clip in self._clips.values() if clip.session == session]

    def find(self, clip: str) -> Clip | None:
        return self._clips.get(clip)

    def path(self, clip: str) -> Path:
        """Where a film that is ready lies. Refuses ``no_film``."""
        found = self._clips.get(clip)
        if found is None or found.digest is None:
            raise _no_film()
        return self._vault.file(found.digest)

    # --- in ----------------------------------------------------------------------------------------------------------

    async def begin(self, who: str, session: SessionId, name: str, size: int) -> Clip:
        """A film is about to be sent. Refuses what will not be taken."""
        kept = sum(clip.size for clip in self._clips.values() if clip.state is not ClipState.REFUSED)
        name = check_file(name, size, len(self.of(session)), kept, self.limits)
        clip = Clip(new_id("clip"), session, name, size, ClipState.UPLOADING, who, self._clock.now_ns())
        self._clips[clip.id] = clip  # from now on it counts
        try:
            await self._receiving.begin(clip.id, size)

            def work(conn: Connection) -> None:
                store.insert(conn, clip)
                self._audit.record(conn, who, "film.upload", clip.id, {"session": session, "bytes": size})

            await self._database.write(work)
        except BaseException:
            del self._clips[clip.id]
            raise
        return clip

    async def offset(self, session: SessionId, clip_id: str) -> tuple[int, int]:
        """Bytes that are here, and how many there will be."""
        clip = self._named(session, clip_id)
        if clip.state is not ClipState.UPLOADING:
            return clip.size, clip.size
        length = await self._receiving.offset(clip.id)
        if length == clip.size:
            await self._whole(clip)
        return length, clip.size

    async def arrived(self, clip: Clip) -> int:
        """Bytes that are here, without disturbing who sends."""
        if clip.state is not ClipState.UPLOADING:
            return clip.size
        return await asyncio.to_thread(self._vault.offset, clip.id) or 0

    async def append(
        self, session: SessionId, clip_id: str, offset: int, pieces: AsyncIterator[bytes], hang_up: Callable[[], None]
    ) -> int:
        """More bytes; the last ones send the film to be looked at."""
        clip = self._named(session, clip_id)
        if clip.state is not ClipState.UPLOADING:
            raise Refused("wrong_offset", "Phim đã đến đủ. / The film is whole.", 409, offset=clip.size)
        length = await self._receiving.append(clip.id, clip.size, offset, pieces, hang_up)
        if length == clip.size:
            await self._whole(clip)
        return length

    async def _whole(self, clip: Clip) -> None:
        await self._put(msgspec.structs.replace(clip, state=ClipState.CHECKING))
        self._wake.set()

    # --- looked at ---------------------------------------------------------------------------------------------------

    async def check_all(self) -> None:
        """Look at whatever waits, one film after the other. Runs until cancelled."""
        while True:
            self._wake.clear()
            if not await self.check_waiting():
                await self._wake.wait()

    async def check_waiting(self) -> int:
        """Look at what waits now; how many films that were."""
        waiting = [clip for clip in self._clips.values() if clip.state is ClipState.CHECKING]
        for clip in waiting:
            await self._settle(clip)
        return len(waiting)

    async def _settle(self, clip: Clip) -> None:
        looked, digest = await self._check(self._vault.partial(clip.id)), None
        if not looked.fault:
            try:
                digest = await asyncio.to_thread(self._vault.keep_upload, clip.id, None)
            except DiskFull:
                looked = Looked(fault="disk_full")
            except OSError as fault:
                log.warning("film_not_kept", clip=clip.id, reason=type(fault).__name__)
                looked = Looked(fault="broken")
        done = settled(clip, looked, digest)
        if clip.id not in self._clips:
            await self._unlink(digest)  # somebody gave it up meanwhile
            return
        if done.state is ClipState.READY:
            try:
                await self._programme().add_clip(done)
            except Refused as refused:
                log.warning("film_is_no_source", clip=clip.id, code=refused.code)
                done = settled(clip, Looked(fault="too_many_sources"), None)
                await self._unlink(digest)
        await self._put(done)
        await self._receiving.forget(clip.id)
        log.info("film_settled", clip=clip.id, state=done.state, reason=done.reason, converted=done.converted)

    # --- away --------------------------------------------------------------------------------------------------------

    async def drop(self, who: str, session: SessionId, clip_id: str) -> None:
        """Forget a film, whole or not; its source stops and goes with it."""
        clip = self._named(session, clip_id)
        await self._programme().retire_clip(clip.id)
        await self._forget(clip, who)

    async def forget(self, who: str, clip_id: str) -> None:
        """The source of this film was taken away: nobody plays it any more."""
        clip = self._clips.get(clip_id)
        if clip is not None:
            await self._forget(clip, who)

    async def _forget(self, clip: Clip, who: str) -> None:
        self._clips.pop(clip.id, None)

        def work(conn: Connection) -> bytes | None:
            self._audit.record(conn, who, "film.deleted", clip.id, {"session": clip.session})
            return store.drop(conn, clip.id)

        await self._unlink(await self._database.write(work))
        await self._receiving.forget(clip.id)

    async def _unlink(self, digest: bytes | None) -> None:
        if digest is not None and all(clip.digest != digest for clip in self._clips.values()):
            await asyncio.to_thread(self._vault.file(digest).unlink, missing_ok=True)

    async def sweep(self) -> None:
        """Forget what is too old, once an hour. Runs until cancelled."""
        while True:
            await self.sweep_once()
            await asyncio.sleep(SWEEP_S)

    async def sweep_once(self) -> None:
        """Forget what has lain its days after its session, what nobody goes on sending, and what is no source."""
        now = self._clock.now_ns()
        for clip in [each for each in self._clips.values() if self._is_over(each, now)]:
            await self._programme().retire_clip(clip.id)
            await self._forget(clip, "clock")
            log.info("film_forgotten", clip=clip.id)

    def _is_over(self, clip: Clip, now: int) -> bool:
        over = self._over_since(clip.session)
        if over is not None and max(over, clip.made_ns) < now - self._keep_ns:
            return True
        if clip.state is ClipState.UPLOADING:
            return clip.made_ns < now - STALE_UPLOAD_NS
        return clip.state is ClipState.READY and not self._programme().has_clip(clip.id)

    # --- inside ------------------------------------------------------------------------------------------------------

    def _named(self, session: SessionId, clip_id: str) -> Clip:
        clip = self._clips.get(clip_id)
        if clip is None or clip.session != session:
            raise _no_film()
        return clip

    async def _put(self, clip: Clip) -> None:
        await self._database.write(lambda conn: store.put(conn, clip))
        if clip.id in self._clips:
            self._clips[clip.id] = clip


def _no_film() -> Refused:
    return Refused("no_film", "Không có phim này. / No such film.", 404)
