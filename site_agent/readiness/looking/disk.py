"""Looks at the disk under the agent's files: how much is free, whether it can be written, how long a flush takes."""

import asyncio
import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path

from site_agent.health.probes import Probes
from site_agent.readiness.judging.disk import judge_disk, judge_flush
from wire.readiness import Check

FILE = "readiness.probe"
BLOCK = b"\xa5" * 4096
FLUSHES = 24


class DiskLooks:
    """``spins`` tells whether the disk of a folder turns, None when that cannot be told."""

    def __init__(self, home: Path, probes: Probes, spins: Callable[[Path], bool | None]) -> None:
        self._home = home
        self._probes = probes
        self._spins = spins

    async def room(self) -> list[Check]:
        """Free space, and one small file written and flushed."""
        took = await asyncio.to_thread(flushes, self._home, 1)
        return [judge_disk(self._probes.read().disk_free_mb, writes=bool(took))]

    async def flush(self) -> list[Check]:
        """How long flushes take, as the journal of answers would have them."""
        took = await asyncio.to_thread(flushes, self._home, FLUSHES)
        return [judge_flush(took, spins=await asyncio.to_thread(self._spins, self._home))]


def flushes(folder: Path, count: int) -> list[float]:
    """Milliseconds of ``count`` flushes of 4 KiB each to a file that is removed again; none when it is refused."""
    path = folder / FILE
    took: list[float] = []
    try:
        with path.open("wb", buffering=0) as file:
            for _ in range(count):
                file.write(BLOCK)
                began = time.perf_counter()
                os.fsync(file.fileno())
                took.append((time.perf_counter() - began) * 1000)
    except OSError:
        return []
    finally:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
    return took
