"""Low-rate pictures of rooms over real HTTP: for whoever looks, under the room's rule, on record once a look."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest

from orchestrator.access.model import Role
from orchestrator.links.events import SiteLinked
from orchestrator.wall.looks import LOOK_NS
from orchestrator.wall.picture_routes import POLICY, routes
from orchestrator.wall.pictures import Pictures
from tests.doubles.centre import Centre, Page, running_centre
from tests.doubles.eventually import eventually
from tests.doubles.pictures import jpeg
from wire.ids import EnrolmentId, PicturePolicy, SiteId
from wire.rooms import Thumbnail, ThumbnailOrder

A, B = SiteId("site-a"), SiteId("site-b")
LOOK = "look-0001"
JPEG = jpeg("grey", (56, 31))


@dataclass
class Rooms:
    """Two linked rooms: what they were asked, and the rule that each was told."""

    asked: list[tuple[SiteId, ThumbnailOrder]] = field(default_factory=list)
    rules: dict[SiteId, PicturePolicy] = field(default_factory=lambda: {A: PicturePolicy.BLURRED})
    pictures: Pictures | None = None

    def send(self, site: SiteId, order: ThumbnailOrder) -> bool:
        self.asked.append((site, order))
        return True

    def linked(self) -> frozenset[SiteId]:
        return frozenset({A, B})

    def rule(self, site: SiteId) -> PicturePolicy:
        return self.rules.get(site, PicturePolicy.COUNT_ONLY)

    async def show(self, site: SiteId, policy: PicturePolicy = PicturePolicy.BLURRED, jpeg: bytes = JPEG) -> None:
        """The room sends a picture."""
        assert self.pictures is not None
        thumbnail = Thumbnail(at_ns=5 * 10**9, width=320, height=180, policy=policy, jpeg=jpeg)
        await self.pictures.on_thumbnail(site, EnrolmentId("enrolment-1"), thumbnail)


@pytest.fixture
async def rooms() -> Rooms:
    return Rooms()


@pytest.fixture
async def centre(tmp_path: Path, rooms: Rooms) -> AsyncIterator[Centre]:
    served = Lazily()
    async with running_centre(tmp_path, routes(served)) as running, asyncio.TaskGroup() as tasks:  # type: ignore[arg-type]
        rooms.pictures = served.pictures = Pictures(
            running.database, running.clock, running.bus, running.audit, rooms.send, rooms.linked, rooms.rule
        )
        life = tasks.create_task(served.pictures.run())
        for role in (Role.OPERATOR, Role.VIEWER):
            await running.person(role)
        yield running
        life.cancel()


class Lazily:
    """Pictures that are made after the routes that need them."""

    pictures: Pictures

    def __getattr__(self, name: str) -> object:
        return getattr(self.pictures, name)


async def look(page: Page, *sites: SiteId, key: str = LOOK) -> list[dict[str, object]]:
    status, told = await page.call("POST", "/api/v1/wall/look", {"look": key, "sites": list(sites)})
    assert status == 200, told
    return list(told)


async def deeds(centre: Centre) -> list[str]:
    rows = await centre.database.read(lambda conn: centre.audit.newest(conn, 50))
    return [row.detail for row in rows if row.action == "rooms.looked_at"]


async def test_a_look_asks_the_room_and_shows_what_it_sends(centre: Centre, rooms: Rooms) -> None:
    async with centre.page("operator") as page:
        (told,) = await look(page, A)
        assert (told["tag"], told["why"]) == ("", "awaited")
        await eventually(lambda: [site for site, _ in rooms.asked] == [A])
        await rooms.show(A)
        (told,) = await look(page, A)
        assert (told["policy"], told["at_ms"]) == ("blurred", 5000)
        url = f"{centre.base}/api/v1/wall/pictures/{A}?look={LOOK}"
        async with page.http.get(url) as reply:
            assert (reply.status, await reply.read(), reply.content_type) == (200, JPEG, "image/jpeg")
            assert (reply.headers["Cache-Control"], reply.headers[POLICY]) == ("no-store", "blurred")
            etag = reply.headers["ETag"]
        assert etag == f'"{told["tag"]}"'
        async with page.http.get(url, headers={"If-None-Match": etag}) as reply:
            assert (reply.status, await reply.read()) == (304, b"")


async def test_each_look_is_on_record_once_with_its_rooms(centre: Centre) -> None:
    async with centre.page("operator") as page:
        for sites in ([A], [A], [A, B], [B]):
            await look(page, *sites)
        assert [msgspec.json.decode(each)["sites"] for each in await deeds(centre)] == [[B], [A]]
        centre.clock.advance(LOOK_NS / 1e9)
        await look(page, A)
        assert len(await deeds(centre)) == 3


async def test_a_room_that_only_counts_is_not_asked_and_says_why(centre: Centre, rooms: Rooms) -> None:
    async with centre.page("operator") as page:
        told = await look(page, A, B)
        assert [each["why"] for each in told] == ["awaited", "count_only"]
        await eventually(lambda: [site for site, _ in rooms.asked] == [A])
        await rooms.show(B, PicturePolicy.FULL)
        assert (await page.call("GET", f"/api/v1/wall/pictures/{B}?look={LOOK}"))[0] == 404


async def test_a_stricter_rule_takes_the_picture_away(centre: Centre, rooms: Rooms) -> None:
    rooms.rules[A] = PicturePolicy.FULL
    async with centre.page("operator") as page:
        await look(page, A)
        await eventually(lambda: bool(rooms.asked))
        await rooms.show(A, PicturePolicy.FULL)
        assert (await look(page, A))[0]["policy"] == "full"
        rooms.rules[A] = PicturePolicy.BLURRED
        assert (await look(page, A))[0]["why"] == "awaited"
        assert (await page.call("GET", f"/api/v1/wall/pictures/{A}?look={LOOK}"))[0] == 404


async def test_a_picture_that_calls_itself_blurred_and_is_not_is_shown_to_nobody(centre: Centre, rooms: Rooms) -> None:
    async with centre.page("operator") as page:
        await look(page, A)
        await eventually(lambda: bool(rooms.asked))
        for whole in (jpeg("grey", (57, 31)), jpeg("grey", (320, 180)), JPEG + bytes(20_000), b"no picture"):
            await rooms.show(A, jpeg=whole)
            assert (await look(page, A))[0]["why"] == "awaited"


async def test_nobody_sees_a_picture_without_a_look_of_their_own(centre: Centre, rooms: Rooms) -> None:
    async with centre.page("operator") as page, centre.page("viewer") as viewer:
        await look(page, A)
        await eventually(lambda: bool(rooms.asked))
        await rooms.show(A)
        assert (await page.call("GET", f"/api/v1/wall/pictures/{A}?look=another-look"))[0] == 404
        assert (await viewer.call("GET", f"/api/v1/wall/pictures/{A}?look={LOOK}"))[0] == 403
        assert (await viewer.call("POST", "/api/v1/wall/look", {"look": LOOK, "sites": [A]}))[0] == 403
        await look(page)
        assert (await page.call("GET", f"/api/v1/wall/pictures/{A}?look={LOOK}"))[0] == 404


async def test_a_room_that_comes_back_is_asked_again(centre: Centre, rooms: Rooms) -> None:
    async with centre.page("operator") as page:
        await look(page, A)
        await eventually(lambda: len(rooms.asked) == 1)
        await centre.bus.publish(SiteLinked(site=A, enrolment=EnrolmentId("enrolment-1"), resumed=False))
        await eventually(lambda: len(rooms.asked) == 2)


async def test_a_look_names_at_most_so_many_rooms(centre: Centre) -> None:
    async with centre.page("operator") as page:
        many = [f"site-{at}" for at in range(201)]
        assert (await page.call("POST", "/api/v1/wall/look", {"look": LOOK, "sites": many}))[0] == 400
