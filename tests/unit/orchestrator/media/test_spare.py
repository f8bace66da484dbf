"""The process that waits: there when it is needed, another when it was taken or has died, gone when nobody needs it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from orchestrator.media.children import Process, end, until_silent
from orchestrator.media.slate.keeper import SlateKeeper
from orchestrator.media.spare import Spare
from orchestrator.media.worker_start import RelaySettings
from orchestrator.media.workers import EmbeddedRelay
from tests.doubles.eventually import eventually

WAITING = (sys.executable, "-c", "import sys; sys.stdin.read()")
LIMIT_S = 30.0


class Spawner:
    """Starts a process that waits, but for the first few times."""

    def __init__(self, refusals: int = 0) -> None:
        self.refusals = refusals
        self.started: list[Process] = []

    async def spawn(self) -> Process:
        if self.refusals:
            self.refusals -= 1
            raise OSError("no process to be had")
        pipe = asyncio.subprocess.PIPE
        self.started.append(await asyncio.create_subprocess_exec(*WAITING, stdin=pipe))
        return self.started[-1]


async def calm() -> None:
    return None


@asynccontextmanager
async def kept(spawner: Spawner) -> AsyncIterator[Spare]:
    spare = Spare(spawner.spawn, "test", again_s=0.01)
    keeping = asyncio.get_running_loop().create_task(spare.keep(calm))
    try:
        yield spare
    finally:
        keeping.cancel()
        await asyncio.wait({keeping})
        await spare.stop()
    assert spawner.started[-1].returncode is not None


async def test_one_waits_and_another_when_it_is_taken() -> None:
    spawner = Spawner()
    async with kept(spawner) as spare:
        await eventually(lambda: spare.pid is not None, limit_s=LIMIT_S)
        taken = spare.take()
        assert taken is spawner.started[0]
        assert spare.take() is None
        await eventually(lambda: spare.pid is not None, limit_s=LIMIT_S)
        assert len(spawner.started) == 2
        assert taken.returncode is None
        await end(taken, 5)


async def test_one_that_dies_while_it_waits_is_given_to_nobody_and_followed_by_another() -> None:
    spawner = Spawner(refusals=2)
    async with kept(spawner) as spare:
        await eventually(lambda: spare.pid is not None, limit_s=LIMIT_S)
        first = spawner.started[0]
        os.kill(first.pid, signal.SIGKILL)
        await first.wait()
        assert spare.take() is not first
        await eventually(lambda: spare.pid not in {None, first.pid}, limit_s=LIMIT_S)


async def test_who_ends_gently_is_not_killed_and_who_does_not_is() -> None:
    gentle = await Spawner().spawn()
    await end(gentle, 20)
    assert gentle.returncode == 0
    deaf = await Spawner().spawn()
    os.kill(deaf.pid, signal.SIGSTOP)
    await end(deaf, 0.1)
    assert deaf.returncode == -signal.SIGKILL


async def test_silence_is_counted_in_steps_and_a_first_word_may_take_longer() -> None:
    words = iter([0, 0, 0, 1, 2, 2, 2, 2])
    await until_silent(lambda: next(words), 0.02, first_s=0.04, step_s=0.01)
    assert list(words) == [2]


@pytest.mark.parametrize("spares", [True, False])
async def test_where_none_is_wanted_none_is_kept(monkeypatch: pytest.MonkeyPatch, spares: bool) -> None:
    asked: list[Spare] = []

    async def keep(one: Spare, _calm: Callable[[], Awaitable[None]]) -> None:
        asked.append(one)

    monkeypatch.setattr(Spare, "keep", keep)
    slates = SlateKeeper(list, spare_s=15.0 if spares else None)
    relay = EmbeddedRelay(RelaySettings(udp_port=0, log_level="error", spare=spares), Ed25519PrivateKey.generate(), "")
    showing = asyncio.get_running_loop().create_task(slates.run())
    try:
        await relay.start()
    finally:
        showing.cancel()
        await asyncio.wait({showing})
        await relay.stop()
    assert len(asked) == (2 if spares else 0)
