"""The room's picture on its way to its own screen page, over a real loopback server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import WSMsgType, web

from site_agent.camera.door import RuledDoor
from site_agent.camera.eyes import LookingThread
from site_agent.camera.frames import Picture
from site_agent.camera.owner import NoPicture
from site_agent.floor.capture import NO_PICTURE, NOT_ALLOWED, FloorPictures
from tests.doubles.camera import plain_room
from tests.doubles.servers import free_port
from wire.ids import PicturePolicy


@dataclass
class Room:
    """A camera, a rule, and whether the room speaks."""

    url: str = ""
    rule: PicturePolicy = PicturePolicy.FULL
    speaks: bool = True
    there: bool = True
    drawn: bool = False
    taken: list[int] = field(default_factory=list)

    async def frame(self) -> Picture:
        if not self.there:
            raise NoPicture("unplugged")
        self.taken.append(1)
        return Picture(plain_room(len(self.taken)), is_drawn=self.drawn)


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    made = Room()
    async with LookingThread() as looking:
        door = RuledDoor(lambda: made.rule, looking)
        pictures = FloorPictures(made, lambda: door, lambda: made.speaks)
        app = web.Application()
        app.router.add_get("/local/floor/picture", pictures.serve)
        runner = web.AppRunner(app, shutdown_timeout=1.0)
        await runner.setup()
        port = free_port()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        made.url = f"http://127.0.0.1:{port}/local/floor/picture"
        yield made
        await runner.cleanup()


async def test_pictures_come_while_the_room_speaks_and_then_the_line_is_closed(room: Room) -> None:
    async with aiohttp.ClientSession() as http, http.ws_connect(room.url) as line:
        for _ in range(3):
            told = await line.receive(10)
            assert told.type is WSMsgType.BINARY
            assert told.data.startswith(b"\xff\xd8\xff")
        room.speaks = False
        while (told := await line.receive(10)).type is WSMsgType.BINARY:
            pass
        assert told.type is WSMsgType.CLOSE


async def test_a_room_that_does_not_speak_shows_nothing(room: Room) -> None:
    room.speaks = False
    async with aiohttp.ClientSession() as http, http.ws_connect(room.url) as line:
        assert (await line.receive(10)).type is WSMsgType.CLOSE
    assert room.taken == []


@pytest.mark.parametrize(("rule", "there", "word"), [("count_only", True, NOT_ALLOWED), ("full", False, NO_PICTURE)])
async def test_a_picture_that_may_not_leave_or_is_not_there_is_named(
    room: Room, rule: str, there: bool, word: str
) -> None:
    room.rule, room.there = PicturePolicy(rule), there
    async with aiohttp.ClientSession() as http, http.ws_connect(room.url) as line:
        assert (await line.receive(10)).data == word


async def test_a_drawn_room_shows_itself_whatever_the_rule(room: Room) -> None:
    room.rule, room.drawn = PicturePolicy.COUNT_ONLY, True
    async with aiohttp.ClientSession() as http, http.ws_connect(room.url) as line:
        assert (await line.receive(10)).type is WSMsgType.BINARY


async def test_of_two_pages_the_newer_one_is_shown(room: Room) -> None:
    async with aiohttp.ClientSession() as http, http.ws_connect(room.url) as older:
        assert (await older.receive(10)).type is WSMsgType.BINARY
        async with http.ws_connect(room.url) as newer:
            assert (await newer.receive(10)).type is WSMsgType.BINARY
            while (told := await older.receive(10)).type is WSMsgType.BINARY:
                pass
            assert told.type is WSMsgType.CLOSE
