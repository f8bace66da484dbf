"""Processes of our own beside the centre: what they inherit, when they hang, and how they are ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable
from pathlib import Path

import orchestrator

Process = asyncio.subprocess.Process

STEP_S = 0.5
FIRST_S = 60.0
"""A child that has just been started may take so long for its first word on a busy computer."""


RETURNED = {"MALLOC_MMAP_THRESHOLD_": "32768", "MALLOC_TRIM_THRESHOLD_": "131072"}
"""glibc's (mallopt(3)): buffers of a whole room, made anew for all who come and go, are given back and leave no holes
among what stays."""


SCANT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "HOME", "LD_LIBRARY_PATH")


def inherited() -> dict[str, str]:
    """This process's environment, with a module path on which the child finds the same program."""
    return {**RETURNED, **_with_path(dict(os.environ))}


def scant() -> dict[str, str]:
    """The same for a child that reads what strangers send: of our environment nothing that may be a secret."""
    return _with_path({name: os.environ[name] for name in SCANT if name in os.environ})


def _with_path(kept: dict[str, str]) -> dict[str, str]:
    root = str(Path(orchestrator.__file__).parent.parent)
    path = os.pathsep.join(part for part in (root, kept.get("PYTHONPATH", "")) if part)
    return {**kept, "PYTHONPATH": path}


async def end(process: Process, within_s: float, *, helpers: bool = False) -> None:
    """End a child gently (its standard input closes); after ``within_s`` seconds, or when that is cancelled, not.

    ``helpers``: with whatever it started, of which it leads the group.
    """
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(within_s):
            await process.wait()
    except TimeoutError:
        pass
    finally:
        with contextlib.suppress(ProcessLookupError):
            if helpers:
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        await process.wait()


async def until_silent(
    heard: Callable[[], int], limit_s: float, first_s: float = FIRST_S, step_s: float = STEP_S
) -> None:
    """Return when ``heard()``, a count of what a child said, has stayed the same for so long; for its first word it has
    ``first_s``.

    Steps are counted, not time: while this process is held up itself, nobody's silence grows.
    """
    silent, last, limit = 0, heard(), max(limit_s, first_s)
    while silent * step_s < limit:
        await asyncio.sleep(step_s)
        now = heard()
        if now == last:
            silent += 1
        else:
            silent, last, limit = 0, now, limit_s
