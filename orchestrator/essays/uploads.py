"""Resumable uploads after tus 1.0 (https://tus.io/protocols/resumable-upload): creation, checksum, termination.

The length of the partial file is the offset: after a cut line or a killed centre the page asks for it and goes on. When
a page comes back while the centre still waits on its dead line, the newer request ends the older one.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable

import msgspec
import structlog

from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.essays import store
from orchestrator.essays.model import Essay, Form, Source, Version, check_open
from orchestrator.essays.receiving import Arrived, Receiving, disk_full
from orchestrator.essays.store import Upload
from orchestrator.essays.vault import ChecksumMismatch, DiskFull, Vault
from orchestrator.storage.engine import Database
from wire.ids import new_id

log = structlog.get_logger()

MOST_OPEN = 8
"""Uploads of one participant that have begun and not ended."""
KEEP_NS = 14 * 24 * 3600 * 10**9
"""How long an upload that nobody goes on with is kept."""
SWEEP_S = 3600.0
PIECE = 256 << 10
PROVEN_PIECE = 16 << 20
"""Most bytes of a request whose checksum must fit before any of it counts."""


class Wish(msgspec.Struct, frozen=True):
    """A file that a page wants to send; ``sha256`` when it could compute it."""

    number: str
    owner: str
    source: Source
    name: str
    size: int
    sha256: bytes | None = None
    collected_ns: int | None = None


class _Line:
    """Who writes to one upload now."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.hang_up: Callable[[], None] | None = None


class Uploads:
    """Files on their way in."""

    def __init__(self, database: Database, clock: Clock, vault: Vault, receiving: Receiving) -> None:
        self._database = database
        self._clock = clock
        self._vault = vault
        self._receiving = receiving
        self._lines: dict[str, _Line] = {}

    async def begin(self, essay: Essay, wish: Wish) -> Upload:
        """A new upload of ``wish.size`` bytes; refuses what is too large, too late, or would fill the disk."""
        now = self._clock.now_ns()
        check_open(essay.plan, wish.source, now)
        if not 0 < wish.size <= essay.plan.size_limit:
            most = essay.plan.size_limit / (1 << 20)
            raise Refused("too_large", f"Tệp tối đa {most:g} MB. / At most {most:g} MB.", 413)
        upload = Upload(
            new_id("upload"), essay.id, wish.number, wish.owner, wish.name[:255], wish.size, wish.sha256, now,
            wish.collected_ns,
        )  # fmt: skip
        try:
            await asyncio.to_thread(self._vault.check_room, wish.size)
            await asyncio.to_thread(self._vault.begin, upload.id)
        except DiskFull as full:
            raise disk_full() from full

        def work(conn: store.Connection) -> None:
            if store.open_uploads(conn, essay.id, wish.number) >= MOST_OPEN:
                raise Refused("too_many_uploads", "Có quá nhiều lần tải dở. / Too many unfinished uploads.", 429)
            store.insert_upload(conn, upload)

        await self._database.write(work)
        return upload

    async def find(self, upload_id: str) -> Upload:
        """The upload; refuses ``no_upload``."""
        found = await self._database.read(lambda conn: store.find_upload(conn, upload_id))
        if found is None:
            raise Refused("no_upload", "Không có lần tải lên này. / No such upload.", 404)
        return found

    async def offset(self, upload: Upload) -> int:
        """Bytes that are here. Whoever still holds the line is hung up on first. A whole file that the centre had no
        time to take in is taken in now."""
        if upload.version is not None:
            return upload.size
        line = await self._line(upload.id)
        async with line.lock:
            length = await asyncio.to_thread(self._vault.offset, upload.id)
            if length is None:
                raise Refused("no_upload", "Phần đã tải không còn. / The upload is gone.", 410)
            if length == upload.size:
                await self._whole(upload)
            return length

    async def append(
        self,
        upload: Upload,
        offset: int,
        pieces: AsyncIterator[bytes],
        *,
        hang_up: Callable[[], None],
        checksum: bytes | None = None,
    ) -> int:
        """Write what comes at ``offset``; returns the new offset. ``checksum``: SHA-256 of this request's bytes, which
        count only when it fits. ``hang_up`` ends ``pieces`` with ConnectionResetError."""
        if upload.version is not None:
            raise _conflict(upload.size)
        line = await self._line(upload.id)
        async with line.lock:
            line.hang_up = hang_up
            try:
                return await self._append(upload, offset, pieces, checksum)
            finally:
                line.hang_up = None

    async def _append(self, upload: Upload, offset: int, pieces: AsyncIterator[bytes], checksum: bytes | None) -> int:
        length = await asyncio.to_thread(self._vault.offset, upload.id)
        if length != offset:
            raise _conflict(length or 0)
        try:
            if checksum is not None:
                length = await self._proven(upload, length, pieces, checksum)
            else:
                async for piece in pieces:
                    length = await self._write(upload, length, piece)
        except DiskFull as full:
            raise disk_full() from full
        finally:
            # Also when the line broke: what came so far is what the page goes on from.
            await asyncio.shield(asyncio.to_thread(self._vault.stamp, upload.id, self._clock.now_ns()))
        if length == upload.size:
            await self._whole(upload)
        return length

    async def _proven(self, upload: Upload, length: int, pieces: AsyncIterator[bytes], checksum: bytes) -> int:
        kept = bytearray()
        async for piece in pieces:
            kept += piece
            if len(kept) > PROVEN_PIECE:
                raise Refused("too_large", "Mỗi lần gửi có mã kiểm tối đa 16 MB. / At most 16 MB at a time.", 413)
        if hashlib.sha256(kept).digest() != checksum:
            raise _mismatch()
        return await self._write(upload, length, bytes(kept))

    async def _write(self, upload: Upload, length: int, piece: bytes) -> int:
        if length + len(piece) > upload.size:
            raise Refused("too_large", "Gửi nhiều hơn đã báo. / More bytes than announced.", 413)
        # Shielded: a cancelled request must not leave a thread writing behind the next one's back.
        await asyncio.shield(asyncio.to_thread(self._vault.append, upload.id, piece))
        return length + len(piece)

    async def _whole(self, upload: Upload) -> Version:
        """All bytes are here: check the promised digest, keep the file, give it its place."""
        essay = await self._database.read(lambda conn: store.find_essay(conn, upload.essay))
        assert essay is not None, "an upload has its essay"
        done_ns = await asyncio.to_thread(self._vault.completed_ns, upload.id)
        try:
            digest = await asyncio.to_thread(self._vault.keep_upload, upload.id, upload.sha256)
        except ChecksumMismatch as wrong:
            raise _mismatch() from wrong
        except DiskFull as full:
            raise disk_full() from full
        received = max(upload.created_ns, min(done_ns, self._clock.now_ns()))
        form = Form.PDF if upload.name.lower().endswith(".pdf") else Form.DOCX  # until the checker has looked
        arrived = Arrived(
            essay=essay,
            number=upload.number,
            digest=digest,
            size=upload.size,
            form=form,
            name=upload.name,
            received_ns=upload.collected_ns or received,
            owner=upload.owner,
            upload=upload.id,
        )
        version = await self._receiving.take(arrived)
        await asyncio.to_thread(self._vault.forget, upload.id)
        self._lines.pop(upload.id, None)
        return version

    async def drop(self, upload: Upload) -> None:
        """The page gives an upload up. What became a version stays one."""
        if upload.version is None:
            line = await self._line(upload.id)
            async with line.lock:
                await self._database.write(lambda conn: store.drop_upload(conn, upload.id))
                await asyncio.to_thread(self._vault.forget, upload.id)
            self._lines.pop(upload.id, None)

    async def sweep(self) -> None:
        """Forget uploads that nobody went on with. Runs until cancelled."""
        while True:
            await self.sweep_once()
            await asyncio.sleep(SWEEP_S)

    async def sweep_once(self) -> None:
        """Forget those that are too old by now."""
        before = self._clock.now_ns() - KEEP_NS
        for stale in await self._database.read(lambda conn: store.stale_uploads(conn, before)):
            await self.drop(await self.find(stale))

    async def _line(self, upload: str) -> _Line:
        line = self._lines.setdefault(upload, _Line())
        if line.hang_up is not None:
            line.hang_up()
        return line


def _conflict(offset: int) -> Refused:
    return Refused("wrong_offset", "Sai vị trí, hãy hỏi lại. / Wrong offset.", 409, offset=offset)


def _mismatch() -> Refused:
    return Refused("checksum", "Tệp đến không giống tệp đã chọn, hãy gửi lại. / The bytes are not the promised.", 460)
