"""One recorder at a time from outside: started, given its answers, listened to, ended; it lives and dies by itself."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Callable
from typing import Protocol

import msgspec
import structlog

from orchestrator.errors import Refused
from orchestrator.media.children import Process, end, inherited, until_silent
from orchestrator.media.recorder.talk import Answer, Asked, Begin, FromRecorder, Line, Track
from orchestrator.media.spare import STOP_S
from orchestrator.media.workers import Reply
from wire.unreadable import UNREADABLE

log = structlog.get_logger()

HANG_S = 30.0
"""A recorder tells its figures every five seconds; one that says nothing for so long is ended."""
LINE_LIMIT = 1 << 20
COMMAND = (sys.executable, "-m", "orchestrator.media.recorder.main")


class Door(Protocol):
    """Whoever speaks WHEP for the streams."""

    async def ask(self, method: str, stream: str, path: str, headers: dict[str, str], content: bytes) -> Reply: ...


async def spawn() -> Process:
    """A recorder that waits to be told what to do. Raises :class:`OSError` when there is no process to be had."""
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(*COMMAND, stdin=pipe, stdout=pipe, env=inherited(), limit=LINE_LIMIT)


class RecorderProcess:
    """``token(stream)`` gives a right to view; ``hear`` is called with all that the recorder says but its offers;
    ``waiting`` gives a process that was started before, if there is one."""

    def __init__(
        self,
        door: Door,
        token: Callable[[str], str],
        hear: Callable[[FromRecorder], None],
        *,
        waiting: Callable[[], Process | None] = lambda: None,
        hang_s: float = HANG_S,
    ) -> None:
        self._door = door
        self._token = token
        self._hear = hear
        self._waiting = waiting
        self._hang_s = hang_s
        self._heard = 0
        self._process: Process | None = None
        self._held: dict[str, tuple[str, str]] = {}
        """By track: its stream and the session's path at the relay."""

    @property
    def pid(self) -> int | None:
        """The process, while it runs."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def run(self, begin: Begin) -> int:
        """One life; returns its exit code. Cancelling ends it, gently, then not; when this returns it is gone, and the
        relay sends it nothing any more. Raises :class:`OSError` when there is no process to be had."""
        streams = {track.name: track for track in begin.tracks}
        process = self._waiting() or await spawn()
        self._process = process
        watching = asyncio.get_running_loop().create_task(self._watch())
        try:
            self._say(process, begin)
            await self._listen(process, streams)
            await end(process, STOP_S)
            return await process.wait()
        finally:
            watching.cancel()
            await end(process, STOP_S)
            await asyncio.wait({watching})
            # What it said while it ended: its files are closed by then.
            await self._rest(process)
            await self._leave()

    def kill(self) -> None:
        """For drills: it dies as if by accident."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    def hang_up(self) -> None:
        """For drills: the centre is gone, as far as it can tell."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    def _say(self, process: Process, message: Begin | Answer) -> None:
        if process.stdin is not None and not process.stdin.is_closing():
            process.stdin.write(msgspec.json.encode(message) + b"\n")

    async def _listen(self, process: Process, tracks: dict[str, Track]) -> None:
        if process.stdout is None:
            raise RuntimeError("a recorder without standard output")
        decoder = msgspec.json.Decoder(FromRecorder)
        while line := await self._line(process.stdout):
            self._heard += 1
            try:
                said = decoder.decode(line)
            except UNREADABLE:
                log.error("recorder_garbled")
                continue
            if not isinstance(said, Asked):
                self._hear(said)
            elif said.track in tracks:
                ask = self._answer if said.answers else self._view
                self._say(process, await ask(tracks[said.track], said.sdp))
            else:
                log.error("recorder_garbled")

    async def _line(self, stdout: asyncio.StreamReader) -> bytes:
        """The next line; empty at the end. What says a line without an end is not listened to any more."""
        try:
            return await stdout.readline()
        except ValueError:
            log.error("recorder_garbled")
            self.kill()
            return b""

    async def _watch(self) -> None:
        await until_silent(lambda: self._heard, self._hang_s)
        log.error("recorder_hangs")
        self.kill()

    async def _rest(self, process: Process) -> None:
        if process.stdout is None:
            return
        decoder = msgspec.json.Decoder(FromRecorder)
        with contextlib.suppress(ValueError):
            while line := await process.stdout.readline():
                with contextlib.suppress(msgspec.DecodeError):
                    said = decoder.decode(line)
                    if not isinstance(said, Asked | Line):
                        self._hear(said)

    async def _view(self, track: Track, offer: str) -> Answer:
        """Take an offer to the stream's WHEP address."""
        await self._give_back(track.name)
        reply = await self._send("POST", track.stream, f"/whep/{track.stream}", offer)
        if isinstance(reply, str):
            return Answer(track.name, refused=reply)
        offers = reply.status == 406 and _header(reply, "content-type") == "application/sdp"
        if reply.status != 201 and not offers:
            return Answer(track.name, refused=_code(reply))
        place = _header(reply, "location")
        if place:
            self._held[track.name] = (track.stream, place if place.startswith("/") else "/" + place.split("/", 3)[-1])
        return Answer(track.name, sdp=reply.body.decode("utf-8", "replace"), offers=offers)

    async def _answer(self, track: Track, sdp: str) -> Answer:
        """Take the answer to a counter-offer (draft-ietf-wish-whep-04 §4.2) to the session."""
        stream, path = self._held.get(track.name, (track.stream, f"/whep/{track.stream}"))
        reply = await self._send("PATCH", stream, path, sdp)
        if isinstance(reply, str):
            return Answer(track.name, refused=reply)
        return Answer(track.name, refused="" if reply.status == 204 else _code(reply))

    async def _send(self, method: str, stream: str, path: str, sdp: str) -> Reply | str:
        """The reply, or the word of a refusal."""
        headers = {"Content-Type": "application/sdp", "Authorization": f"Bearer {self._token(stream)}"}
        try:
            return await self._door.ask(method, stream, path, headers, sdp.encode())
        except Refused as refused:
            return refused.code

    async def _leave(self) -> None:
        for track in list(self._held):
            await self._give_back(track)

    async def _give_back(self, track: str) -> None:
        """End the session at the relay; one that is gone already needs no goodbye."""
        held = self._held.pop(track, None)
        if held is not None:
            stream, path = held
            with contextlib.suppress(Refused):
                await self._door.ask("DELETE", stream, path, {"Authorization": f"Bearer {self._token(stream)}"}, b"")


def _header(reply: Reply, name: str) -> str:
    found = next((value for each, value in reply.headers if each.lower() == name), "")
    return found.partition(";")[0].strip() if name == "content-type" else found


class _Word(msgspec.Struct):
    code: str = ""


def _code(reply: Reply) -> str:
    try:
        return msgspec.json.decode(reply.body, type=_Word).code or str(reply.status)
    except UNREADABLE:
        return str(reply.status)
