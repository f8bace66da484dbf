"""Has a film looked at by a process of its own, and believes only a whole answer."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
import structlog

import orchestrator
from orchestrator.media.sources.film_checker import Looked
from orchestrator.media.sources.job import LINE_LIMIT, Bounds

WALL_S = 900.0
"""Wall time for one film; processor time is bounded by the checker itself."""
CHECKER = (sys.executable, "-m", "orchestrator.media.sources.film_checker")

log = structlog.get_logger()


async def check_film(file: Path, bounds: Bounds, checker: Sequence[str] = CHECKER, wall_s: float = WALL_S) -> Looked:
    """What the process ``checker`` finds in ``file``, which is to be played within ``bounds``. One that breaks a limit,
    dies or hangs says ``too_heavy``."""
    root = str(Path(orchestrator.__file__).parent.parent)
    child = await asyncio.create_subprocess_exec(
        *checker,
        str(file),
        "--pass-kbps",
        str(bounds.pass_kbps),
        "--video",
        bounds.video,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"LC_ALL": "C.UTF-8", "PYTHONPATH": root},
        cwd="/",
        start_new_session=True,
        limit=LINE_LIMIT,
    )
    try:
        assert child.stdout is not None
        async with asyncio.timeout(wall_s):
            line = await child.stdout.readline()
        return msgspec.json.decode(line, type=Looked)
    except (TimeoutError, ValueError) as fault:  # msgspec's own is a ValueError, as is a line without an end
        log.warning("film_not_checked", reason=type(fault).__name__, code=child.returncode)
        return Looked(fault="too_heavy")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        await child.wait()
