"""Three operators at one alarm of a running centre: one has it, all see who, and no room under it is called twice."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, ViewportSize, expect

from tests.doubles.axe import serious_faults
from tests.doubles.browsers import chromium, picture
from tests.doubles.linked_province import LinkedProvince, linked_province
from tests.doubles.operators import CLICK_AT, NAMES, WIDE, three_operators

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]

FAILS = "Huyện Yên Hà"
DISTRICTS = {FAILS: 8, "Huyện Phú Vân": 6, "Thị xã Bình Lâm": 6}
QUICK = {
    "DIEMCAU_PRESENCE__LATE_S": "1.2",
    "DIEMCAU_PRESENCE__SILENT_S": "2.5",
    "DIEMCAU_PRESENCE__UNKNOWN_S": "5",
}
RULES = {"grace_s": 0, "clear_s": 0.5, "settle_s": 20, "delays": {"away": {"together_s": 1.5, "alone_s": 6}}}
PHONE = ViewportSize(width=390, height=844)
SOON_MS = 20_000
LAN, MINH = NAMES["lan"], NAMES["minh"]


class Room:
    """The operations room while a district's uplink has failed."""

    def __init__(self, province: LinkedProvince, pages: dict[str, Page]) -> None:
        self.province, self.pages = province, pages

    async def alarm(self) -> dict[str, Any]:
        """The one that stands."""
        await self.province.until(lambda: [len(each["sites"]) for each in self.province.alarms] == [8], "one alarm", 30)
        return self.province.alarms[0]

    async def free(self) -> None:
        """Nobody has the alarm, and every wall shows it so, without any dialog."""
        admin, alarm = self.province.admin, await self.alarm()
        path = f"/api/v1/alarms/{alarm['id']}/taken"
        if alarm["taken"]:
            await admin.post(path, {"instead_of": alarm["taken"]["by"]})
            await admin.delete(path)
        for page in self.pages.values():
            await page.goto(f"{self.province.url}/wall")
            await expect(card(page)).to_contain_text("CHƯA AI NHẬN", timeout=SOON_MS)

    async def story(self) -> list[str]:
        """The incident log's lines of who has had the alarm, in order."""
        log = await self.province.admin.get("/api/v1/alarms/log")
        return [line["text"] for line in log["lines"] if line["kind"] == "acknowledged"]


def card(page: Page) -> Locator:
    return page.locator(".alarm-card", has_text=FAILS)


async def open_alarm(page: Page) -> Locator:
    await card(page).click()
    await expect(page.locator(".under li")).to_have_count(8)
    return page.get_by_role("dialog")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def room(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Room]:
    folder: Path = tmp_path_factory.mktemp("province")
    async with (
        linked_province(folder, DISTRICTS, QUICK, heartbeat_s=0.4) as province,
        chromium() as browser,
        AsyncExitStack() as stack,
    ):
        told = await province.admin.get("/api/v1/alarms/rules")
        changed = {"version": told["version"], "rules": {**told["rules"], **RULES}}
        await province.admin.put("/api/v1/alarms/rules", changed)
        pages = await three_operators(stack, browser, province.admin, province.url)
        # Whoever waited for a site when the grace ended would have its own alarm: begin with a quiet wall.
        await province.until(lambda: not province.alarms, "a quiet wall", 20)
        province.lines[FAILS].stall()
        made = Room(province, pages)
        await made.alarm()
        yield made


async def test_of_three_who_take_it_at_the_same_instant_one_has_it_and_the_others_see_who(room: Room) -> None:
    await room.free()
    before = len(await room.story())
    pages = list(room.pages.values())
    for page in pages:
        await open_alarm(page)
    click = {"atMs": await pages[0].evaluate("Date.now() + 3000"), "within": ".taking", "name": "30 phút"}
    await asyncio.gather(*(page.evaluate(CLICK_AT, click) for page in pages))
    await room.province.until(lambda: room.province.alarms[0]["taken"], "somebody who has it", 20)
    holder = room.province.alarms[0]["taken"]
    until = re.compile(rf"{holder['name']} đang xử lý đến \d\d:\d\d")
    for who, page in room.pages.items():
        await expect(card(page)).to_contain_text(until)
        if who == holder["by"]:
            await expect(page.get_by_role("dialog")).to_have_count(0)
            continue
        await expect(page.locator(".alarm-owner")).to_contain_text(until)
        await expect(page.get_by_role("button", name=f"Nhận thay {holder['name']}")).to_be_visible()
        await expect(page.get_by_role("button", name="30 phút")).to_have_count(0)
        await expect(page.get_by_role("button", name="Trả lại")).to_have_count(0)
    assert len(await room.story()) == before + 1


async def test_a_colleague_takes_it_over_by_saying_so_and_the_log_names_from_whom(room: Room) -> None:
    await room.free()
    lan, minh, hoa = (room.pages[who] for who in NAMES)
    await open_alarm(lan)
    await lan.get_by_role("button", name="Đến khi hết").click()
    for page in (lan, minh, hoa):
        await expect(card(page)).to_contain_text(f"{LAN} đang xử lý đến khi hết")
    dialog = await open_alarm(minh)
    await expect(dialog).to_contain_text(f"{LAN} đang xử lý đến khi hết")
    faults = await serious_faults(minh)
    await picture(minh, "operators-alarm-theirs")
    await dialog.get_by_role("button", name=f"Nhận thay {LAN}").click()
    await expect(dialog).to_contain_text(f"Nhận thay {LAN} trong")
    faults += await serious_faults(minh)
    await picture(minh, "operators-alarm-take-over")
    await minh.set_viewport_size(PHONE)
    faults += await serious_faults(minh)
    await picture(minh, "operators-alarm-take-over-phone")
    assert await minh.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    await minh.set_viewport_size(WIDE)
    assert "\n".join(faults) == ""
    await dialog.get_by_role("button", name="30 phút").click()
    for page in (lan, minh, hoa):
        await expect(card(page)).to_contain_text(f"{MINH} đang xử lý đến")
    assert (await room.story())[-1].startswith(f"{MINH} nhận xử lý thay {LAN} đến ")


async def test_a_number_under_an_alarm_claims_the_room_for_whoever_taps_it(room: Room) -> None:
    await room.free()
    # Chromium asks whether another program may be opened for the number, and a page takes no hand's click until that is
    # answered: the tap has a page of its own, whose later clicks are the page's own.
    lan, minh = await room.pages["lan"].context.new_page(), room.pages["minh"]
    await lan.goto(f"{room.province.url}/wall")
    for page in (lan, minh):
        await open_alarm(page)
    mine, theirs = (page.locator(".under li").first for page in (lan, minh))
    await mine.locator("a[href^='tel:']").click()
    await expect(theirs).to_contain_text(f"{LAN} đang gọi")
    await expect(theirs.locator("a[href^='tel:']")).to_have_count(0)
    await expect(minh.locator(".under a[href^='tel:']")).to_have_count(7)
    standing = await room.province.admin.get("/api/v1/duty")
    assert [claim["name"] for claim in standing["claims"]] == [LAN]
    await picture(minh, "operators-alarm-called")
    faults = await serious_faults(minh) + await serious_faults(lan)
    await picture(lan, "operators-alarm-calling")
    await mine.get_by_role("button", name="Bạn đang gọi · ghi kết quả").dispatch_event("click")
    await expect(lan.get_by_role("dialog")).to_have_count(0)
    for name in ("Đã khắc phục", "Ghi: Đã khắc phục"):
        await lan.locator(".panel").get_by_role("button", name=name, exact=True).dispatch_event("click")
    await expect(theirs.locator("a[href^='tel:']")).to_have_count(1)
    await lan.close()
    assert "\n".join(faults) == ""
