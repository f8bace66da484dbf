"""What leaves a site's journal besides the records themselves: signed heads, the file on a stick, the archive.

Heads go first and are small: whoever reads one knows how much was in the journal by then, however late it arrives.
"""

import asyncio
import hashlib
import os
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import msgspec
import structlog

from site_agent.exam import ledger
from site_agent.exam.journal import Journal, JournalRefused
from site_agent.exam.ledger import Tip
from site_agent.link.identity import Identity
from wire.exam_home import HEAD_EVERY_S, Carried, SiteHead, carry, head_text, signed_head
from wire.ids import ExamId
from wire.messages import ExamArchive, ExamArchived, Up
from wire.seal import seal

SUFFIX = ".diemcau"
ARCHIVE_SUFFIX = ".archive"

log = structlog.get_logger()


class CannotCarry(Exception):
    """The journal was not written to the stick. `code`: no_box (paired before this version), no_folder, disk."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Homeward:
    """`tell`: the line to the centre, which may drop a head, another follows. `interval_ns`: certain centre time.
    `line`: which connection stands, 0 for none. `exams`: those of this site."""

    def __init__(
        self,
        journal: Journal,
        identity: Identity,
        *,
        tell: Callable[[Up], None],
        line: Callable[[], int],
        interval_ns: Callable[[], tuple[int, int]],
        exams: Callable[[], list[ExamId]],
    ) -> None:
        self._journal = journal
        self._identity = identity
        self._tell = tell
        self._line = line
        self._interval_ns = interval_ns
        self._exams = exams
        self._told: dict[ExamId, tuple[int, int]] = {}
        self._confirmed_row = 0
        self._to_archive: set[ExamId] = set()

    async def run(self) -> None:
        """Send heads until cancelled."""
        while True:
            try:
                await self.tell_heads()
                for exam in list(self._to_archive):
                    await self._archive(exam)
            except (JournalRefused, OSError) as fault:
                log.warning("heads_wait", reason=str(fault))
            await asyncio.sleep(HEAD_EVERY_S)

    async def tell_heads(self) -> None:
        """Send the head of each exam that has grown since the last one on this connection."""
        line = self._line()
        if line == 0:
            return
        packed = await self._journal.alongside(ledger.archived)
        for exam in self._exams():
            if exam in packed:
                continue
            tip = await self._journal.tip(exam)
            if self._told.get(exam) != (line, tip.places):
                self._tell(self.head(exam, tip))
                self._told[exam] = (line, tip.places)

    def head(self, exam: ExamId, tip: Tip) -> SiteHead:
        """A head, signed now."""
        lo_ns, hi_ns = (max(0, bound) for bound in self._interval_ns())
        plain = SiteHead(
            exam=exam,
            site=self._identity.site,
            enrolment=self._identity.enrolment,
            journal=self._journal.id,
            places=tip.places,
            head=tip.chain,
            lo_ns=lo_ns,
            hi_ns=hi_ns,
        )
        return signed_head(self._identity.signer(), plain)

    async def site_head(self, exam: ExamId) -> str:
        """The head as it is read out to an operator: 10 characters."""
        return head_text((await self._journal.tip(exam)).chain)

    # --- the stick -------------------------------------------------------------------------------------------------

    async def carried(self) -> bytes:
        """The whole journal as one file, signed and sealed; raises `CannotCarry` and `JournalRefused`."""
        box = self._identity.centre_box
        if len(box) != 32:
            raise CannotCarry("no_box", "pair this computer again: it does not know the centre's box key")
        rows = await self._journal.alongside(lambda conn: ledger.bodies(conn, 0, 1 << 40))
        heads = [self.head(exam, await self._journal.tip(exam)) for exam in self._exams()]
        carried = Carried(
            site=self._identity.site,
            enrolment=self._identity.enrolment,
            journal=self._journal.id,
            at_ns=max(0, self._interval_ns()[1]),
            rows=[row for row, _ in rows],
            bodies=[body for _, body in rows],
            heads=heads,
        )
        return await asyncio.to_thread(carry, self._identity.signer(), box, carried)

    async def export(self, folder: Path) -> Path:
        """Write the file into a folder, whole or not at all; returns its path. Raises `CannotCarry`."""
        blob = await self.carried()
        stamp = time.strftime("%Y%m%d-%H%M%S")
        path = folder / f"nhat-ky-{_plain(self._identity.site_code)}-{stamp}{SUFFIX}"
        try:
            await asyncio.to_thread(write_whole, path, blob)
        except OSError as fault:
            raise CannotCarry("disk", f"{path}: {fault.strerror}") from fault
        return path

    # --- the archive -----------------------------------------------------------------------------------------------

    def confirmed(self, row: int) -> None:
        """Every journal row up to this one is durable at the province."""
        self._confirmed_row = row

    async def on_archive(self, order: ExamArchive) -> None:
        """Pack an exam away once the province has all of it; until then the order waits here or comes again."""
        self._to_archive.add(order.exam)
        await self._archive(order.exam)

    async def _archive(self, exam: ExamId) -> None:
        rows = await self._journal.alongside(lambda conn: ledger.archive_rows(conn, exam))
        if not rows or rows[-1][0] > self._confirmed_row:
            return
        if exam in await self._journal.alongside(ledger.archived):
            self._to_archive.discard(exam)
            return
        tip = await self._journal.tip(exam)
        plain = zlib.compress(msgspec.msgpack.encode([body for _, body in rows]), 9)
        blob = seal(archive_key(self._identity.site_secret), plain, exam.encode())
        folder = self._journal.path.parent / "archive"
        await asyncio.to_thread(folder.mkdir, exist_ok=True)
        await asyncio.to_thread(write_whole, folder / f"{exam}{ARCHIVE_SUFFIX}", blob)
        digest = hashlib.sha256(blob).digest()
        record = ExamArchived(exam=exam, journal=self._journal.id, places=tip.places, digest=digest)
        await self._journal.archive(exam, digest, record)
        self._to_archive.discard(exam)
        log.info("exam_archived", exam=exam, rows=len(rows))


def archive_key(site_secret: bytes) -> bytes:
    """The key that archives of a site are under."""
    return hashlib.sha256(b"diemcau archive v1\0" + site_secret).digest()


def write_whole(path: Path, blob: bytes) -> None:
    """Write and sync beside, then rename; raises `OSError`."""
    beside = path.with_suffix(path.suffix + ".new")
    with beside.open("wb") as file:
        file.write(blob)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _plain(code: str) -> str:
    return "".join(sign if sign.isalnum() else "-" for sign in code)
