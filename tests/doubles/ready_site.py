"""A whole agent whose camera, sound and clock are files, at a centre that keeps its certificates."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from orchestrator.storage.after_commit import after_commit
from site_agent.app import run_agent
from site_agent.camera.frames import Frame, to_jpeg
from site_agent.config import Agent, Camera, Clock, Config, Desk, Screen, Sound
from site_agent.link.identity import Identity
from site_agent.ready import Ready
from tests.doubles.link_centre import LinkCentre
from wire.ids import EnrolmentId, SiteId
from wire.messages import MeasureAsk, MeasureTurn
from wire.readiness import Certificate, Check, CheckName, CheckState


class Devices:
    """The room's devices as files in a folder; each fault is made and mended while the agent runs."""

    def __init__(self, folder: Path, *, pictures: int = 4) -> None:
        self.camera, self.sound, self.shift = folder / "camera", folder / "sound", folder / "shift"
        self._pictures = pictures
        for made in (self.camera, self.sound):
            made.mkdir(parents=True)
        self.show(lively_room)
        self.hear()

    def show(self, picture: Callable[[int], Frame]) -> None:
        """From now on the camera gives these pictures."""
        for number in range(self._pictures):
            fresh = self.camera / f"{number}.new"
            fresh.write_bytes(to_jpeg(picture(number)))
            fresh.replace(self.camera / f"{number}.jpg")

    def hear(self, **settings: object) -> None:
        """From now on the room sounds like this (`RoomOfFiles`)."""
        fresh = self.sound / "room.new"
        fresh.write_text(json.dumps(settings))
        fresh.replace(self.sound / "room.json")

    def set_clock_ahead(self, seconds: float) -> None:
        """From now on this computer's clock is ahead."""
        self.shift.write_text(str(seconds))

    def config(self, **sections: object) -> Config:
        """The agent over these devices, on free ports of loopback."""
        plain: dict[str, object] = {
            "agent": Agent(hotline="1900 0000"),
            "camera": Camera(str(self.camera)),
            "screen": Screen(0, headless=True),
            "desk": Desk("127.0.0.1", 0),
            "sound": Sound(str(self.sound)),
            "clock": Clock(str(self.shift)),
        }
        return Config(**{**plain, **sections})  # type: ignore[arg-type]


def lively_room(number: int) -> Frame:
    """A sharp picture, a little other for each number."""
    noise = np.random.default_rng(number)
    steps = np.kron(np.random.default_rng(0).integers(0, 255, (18, 32, 3)), np.ones((20, 20, 1)))
    return np.asarray(np.clip(steps + noise.integers(-6, 7, steps.shape), 0, 255), dtype=np.uint8)


def black(number: int) -> Frame:
    """What a camera gives whose lens is shut: nothing but a little noise."""
    return np.asarray(np.random.default_rng(number).integers(0, 5, (360, 640, 3)), dtype=np.uint8)


class Told:
    """Certificates that came up, the newest last. Who asks to measure its line gets its turn, and finds no relay unless
    `whep` says where one is."""

    def __init__(self, centre: LinkCentre) -> None:
        self.certificates: list[Certificate] = []
        self._centre = centre
        self.whep = f"{centre.base}/whep/none"
        centre.intake.on_record(Certificate, self._take)
        centre.links.on(MeasureAsk, self._give_turn)

    async def _give_turn(self, site: SiteId, _enrolment: EnrolmentId, ask: MeasureAsk) -> None:
        turn = MeasureTurn(
            ask=ask.ask,
            path="/agent/line/none",
            down_bytes=1,
            up_bytes=1,
            limit_s=1.0,
            until_ns=self._centre.clock.now_ns(),
            whep_url=self.whep,
            token="",
        )
        self._centre.links.send(site, turn)

    def check(self, name: CheckName, of: str | None = None) -> Check | None:
        """What the newest certificate says, or the newest of a rehearsal."""
        asked = [each for each in self.certificates if of in (None, each.rehearsal)]
        return next((check for check in asked[-1].checks if check.name is name), None) if asked else None

    def has(self, expected: Mapping[CheckName, tuple[CheckState, str]]) -> bool:
        """Whether the newest certificate says all this."""
        checks = {name: self.check(name) for name in expected}
        return {name: check and (check.state, check.reason) for name, check in checks.items()} == expected

    def _take(
        self, conn: sa.Connection, _site: SiteId, _enrolment: EnrolmentId, _sequence: int, record: Certificate
    ) -> None:
        after_commit(conn, lambda: self.certificates.append(record))


@asynccontextmanager
async def ready_site(
    config: Config, home: Path, identity: Identity, steady_s: Callable[[], float] = time.monotonic
) -> AsyncIterator[Ready]:
    """The running agent of a paired computer; ``steady_s``: its clock for how long a phone has been awaited."""
    stop, up = asyncio.Event(), asyncio.get_running_loop().create_future()

    async def visit(ready: Ready) -> None:
        up.set_result(ready)
        await stop.wait()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(run_agent(config, home, identity, stop, visit=visit, steady_s=steady_s))
        try:
            yield await up
        finally:
            stop.set()
