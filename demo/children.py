"""Processes that belong to somebody: started, named, logged to a file each, and never left behind."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

STOP_S = 8.0
TAIL = 2000
PR_SET_PDEATHSIG = 1
"""prctl(2), Linux: the signal that a process gets when the one that started it ends in whatever way."""


class ChildFailed(Exception):
    """A child ended when it should not have; the message carries the end of its log."""


class Child:
    """One Python program of ours in its own process."""

    def __init__(self, name: str, arguments: list[str], log: Path, environment: Mapping[str, str]) -> None:
        self.name = name
        self._arguments = arguments
        self._log = log
        self._environment = {**os.environ, **environment}
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it, or start it again after :meth:`kill`."""
        with self._log.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                *self._arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=self._environment,
                start_new_session=True,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            )

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    def check(self) -> None:
        """Raise :class:`ChildFailed` when it has ended."""
        if self._process is not None and self._process.returncode is not None:
            raise ChildFailed(f"{self.name} ended with {self._process.returncode}: {self.tail()}")

    async def finished(self, timeout_s: float) -> int:
        """Wait until it ends by itself; its exit code."""
        assert self._process is not None
        async with asyncio.timeout(timeout_s):
            return await self._process.wait()

    async def stop(self) -> None:
        """Ask it to end; kill it when it does not."""
        if self._process is None or self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            await self.finished(STOP_S)
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """SIGKILL, for it and its own children."""
        if self._process is None or self._process.returncode is not None:
            return
        # It may have ended between the look and the signal.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    def tail(self) -> str:
        """The end of its log."""
        return self._log.read_bytes()[-TAIL:].decode(errors="replace") if self._log.exists() else ""


def _end_with_parent() -> None:
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Children:
    """All of them, stopped in reverse order. An asynchronous context."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = environment
        self._all: list[Child] = []

    async def __aenter__(self) -> Children:
        return self

    async def __aexit__(self, *_exc: object) -> None:
        levels: dict[str, list[Child]] = {}
        for child in reversed(self._all):
            levels.setdefault(child.name.split("-")[0], []).append(child)
        for level in levels.values():
            await asyncio.gather(*(child.stop() for child in level))

    async def add(self, name: str, arguments: list[str], **environment: str) -> Child:
        """Start a program: ``python -m arguments…``."""
        child = Child(name, arguments, self._folder / f"{name}.log", {**self._environment, **environment})
        await child.start()
        self._all.append(child)
        return child

    async def run(self, name: str, arguments: list[str], limit_s: float, **environment: str) -> None:
        """Run a program to its end; raises :class:`ChildFailed` unless it did what it should."""
        child = await self.add(name, arguments, **environment)
        if await child.finished(limit_s) != 0:
            child.check()
        self._all.remove(child)

    def check(self) -> None:
        """Raise when any has ended."""
        for child in self._all:
            child.check()
