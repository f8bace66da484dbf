"""Two lectures at once: each has its row on the wall, with who is on air and why, its floor and its own figures."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.async_api import Browser, Locator, Page, expect

from demo.lecture import lecture_file
from demo.stage import School, Stage
from tests.doubles.browsers import chromium, drawn, picture
from tests.doubles.grounds import PHONE, WIDE, in_both_grounds
from tests.doubles.linked_province import sites_csv
from tests.doubles.small_day import live_session, small_day
from tests.doubles.wall_guest import wall_of_a_guest

UP_MS = 60_000
TOPICS = ("Đổi mới kiểm tra, đánh giá ở trường trung học cơ sở", "Chuyển đổi số trong dạy học")
UNREADABLE = """
least => [...document.querySelectorAll(".session .air, .session .air-why, .session h2, .session .pair > div > .num")]
  .filter(each => {
    const inside = each.closest(".session").getBoundingClientRect().right;
    const cut = each.scrollWidth > each.clientWidth + 1 || each.getBoundingClientRect().right > inside;
    return cut || parseFloat(getComputedStyle(each).fontSize) < least;
  })
  .map(each => each.textContent)
"""
"""Words that are cut, or smaller than `least` px."""
FROM_AFAR_PX = 21
"""Read three metres from a screen of 55 inches: letters as high as 9 mm, ten minutes of arc."""


class Day(msgspec.Struct):
    """Two rooms, each in a lecture of its own, and somebody who looks at the wall."""

    stage: Stage
    browser: Browser
    sessions: list[str]
    wall: Page

    def row(self, which: int) -> Locator:
        """The strip of the first or the second lecture."""
        return self.wall.locator(f'.session[data-session="{self.sessions[which]}"]')

    async def send(self, which: int, seat: str) -> None:
        """A lecture from a seat of a session, from a process of its own."""
        ticket = await self.stage.admin.get(f"/api/v1/sessions/{self.sessions[which]}/publish?seat={seat}")
        file = lecture_file(self.stage.folder)
        arguments = ["demo.publisher", "--url", ticket["whip_url"], "--file", str(file)]
        await self.stage.children.add(f"{seat}-{which}", arguments, DIEMCAU_PUBLISH_TOKEN=ticket["token"])

    async def order(self, which: int, order: str) -> None:
        await self.stage.admin.post(f"/api/v1/sessions/{self.sessions[which]}/air", {"order": order})


@asynccontextmanager
async def two_lectures(folder: Path) -> AsyncIterator[Day]:
    """Both live, without a lecturer yet."""
    async with small_day(folder, sites=2, candidates=0) as stage, chromium() as browser:
        live = [await live_session(stage, topic, [stage.schools[n]]) for n, topic in enumerate(TOPICS)]
        async with wall_of_a_guest(browser, stage.admin, stage.url) as wall:
            yield Day(stage, browser, [each["id"] for each in live], wall)


async def raise_hand(stage: Stage, school: School) -> None:
    """At the room's own computer."""
    path = school.screen_url.removesuffix("/screen") + "/local/floor/hand"
    origin = {"Origin": school.screen_url.removesuffix("/screen")}
    async with stage.admin.http.post(path, json={"up": True}, headers=origin) as reply:
        reply.raise_for_status()


@pytest.mark.timeout(300)
async def test_each_of_several_lectures_has_its_row_with_who_is_on_air_and_why(tmp_path: Path) -> None:
    async with two_lectures(tmp_path) as day:
        await each_has_its_own_seat_and_reason(day)
        await what_happens_in_one_is_told_in_its_row_alone(day)
        await rows_are_read_from_afar_and_on_a_telephone(day)
        await of_more_than_three_the_others_are_counted_and_trouble_stays_in_sight(day)


async def each_has_its_own_seat_and_reason(day: Day) -> None:
    first, second = day.row(0), day.row(1)
    await expect(first.locator("h2")).to_have_text(TOPICS[0], timeout=UP_MS)
    await expect(second.locator("h2")).to_have_text(TOPICS[1])
    for each in (first, second):
        await expect(each.locator(".air")).to_contain_text("CHỜ GIẢNG VIÊN", timeout=UP_MS)
        await expect(each.locator(".air-why")).to_have_text("giảng viên không gửi hình")
    await day.send(0, "lecturer")
    await expect(first.locator(".air")).to_have_text("ĐANG PHÁT", timeout=UP_MS)
    await expect(first.locator(".air-why")).to_have_text("Giảng viên · như thường lệ", timeout=UP_MS)
    await expect(second.locator(".air")).to_contain_text("CHỜ GIẢNG VIÊN")
    await day.send(1, "standby")
    await day.order(1, "arm")
    await expect(second.locator(".air")).to_contain_text("Dự phòng đang lên sóng", timeout=UP_MS)
    await expect(second.locator(".air-why")).to_have_text("giảng viên không gửi hình")
    for each in (first, second):
        await expect(each.locator(".pair .num").first).to_have_text("1/1", timeout=UP_MS)


async def what_happens_in_one_is_told_in_its_row_alone(day: Day) -> None:
    first, second = day.row(0), day.row(1)
    await raise_hand(day.stage, day.stage.schools[1])
    await expect(second.locator(".floor-line")).to_contain_text("1 giơ tay", timeout=UP_MS)
    await expect(first.locator(".floor-line")).to_contain_text("0 giơ tay")
    for each, session in zip((first, second), day.sessions, strict=True):
        await expect(each.locator(".floor-line")).to_have_attribute("href", f"/floor/{session}")
    await day.order(1, "standby")
    await expect(second.locator(".air-why")).to_have_text("theo lệnh", timeout=UP_MS)
    await day.order(1, "slate")
    await expect(second.locator(".air")).to_contain_text("Màn chờ theo lệnh", timeout=UP_MS)
    await expect(first.locator(".air")).to_have_text("ĐANG PHÁT", timeout=UP_MS)
    await expect(day.wall.locator(".happenings")).to_contain_text(
        re.compile(rf"cho Màn chờ lên sóng: “{TOPICS[1]}”"), timeout=UP_MS
    )
    await expect(day.wall.locator(".happenings")).to_contain_text(
        f"Dự phòng lên sóng (giảng viên không gửi hình): “{TOPICS[1]}”"
    )
    await day.order(1, "standby")
    await expect(second.locator(".air")).to_contain_text("Dự phòng đang lên sóng", timeout=UP_MS)


async def rows_are_read_from_afar_and_on_a_telephone(day: Day) -> None:
    await picture(day.wall, "wall-two-lectures")
    for size, least in ((WIDE, FROM_AFAR_PX), (PHONE, 0)):
        await day.wall.set_viewport_size(size)
        await drawn(day.wall)
        assert await day.wall.evaluate(UNREADABLE, least) == []
    assert await in_both_grounds(day.wall, "wall-two-lectures") == []
    await day.wall.set_viewport_size(WIDE)


async def of_more_than_three_the_others_are_counted_and_trouble_stays_in_sight(day: Day) -> None:
    await day.stage.admin.upload("/api/v1/sites/import?filename=them.csv", sites_csv({"Huyện Sông Mã": 3}))
    taken = {school.id for school in day.stage.schools}
    free: list[dict[str, Any]] = [
        each for each in await day.stage.admin.get("/api/v1/sites") if each["id"] not in taken
    ]
    for number, site in enumerate(free, 1):
        await live_of(day.stage, f"Chuyên đề {number}", site["id"])
    await expect(day.wall.locator(".session")).to_have_count(3, timeout=UP_MS)
    await expect(day.wall.locator(".more-sessions")).to_contain_text("và 2 buổi nữa", timeout=UP_MS)
    # Those that wait for their lecturer are in trouble; the one where all is well gives way.
    await expect(day.row(0)).to_have_count(0)
    for size in (WIDE, PHONE):
        await day.wall.set_viewport_size(size)
        await drawn(day.wall)
        await picture(day.wall, f"wall-five-lectures-{size['width']}")
        assert await day.wall.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


async def live_of(stage: Stage, topic: str, site: str) -> None:
    """A session of a site without a computer."""
    now_ms = (await stage.admin.get("/api/v1/sessions"))[0]["now_ms"]
    plan = {"topic": topic, "starts_ms": now_ms, "ends_ms": now_ms + 3_600_000, "sites": [site]}
    session = await stage.admin.post("/api/v1/sessions", plan)
    await stage.admin.post(f"/api/v1/sessions/{session['id']}/orders", {"order": "go_live"})
