"""An in-process TCP proxy that makes a line slow, uneven, stalled or cut."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

CHUNK = 16 << 10
QUEUED = 1024


class Line:
    """What the proxy does to every connection; change it at any time.

    `up_s` and `down_s` delay a chunk each way, `jitter_s` adds up to that much (order is kept), `stall` holds
    everything silently until `flow`, `partition` cuts and refuses until `heal`, `cut` only cuts. While `deaf`, what the
    server says is swallowed (cut afterwards); `forget` drops the callers and leaves the server's ends open.
    """

    def __init__(self, *, up_s: float = 0.0, down_s: float = 0.0, jitter_s: float = 0.0, seed: int = 0) -> None:
        self.up_s, self.down_s, self.jitter_s = up_s, down_s, jitter_s
        self.port = 0
        self.target = ("127.0.0.1", 0)
        self.accepted = 0
        self._random = random.Random(seed)
        self._flows = asyncio.Event()
        self._flows.set()
        self.deaf = False
        self._refuses = False
        self._pairs: dict[asyncio.StreamWriter, asyncio.StreamWriter] = {}
        self._left_open: set[asyncio.StreamWriter] = set()
        self._open: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        """Address of the proxy as an http:// URL."""
        return f"http://127.0.0.1:{self.port}"

    def stall(self) -> None:
        """Hold what is on the way, without a word to either side."""
        self._flows.clear()

    def flow(self) -> None:
        """Let it go on."""
        self._flows.set()

    def cut(self) -> None:
        """Reset every connection; what is on the way is lost."""
        for writer in list(self._open):
            writer.transport.abort()

    def forget(self) -> None:
        """Reset the callers' ends as a router does that lost its table; the server does not hear of it."""
        for caller, server in list(self._pairs.items()):
            self._left_open.add(server)
            caller.transport.abort()

    def partition(self) -> None:
        """Cut, and refuse every new connection."""
        self._refuses = True
        self.cut()

    def heal(self) -> None:
        """Accept again."""
        self._refuses = False

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        self.accepted += 1
        if self._refuses:
            writer.transport.abort()
            return
        onward: asyncio.StreamWriter | None = None
        self._open.add(writer)
        try:
            back, onward = await asyncio.open_connection(*self.target)
            self._open.add(onward)
            self._pairs[writer] = onward
            async with asyncio.TaskGroup() as pipes:
                pipes.create_task(self._pipe(reader, onward, up=True))
                pipes.create_task(self._pipe(back, writer, up=False))
        except* OSError:
            pass
        finally:
            self._pairs.pop(writer, None)
            for side in (writer, onward):
                if side is not None and side not in self._left_open:
                    self._open.discard(side)
                    side.transport.abort()

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, up: bool) -> None:
        due: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(QUEUED)
        async with asyncio.TaskGroup() as ends:
            ends.create_task(self._release(due, writer))
            loop, last = asyncio.get_running_loop(), 0.0
            while chunk := await reader.read(CHUNK):
                delay = (self.up_s if up else self.down_s) + self._random.uniform(0, self.jitter_s)
                last = max(last, loop.time() + delay)
                await due.put((last, chunk))
            await due.put((last, b""))

    async def _release(self, due: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        while True:
            at, chunk = await due.get()
            await asyncio.sleep(max(0.0, at - loop.time()))
            await self._flows.wait()
            if writer in self._left_open:
                return
            if self.deaf and writer in self._pairs:
                continue
            if not chunk:
                with contextlib.suppress(OSError, RuntimeError):
                    writer.write_eof()
                return
            writer.write(chunk)
            await writer.drain()


@asynccontextmanager
async def proxied(host: str, port: int, line: Line) -> AsyncIterator[Line]:
    """Put `line` in front of a server; `line.port` is where it listens, `line.target` may change."""
    line.target = (host, port)

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        carrying = asyncio.current_task()
        assert carrying is not None
        tasks.add(carrying)
        try:
            # Cancelled only when the proxy ends; Python 3.11's server would log a cancelled task as a fault.
            with contextlib.suppress(asyncio.CancelledError):
                await line.carry(reader, writer)
        finally:
            tasks.discard(carrying)

    tasks: set[asyncio.Task[None]] = set()
    server = await asyncio.start_server(carry, "127.0.0.1", 0)
    line.port = server.sockets[0].getsockname()[1]
    try:
        yield line
    finally:
        server.close()
        line.heal()
        line.cut()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
