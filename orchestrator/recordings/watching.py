"""Who watches or takes away a recording: each look is asked for, put on record once, and then holds for its files."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

import msgspec

from orchestrator.access.audit import Audit
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.recordings import files, store
from orchestrator.recordings.files import Whole
from orchestrator.recordings.model import LECTURE, TRACKS, Segment, no_recording
from orchestrator.storage.engine import Database
from orchestrator.web.kit import Identity
from wire.ids import SessionId

LOOK_NS = 12 * 3600 * 10**9
LOOKS = 500
OPEN = 64
"""Joined files held in memory, as tables of where their bytes stand."""


class Purpose(StrEnum):
    """What a look is for."""

    WATCH = "watch"
    DOWNLOAD = "download"


class Look(msgspec.Struct, frozen=True):
    """A right to read a session's files until then, for one person."""

    key: str
    session: SessionId
    person: str
    purpose: Purpose
    until_ns: int


class Watching:
    """Looks, in memory: after a restart a page asks anew."""

    def __init__(self, database: Database, clock: Clock, audit: Audit, folder: Callable[[SessionId], Path]) -> None:
        self._database = database
        self._clock = clock
        self._audit = audit
        self._folder = folder
        self._looks: OrderedDict[str, Look] = OrderedDict()
        self._open: OrderedDict[tuple[str, str, int], Whole] = OrderedDict()
        self._turn = asyncio.Lock()

    async def look(self, who: Identity, session: SessionId, purpose: Purpose) -> Look:
        """Ask to see a session's recording; refuses ``no_recording``."""
        there = await self._there(session)
        if not there:
            raise no_recording()
        made = Look(secrets.token_urlsafe(18), session, who.person, purpose, self._clock.now_ns() + LOOK_NS)
        action = "recordings.watched" if purpose is Purpose.WATCH else "recordings.taken"
        await self._database.write(lambda conn: self._audit.record(conn, who.username, action, session))
        self._looks[made.key] = made
        while len(self._looks) > LOOKS:
            self._looks.popitem(last=False)
        return made

    async def _there(self, session: SessionId) -> list[Segment]:
        found = await self._database.read(lambda conn: store.segments(conn, session))
        return [one for one in found if one.erased_ns is None and one.size]

    async def open(self, who: Identity, key: str, session: SessionId, track: str, number: int = 0) -> Whole:
        """The joined file of a track, or one file with its ``number``, as it was when this look first asked for it.
        Refuses ``no_look`` and ``no_recording``."""
        look = self._looks.get(key)
        mine = look is not None and (look.person, look.session) == (who.person, session)
        if look is None or not mine or look.until_ns < self._clock.now_ns():
            message = "Lượt xem đã hết hạn, hãy mở lại trang. / This look is over; open the page again."
            raise Refused("no_look", message, 403)
        if track not in TRACKS:
            raise no_recording()
        async with self._turn:
            known = self._open.get((key, track, number))
            if known is None:
                known = self._open[key, track, number] = await self._made(session, track, number)
                while len(self._open) > OPEN:
                    self._open.popitem(last=False)
            return known

    async def _made(self, session: SessionId, track: str, number: int) -> Whole:
        there = [one for one in await self._there(session) if one.track == track]
        folder = self._folder(session)
        try:
            if number:
                one = next((each for each in there if each.number == number), None)
                if one is None:
                    raise no_recording()
                return await asyncio.to_thread(files.alone, folder / one.file, one.size)
            paths = [(folder / each.file, each.size) for each in there]
            whole = await asyncio.to_thread(files.joined, paths)
        except OSError as error:
            raise no_recording() from error
        if not whole.size:
            raise no_recording()
        return whole


def file_name(session: SessionId, track: str, number: int) -> str:
    """Under which name it is saved."""
    which = "" if track == LECTURE else f"-{track}"
    return f"{session}{which}{f'-{number:04d}' if number else ''}.mp4"
