"""A small disk of its own, that can be made larger while it is in use (needs root, as the other network doubles do)."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path


class SmallDisk:
    """A tmpfs at ``path``."""

    def __init__(self, path: Path) -> None:
        self.path = path

    async def resize(self, megabytes: int) -> None:
        """Another size; takes memory only for what is written."""
        await _run("mount", "-o", f"remount,size={megabytes}m", str(self.path))


@asynccontextmanager
async def small_disk(path: Path, megabytes: int) -> AsyncIterator[SmallDisk]:
    """Mounted for the block."""
    path.mkdir(parents=True)
    await _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "none", str(path))
    try:
        yield SmallDisk(path)
    finally:
        await _run("umount", "--lazy", str(path))


async def _run(*command: str) -> None:
    await asyncio.to_thread(subprocess.run, command, check=True, capture_output=True, timeout=20)
