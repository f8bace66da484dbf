"""What this process holds of its computer: what grows here without end is a leak, so ``/metrics`` tells it."""

from __future__ import annotations

import asyncio
import os
import threading
from pathlib import Path

PROC = Path("/proc/self")


def footprint() -> dict[str, float]:
    """``tasks`` of the running loop and ``threads``; with Linux's proc(5) also ``descriptors``, the ``sockets`` among
    them, and ``resident_bytes``."""
    held: dict[str, float] = {"tasks": len(asyncio.all_tasks()), "threads": threading.active_count()}
    try:
        kinds = [_kind(each) for each in os.listdir(PROC / "fd")]
        pages = int((PROC / "statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError):
        return held
    open_kinds = [kind for kind in kinds if kind]
    held["descriptors"] = len(open_kinds)
    held["sockets"] = sum(kind.startswith("socket:") for kind in open_kinds)
    held["resident_bytes"] = pages * os.sysconf("SC_PAGE_SIZE")
    return held


def _kind(number: str) -> str:
    """What a descriptor leads to; empty for the one that the listing itself was read with."""
    try:
        return os.readlink(PROC / "fd" / number)
    except OSError:
        return ""
