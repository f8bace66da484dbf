"""A recorder that says what nobody understands, or nothing at all, is ended; nobody else is hurt."""

from __future__ import annotations

import asyncio
import signal
import sys

import pytest

from orchestrator.media.recorder.talk import Begin, FromRecorder
from orchestrator.media.recorders import LINE_LIMIT, RecorderProcess
from orchestrator.media.workers import Reply

BEGIN = Begin("/nowhere", [], 300, 0, 0)


class ShutDoor:
    """Nobody should come here."""

    async def ask(self, method: str, stream: str, path: str, headers: dict[str, str], content: bytes) -> Reply:
        raise AssertionError(path)


async def life(script: str, hang_s: float = 60.0) -> tuple[int, list[FromRecorder]]:
    """The exit code of a process in a recorder's place, and what was understood of it."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", script), stdin=pipe, stdout=pipe, limit=LINE_LIMIT
    )
    said: list[FromRecorder] = []
    recorder = RecorderProcess(ShutDoor(), lambda _stream: "token", said.append, waiting=lambda: process, hang_s=hang_s)
    return await recorder.run(BEGIN), said


@pytest.mark.parametrize("line", ['"nonsense"', '"{}"', '\'{"type":"asked","track":"of nobody","sdp":"v=0"}\''])
async def test_one_that_talks_nonsense_is_no_fault_of_ours(line: str) -> None:
    assert await life(f"import sys; print({line}, flush=True); sys.exit(3)") == (3, [])


async def test_one_that_says_a_line_without_an_end_is_ended() -> None:
    assert await life('print("x" * (3 << 20), flush=True)') == (-signal.SIGKILL, [])


async def test_one_that_says_no_more_is_ended() -> None:
    script = "import time; print('a word', flush=True); time.sleep(600)"
    assert await life(script, hang_s=0.5) == (-signal.SIGKILL, [])
