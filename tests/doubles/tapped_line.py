"""A TCP proxy between an agent and its centre that keeps every byte; it shows what WebSockets carried unmasked."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Tap:
    """`streams`: what went over each connection and direction, in order, as it was on the wire."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self.streams: list[bytearray] = []
        self.port = 0

    @property
    def url(self) -> str:
        """Address of the proxy as an http:// URL."""
        return f"http://127.0.0.1:{self.port}"

    def plain(self) -> bytes:
        """Everything, with the frames of WebSockets unmasked and joined."""
        return b"\n".join(bytes(stream) + b"\n" + _payloads(bytes(stream)) for stream in self.streams)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        try:
            back, onward = await asyncio.open_connection(*self._target)
        except OSError:
            writer.close()
            return
        async with asyncio.TaskGroup() as pipes:
            pipes.create_task(self._pipe(reader, onward))
            pipes.create_task(self._pipe(back, writer))

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        kept = bytearray()
        self.streams.append(kept)
        with contextlib.suppress(OSError):
            while chunk := await reader.read(1 << 16):
                kept += chunk
                writer.write(chunk)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def tapped(target: tuple[str, int]) -> AsyncIterator[Tap]:
    """A tap on a free port of loopback."""
    tap = Tap(target)
    server = await asyncio.start_server(tap.carry, "127.0.0.1", 0)
    tap.port = server.sockets[0].getsockname()[1]
    try:
        yield tap
    finally:
        server.close()


def _payloads(stream: bytes) -> bytes:
    """The joined payloads of the frames after an upgrade (RFC 6455 §5.2); nothing for other streams."""
    head, _, rest = stream.partition(b"\r\n\r\n")
    if b"websocket" not in head.lower():
        return b""
    payloads, at = bytearray(), 0
    while at + 2 <= len(rest):
        masked, length = rest[at + 1] & 0x80, rest[at + 1] & 0x7F
        at += 2
        if length >= 126:
            size = 2 if length == 126 else 8
            length, at = int.from_bytes(rest[at : at + size], "big"), at + size
        mask = rest[at : at + 4] if masked else bytes(4)
        at += 4 if masked else 0
        body = rest[at : at + length]
        payloads += bytes(octet ^ mask[place % 4] for place, octet in enumerate(body)) if masked else body
        at += length
    return bytes(payloads)
