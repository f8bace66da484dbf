"""Starts a browser as a child of its own group, so that its own children end with it."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Sequence

KIND_STOP_S = 5.0


class BrowserChild:
    """A RunningBrowser that is a child of this program."""

    def __init__(self, child: asyncio.subprocess.Process) -> None:
        self._child = child

    async def ended(self) -> int:
        """Until it has ended; its exit code."""
        return await self._child.wait()

    async def stop(self) -> None:
        """Ask it to end, and make it end after five seconds."""
        self._signal(hard=False)
        try:
            await asyncio.wait_for(self._child.wait(), KIND_STOP_S)
        except TimeoutError:
            self._signal(hard=True)
            await self._child.wait()

    def _signal(self, *, hard: bool) -> None:
        with contextlib.suppress(ProcessLookupError):
            if sys.platform == "win32":
                self._child.kill() if hard else self._child.terminate()
            else:
                os.killpg(self._child.pid, signal.SIGKILL if hard else signal.SIGTERM)


async def launch(command: Sequence[str]) -> BrowserChild:
    """Start a browser without a console; raises OSError if it is not there."""
    child = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=sys.platform != "win32",
    )
    return BrowserChild(child)
