"""One RTMP port for all encoders, in a process of its own, one converter process behind each encoder.

    python -m orchestrator.media.sources.rtmp.door --bind 0.0.0.0 --port 1935

Its owner (the centre) holds both ends of a pipe (:mod:`orchestrator.media.sources.door_words`). The door knows no
keys: it asks for each. Everything is bounded: connections, those of one address, seconds and bytes before a key was
found good, seconds of silence. An encoder that sends faster than its converter works is slowed down by TCP. The end of
standard input ends the door and every encoder's connection.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import ssl
import sys
from collections import Counter

import structlog

from orchestrator import logs
from orchestrator.media.sources.door_words import Answer, Line, listen_to_owner, say
from orchestrator.media.sources.job import Job, State, Told, Why
from orchestrator.media.sources.rtmp.conversation import Asked, BadRtmp, Conversation, Left, Sent
from orchestrator.media.sources.supervising import SourceProcess

CONNECTIONS = 64
OF_ONE_ADDRESS = 8
STRANGER_S = 10.0
"""From the connection to a good key."""
ANSWER_S = 10.0
SILENT_S = 10.0
READ = 1 << 16

log = structlog.get_logger()


class Door:
    """Everybody who is connected."""

    def __init__(self) -> None:
        self._answers: dict[int, asyncio.Future[Answer]] = {}
        self._hang_up: dict[int, asyncio.Event] = {}
        self._addresses: Counter[str] = Counter()
        self._last = 0

    def answered(self, answer: Answer) -> None:
        """The owner decided; no job for somebody who publishes already: their line is cut."""
        waiting = self._answers.pop(answer.encoder, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)
        elif answer.job is None and answer.encoder in self._hang_up:
            self._hang_up[answer.encoder].set()

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection from beginning to end."""
        address = str((writer.get_extra_info("peername") or ("?",))[0])
        if self._addresses.total() >= CONNECTIONS or self._addresses[address] >= OF_ONE_ADDRESS:
            log.warning("rtmp_too_many", address=address)
            writer.close()
            return
        self._last += 1
        number = self._last
        self._addresses[address] += 1
        try:
            await self._talk(number, address, reader, writer)
        except (BadRtmp, ConnectionError, TimeoutError, asyncio.IncompleteReadError) as fault:
            log.info("rtmp_ended", encoder=number, address=address, reason=str(fault) or type(fault).__name__)
        finally:
            self._addresses[address] -= 1
            self._addresses += Counter()
            writer.close()
            with contextlib.suppress(ConnectionError, TimeoutError):
                async with asyncio.timeout(1):
                    await writer.wait_closed()

    async def _talk(
        self, number: int, address: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        talk = Conversation()
        async with asyncio.timeout(STRANGER_S + ANSWER_S) as limit:
            asked, rest = await self._asked(talk, reader, writer)
            limit.reschedule(asyncio.get_running_loop().time() + ANSWER_S)
            answer = await self._ask(number, asked, address)
        if answer.job is None:
            talk.refuse(answer.sentence)
            await _flush(talk, writer)
            return
        await self._publish(number, answer.job, talk, rest, reader, writer)

    async def _asked(
        self, talk: Conversation, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> tuple[Asked, list[Sent | Left]]:
        """Until the encoder names its key."""
        async with asyncio.timeout(STRANGER_S):
            while True:
                content = await reader.read(READ)
                if not content:
                    raise ConnectionResetError("it left")
                events = talk.take(content)
                await _flush(talk, writer)
                for at, event in enumerate(events):
                    if isinstance(event, Asked):
                        return event, [one for one in events[at + 1 :] if not isinstance(one, Asked)]

    async def _ask(self, number: int, asked: Asked, address: str) -> Answer:
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        say(Line(number, key=asked.key.partition("?")[0][:200] or "-", address=address))
        try:
            return await answer
        finally:
            self._answers.pop(number, None)

    async def _publish(
        self,
        number: int,
        job: Job,
        talk: Conversation,
        rest: list[Sent | Left],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        """Feed the converter until either end is gone or the owner says so."""
        process = SourceProcess(f"rtmp-{number}", lambda: job, lambda told: say(Line(number, told=told)), fed=True)
        hang_up = self._hang_up[number] = asyncio.Event()
        last = Told(State.ENDED)
        try:
            async with asyncio.TaskGroup() as group:
                running = group.create_task(process.run())
                feeding = group.create_task(_feed(process, talk, rest, reader, writer))
                waiting = group.create_task(hang_up.wait())
                await asyncio.wait([running, feeding, waiting], return_when=asyncio.FIRST_COMPLETED)
                if running.done():
                    last = running.result()
                for task in (running, feeding, waiting):
                    task.cancel()
        finally:
            del self._hang_up[number]
            say(Line(number, told=last if last.why is not Why.NONE else None, gone=True))


async def _feed(
    process: SourceProcess,
    talk: Conversation,
    rest: list[Sent | Left],
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> None:
    """Hand on what the encoder sends; returns when it is gone or says nothing that can be used."""
    try:
        await process.started.wait()
        await process.feed(talk.admit())
        await _flush(talk, writer)
        events: list[Asked | Sent | Left] = [*rest]
        while True:
            for event in events:
                if isinstance(event, Left):
                    return
                if isinstance(event, Sent):
                    await process.feed(event.content)
            async with asyncio.timeout(SILENT_S):
                content = await reader.read(READ)
            if not content:
                return
            events = talk.take(content)
            await _flush(talk, writer)
    except (BadRtmp, ConnectionError, TimeoutError) as fault:
        log.info("rtmp_cut", source=process.name, reason=str(fault) or type(fault).__name__)


async def _flush(talk: Conversation, writer: asyncio.StreamWriter) -> None:
    if talk.out:
        writer.write(bytes(talk.out))
        talk.out.clear()
        await writer.drain()


async def _run(bind: str, port: int, certificate: str, key: str) -> int:
    door = Door()
    tls = None
    try:
        if certificate:
            tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            tls.load_cert_chain(certificate, key)
        server = await asyncio.start_server(door.meet, bind, port, ssl=tls, limit=READ * 2)
    except OSError as fault:
        say(Line(fault=fault.strerror or "OSError"))
        return 1
    say(Line(port=server.sockets[0].getsockname()[1]))
    await listen_to_owner(door.answered)
    server.close()
    return 0


def main(argv: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="rtmp-door")
    parser.add_argument("--bind", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=1935)
    parser.add_argument("--certificate", default="")
    parser.add_argument("--key", default="")
    chosen = parser.parse_args(argv)
    logs.configure()
    return asyncio.run(_run(chosen.bind, chosen.port, chosen.certificate, chosen.key))


if __name__ == "__main__":
    sys.exit(main())
