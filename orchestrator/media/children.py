"""Processes of our own beside the centre: what they inherit, and how they are ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
from pathlib import Path

import orchestrator


def inherited() -> dict[str, str]:
    """This process's environment, with a module path on which the child finds the same program."""
    root = str(Path(orchestrator.__file__).parent.parent)
    path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH", "")) if part)
    return {**os.environ, "PYTHONPATH": path}


async def end(process: asyncio.subprocess.Process, within_s: float) -> None:
    """End a child gently (its standard input closes); after ``within_s`` seconds, not."""
    if process.stdin is not None:
        process.stdin.close()
    if process.returncode is not None:
        return
    try:
        async with asyncio.timeout(within_s):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
