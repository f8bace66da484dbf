"""One UDP port for all encoders that push by SRT, in a process of its own, one converter process behind each encoder.

    python -m orchestrator.media.sources.srt.door --bind 0.0.0.0 --port 8890

Its owner (the centre) holds both ends of a pipe (:mod:`orchestrator.media.sources.door_words`). The key is the stream
id; the door knows none and asks for each while the encoder waits in the handshake, so that whoever may not come is
refused there, with a reason that its encoder can show. Everything is bounded: encoders, those of one address, seconds
for an answer and of silence. The end of standard input ends the door and every encoder's connection.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import msgspec
import structlog

from orchestrator import logs
from orchestrator.media.sources.door_words import (
    MISSING_LIBRARY,
    Answer,
    Line,
    Refusal,
    listen_to_owner,
    say,
)
from orchestrator.media.sources.job import Job, State, Told, Why
from orchestrator.media.sources.srt.library import Reject, Srt, SrtMissing, Welcome
from orchestrator.media.sources.srt.library import State as SocketState
from orchestrator.media.sources.srt.streamid import LONGEST, WrongMode, key_of
from orchestrator.media.sources.supervising import SourceProcess

ENCODERS = 16
OF_ONE_ADDRESS = 8
ANSWER_S = 1.0
"""Longer, and the encoders that are inside would feel that the library waits."""
HANDSHAKE_S = 4.0
"""From a good key to the connection; a wrong passphrase never gets there."""
IDLE_MS = 4000
"""An encoder that says nothing for so long is gone (libsrt says something every second)."""
SILENT_S = 10.0
WAIT_MS = 500
GATHER = 1 << 15
GATHER_S = 0.01
"""Messages of so long go to the converter in one piece."""
LOOK_S = 0.1
REJECTS = {
    Refusal.KEY: Reject.UNAUTHORIZED,
    Refusal.PATIENCE: Reject.OVERLOAD,
    Refusal.CLOSED: Reject.FORBIDDEN,
    Refusal.TAKEN: Reject.CONFLICT,
    Refusal.BUSY: Reject.OVERLOAD,
}

log = structlog.get_logger()


class Guest(msgspec.Struct):
    """An encoder whose key was good; ``number`` is its owner's name for it."""

    number: int
    address: str
    job: Job
    secret: bool
    hang_up: asyncio.Event = msgspec.field(default_factory=asyncio.Event)
    inside: bool = False


class Door:
    """Everybody who is connected. All but :meth:`judge` and :meth:`_gather` run in the loop's thread."""

    def __init__(self, srt: Srt) -> None:
        self._srt = srt
        self._loop = asyncio.get_running_loop()
        self._pool = ThreadPoolExecutor(ENCODERS, "encoder")
        self._answers: dict[int, asyncio.Future[Answer]] = {}
        self._guests: dict[int, Guest] = {}
        """By the library's number of their socket."""
        self._addresses: Counter[str] = Counter()
        self._last = 0

    def answered(self, answer: Answer) -> None:
        """The owner decided; no job for somebody who is inside: their line is cut."""
        waiting = self._answers.pop(answer.encoder, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)
        elif answer.job is None:
            for guest in self._guests.values():
                if guest.number == answer.encoder:
                    guest.hang_up.set()

    # At the door

    def judge(self, encoder: int, address: str, stream_id: str) -> Welcome:
        """Whether an encoder may come in: called by the library's thread."""
        asked = asyncio.run_coroutine_threadsafe(self._ask(encoder, address, stream_id), self._loop)
        try:
            return asked.result(2 * ANSWER_S)
        except TimeoutError:
            asked.cancel()
            return Welcome(Reject.OVERLOAD)

    async def _ask(self, encoder: int, address: str, stream_id: str) -> Welcome:
        if len(self._guests) >= ENCODERS or self._addresses[address] >= OF_ONE_ADDRESS:
            log.warning("srt_too_many", address=address)
            return Welcome(Reject.OVERLOAD)
        try:
            key = key_of(stream_id[:LONGEST])
        except WrongMode:
            return Welcome(Reject.BAD_MODE)
        self._last += 1
        number = self._last
        answer = await self._answer(number, key[:200] or "-", address)
        if answer.job is None:
            return Welcome(REJECTS[answer.refusal])
        self._guests[encoder] = Guest(number, address, answer.job, bool(answer.secret))
        self._addresses[address] += 1
        return Welcome(secret=answer.secret)

    async def _answer(self, number: int, key: str, address: str) -> Answer:
        answer: asyncio.Future[Answer] = self._loop.create_future()
        self._answers[number] = answer
        say(Line(number, key=key, address=address))
        try:
            async with asyncio.timeout(ANSWER_S):
                return await answer
        except TimeoutError:
            say(Line(number, gone=True))  # whatever the answer will be
            return Answer(number, refusal=Refusal.BUSY)
        finally:
            self._answers.pop(number, None)

    # Inside

    async def run(self, listener: int) -> None:
        """Take in whoever is welcome, until cancelled."""
        async with asyncio.TaskGroup() as group:
            came: asyncio.Queue[int] = asyncio.Queue(ENCODERS)
            threading.Thread(target=self._accept, args=(listener, came), daemon=True).start()
            group.create_task(self._watch_handshakes())
            while True:
                encoder = await came.get()
                guest = self._guests.get(encoder)
                if guest is None:
                    self._srt.close(encoder)
                    continue
                guest.inside = True
                group.create_task(self._serve(encoder, guest))

    def _accept(self, listener: int, came: asyncio.Queue[int]) -> None:
        with contextlib.suppress(OSError, RuntimeError):  # the listener or the loop is closed
            while True:
                encoder = self._srt.accept(listener)
                asyncio.run_coroutine_threadsafe(came.put(encoder), self._loop).result()

    async def _watch_handshakes(self) -> None:
        """A good key whose connection did not come about: most often the passphrase is wrong."""
        since: dict[int, float] = {}
        while True:
            for encoder, guest in list(self._guests.items()):
                if guest.inside:
                    since.pop(encoder, None)
                    continue
                began = since.setdefault(encoder, time.monotonic())
                broken = self._srt.state(encoder) >= SocketState.BROKEN
                if broken or time.monotonic() - began > HANDSHAKE_S:
                    since.pop(encoder, None)
                    self._leave(encoder, guest, Told(State.FAILED, Why.BAD_SECRET))
            await asyncio.sleep(LOOK_S)

    def _leave(self, encoder: int, guest: Guest, told: Told | None) -> None:
        del self._guests[encoder]
        self._addresses[guest.address] -= 1
        self._addresses += Counter()
        say(Line(guest.number, told=told, gone=True))

    async def _serve(self, encoder: int, guest: Guest) -> None:
        """Feed the converter until either end is gone or the owner says so."""
        name, number = f"srt-{guest.number}", guest.number
        process = SourceProcess(name, lambda: guest.job, lambda told: say(Line(number, told=told)), fed=True)
        last = Told(State.ENDED)
        try:
            async with asyncio.TaskGroup() as group:
                running = group.create_task(process.run())
                feeding = group.create_task(self._feed(encoder, process))
                waiting = group.create_task(guest.hang_up.wait())
                await asyncio.wait([running, feeding, waiting], return_when=asyncio.FIRST_COMPLETED)
                if running.done():
                    last = running.result()
                self._srt.close(encoder)
                for task in (running, feeding, waiting):
                    task.cancel()
        finally:
            self._srt.close(encoder)
            self._leave(encoder, guest, last if last.why is not Why.NONE else None)

    async def _feed(self, encoder: int, process: SourceProcess) -> None:
        """Hand on what the encoder sends; returns when it is gone or silent. A converter that is slower than the
        encoder makes the library drop what is too late, as on a bad line."""
        try:
            await process.started.wait()
            heard = time.monotonic()
            while time.monotonic() - heard < SILENT_S:
                content = await self._loop.run_in_executor(self._pool, self._gather, encoder)
                if content:
                    heard = time.monotonic()
                    await process.feed(content)
        except ConnectionError as fault:
            log.info("srt_cut", source=process.name, reason=str(fault) or type(fault).__name__)

    def _gather(self, encoder: int) -> bytes:
        """Messages of a moment, in a thread of the pool."""
        found = bytearray(self._srt.receive(encoder, WAIT_MS))
        until = time.monotonic() + GATHER_S
        while found and len(found) < GATHER and time.monotonic() < until:
            try:
                found += self._srt.receive(encoder, 1)
            except ConnectionResetError:
                break  # what came last still counts; the next call says it again
        return bytes(found)


async def _run(bind: str, port: int, latency_ms: int) -> int:
    try:
        srt = Srt()
    except SrtMissing:
        say(Line(fault=MISSING_LIBRARY))
        return 1
    door = Door(srt)
    try:
        listener = srt.listen(bind, port, door.judge, latency_ms, IDLE_MS)
        say(Line(port=srt.port(listener)))
    except (OSError, ValueError) as fault:
        say(Line(fault=getattr(fault, "strerror", None) or str(fault)))
        return 1
    async with asyncio.TaskGroup() as group:
        serving = group.create_task(door.run(listener))
        await listen_to_owner(door.answered)
        serving.cancel()
    srt.close(listener)
    return 0


def main(argv: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="srt-door")
    parser.add_argument("--bind", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8890)
    parser.add_argument("--latency-ms", type=int, default=200)
    chosen = parser.parse_args(argv)
    logs.configure()
    return asyncio.run(_run(chosen.bind, chosen.port, chosen.latency_ms))


if __name__ == "__main__":
    sys.exit(main())
