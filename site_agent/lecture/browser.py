"""Starts a browser as a child of its own group, so that its own children end with it."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence

KIND_STOP_S = 5.0


class BrowserChild:
    """A RunningBrowser that is a child of this program."""

    def __init__(self, child: asyncio.subprocess.Process, end_group: Callable[[int], None]) -> None:
        self._child = child
        self._end_group = end_group

    async def ended(self) -> int:
        """Until it has ended; its exit code."""
        return await self._child.wait()

    async def stop(self) -> None:
        """Ask it to end, and make it end after five seconds."""
        if self._child.returncode is None:
            # Windows refuses the key stroke (any OSError) to a program without a console: then the time runs out.
            with contextlib.suppress(OSError):
                _ask(self._child.pid)
        try:
            async with asyncio.timeout(KIND_STOP_S):
                await self._child.wait()
        except TimeoutError:
            self._end_group(self._child.pid)
            with contextlib.suppress(ProcessLookupError):
                self._child.kill()
            await self._child.wait()


def _ask(leader: int) -> None:
    if sys.platform == "win32":
        os.kill(leader, signal.CTRL_BREAK_EVENT)
    else:
        os.killpg(leader, signal.SIGTERM)


def end_group(leader: int) -> None:
    """End a child and its children at once (POSIX); the platform port knows how on every system."""
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError):
            os.killpg(leader, signal.SIGKILL)


async def launch(command: Sequence[str], end: Callable[[int], None] = end_group) -> BrowserChild:
    """Start a browser without a console; raises OSError if it is not there. end ends a child with all it started."""
    new_group = 0
    if sys.platform == "win32":
        new_group = subprocess.CREATE_NEW_PROCESS_GROUP
    child = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=sys.platform != "win32",
        creationflags=new_group,
    )
    return BrowserChild(child, end)
