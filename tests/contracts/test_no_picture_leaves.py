"""What leaves a room, looked for in the bytes themselves: on the wire, in the outbox, in every file of the agent."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import cv2
import numpy as np
import pytest

from demo.room import write_room
from orchestrator.storage.engine import Connection
from site_agent.camera.frames import Frame, read_picture
from site_agent.camera.privacy import MOST_FACE_PX
from tests.doubles.eventually import eventually
from tests.doubles.link_centre import LinkCentre, link_centre
from tests.doubles.tapped_line import Tap, tapped
from tests.doubles.whole_agent import whole_agent
from wire.evidence import evidence_digest, verify_evidence
from wire.ids import EnrolmentId, PicturePolicy, RollCallId, SessionId, SiteId
from wire.messages import RollCallCount, RollCallOrder
from wire.rooms import RoomRules, Thumbnail, ThumbnailOrder

COUNT_ONLY, BLURRED, FULL = PicturePolicy.COUNT_ONLY, PicturePolicy.BLURRED, PicturePolicy.FULL
PEOPLE = 9
WIDEST_FACE_SHARE = 68 / 1280
JPEG, PNG, WEBP = b"\xff\xd8\xff\xe0\x00\x10JFIF", b"\x89PNG\r\n", b"WEBP"


class Watching:
    """A centre, the line to it with every byte kept, and one agent before a room that is not marked as drawn."""

    def __init__(self, centre: LinkCentre, tap: Tap, home: Path, room: Path) -> None:
        self.centre = centre
        self.tap = tap
        self.home = home
        self.room = room
        self.identity = centre.enrol(tap.url)
        self.counts: list[RollCallCount] = []
        self.thumbnails: list[Thumbnail] = []
        centre.intake.on_record(RollCallCount, self._counted)
        centre.links.on(Thumbnail, self._seen)

    def say(self, message: RoomRules | RollCallOrder | ThumbnailOrder) -> None:
        assert self.centre.links.send(self.identity.site, message)

    def roll_call(self, name: str, policy: PicturePolicy) -> None:
        at_ns = time.time_ns()
        self.say(
            RollCallOrder(
                roll_call=RollCallId(name),
                session=SessionId("s"),
                nonce=secrets.token_bytes(16),
                at_ns=at_ns,
                frames=3,
                span_ms=200,
                policy=policy,
            )
        )

    def look(self) -> None:
        """Somebody at the centre wants thumbnails."""
        self.say(ThumbnailOrder(every_ms=1_000, width=640, until_ns=time.time_ns() + 60 * 10**9))

    def _counted(
        self, _conn: Connection, _site: SiteId, _enrolment: EnrolmentId, _sequence: int, record: RollCallCount
    ) -> None:
        self.counts.append(record)

    async def _seen(self, _site: SiteId, _enrolment: EnrolmentId, thumbnail: Thumbnail) -> None:
        self.thumbnails.append(thumbnail)

    def everything(self) -> bytes:
        """All bytes that crossed the line, and all that the agent has written."""
        files = (path.read_bytes() for path in sorted(self.home.rglob("*")) if path.is_file())
        return self.tap.plain() + b"\n".join(files)

    def shows(self) -> list[str]:
        """What of a picture is in those bytes: an image file, or rows of the picture as the camera gave it."""
        kept = self.everything()
        found = [name for name, mark in (("jpeg", JPEG), ("png", PNG), ("webp", WEBP)) if mark in kept]
        return found + ["pixels" for row in rows_of(self.room) if row in kept]


def rows_of(room: Path) -> Iterator[bytes]:
    """Stretches of raw pixels through the faces of every frame, in colour and in grey."""
    for path in sorted(room.glob("*.jpg")):
        frame = read_picture(path)
        for y in range(100, 700, 40):
            yield frame[y, 400:432].tobytes()
            yield np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY))[y, 400:464].tobytes()


@asynccontextmanager
async def watching(folder: Path) -> AsyncIterator[Watching]:
    room = folder / "room"
    write_room(room, PEOPLE, frames=6)
    (room / "drawn.json").unlink()
    async with link_centre(folder) as centre, tapped(("127.0.0.1", centre.port)) as tap:
        watched = Watching(centre, tap, folder / "home", room)
        async with whole_agent(watched.identity, watched.home, camera=str(room)):
            await eventually(lambda: watched.identity.site in centre.links.linked(), 40)
            yield watched


async def counted(watched: Watching, number: int) -> RollCallCount:
    await eventually(lambda: len(watched.counts) >= number, 60)
    return watched.counts[number - 1]


def decoded(jpeg: bytes) -> Frame:
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture, dtype=np.uint8)


async def test_under_count_only_no_byte_of_a_picture_leaves_or_is_written_down(tmp_path: Path) -> None:
    async with watching(tmp_path) as watched:
        # Before any rule, then under the strictest one; the orders ask for everything each time.
        watched.roll_call("roll-1", FULL)
        watched.look()
        assert (await counted(watched, 1)).count == PEOPLE
        watched.say(RoomRules(policy=COUNT_ONLY, keep_days=0, seen_by="Ban tổ chức"))
        watched.roll_call("roll-2", FULL)
        watched.look()
        assert (await counted(watched, 2)).count == PEOPLE
        await asyncio.sleep(1.2)  # one more thumbnail would be due
        assert [record.picture for record in watched.counts] == [None, None]
        assert watched.thumbnails == []
        assert watched.shows() == []
        # The search is no dummy: once the rule lets a picture out, it finds it.
        watched.say(RoomRules(policy=FULL, keep_days=7, seen_by="Ban tổ chức"))
        watched.look()
        await eventually(lambda: len(watched.thumbnails) >= 1, 40)
        assert "jpeg" in watched.shows()


@pytest.mark.parametrize(("rule", "asked"), [(BLURRED, FULL), (FULL, BLURRED)])
async def test_a_blurred_picture_shows_no_face_and_is_the_one_that_was_signed(
    tmp_path: Path, rule: PicturePolicy, asked: PicturePolicy
) -> None:
    async with watching(tmp_path) as watched:
        watched.say(RoomRules(policy=rule, keep_days=7, seen_by="Ban tổ chức"))
        watched.roll_call("roll-1", asked)
        record = await counted(watched, 1)
        assert record.count == PEOPLE
        assert record.picture is not None
        small = decoded(record.picture)
        assert WIDEST_FACE_SHARE * small.shape[1] <= MOST_FACE_PX
        public = watched.identity.signer().public_key().public_bytes_raw()
        evidence = verify_evidence(public, record.evidence, record.signature)
        assert evidence.picture == evidence_digest(record.picture)
        assert f"picture=blurred:{small.shape[1]}x{small.shape[0]}" in evidence.settings
        if rule is BLURRED:
            watched.look()
            await eventually(lambda: len(watched.thumbnails) >= 1, 40)
            thumbnail = watched.thumbnails[0]
            assert thumbnail.policy is BLURRED
            assert WIDEST_FACE_SHARE * decoded(thumbnail.jpeg).shape[1] <= MOST_FACE_PX
        assert "pixels" not in watched.shows()


async def test_a_full_picture_leaves_when_both_the_room_and_the_order_say_so(tmp_path: Path) -> None:
    async with watching(tmp_path) as watched:
        watched.say(RoomRules(policy=FULL, keep_days=7, seen_by="Ban tổ chức"))
        watched.roll_call("roll-1", FULL)
        watched.roll_call("roll-2", COUNT_ONLY)
        first, second = await counted(watched, 1), await counted(watched, 2)
        assert first.picture is not None
        assert decoded(first.picture).shape == (720, 1280, 3)
        assert second.picture is None
