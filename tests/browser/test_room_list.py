"""The manager of a room types how many are there and how many signed its list; the centre's page shows the fourth."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize, expect

from demo.stage import Stage
from tests.doubles.axe import serious_faults
from tests.doubles.browsers import chromium, page_of, picture
from tests.doubles.small_day import live_session, small_day, until_told

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

UP_MS = 60_000
PIN = "482915"
WIDE, PHONE = ViewportSize(width=1280, height=1000), ViewportSize(width=390, height=844)


class Day:
    """A roll call of one room that its camera has answered."""

    def __init__(self, stage: Stage, browser: Browser, session: str, call: str) -> None:
        self.stage = stage
        self.browser = browser
        self.session = session
        self.call = call
        self.people = stage.schools[0].people

    @property
    def desk(self) -> str:
        return self.stage.schools[0].screen_url.removesuffix("/screen") + "/desk"

    async def room(self) -> dict[str, Any]:
        told = await self.stage.admin.get(f"/api/v1/roll-calls/{self.call}/numbers")
        room: dict[str, Any] = told["rooms"][0]
        return room


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def day(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Day]:
    async with small_day(tmp_path_factory.mktemp("day"), candidates=1) as stage, chromium() as browser:
        session = await live_session(stage, "Đổi mới sinh hoạt chuyên môn", stage.schools)
        wish = {"frames": 3, "span_ms": 500}
        call = await stage.admin.post(f"/api/v1/sessions/{session['id']}/roll-calls", wish)
        day = Day(stage, browser, session["id"], call["id"])

        async def answered() -> bool:
            return (await day.room())["camera"] is not None

        await until_told(answered, "the count")
        yield day


async def without_faults(page: Page, name: str) -> None:
    """The form fits the screen's width, and axe finds nothing serious on it."""
    form = page.locator("form.declare").last
    await form.scroll_into_view_if_needed()
    await picture(page, name)
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert await serious_faults(page) == []


async def test_both_numbers_are_typed_at_the_desk_and_the_fourth_stands_at_the_centre_with_its_source(
    day: Day,
) -> None:
    async with page_of(day.browser, WIDE) as page:
        await page.goto(day.desk)
        present, signed = page.locator("#count"), page.get_by_label("Số người đã ký danh sách")
        await expect(page.get_by_text(re.compile("camera thấy ít nhất"))).to_be_visible(timeout=UP_MS)

        # The keyboard alone: the number, then the list, which may stay empty and then keeps nothing back.
        await present.focus()
        await page.keyboard.type(str(day.people))
        await page.keyboard.press("Tab")
        await expect(signed).to_be_focused()
        await page.keyboard.type("cả lớp")
        await page.get_by_role("button", name="Gửi số người, chưa ký").click()
        await expect(page.get_by_role("alert")).to_contain_text("Số người đã ký danh sách: nhập một số nguyên")
        await signed.fill("")
        await page.get_by_role("button", name="Gửi số người, chưa ký").click()
        said = page.locator("form.declare").last.locator(".alert").last
        await expect(said).to_contain_text(f"Đã ghi {day.people} người")
        await expect(said).not_to_contain_text("đã ký danh sách")

        await present.fill(str(day.people))
        await signed.fill(str(day.people - 1))
        await page.get_by_label("Họ tên người phụ trách").fill("Nguyễn Thị Hoa")
        await page.get_by_label("Mã PIN của trường").fill(PIN)
        await without_faults(page, "desk-list-1280")
        await page.set_viewport_size(PHONE)
        await without_faults(page, "desk-list-390")
        await page.get_by_role("button", name="Ký và gửi").click()
        await expect(said).to_contain_text(f"{day.people - 1} người đã ký danh sách.")
        await expect(said).to_contain_text("Nguyễn Thị Hoa đã ký.")
        await expect(signed).to_have_value("")
        await without_faults(page, "desk-list-sent-390")
        await page.get_by_role("button", name="English").click()
        await expect(page.get_by_label("People who signed the list")).to_be_visible()

    async def arrived() -> bool:
        told: str = (await day.room())["signed_in_from"]
        return told == "list"

    await until_told(arrived, "the room's list at the centre")
    room = await day.room()
    assert [(each["number"], each["listed"]) for each in room["declared"]] == [
        (day.people, None),
        (day.people, day.people - 1),
    ]
    async with page_of(day.browser, WIDE) as page:
        await page.goto(f"{day.stage.url}/console")
        await page.get_by_label("Tên đăng nhập").fill("admin")
        await page.get_by_label("Mật khẩu", exact=True).fill(day.stage.accounts["admin"])
        await page.get_by_role("button", name="Đăng nhập").click()
        await expect(page.locator(".topbar")).to_be_visible(timeout=UP_MS)
        await page.goto(f"{day.stage.url}/console#attendance/{day.session}/numbers/{day.call}")
        line = page.locator("table.numbers tbody tr")
        await expect(line.locator("td").nth(4)).to_have_text(
            re.compile(rf"^{day.people - 1}danh sách của phòng, \d\d:\d\d$")
        )
        await picture(page, "numbers-list")
        await page.get_by_role("button", name=f"Mở {room['code']}").click()
        await expect(page.locator("dialog .given li").last).to_contain_text(f"{day.people - 1} người đã ký danh sách")
        await expect(page.locator("dialog .facts")).to_contain_text("danh sách của phòng")
        await picture(page, "numbers-list-room")
