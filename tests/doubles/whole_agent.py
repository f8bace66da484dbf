"""A whole agent in the test's own process: what `diemcau-site run` runs, without screen."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from site_agent.app import run_agent
from site_agent.camera.counter import HeadCounter
from site_agent.config import Camera, Config, Desk, Exam, Screen
from site_agent.link.identity import Identity
from wire.health import NO_CAMERA


@asynccontextmanager
async def whole_agent(
    identity: Identity,
    home: Path,
    *,
    camera: str = NO_CAMERA,
    counter: HeadCounter | None = None,
    screen_port: int = 0,
) -> AsyncIterator[None]:
    """It runs until the block ends. ``counter`` counts in place of the camera's, for many agents in one process."""
    config = Config(
        camera=Camera(camera),
        screen=Screen(screen_port, headless=True),
        desk=Desk("127.0.0.1", 0),
        exam=Exam(second_copy="off"),
    )
    stop = asyncio.Event()
    home.mkdir(parents=True, exist_ok=True)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(run_agent(config, home, identity, stop, counter))
        try:
            yield
        finally:
            stop.set()
