"""A whole agent over devices made of files: its loudspeaker, its rehearsals, a phone that reaches it.

Faults and their repair before a person's eyes are in tests/browser/test_guide.py.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from aiohttp import ClientSession, TCPConnector

from site_agent.camera.frames import Frame
from site_agent.config import Desk, Screen
from site_agent.ready import Ready
from tests.doubles.eventually import eventually
from tests.doubles.link_centre import LinkCentre, link_centre
from tests.doubles.ready_site import Devices, Told, ready_site
from tests.doubles.servers import free_port
from tests.unit.site_agent.camera.test_view import later, room
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


def _order(centre: LinkCentre, name: str, in_s: int) -> RehearsalOrder:
    now = centre.clock.now_ns()
    t0_ns = now + in_s * SECOND
    return RehearsalOrder(id=RehearsalId(name), title="Diễn tập", t0_ns=t0_ns, until_ns=now + 3600 * SECOND)


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


async def test_a_camera_is_held_against_the_reference_that_the_site_desk_took(
    centre: LinkCentre, tmp_path: Path
) -> None:
    devices, local, home = Devices(tmp_path / "devices"), free_port(), tmp_path / "site"
    config = devices.config(screen=Screen(local, headless=True))
    async with ready_site(config, home, centre.enrol()) as ready, ClientSession() as http:

        async def room_post(deed: str, body: dict[str, object]) -> None:
            url, origin = f"http://127.0.0.1:{local}", {"Origin": f"http://127.0.0.1:{local}"}
            async with http.post(f"{url}/local/room/{deed}", json=body, headers=origin) as reply:
                assert reply.status == 200, await reply.text()

        async def seen(picture: Callable[[int], Frame]) -> dict[CheckName, tuple[CheckState, str]]:
            devices.show(picture)
            await ready.readiness.look([C.CAMERA])
            return states(ready)

        undrawn = await seen(room_of(1))
        assert undrawn[C.CAMERA] == (S.GOOD, "")
        assert undrawn[C.ROOM_IN_VIEW] == (S.WEAK, "no_reference")
        await room_post("corners", {"corners": [[0.1, 0.3], [0.9, 0.3], [0.9, 0.9], [0.1, 0.9]]})
        # Nobody asks: the desk tells that it was drawn.
        await eventually(lambda: states(ready)[C.ROOM_IN_VIEW] == (S.GOOD, ""))

        assert (await seen(room_of(8)))[C.ROOM_IN_VIEW] == (S.BAD, "turned_away")
        assert (await seen(room_of(1)))[C.ROOM_IN_VIEW] == (S.GOOD, "")
        assert (await seen(room_of(1, across=60)))[C.ROOM_IN_VIEW] == (S.WEAK, "moved")
        assert (await seen(room_of(1, covered=True)))[C.CAMERA] == (S.WEAK, "partly_covered")
        assert (await seen(room_of(1)))[C.CAMERA] == (S.GOOD, "")
        await room_post("reference", {"forget": True})
        await eventually(lambda: states(ready)[C.ROOM_IN_VIEW] == (S.WEAK, "no_reference"))


def room_of(seed: int, *, across: int = 0, covered: bool = False) -> Callable[[int], Frame]:
    """A room as a camera sees it that may have been pushed, or before whose half something stands."""
    day = 100 * seed + across + covered

    def picture(number: int) -> Frame:
        # Other people each time: the same ones at the same places would make two rooms alike.
        frame = later(room(seed), day + number, across=across)
        if covered:
            frame[:, frame.shape[1] // 2 :] = 90
        return frame

    return picture


async def test_a_rehearsal_looks_at_everything_and_notes_its_start_by_the_agents_own_clock(
    centre: LinkCentre, tmp_path: Path
) -> None:
    devices, told = Devices(tmp_path / "devices"), Told(centre)
    identity = centre.enrol()
    async with ready_site(devices.config(), tmp_path / "site", identity) as ready:
        await eventually(lambda: states(ready)[C.CLOCK] == (S.GOOD, ""))
        assert centre.links.send(identity.site, _order(centre, "rehearsal_1", 1800))
        await eventually(lambda: told.check(C.SPEAKER, of="rehearsal_1") is not None, 40.0)
        speaker, coming = told.check(C.SPEAKER, of="rehearsal_1"), told.check(C.REHEARSAL, of="rehearsal_1")
        assert speaker is not None
        assert speaker.state is S.GOOD
        assert coming is not None
        assert (coming.state, coming.reason) == (S.WAITING, "not_yet")

        # A start that is moved is an order of its own; looking at everything takes longer than until then.
        assert centre.links.send(identity.site, _order(centre, "rehearsal_2", 3))

        def noted() -> Check | None:
            check = told.check(C.REHEARSAL, of="rehearsal_2")
            return check if check is not None and check.state is not S.WAITING else None

        await eventually(lambda: noted() is not None, 40.0)
        check = noted()
        assert check is not None
        assert check.reason in {"", "opened_loose"}  # a busy computer wakes late
        assert check.figures["lo_ms"] <= check.figures["hi_ms"]
        assert check.figures["hi_ms"] > -150, "a site must not open before its time"
        assert centre.links.send(identity.site, RehearsalOff(id=RehearsalId("rehearsal_2")))
        await eventually(lambda: C.REHEARSAL not in states(ready))


async def test_a_phone_in_the_rooms_network_is_counted_once_and_this_computer_is_not(
    centre: LinkCentre, tmp_path: Path
) -> None:
    desk, local = free_port(), free_port()
    config = Devices(tmp_path / "devices").config(desk=Desk("127.0.0.1", desk), screen=Screen(local, headless=True))
    async with ready_site(config, tmp_path / "site", centre.enrol()) as ready:
        token = ready.phone.link.partition("#")[2]
        here, phone = ("127.0.0.1", 0), ("127.0.0.3", 0)

        async def arrive(asker: tuple[str, int], given: str) -> int:
            url = f"http://127.0.0.1:{desk}/phone/here"
            origin = {"Origin": f"http://127.0.0.1:{desk}"}
            async with (
                ClientSession(connector=TCPConnector(local_addr=asker)) as http,
                http.post(url, json={"token": given}, headers=origin) as reply,
            ):
                return reply.status

        assert await arrive(phone, "guessed") == 410
        assert await arrive(here, token) == 409
        assert await arrive(phone, token) == 200
        assert await arrive(phone, token) == 410
        await ready.readiness.look([C.ADDRESS])
        await ready.readiness.look([C.PHONE])
        assert states(ready)[C.PHONE] == (S.GOOD, "")
