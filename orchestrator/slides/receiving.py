"""Files on their way in (tus 1.0): the length of the partial file is the offset, so that a cut line or a killed centre
loses nothing. A newer request for the same file ends the older one, which may hang on a dead line. Films too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import msgspec

from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.essays.vault import DiskFull, Vault


class _Line(msgspec.Struct):
    """Who writes to one file now."""

    lock: asyncio.Lock = msgspec.field(default_factory=asyncio.Lock)
    hang_up: Callable[[], None] | None = None


class Receiving:
    """Bytes of files that have begun. ``vault`` keeps them."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock
        self._lines: dict[str, _Line] = {}

    async def begin(self, file: str, size: int) -> None:
        """Make room for a file; refuses `disk_full`."""
        try:
            await asyncio.to_thread(self._vault.check_room, size)
            await asyncio.to_thread(self._vault.begin, file)
        except DiskFull as full:
            raise disk_full() from full

    async def offset(self, file: str) -> int:
        """Bytes that are here; whoever still writes is hung up on first."""
        async with self._line(file).lock:
            length = await asyncio.to_thread(self._vault.offset, file)
        if length is None:
            raise Refused("no_upload", "Phần đã tải không còn, hãy gửi lại. / The upload is gone; send it again.", 410)
        return length

    async def append(
        self, file: str, size: int, offset: int, pieces: AsyncIterator[bytes], hang_up: Callable[[], None]
    ) -> int:
        """Write what comes at ``offset``, at most up to ``size``; the new offset. ``hang_up`` ends ``pieces`` with
        ConnectionResetError."""
        line = self._line(file)
        async with line.lock:
            line.hang_up = hang_up
            try:
                return await self._append(file, size, offset, pieces)
            finally:
                line.hang_up = None

    async def _append(self, file: str, size: int, offset: int, pieces: AsyncIterator[bytes]) -> int:
        length = await asyncio.to_thread(self._vault.offset, file)
        if length != offset:
            raise Refused("wrong_offset", "Sai vị trí, hãy hỏi lại. / Wrong offset.", 409, offset=length or 0)
        try:
            async for piece in pieces:
                if length + len(piece) > size:
                    raise Refused("too_large", "Gửi nhiều hơn đã báo. / More bytes than announced.", 413)
                # Shielded: a cancelled request must not leave a thread writing behind the next one's back.
                await asyncio.shield(asyncio.to_thread(self._vault.append, file, piece))
                length += len(piece)
        except DiskFull as full:
            raise disk_full() from full
        finally:
            # Also when the line broke: what came so far is what the page goes on from.
            await asyncio.shield(asyncio.to_thread(self._vault.stamp, file, self._clock.now_ns()))
        return length

    async def forget(self, file: str) -> None:
        """The file has its place, is refused or was given up."""
        line = self._line(file)
        async with line.lock:
            await asyncio.to_thread(self._vault.forget, file)
        self._lines.pop(file, None)

    def _line(self, file: str) -> _Line:
        line = self._lines.setdefault(file, _Line())
        if line.hang_up is not None:
            line.hang_up()
        return line


def disk_full() -> Refused:
    return Refused(
        "disk_full",
        "Ổ đĩa của trung tâm đã đầy, hãy báo người quản trị. / The centre's disk is full; tell the administrator.",
        507,
    )
