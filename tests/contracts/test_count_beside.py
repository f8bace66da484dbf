"""What stands beside a count, all the way: from the room's camera over the line to the centre's page and its sheets."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp import web
from openpyxl import load_workbook

from orchestrator.attendance.model import Burst as Ordered
from orchestrator.attendance.model import RollCall
from orchestrator.attendance.numbers.routes import NumberPages
from orchestrator.attendance.numbers.routes import routes as number_routes
from orchestrator.attendance.routes import RollCallPages
from orchestrator.attendance.routes import routes as roll_call_routes
from orchestrator.attendance.verify.service import verification
from orchestrator.sessions.model import Session
from orchestrator.web.kit import Identity, Route
from orchestrator.web.server import application, listening_socket, serving
from site_agent.camera.boxes import Box
from site_agent.camera.counter import RoomCounter
from site_agent.camera.evidence import EvidenceChain
from site_agent.camera.eyes import LookingThread
from site_agent.camera.frames import Frame
from site_agent.camera.owner import Burst, BurstClock
from site_agent.camera.room import Room
from site_agent.camera.still import StillPlaces
from tests.contracts.test_attendance_numbers import OPERATOR, A, B, Hall, hall_in
from tests.doubles.camera import SleptClock
from tests.unit.site_agent.camera.test_still import PERSON, PORTRAIT, burst
from wire.codec import decode_record, encode_record
from wire.messages import RollCallCount

FRAMES = 8
BESIDE = (
    "Camera đếm", "Từng hình, ít nhất", "Từng hình, nhiều nhất", "Chất lượng (%)", "Chỗ không cử động",
    "Tỉ lệ đếm tay", "Khoảng, theo đếm tay",
)  # fmt: skip


class Operators:
    """Everybody who asks is the operator."""

    async def admit(self, request: web.Request, route: Route) -> Identity | None:
        return OPERATOR


class Wall:
    """A camera before a wall with a portrait and one person who sways; each burst is another one."""

    def __init__(self) -> None:
        self._seeds: Iterator[int] = iter(range(1, 9))

    async def burst(self, at_ns: int, frames: int, span_ms: int, clock: BurstClock) -> Burst:
        return Burst(burst(next(self._seeds), frames=FRAMES), at_ns, at_ns + span_ms * 1_000_000, is_drawn=False)


class Faces:
    """Sees the portrait in every frame, and the person in all but the first of each burst."""

    def __init__(self) -> None:
        self._seen = 0

    def detect(self, frame: Frame) -> list[Box]:
        self._seen += 1
        return [PORTRAIT] if self._seen % FRAMES == 1 else [PORTRAIT, PERSON]


class Asked:
    """The centre's pages of attendance over real HTTP."""

    def __init__(self, hall: Hall, base: str, http: aiohttp.ClientSession) -> None:
        self.hall = hall
        self._base = base
        self._http = http

    async def room(self, call: RollCall) -> dict[str, Any]:
        """What the page of four numbers is told of site A."""
        told = msgspec.json.decode(await self._get(f"roll-calls/{call.id}/numbers"))
        return next(room for room in told["rooms"] if room["site"] == A)

    async def roll(self, session: Session, call: RollCall) -> dict[str, Any]:
        """What the session's page is told of a roll call."""
        calls: list[dict[str, Any]] = msgspec.json.decode(await self._get(f"sessions/{session.id}/roll-calls"))
        (found,) = [each for each in calls if each["id"] == call.id]
        return found

    async def line(self, session: Session, call: RollCall) -> dict[str, Any]:
        """And of site A in it."""
        rooms: list[dict[str, Any]] = (await self.roll(session, call))["sites"]
        return next(room for room in rooms if room["site"] == A)

    async def cells(self, call: RollCall, headings_asked: Sequence[str] = BESIDE) -> list[Any]:
        """The cells of site A in the roll call's workbook, under these headings."""
        book = load_workbook(io.BytesIO(await self._get(f"roll-calls/{call.id}/numbers.xlsx")))
        headings, *rows = book.worksheets[0].iter_rows(values_only=True)
        row = next(dict(zip(headings, row, strict=True)) for row in rows if row[0] == A.upper())
        return [row[heading] for heading in headings_asked]

    async def csv(self, call: RollCall) -> str:
        return (await self._get(f"roll-calls/{call.id}/numbers.csv")).decode("utf-8-sig")

    async def _get(self, path: str) -> bytes:
        async with self._http.get(f"{self._base}/api/v1/{path}") as reply:
            assert reply.status == 200, await reply.text()
            return await reply.read()


@asynccontextmanager
async def asked(folder: Path) -> AsyncIterator[Asked]:
    async with hall_in(folder) as hall, aiohttp.ClientSession() as http:
        pages = RollCallPages(hall.attendance, hall.conductor.sites_for, lambda site: (site.upper(), 30))
        numbers = NumberPages(hall.numbers, hall.conductor.sites_for)
        app = application([*roll_call_routes(pages), *number_routes(numbers)], Operators())
        bound = listening_socket("127.0.0.1", 0)
        async with serving(app, bound):
            yield Asked(hall, f"http://127.0.0.1:{bound.getsockname()[1]}", http)


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Asked]:
    async with asked(tmp_path) as centre:
        yield centre


def as_older_agents_send(record: RollCallCount) -> RollCallCount:
    """The record without what was added to it later, over the line."""
    fields = msgspec.msgpack.decode(encode_record(record))
    del fields["still"]
    read = decode_record(msgspec.msgpack.encode(fields))
    assert isinstance(read, RollCallCount)
    return read


async def test_quality_span_portraits_and_the_count_by_hand_reach_page_and_sheet(centre: Asked, tmp_path: Path) -> None:
    hall = centre.hall
    session, first = await hall.roll()
    second = await hall.attendance.order(OPERATOR, session.id, frozenset({A}), Ordered(1000))
    chain = EvidenceChain(tmp_path / "chain", A, hall.sworn[A].key)
    faces = Faces()
    async with LookingThread(load=lambda: faces, load_near=lambda: faces) as looking:
        counter = RoomCounter(
            Wall(), SleptClock(), looking, room=lambda: Room(hand_ratio=1.75), still=StillPlaces(tmp_path / "still")
        )
        for call in (first, second):
            order = msgspec.structs.replace(hall.order_of(call), frames=FRAMES)
            record = chain.seal(order, await counter.count(order))
            chain.advance(record)
            sent = decode_record(encode_record(record))
            assert isinstance(sent, RollCallCount)
            await hall.take(A, sent)
    room = await centre.room(second)
    assert [room[name] for name in ("camera", "minimum", "maximum", "verified")] == [2, 1, 2, True]
    assert [room[name] for name in ("quality", "still", "hand_ratio", "about")] == [0.938, 1, 1.75, 4]
    assert (await centre.room(first))["still"] == 0
    line = await centre.line(session, second)
    assert [line[name] for name in ("quality", "still", "hand_ratio", "about")] == [0.938, 1, 1.75, 4]
    assert await centre.cells(second) == [2, 1, 2, 94, 1, 1.75, 4]
    csv = await centre.csv(second)
    assert ',2,1,2,94,1,"1,75",4,' in csv
    assert (await hall.database.read(lambda conn: verification(conn, hall.audit))).held


async def test_a_count_of_an_older_agent_stands_without_what_it_does_not_say(centre: Asked) -> None:
    hall = centre.hall
    session, call = await hall.roll()
    await hall.take(A, as_older_agents_send(hall.sworn[A].count(hall.order_of(call), 20)))
    room = await centre.room(call)
    assert [room[name] for name in ("camera", "quality", "verified", "number")] == [20, 0.9, True, 20]
    assert [room[name] for name in ("still", "hand_ratio", "about")] == [None, None, None]
    assert await centre.cells(call) == [20, 19, 21, 90, None, None, None]
    assert (await centre.line(session, call))["still"] is None
    assert (await hall.database.read(lambda conn: verification(conn, hall.audit))).held


async def test_what_the_site_did_not_sign_does_not_stand_beside_a_count(centre: Asked) -> None:
    hall = centre.hall
    _session, call = await hall.roll()
    record = hall.sworn[A].count(hall.order_of(call), 20, settings="yunet hand=1.25 still=3 picture=none")
    made_up = record.evidence.replace(b"still=3", b"still=0")
    assert made_up != record.evidence
    await hall.take(A, msgspec.structs.replace(record, evidence=made_up))
    room = await centre.room(call)
    assert [room[name] for name in ("verified", "still", "hand_ratio", "about")] == [False, None, None, None]
    await hall.take(A, record)
    room = await centre.room(call)
    assert [room[name] for name in ("verified", "still", "hand_ratio", "about")] == [True, 3, 1.25, 25]


async def test_nothing_stands_beside_a_count_that_is_none(centre: Asked) -> None:
    hall = centre.hall
    session, call = await hall.roll()
    dark = hall.sworn[A].count(hall.order_of(call), None, settings="yunet hand=1.25 still=0 picture=none")
    await hall.take(A, dark)
    room = await centre.room(call)
    assert [room[name] for name in ("camera", "reason", "hand_ratio", "about")] == [None, "dark", None, None]
    assert await centre.cells(call) == [None] * len(BESIDE)
    assert (await centre.line(session, call))["about"] is None
    assert B.upper() in await centre.csv(call)
