"""A process of a test that answers each word on its standard input by one line of JSON on its standard output."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")
LEAVE_S = 10.0


class Asked(Generic[T]):
    """The process, from this one. ``kind``: what its answers are."""

    def __init__(self, process: asyncio.subprocess.Process, kind: type[T]) -> None:
        self._process = process
        self._kind = kind

    async def ask(self, word: str) -> T:
        """Say a word and wait for its answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(word.encode() + b"\n")
        await self._process.stdin.drain()
        return msgspec.json.decode(await self._process.stdout.readline(), type=self._kind)


@asynccontextmanager
async def asked(
    kind: type[T], module: str, *arguments: str, environment: Mapping[str, str] | None = None
) -> AsyncIterator[Asked[T]]:
    """Start ``python -m module``; it ends with the block, when its standard input does."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, stdin=pipe, stdout=pipe, env=environment
    )
    try:
        yield Asked(process, kind)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), LEAVE_S)
        if process.returncode is None:
            process.kill()
            await process.wait()
