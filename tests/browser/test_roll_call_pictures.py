"""An operator goes through the pictures of a real roll call with the keyboard alone, and corrects a number."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from demo.stage import School, Stage
from tests.doubles.browsers import chromium, log_in, page_of, picture, sign_in
from tests.doubles.small_day import live_session, small_day, until_told

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

ROOMS = 4
UP_MS = 60_000
WHY = "Đếm lại trên ảnh, xong: sót hai người sau cột"
NOTE = "Sáng, nhìn rõ; giống số khai báo"
REVIEWED = {"accepted": "Đã xem: đúng", "corrected": "Đã xem: sửa số", "unusable": "Đã xem: không dùng được"}


class Day:
    """A roll call that every room has answered, with pictures as the province's rule reduces them."""

    def __init__(self, stage: Stage, browser: Browser, session: str, call: str, one_time: str) -> None:
        self.stage = stage
        self.browser = browser
        self.session = session
        self.call = call
        self.one_time = one_time

    def at(self, view: str) -> str:
        return f"{self.stage.url}/console#attendance/{self.session}/{view}/{self.call}"

    async def rooms(self) -> dict[str, dict[str, Any]]:
        """The rooms of the roll call by code."""
        told = await self.stage.admin.get(f"/api/v1/roll-calls/{self.call}/numbers")
        return {room["code"]: room for room in told["rooms"]}

    async def reviews(self) -> dict[str, tuple[str, str, str]]:
        """Verdict, note and who, by code."""
        told = await self.stage.admin.get(f"/api/v1/roll-calls/{self.call}/pictures")
        codes = {room["site"]: code for code, room in (await self.rooms()).items()}
        return {codes[each["site"]]: (each["verdict"], each["note"], each["who"]) for each in told["reviews"]}


async def count_by_hand(school: School, people: int) -> None:
    """What an IT teacher does at the site desk: a trial, then the number that they see."""
    here = school.screen_url.removesuffix("/screen")
    async with aiohttp.ClientSession(headers={"Origin": here}) as http:
        for deed, told in (("trial", {}), ("by-hand", {"number": people})):
            async with http.post(f"{here}/local/room/{deed}", json=told) as reply:
                assert reply.status == 200, await reply.text()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def day(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Day]:
    async with small_day(tmp_path_factory.mktemp("day"), sites=ROOMS, candidates=ROOMS) as stage, chromium() as browser:
        wish = {"username": "lan", "name": "Nguyễn Thị Lan", "role": "operator"}
        person = await stage.admin.post("/api/v1/people", wish)
        await count_by_hand(stage.schools[0], 2 * stage.schools[0].people)
        session = await live_session(stage, "Đổi mới sinh hoạt chuyên môn", stage.schools)
        wish_of_call = {"frames": 3, "span_ms": 500}
        call = await stage.admin.post(f"/api/v1/sessions/{session['id']}/roll-calls", wish_of_call)
        day = Day(stage, browser, session["id"], call["id"], person["password"])

        async def answered() -> bool:
            return all(room["picture"] for room in (await day.rooms()).values())

        await until_told(answered, "a picture of every room")
        yield day


async def shows(page: Page, place: int, code: str, judged: int) -> None:
    """This picture of the queue is on the page, whole, and so many have been judged."""
    await expect(page.locator(".through aside")).to_contain_text(f"Ảnh {place}/{ROOMS}")
    await expect(page.locator(".through aside")).to_contain_text(f"Đã xem xong {judged}/{ROOMS}")
    await expect(page.locator(".through h2 + p")).to_contain_text(code)
    image = page.locator(".through img")
    await expect(image).to_be_visible()
    assert await image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


async def test_the_pictures_are_gone_through_by_keys_and_a_correction_keeps_the_first_number(day: Day) -> None:
    before = await day.rooms()
    # No room differs beyond the tolerance: those that differ more stand first, then by code.
    queue = sorted(before, key=lambda code: (-before[code]["difference"], code))
    wrong = queue[1]
    counted = before[wrong]["camera"]
    async with page_of(day.browser) as page:
        await page.goto(day.at("pictures"))
        await sign_in(page, "lan", day.one_time)
        await page.goto(day.at("pictures"))
        await expect(page.locator(".through img")).to_be_visible(timeout=UP_MS)
        await shows(page, 1, queue[0], 0)
        await page.keyboard.press("ArrowRight")
        await shows(page, 2, queue[1], 0)
        await page.keyboard.press("ArrowLeft")
        await shows(page, 1, queue[0], 0)

        await page.keyboard.press("Enter")
        await shows(page, 2, queue[1], 1)

        await page.keyboard.press("s")
        await expect(page.get_by_label("Số người thấy trên ảnh")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(page.locator(".deeds")).to_be_visible()
        await page.keyboard.press("S")
        await expect(page.get_by_label("Số người thấy trên ảnh")).to_be_focused()
        await page.keyboard.press("Control+A")
        await page.keyboard.type(str(counted + 2))
        await page.keyboard.press("Enter")
        await expect(page.get_by_label("Lý do")).to_be_visible()
        assert (await day.rooms())[wrong]["number"] == counted
        await page.keyboard.press("Tab")
        await page.keyboard.type(WHY)
        await picture(page, "roll-call-pictures-correcting")
        await page.keyboard.press("Enter")
        await shows(page, 3, queue[2], 2)

        await page.keyboard.press("g")
        await expect(page.get_by_label("Ghi chú")).to_be_focused()
        await page.keyboard.type(NOTE)
        await page.keyboard.press("Enter")
        await shows(page, 4, queue[3], 3)

        await page.keyboard.press("x")
        await shows(page, 4, queue[3], 4)
        chip = page.locator(".through aside .chip").first
        await expect(chip).to_contain_text(REVIEWED["unusable"])

        for _ in range(2):
            await page.keyboard.press("ArrowLeft")
        await shows(page, 2, wrong, 4)
        await expect(chip).to_contain_text(REVIEWED["corrected"])
        await expect(page.locator(".through aside")).to_contain_text(WHY)
        await expect(page.locator(".through aside")).to_contain_text("lan,")
        await picture(page, "roll-call-pictures-judged")

        await page.goto(day.at("numbers"))
        await page.get_by_role("button", name=f"Mở {wrong}").click()
        await expect(page.locator("dialog .given li")).to_contain_text(
            [f"{counted + 2} trước đó {counted}: {WHY} lan,"], use_inner_text=True
        )
        await expect(page.locator("dialog .facts div", has_text="Camera").locator("b")).to_have_text(str(counted))
        await picture(page, "roll-call-pictures-history")

    assert await day.reviews() == {
        queue[0]: ("accepted", "", "lan"),
        queue[1]: ("corrected", WHY, "lan"),
        queue[2]: ("accepted", NOTE, "lan"),
        queue[3]: ("unusable", "", "lan"),
    }
    room = (await day.rooms())[wrong]
    assert (room["camera"], room["number"], room["state"]) == (counted, counted + 2, "corrected")
    (made,) = room["corrections"]
    assert (made["before"], made["number"], made["why"], made["who"]) == (counted, counted + 2, WHY, "lan")


async def test_what_is_promised_beside_a_count_is_on_the_pages_of_the_centre(day: Day) -> None:
    code, people = day.stage.schools[0].site.code, day.stage.schools[0].people
    async with page_of(day.browser) as page:
        await page.goto(f"{day.stage.url}/console")
        await log_in(page, "admin", day.stage.accounts["admin"])
        await expect(page.locator(".topbar")).to_be_visible(timeout=UP_MS)
        await page.goto(day.at("numbers"))
        line = page.locator("table.numbers tr", has_text=code)
        await expect(line).to_contain_text("chất lượng 100 %")
        await expect(line).to_contain_text(f"khoảng {2 * people} theo đếm tay (× 2,00)")
        others = page.locator("table.numbers tbody tr", has_not_text=code)
        await expect(others.first).to_contain_text("chất lượng")
        await expect(others.first).not_to_contain_text("theo đếm tay")
        await picture(page, "roll-call-numbers-beside")
        await page.goto(f"{day.stage.url}/console#sessions")
        await page.get_by_role("button", name="Đổi mới sinh hoạt chuyên môn").click()
        row = page.locator("section", has_text="Camera đếm").locator("tr", has_text=code)
        await expect(row).to_contain_text("chất lượng 100 %")
        await expect(row).to_contain_text(f"khoảng {2 * people} theo đếm tay (× 2,00)")
        await picture(page, "roll-call-session-beside")
