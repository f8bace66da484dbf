"""The centre's end of a door for encoders: keeps its process alive and answers for each key that an encoder brings."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence

import msgspec
import structlog

from orchestrator.media import children
from orchestrator.media.sources.door_words import Answer, Line, Refusal
from orchestrator.media.sources.job import LINE_LIMIT, Told
from wire.unreadable import UNREADABLE

PAUSE_S = (0.5, 1.0, 2.0, 5.0, 15.0)
LEAVE_S = 4.0

log = structlog.get_logger()


class RtmpSettings(msgspec.Struct, frozen=True):
    """Where encoders find the RTMP door; port 0 lets the system choose. With a certificate it speaks RTMPS only."""

    bind: str = "127.0.0.1"
    port: int = 1935
    certificate: str = ""
    key: str = ""

    def command(self) -> list[str]:
        """The door's program and its words."""
        chosen = ["--bind", self.bind, "--port", str(self.port), "--certificate", self.certificate, "--key", self.key]
        return ["orchestrator.media.sources.rtmp.door", *chosen]


class SrtSettings(msgspec.Struct, frozen=True):
    """Where encoders find the SRT door (UDP), and how long it waits for packets that come again."""

    bind: str = "127.0.0.1"
    port: int = 8890
    latency_ms: int = 200

    def command(self) -> list[str]:
        """The door's program and its words."""
        chosen = ["--bind", self.bind, "--port", str(self.port), "--latency-ms", str(self.latency_ms)]
        return ["orchestrator.media.sources.srt.door", *chosen]


class EncoderDoor:
    """A door's process, ``command`` its module and words. ``admit`` is asked with an encoder's number, key and address;
    ``told`` hears of its source, None at its end."""

    def __init__(
        self,
        command: Sequence[str],
        admit: Callable[[int, str, str], Awaitable[Answer]],
        told: Callable[[int, Told | None], None],
    ) -> None:
        self._command = command
        self._admit = admit
        self._told = told
        self._process: asyncio.subprocess.Process | None = None
        self._inside: set[int] = set()
        self._asking: set[int] = set()
        self.port = 0
        """0 while the door is shut."""
        self.fault = ""
        self.changed = asyncio.Event()
        """Set when it opened or could not."""

    def hang_up(self, encoder: int) -> None:
        """Cut an encoder's line."""
        self._answer(Answer(encoder))

    async def run(self) -> None:
        """Keep the door open until cancelled."""
        in_vain = 0
        while True:
            try:
                await self._live()
            except OSError as fault:
                self._shut(fault.strerror or "OSError")
            in_vain = 0 if self.port else in_vain + 1
            self.port = 0
            for encoder in sorted(self._inside):
                self._told(encoder, None)
            self._inside.clear()
            self._asking.clear()
            log.error("door_shut", door=self._command[0], reason=self.fault or "it died")
            await asyncio.sleep(PAUSE_S[min(in_vain, len(PAUSE_S) - 1)])

    def _shut(self, fault: str) -> None:
        self.port, self.fault = 0, fault
        self.changed.set()

    async def _live(self) -> None:
        command = [sys.executable, "-m", *self._command]
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *command, stdin=pipe, stdout=pipe, env=children.scant(), limit=LINE_LIMIT
        )
        self._process = process
        try:
            async with asyncio.TaskGroup() as asking:
                await self._listen(process, asking)
        finally:
            self._process = None
            await children.end(process, LEAVE_S)

    async def _listen(self, process: asyncio.subprocess.Process, asking: asyncio.TaskGroup) -> None:
        if process.stdout is None:
            raise RuntimeError("a process without standard output")
        while line := await process.stdout.readline():
            try:
                told = msgspec.json.decode(line, type=Line)
            except UNREADABLE:
                log.error("door_garbled")
                return
            if told.key:
                asking.create_task(self._ask(told))
            elif told.encoder:
                self._hear(told)
            else:
                self.port, self.fault = told.port, told.fault
                self.changed.set()
                log.info("door", door=self._command[0], port=told.port, fault=told.fault)

    def _hear(self, told: Line) -> None:
        if told.told is not None:
            self._told(told.encoder, told.told)
        if told.gone:
            self._inside.discard(told.encoder)
            self._asking.discard(told.encoder)
            self._told(told.encoder, None)

    async def _ask(self, line: Line) -> None:
        self._asking.add(line.encoder)
        try:
            answer = await self._admit(line.encoder, line.key, line.address)
        except Exception as fault:  # one encoder is refused; the door stays open for the others
            log.error("key_not_judged", error=str(fault))
            answer = Answer(line.encoder, None, "Trung tâm đang bận. / The centre is busy.", Refusal.BUSY)
        if line.encoder not in self._asking:  # it left while it was judged
            self._told(line.encoder, None)
            return
        self._asking.discard(line.encoder)
        if answer.job is not None:
            self._inside.add(line.encoder)
        self._answer(answer)

    def _answer(self, answer: Answer) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(msgspec.json.encode(answer) + b"\n")
