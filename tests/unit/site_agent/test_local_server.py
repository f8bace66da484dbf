from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest
from yarl import URL

from site_agent.declaring import DeclaredNumber, NotDeclared
from site_agent.exam.invigilation.pin_door import PinRefused
from site_agent.lecture.figures import Reading
from site_agent.lecture.port import Lecture
from site_agent.link.outbox import OutboxRefused
from site_agent.local_server import LocalServer
from site_agent.state import Contact, DeclaredView, ExamView, SiteName, SiteState, SiteView
from tests.doubles.eventually import eventually
from wire.floor import Voice
from wire.ids import SessionId, SiteId
from wire.messages import ScreenHealth

FIGURES = {
    "type": "figures",
    "state": "playing",
    "frames_decoded": 30,
    "fps": 15.0,
    "width": 1280,
    "height": 720,
    "audio_dbfs": -20.5,
    "packets_lost": 0,
    "jitter_ms": 1.0,
}


@dataclass
class Room:
    """A running server and what it was told."""

    state: SiteState
    server: LocalServer
    http: aiohttp.ClientSession
    readings: list[Reading] = field(default_factory=list)
    declared: list[int] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)

    @property
    def origin(self) -> dict[str, str]:
        return {"Origin": self.server.url}


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    (tmp_path / "assets").mkdir()
    (tmp_path / "screen.html").write_text("<title>man hinh</title>")
    (tmp_path / "assets" / "a.js").write_text("1")
    (tmp_path / "secret.txt").write_text("no")
    view = SiteView(site=SiteName(SiteId("site-a"), "T001", "Kim Đồng"), contact=Contact("1900 0000"))
    readings: list[Reading] = []
    declared: list[int] = []
    faults: list[Exception] = []

    async def declare(said: DeclaredNumber) -> DeclaredView:
        for fault in faults:
            raise fault
        declared.append(said.number)
        return DeclaredView(said.number, 1234, said.who, said.listed)

    state = SiteState(view)
    server = LocalServer(
        state,
        now_ms=lambda: 777,
        health=ScreenHealth,
        on_figures=readings.append,
        declare=declare,
        centre_url="https://centre.example:8443/path",
        port=0,
        pages=tmp_path,
    )
    await server.start()
    async with aiohttp.ClientSession() as http:
        yield Room(state, server, http, readings, declared, faults)
    await server.stop()


async def test_the_screen_page_may_reach_this_computer_and_the_centre_only(room: Room) -> None:
    async with room.http.get(f"{room.server.url}/screen") as page:
        assert page.status == 200
        policy = page.headers["Content-Security-Policy"]
    host = room.server.url.removeprefix("http://")
    assert f"connect-src 'self' ws://{host} https://centre.example:8443;" in policy
    assert "default-src 'none'" in policy


async def test_a_room_can_be_heard_while_its_screen_page_reports_and_knows_a_microphone(room: Room) -> None:
    assert room.server.voice is Voice.NO_PAGE
    async with room.http.ws_connect(f"{room.server.url}/screen/feed", headers=room.origin) as desk:
        # The desk listens on the same feed, and carries no voice.
        await desk.receive_str()
        assert room.server.voice is Voice.NO_PAGE
        async with room.http.ws_connect(f"{room.server.url}/screen/feed", headers=room.origin) as page:
            await page.send_json(FIGURES)
            await eventually(lambda: room.server.voice is Voice.READY)
            await page.send_json({**FIGURES, "microphone": False})
            await eventually(lambda: room.server.voice is Voice.NO_MICROPHONE)
        await eventually(lambda: room.server.voice is Voice.NO_PAGE)


async def test_the_page_may_ask_wherever_the_lecture_is(room: Room) -> None:
    room.state.put(lecture=Lecture(SessionId("s"), "s-lecture", "http://10.0.0.5:8080/whep/s", "t", "Bài", "Cô"))
    async with room.http.get(f"{room.server.url}/screen") as page:
        assert "http://10.0.0.5:8080" in page.headers["Content-Security-Policy"]


async def test_a_name_that_was_pointed_at_this_computer_is_refused(room: Room) -> None:
    async with room.http.get(f"{room.server.url}/local/state", headers={"Host": "evil.example"}) as reply:
        assert reply.status == 403
        assert (await reply.json())["code"] == "wrong_host"


async def test_another_page_can_neither_post_nor_listen(room: Room) -> None:
    for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {}):
        async with room.http.post(f"{room.server.url}/local/declared", json={"number": 3}, headers=headers) as reply:
            assert reply.status == 403
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await room.http.ws_connect(f"{room.server.url}/screen/feed", headers=headers)
    assert room.declared == []


async def test_only_assets_are_served_from_the_folder(room: Room) -> None:
    for path, status in (("/assets/a.js", 200), ("/assets/%2e%2e%2fsecret.txt", 404), ("/assets/none.js", 404)):
        async with room.http.get(URL(room.server.url + path, encoded=True)) as reply:
            assert reply.status == status


async def test_a_declared_number_is_kept_and_told(room: Room) -> None:
    for said in ({"number": 41}, {"number": 41, "listed": 38}):
        kept = {"listed": None} | said | {"at_ms": 1234, "signed_by": ""}
        async with room.http.post(f"{room.server.url}/local/declared", json=said, headers=room.origin) as reply:
            assert await reply.json() == kept
        async with room.http.get(f"{room.server.url}/local/state") as reply:
            assert (await reply.json())["declared"] == kept
    assert room.declared == [41, 41]


@pytest.mark.parametrize(
    "body", ['{"number": -1}', '{"number": 1.5}', '{"number": "4"}', "{}", "[", '{"number": 99999}']
)
async def test_what_is_no_number_of_people_is_refused(room: Room, body: str) -> None:
    headers = {**room.origin, "Content-Type": "application/json"}
    async with room.http.post(f"{room.server.url}/local/declared", data=body, headers=headers) as reply:
        assert reply.status == 400
    assert room.declared == []


async def test_the_feed_tells_the_picture_and_every_change(room: Room) -> None:
    async with room.http.ws_connect(f"{room.server.url}/screen/feed", headers=room.origin) as feed:
        first = await feed.receive_json()
        assert (first["type"], first["now_ms"], first["link"], first["lecture"]) == ("state", 777, "never", None)
        assert first["site"] == {"id": "site-a", "code": "T001", "name": "Kim Đồng"}
        assert first["contact"] == {"hotline": "1900 0000"}
        room.state.put(link="up")
        assert (await feed.receive_json())["link"] == "up"


async def test_figures_of_the_newest_page_count(room: Room) -> None:
    async with (
        room.http.ws_connect(f"{room.server.url}/screen/feed", headers=room.origin) as older,
        room.http.ws_connect(f"{room.server.url}/screen/feed", headers=room.origin) as newer,
    ):
        await newer.send_json({**FIGURES, "frames_decoded": 5})
        await newer.receive_json()
        await eventually(lambda: len(room.readings) == 1)
        await older.send_json({**FIGURES, "frames_decoded": 900})
        await older.ping()
        await newer.send_json({**FIGURES, "frames_decoded": 6})
        await eventually(lambda: len(room.readings) == 2)
    assert [reading.frames_decoded for reading in room.readings] == [5, 6]
    assert room.readings[0] == Reading(5, 1280, 720, -20.5, 0, 1.0)


async def test_a_page_that_talks_nonsense_loses_its_line(room: Room) -> None:
    async with room.http.ws_connect(f"{room.server.url}/screen/feed", headers=room.origin) as feed:
        await feed.receive_json()
        await feed.send_str('{"type":"figures","frames_decoded":-5}')
        closing = await feed.receive()
    assert closing.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
    assert room.readings == []


async def test_the_exam_address_can_be_photographed(room: Room) -> None:
    async with room.http.get(f"{room.server.url}/local/qr.svg") as reply:
        assert reply.status == 404
    room.state.put(exam=ExamView("Kiểm tra", "ready", 0, "http://192.168.1.20:8766/"))
    async with room.http.get(f"{room.server.url}/local/qr.svg") as reply:
        assert reply.content_type == "image/svg+xml"
        assert "<svg" in await reply.text()


async def test_a_number_of_the_list_that_is_none_is_refused_and_nothing_kept(room: Room) -> None:
    for listed in (-1, 10_001, "35/40"):
        told = {"number": 31, "listed": listed}
        async with room.http.post(f"{room.server.url}/local/declared", json=told, headers=room.origin) as reply:
            assert reply.status == 400
    assert room.declared == []


async def test_a_number_that_the_disk_refused_is_said_calmly_and_not_shown_as_kept(room: Room) -> None:
    room.faults.append(OutboxRefused("disk_full", "database or disk is full"))
    async with room.http.post(f"{room.server.url}/local/declared", json={"number": 31}, headers=room.origin) as reply:
        told = await reply.json()
    assert (reply.status, told["code"]) == (503, "disk_full")
    assert "telephone" in told["message"]
    assert room.state.view.declared is None


async def test_a_number_that_may_not_be_signed_keeps_its_sentence(room: Room) -> None:
    signed = {"number": 31, "who": "Cô Hoa", "pin": "000001"}
    for fault, status in ((PinRefused("wrong_pin", 403, "Sai mã PIN"), 403), (NotDeclared("no_word", "Lý do?"), 422)):
        room.faults[:] = [fault]
        async with room.http.post(f"{room.server.url}/local/declared", json=signed, headers=room.origin) as reply:
            assert (reply.status, await reply.json()) == (status, {"code": fault.code, "message": fault.message})
    assert room.state.view.declared is None
