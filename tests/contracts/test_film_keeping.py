"""What becomes of films that people send: bounds, a full disk, a centre that starts again, and their days."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from orchestrator.access.audit import Audit
from orchestrator.errors import Refused
from orchestrator.essays.vault import SPARE, Vault
from orchestrator.media.sources.film_checker import Looked
from orchestrator.sources.clip_model import MOST, Clip, ClipState, Limits
from orchestrator.sources.clips import DAY_NS, STALE_UPLOAD_NS, Clips
from orchestrator.storage.engine import Database
from tests.doubles.manual_clock import ManualClock
from wire.ids import SessionId

SESSION = SessionId("session-a")
KEEP_DAYS = 30
S = 10**9
FILM = b"film" * 1000


class Programme:
    """The sources, remembered."""

    def __init__(self) -> None:
        self.clips: dict[str, Clip] = {}
        self.full = False

    async def add_clip(self, clip: Clip) -> None:
        if self.full:
            raise Refused("too_many_sources", "Quá nhiều. / Too many.", 409)
        self.clips[clip.id] = clip

    async def retire_clip(self, clip: str) -> None:
        self.clips.pop(clip, None)

    def has_clip(self, clip: str) -> bool:
        return clip in self.clips


class Archive:
    """Films with a clock that a test moves, a disk that it fills and a checker that says what it is told."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.clock = ManualClock()
        self.free = 100 * SPARE
        self.over: int | None = None
        self.folder = folder / "clips"
        self.looked = Looked(length_s=60.0, picture="H.264")
        self.programme = Programme()
        self.clips = self.again()

    def again(self) -> Clips:
        """Another life of the same centre."""
        self.clips = Clips(
            self.database,
            self.clock,
            Audit(self.clock),
            Vault(self.folder, lambda _: self.free),
            self._look,
            lambda: self.programme,
            lambda _: self.over,
            limits=Limits(one_mb=1, all_mb=2),
            keep_days=KEEP_DAYS,
        )
        return self.clips

    async def _look(self, file: Path) -> Looked:
        assert file.is_file()
        return self.looked

    async def sent(self, content: bytes = FILM) -> Clip:
        """A film whose last byte has come."""
        clip = await self.clips.begin("ann", SESSION, "a.mp4", len(content))

        async def pieces() -> AsyncIterator[bytes]:
            yield content

        assert await self.clips.append(SESSION, clip.id, 0, pieces(), lambda: None) == len(content)
        return clip

    def state(self, clip: Clip) -> ClipState | None:
        found = self.clips.find(clip.id)
        return found.state if found is not None else None

    def files(self) -> int:
        return sum(file.is_file() for file in self.folder.rglob("*"))


@asynccontextmanager
async def archive_in(folder: Path) -> AsyncIterator[Archive]:
    database = await Database.open(f"sqlite:///{folder / 'centre.sqlite3'}")
    try:
        yield Archive(database, folder)
    finally:
        await database.close()


async def test_a_centre_that_starts_again_looks_at_what_was_waiting(tmp_path: Path) -> None:
    async with archive_in(tmp_path) as archive:
        clip = await archive.sent()
        await archive.again().load()
        assert await archive.clips.check_waiting() == 1
        assert archive.state(clip) is ClipState.READY
        assert archive.clips.path(clip.id).read_bytes() == FILM
        assert archive.programme.clips[clip.id].title == "a"
        assert archive.files() == 1


async def test_what_is_too_much_is_refused_before_a_byte_comes(tmp_path: Path) -> None:
    async with archive_in(tmp_path) as archive:
        begin = archive.clips.begin
        with pytest.raises(Refused, match="1 MB"):
            await begin("ann", SESSION, "a.mp4", (1 << 20) + 1)
        archive.free = SPARE
        with pytest.raises(Refused, match="đã đầy"):
            await begin("ann", SESSION, "a.mp4", 1000)
        archive.free = 100 * SPARE
        for _ in range(2):
            await begin("ann", SESSION, "a.mp4", 1 << 20)
        with pytest.raises(Refused, match="Kho phim"):
            await begin("ann", SESSION, "a.mp4", 1)
        other = SessionId("session-b")
        for clip in archive.clips.of(SESSION):
            await archive.clips.drop("ann", SESSION, clip.id)
        for _ in range(MOST):
            await begin("ann", other, "a.mp4", 1)
        with pytest.raises(Refused, match=f"đã có {MOST} phim"):
            await begin("ann", other, "a.mp4", 1)


async def test_a_film_that_cannot_be_played_is_kept_as_a_reason_only(tmp_path: Path) -> None:
    async with archive_in(tmp_path) as archive:
        archive.looked = Looked(fault="truncated", at_s=12.5)
        clip = await archive.sent()
        await archive.clips.check_waiting()
        found = archive.clips.find(clip.id)
        assert found is not None
        assert (found.state, found.reason, found.at_ms) == (ClipState.REFUSED, "truncated", 12500)
        assert (archive.files(), archive.programme.clips) == (0, {})


async def test_a_session_with_too_many_sources_keeps_the_reason_and_no_film(tmp_path: Path) -> None:
    async with archive_in(tmp_path) as archive:
        archive.programme.full = True
        clip = await archive.sent()
        await archive.clips.check_waiting()
        found = archive.clips.find(clip.id)
        assert found is not None
        assert (found.reason, archive.files()) == ("too_many_sources", 0)


async def test_the_same_film_twice_is_one_file_until_both_are_gone(tmp_path: Path) -> None:
    async with archive_in(tmp_path) as archive:
        one, two = await archive.sent(), await archive.sent()
        await archive.clips.check_waiting()
        assert archive.files() == 1
        await archive.clips.drop("ann", SESSION, one.id)
        assert archive.clips.path(two.id).is_file()
        await archive.clips.drop("ann", SESSION, two.id)
        assert archive.files() == 0


async def test_films_go_their_days_after_the_session_and_unfinished_ones_sooner(tmp_path: Path) -> None:
    async with archive_in(tmp_path) as archive:
        whole = await archive.sent()
        await archive.clips.check_waiting()
        half = await archive.clips.begin("ann", SESSION, "b.mp4", 1000)
        archive.clock.advance(STALE_UPLOAD_NS / S + 1)
        await archive.clips.sweep_once()
        assert (archive.state(whole), archive.state(half)) == (ClipState.READY, None)
        archive.over = archive.clock.now_ns()
        archive.clock.advance(KEEP_DAYS * DAY_NS / S)
        await archive.clips.sweep_once()
        assert archive.state(whole) is ClipState.READY
        archive.clock.advance(1)
        await archive.clips.sweep_once()
        assert (archive.state(whole), archive.files(), archive.programme.clips) == (None, 0, {})


async def test_a_film_whose_source_was_taken_away_while_the_centre_died_goes_too(tmp_path: Path) -> None:
    async with archive_in(tmp_path) as archive:
        clip = await archive.sent()
        await archive.clips.check_waiting()
        archive.programme.clips.clear()
        await archive.clips.sweep_once()
        assert (archive.state(clip), archive.files()) == (None, 0)
