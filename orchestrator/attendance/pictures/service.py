"""Shows pictures to those who may see them, each look in the audit trail, and keeps what they say."""

from __future__ import annotations

import msgspec

from orchestrator.access.audit import Audit
from orchestrator.access.model import may
from orchestrator.attendance.numbers.model import check_correction
from orchestrator.attendance.numbers.service import Numbers, no_roll_call
from orchestrator.attendance.pictures import store
from orchestrator.attendance.pictures.model import Review, Verdict, check_note, no_picture
from orchestrator.attendance.store import Erasure
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.storage.engine import Connection, Database
from orchestrator.web.kit import Identity
from wire.ids import RollCallId, SiteId


class Said(msgspec.Struct, frozen=True):
    """What was said of the pictures of a roll call, and which of them were erased."""

    reviews: dict[SiteId, Review]
    erasures: list[Erasure]


class Pictures:
    """Every picture that leaves here is one look in the trail, also one that a page asks for ahead."""

    def __init__(self, database: Database, clock: Clock, audit: Audit, numbers: Numbers) -> None:
        self._database = database
        self._clock = clock
        self._audit = audit
        self._numbers = numbers

    async def look(self, who: Identity, call: RollCallId, site: SiteId) -> bytes:
        """The JPEG; refuses ``no_picture``."""

        def work(conn: Connection) -> bytes:
            found = store.picture(conn, call, site)
            if found is None:
                raise no_picture()
            self._audit.record(conn, who.username, "attendance.looked", f"{call}/{site}")
            return found

        return await self._database.write(work)

    async def said(self, call: RollCallId) -> Said:
        """What was said of a roll call's pictures."""
        return await self._database.read(lambda conn: Said(store.reviews(conn, call), store.erasures(conn, call)))

    async def review(
        self, who: Identity, call: RollCallId, site: SiteId, verdict: Verdict, note: str, number: int | None
    ) -> None:
        """Keep a verdict; `corrected` sets the number that stands, with the note as its reason."""
        check_note(note)
        if verdict is Verdict.CORRECTED:
            if not may(who.role, "rollcall.correct"):
                raise Refused("forbidden", "Vai trò của bạn không được sửa số. / Your role may not correct.", 403)
            if number is None:
                raise Refused("bad_number", "Thiếu số người. / A number is needed.", 422)
            check_correction(number, note)
        roll = await self._numbers.of_call(call)
        room = next((each for each in roll.rooms if each.site == site), None)
        if room is None:
            raise no_roll_call()

        def work(conn: Connection) -> None:
            made = Review(call, site, verdict, note.strip(), self._clock.now_ns(), who.username)
            store.insert_review(conn, made)
            self._audit.record(conn, who.username, "attendance.reviewed", f"{call}/{site}", str(verdict))
            if verdict is Verdict.CORRECTED and number is not None:
                self._numbers.correct_in(conn, who, room, call, number, note)

        await self._database.write(work)
        if verdict is Verdict.CORRECTED:
            await self._numbers.corrected(site)
