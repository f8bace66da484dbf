"""The room's corner of the desk over HTTP: live picture, seats, reference, trial, count by hand."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from site_agent.camera.boxes import Box
from site_agent.camera.counter import BurstOrder, HeadCount
from site_agent.camera.frames import Frame, Picture
from site_agent.camera.gate import Fault
from site_agent.camera.headcount import Tally, uncounted
from site_agent.camera.keeper import RoomKeeper
from site_agent.camera.owner import NoPicture
from site_agent.declaring import DeclaredNumber
from site_agent.local_server import LocalServer
from site_agent.room_pages import SENTENCES, RoomPages
from site_agent.room_trial import Trials
from site_agent.state import DeclaredView, SiteName, SiteState, SiteView
from tests.doubles.camera import plain_room
from tests.doubles.eventually import eventually
from wire.ids import CameraState, PicturePolicy, SiteId
from wire.messages import CameraHealth, ScreenHealth

SEATS = [[0.1, 0.4], [0.9, 0.4], [0.9, 0.9]]
NOW_MS = 1_700_000_000_000


class Camera:
    """A camera that may be unplugged."""

    def __init__(self) -> None:
        self.is_there = True
        self.health = CameraHealth(state=CameraState.WORKING, name="camera 0")

    async def frame(self) -> Picture:
        if not self.is_there:
            raise NoPicture("unplugged")
        return Picture(plain_room(1), is_drawn=False)


class Counter:
    """Counts what it is told to; `hold` keeps it counting."""

    def __init__(self) -> None:
        self.count: int | None = 2
        self.hold = asyncio.Event()
        self.hold.set()
        self.orders: list[BurstOrder] = []

    async def look(self, order: BurstOrder) -> tuple[HeadCount, Frame | None]:
        self.orders.append(order)
        await self.hold.wait()
        if self.count is None:
            return HeadCount(uncounted(Fault.DARK), 1, 2), plain_room(1)
        boxes = tuple(Box(64 * seat, 36, 64, 72, 0.9) for seat in range(self.count))
        tally = Tally(self.count, self.count, self.count, 5, 0.98, None, boxes)
        return HeadCount(tally, 1, 2, still=boxes[:1]), plain_room(1)


@dataclass
class Desk:
    """The served routes and what lies behind them."""

    http: aiohttp.ClientSession
    url: str
    camera: Camera
    counter: Counter
    keeper: RoomKeeper

    async def get(self, path: str) -> tuple[int, bytes]:
        async with self.http.get(f"{self.url}/local/room{path}") as reply:
            return reply.status, await reply.read()

    async def room(self) -> dict[str, Any]:
        async with self.http.get(f"{self.url}/local/room") as reply:
            answer: dict[str, Any] = await reply.json()
            return answer

    async def post(self, path: str, body: object, origin: str | None = None) -> tuple[int, dict[str, Any]]:
        headers = {"Origin": origin or self.url}
        async with self.http.post(f"{self.url}/local/room/{path}", json=body, headers=headers) as reply:
            return reply.status, await reply.json()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async def declare(said: DeclaredNumber) -> DeclaredView:
        return DeclaredView(said.number, 0)

    camera, counter, keeper = Camera(), Counter(), RoomKeeper(tmp_path)
    trials = Trials(counter, keeper, lambda: NOW_MS * 1_000_000)
    server = LocalServer(
        SiteState(SiteView(site=SiteName(SiteId("site-a"), "A", "Trường A"))),
        now_ms=lambda: NOW_MS,
        health=ScreenHealth,
        on_figures=lambda _: None,
        declare=declare,
        port=0,
        pages=tmp_path,
        routes=RoomPages(camera, keeper, trials, lambda: NOW_MS).routes(),
    )
    await server.start()
    async with aiohttp.ClientSession() as http:
        yield Desk(http, server.url, camera, counter, keeper)
    await server.stop()


async def test_the_live_picture_is_for_this_computer_only(desk: Desk) -> None:
    status, picture = await desk.get("/picture.jpg")
    assert (status, picture[:3]) == (200, b"\xff\xd8\xff")
    for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}):
        async with desk.http.get(f"{desk.url}/local/room/picture.jpg", headers=headers) as reply:
            assert reply.status == 403
    assert (await desk.post("corners", {"corners": []}, origin="http://evil.example"))[0] == 403


async def test_an_unplugged_camera_is_a_sentence(desk: Desk) -> None:
    desk.camera.is_there = False
    assert (await desk.get("/picture.jpg"))[0] == 503
    status, told = await desk.post("reference", {})
    assert (status, told["code"], told["message"]) == (503, "no_picture", SENTENCES["no_picture"])


async def test_the_seats_are_kept_and_told(desk: Desk) -> None:
    status, told = await desk.post("corners", {"corners": SEATS})
    assert (status, told["corners"]) == (200, SEATS)
    assert (await desk.room())["corners"] == SEATS
    assert len(desk.keeper.room().polygon) == 3


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"corners": SEATS[:2]}, 422, "corners"),
        ({"corners": [[0, 0], [2, 0], [1, 1]]}, 422, "outside"),
        ({"corners": "all"}, 400, "bad_request"),
        ({"corners": [[0, 0]] * 50}, 400, "bad_request"),
        ({}, 400, "bad_request"),
    ],
)
async def test_seats_that_cannot_be_are_refused_with_a_sentence(
    desk: Desk, body: dict[str, Any], status: int, code: str
) -> None:
    assert (await desk.post("corners", body))[0] == status
    told = (await desk.post("corners", body))[1]
    assert told["code"] == code
    assert " / " in told["message"]


async def test_with_the_first_seats_the_reference_is_taken_too(desk: Desk) -> None:
    assert (await desk.post("corners", {"corners": SEATS}))[1]["reference_ms"] == NOW_MS
    await desk.post("reference", {"forget": True})
    desk.camera.is_there = False
    status, told = await desk.post("corners", {"corners": SEATS})
    assert (status, len(told["corners"]), told["reference_ms"]) == (200, 3, None)


async def test_the_reference_is_taken_and_forgotten(desk: Desk) -> None:
    assert (await desk.post("reference", {}))[1]["reference_ms"] == NOW_MS
    assert desk.keeper.room().reference is not None
    assert (await desk.post("reference", {"forget": True}))[1]["reference_ms"] is None
    assert desk.keeper.room().reference is None


async def test_a_trial_shows_its_places_on_its_own_picture_and_lets_nothing_out(desk: Desk) -> None:
    assert (await desk.get("/trial.jpg"))[0] == 503
    status, told = await desk.post("trial", {})
    assert status == 200
    trial = told["trial"]
    assert (trial["count"], trial["reason"], trial["at_ms"]) == (2, "", NOW_MS)
    assert trial["boxes"] == [
        {"x": 0.0, "y": 0.1, "w": 0.1, "h": 0.2, "still": True},
        {"x": 0.1, "y": 0.1, "w": 0.1, "h": 0.2, "still": False},
    ]
    assert (await desk.get("/trial.jpg"))[1][:3] == b"\xff\xd8\xff"
    assert [order.policy for order in desk.counter.orders] == [PicturePolicy.COUNT_ONLY]


async def test_one_trial_at_a_time(desk: Desk) -> None:
    desk.counter.hold.clear()
    async with asyncio.TaskGroup() as tasks:
        first = tasks.create_task(desk.post("trial", {}))
        await eventually(lambda: len(desk.counter.orders) == 1)
        assert (await desk.post("by-hand", {"number": 3}))[0] == 409
        desk.counter.hold.set()
    assert first.result()[0] == 200


async def test_the_count_by_hand_stands_beside_the_cameras_of_the_same_moment(desk: Desk) -> None:
    status, told = await desk.post("by-hand", {"number": 3})
    assert status == 200
    assert (told["by_hand"], told["by_camera"], told["ratio"], told["by_hand_ms"]) == (3, 2, 1.5, NOW_MS)


@pytest.mark.parametrize(("count", "code"), [(None, "dark"), (0, "nobody")])
async def test_nothing_is_compared_with_a_room_that_was_not_counted(desk: Desk, count: int | None, code: str) -> None:
    desk.counter.count = count
    status, told = await desk.post("by-hand", {"number": 3})
    assert (status, told["code"]) == (422, code)
    assert (await desk.room())["by_hand"] is None


def test_every_fault_that_a_person_can_meet_has_a_sentence() -> None:
    assert {fault.value for fault in Fault} - set(SENTENCES) == {"unreadable"}
