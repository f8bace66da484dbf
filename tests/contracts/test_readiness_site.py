"""A whole agent over devices made of files: each fault is found, told to the centre, and green again after repair."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from site_agent.ready import Ready
from tests.doubles.eventually import eventually
from tests.doubles.link_centre import LinkCentre, link_centre
from tests.doubles.ready_site import Devices, Told, black, lively_room, ready_site
from tests.doubles.small_disk import small_disk
from wire.ids import RehearsalId
from wire.messages import RehearsalOff, RehearsalOrder
from wire.readiness import Check, CheckName, CheckState

C, S = CheckName, CheckState
SECOND = 10**9


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[LinkCentre]:
    async with link_centre(tmp_path) as running:
        yield running


def states(ready: Ready) -> dict[CheckName, tuple[CheckState, str]]:
    return {check.name: (check.state, check.reason) for check in ready.readiness.checks}


async def test_each_fault_is_found_told_and_green_after_repair(centre: LinkCentre, tmp_path: Path) -> None:
    devices, told = Devices(tmp_path / "devices"), Told(centre)
    devices.show(black)
    devices.hear(muted=True)
    devices.set_clock_ahead(180)
    found = {
        C.CAMERA: (S.BAD, "dark"),
        C.MICROPHONE: (S.BAD, "silent"),
        C.SPEAKER: (S.WAITING, "not_tried"),
        C.CLOCK: (S.BAD, "wall_clock_off"),
        C.DISK: (S.BAD, "disk_full"),
        C.COUNTING: (S.WAITING, "camera_first"),
    }
    async with (
        small_disk(tmp_path / "site", 64) as disk,
        ready_site(devices.config(), disk.path, centre.enrol()) as ready,
    ):
        await eventually(lambda: told.has(found), 40.0)
        clock = told.check(C.CLOCK)
        assert clock is not None
        assert 179_000 < clock.figures["wall_off_ms"] < 181_000
        devices.show(lively_room)
        devices.hear()
        devices.set_clock_ahead(0)
        await disk.resize(3000)
        # Clock, camera and disk turn green by themselves; the sound and the count are asked for, as the guide does.
        await ready.readiness.look([C.SPEAKER, C.COUNTING], loud=True)
        mended = dict.fromkeys(found, (S.GOOD, ""))
        await eventually(lambda: told.has(mended), 40.0)
    assert len(told.certificates) <= 8


async def test_a_loudspeaker_that_is_turned_off_is_not_heard(centre: LinkCentre, tmp_path: Path) -> None:
    devices = Devices(tmp_path / "devices")
    devices.hear(gain_db=-140.0)
    async with ready_site(devices.config(), tmp_path / "site", centre.enrol()) as ready:
        await ready.readiness.look([C.SPEAKER], loud=True)
        assert states(ready)[C.SPEAKER] == (S.BAD, "not_heard")
        assert states(ready)[C.MICROPHONE] == (S.GOOD, "")
        devices.hear(speaker=False)
        await ready.readiness.look([C.SPEAKER], loud=True)
        assert states(ready)[C.SPEAKER] == (S.BAD, "no_speaker")


async def test_a_rehearsal_looks_at_everything_and_notes_its_start_by_the_agents_own_clock(
    centre: LinkCentre, tmp_path: Path
) -> None:
    devices, told = Devices(tmp_path / "devices"), Told(centre)
    identity = centre.enrol()
    async with ready_site(devices.config(), tmp_path / "site", identity) as ready:
        await eventually(lambda: states(ready)[C.CLOCK] == (S.GOOD, ""))
        now = centre.clock.now_ns()
        order = RehearsalOrder(
            id=RehearsalId("rehearsal_1"), title="Diễn tập", t0_ns=now + 13 * SECOND, until_ns=now + 3600 * SECOND
        )
        assert centre.links.send(identity.site, order)
        await eventually(lambda: told.check(C.SPEAKER, of="rehearsal_1") is not None, 40.0)
        speaker, coming = told.check(C.SPEAKER, of="rehearsal_1"), told.check(C.REHEARSAL, of="rehearsal_1")
        assert speaker is not None
        assert speaker.state is S.GOOD
        assert coming is not None
        assert (coming.state, coming.reason) == (S.WAITING, "not_yet")

        def noted() -> Check | None:
            check = told.check(C.REHEARSAL, of="rehearsal_1")
            return check if check is not None and check.state is S.GOOD else None

        await eventually(lambda: noted() is not None, 40.0)
        check = noted()
        assert check is not None
        assert check.figures["lo_ms"] <= check.figures["hi_ms"]
        assert max(abs(check.figures["lo_ms"]), abs(check.figures["hi_ms"])) < 150
        assert centre.links.send(identity.site, RehearsalOff(id=order.id))
        await eventually(lambda: C.REHEARSAL not in states(ready))
