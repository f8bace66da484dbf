"""What a process tells of itself."""

from __future__ import annotations

import asyncio
import gc
import socket

from orchestrator.footprint import footprint


async def test_a_socket_a_task_and_memory_are_seen() -> None:
    gc.collect()
    gc.disable()  # nothing that earlier tests left is closed meanwhile
    before = footprint()
    waiting = asyncio.get_running_loop().create_task(asyncio.Event().wait())
    with socket.socket():
        during = footprint()
    waiting.cancel()
    await asyncio.wait({waiting})
    after = footprint()
    gc.enable()
    assert during["sockets"] == before["sockets"] + 1 == after["sockets"] + 1
    assert during["descriptors"] == before["descriptors"] + 1
    assert during["tasks"] == before["tasks"] + 1
    assert during["resident_bytes"] > 10_000_000
