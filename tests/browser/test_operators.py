"""Three operators before one wall: a site is called once, everybody sees by whom, and nothing of it is lost."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Page, ViewportSize, expect

from demo.children import Children
from demo.operator import Operator
from demo.stage import start_centre
from tests.doubles.axe import serious_faults
from tests.doubles.browsers import chromium, picture
from tests.doubles.lean import LEAN
from tests.doubles.operators import CLICK_AT, NAMES, WIDE, three_operators

pytestmark = pytest.mark.asyncio(loop_scope="module")

HEADING = "Mã điểm cầu,Tên điểm cầu,Cấp học,Tỉnh/Thành phố,Quận/Huyện,Xã/Phường,Số học viên,Người phụ trách,Điện thoại"
SCHOOLS = (
    "TH-001,Trường Tiểu học Nậm Cắn,Tiểu học,Tỉnh Nghệ An,Huyện Kỳ Sơn,Xã Nậm Cắn,42,Trần Thị An,0912345678",
    "TH-002,Trường Tiểu học Bông Lúa,Tiểu học,Tỉnh Nghệ An,Huyện Kỳ Sơn,Xã Mường Xén,38,Lê Văn Bình,0912345679",
    "TH-003,Trường Tiểu học Háng Đồng,Tiểu học,Tỉnh Nghệ An,Huyện Kỳ Sơn,Xã Mường Xén,35,Hạng A Páo,0912345680",
)
SOON_MS = 10_000
LOADED_MS = 40_000


class Room:
    """Three operators' pages of one centre."""

    def __init__(self, url: str, admin: Operator, pages: dict[str, Page]) -> None:
        self.url = url
        self.admin = admin
        self.pages = pages

    async def open_site(self, name: str) -> None:
        """Open the panel of a site on all walls."""
        for page in self.pages.values():
            await page.goto(f"{self.url}/wall")
            await page.locator(".tile", has_text=name).first.click()
            await expect(page.locator(".panel")).to_be_visible()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def room(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Room]:
    folder: Path = tmp_path_factory.mktemp("centre")
    async with (
        aiohttp.ClientSession() as http,
        Children(folder, {}) as children,
        chromium() as browser,
        AsyncExitStack() as stack,
    ):
        _, url = await start_centre(children, folder, 0, LEAN)
        admin = Operator(http, url)
        username, one_time = (folder / "centre" / "first-password.txt").read_text(encoding="utf-8").split()
        await admin.sign_in(username, one_time)
        await admin.change_password(one_time, "mật khẩu của quản trị")
        await admin.upload("/api/v1/sites/import?filename=a.csv", "\n".join([HEADING, *SCHOOLS]).encode())
        pages = await three_operators(stack, browser, admin, url)
        yield Room(url, admin, pages)


async def test_who_claims_a_site_is_seen_by_the_others_and_they_cannot_call_it(room: Room) -> None:
    await room.open_site("Nậm Cắn")
    lan, others = room.pages["lan"], [room.pages["minh"], room.pages["hoa"]]
    await lan.get_by_role("button", name="Nhận gọi").click()
    await asyncio.gather(
        *(expect(page.locator(".who-calls")).to_contain_text(NAMES["lan"], timeout=SOON_MS) for page in others)
    )
    for page in others:
        await expect(page.get_by_role("button", name="Nhận gọi")).to_have_count(0)
        await expect(page.locator(".panel a[href^='tel:']")).to_have_count(0)
        await expect(page.locator(".tile-calling.now")).to_contain_text(NAMES["lan"])
    await expect(lan.locator(".who-calls")).to_contain_text("Bạn đang gọi")
    await expect(lan.locator(".panel a[href='tel:0912345678']")).to_be_visible()
    await picture(lan, "operators-mine")
    await picture(others[0], "operators-theirs")
    await write_down(room)


async def write_down(room: Room) -> None:
    """What the call came to, in two clicks, on every wall."""
    lan, minh = room.pages["lan"], room.pages["minh"]
    await lan.get_by_role("button", name="Chờ điện").click()
    await picture(lan, "operators-outcome")
    await lan.get_by_role("button", name="Ghi: Chờ điện").click()
    for page in (lan, minh):
        await expect(page.locator(".panel .matter")).to_contain_text("Chờ điện")
        await expect(page.locator(".panel .book")).to_contain_text(NAMES["lan"])
        await expect(page.get_by_role("button", name="Nhận gọi")).to_be_visible()
    await picture(minh, "operators-matter")


async def test_when_all_three_click_at_the_same_instant_one_calls(room: Room) -> None:
    await room.open_site("Bông Lúa")
    pages = list(room.pages.values())
    at_ms = await pages[0].evaluate("Date.now() + 3000")
    click = {"atMs": at_ms, "within": ".calling", "name": "Nhận gọi"}
    await asyncio.gather(*(page.evaluate(CLICK_AT, click) for page in pages))
    for page in pages:
        await expect(page.locator(".who-calls")).to_be_visible()
    said = [(await page.locator(".who-calls span").inner_text()).strip() for page in pages]
    (winner,) = [at for at, words in enumerate(said) if "Bạn đang gọi" in words]
    name = list(NAMES.values())[winner]
    assert [words for at, words in enumerate(said) if at != winner] == [f"{name} đang gọi"] * 2
    for at, page in enumerate(pages):
        await expect(page.locator(".panel a[href^='tel:']")).to_have_count(int(at == winner))
    standing = await room.admin.get("/api/v1/duty")
    assert [claim["name"] for claim in standing["claims"]] == [name]
    await pages[winner].get_by_role("button", name="Đã khắc phục").click()
    await pages[winner].get_by_role("button", name=re.compile("^Ghi: Đã khắc phục")).click()
    for page in pages:
        await expect(page.locator(".who-calls")).to_have_count(0)
        await expect(page.locator(".panel .book")).to_contain_text("Đã khắc phục")
        await expect(page.locator(".panel .matter")).to_have_count(0)


async def test_a_shift_is_handed_to_a_named_colleague_who_sees_it_on_the_wall_and_accepts(room: Room) -> None:
    lan, minh = room.pages["lan"], room.pages["minh"]
    await room.open_site("Háng Đồng")
    await lan.get_by_role("button", name="Nhận gọi").click()
    await lan.get_by_role("button", name="Cần kỹ thuật viên").click()
    await lan.get_by_label("Ghi chú (nếu cần)").fill("máy chiếu không lên nguồn")
    await lan.get_by_role("button", name="Ghi: Cần kỹ thuật viên").click()
    await expect(lan.locator(".panel .matter")).to_be_visible()

    await lan.goto(f"{room.url}/duty")
    await expect(lan.get_by_text("máy chiếu không lên nguồn").first).to_be_visible()
    await lan.get_by_label("Giao cho").select_option(label=NAMES["minh"])
    await lan.get_by_label("Dặn lại, việc sắp tới").fill("13 giờ 30 có buổi học thử")
    await lan.get_by_role("button", name="Bàn giao", exact=True).click()
    await expect(lan.get_by_text(f"Chờ {NAMES['minh']} nhận ca")).to_be_visible()
    await picture(lan, "operators-offered")

    await minh.get_by_role("button", name="Đóng").click()
    await minh.get_by_role("link", name=f"{NAMES['lan']} bàn giao ca").click()
    await expect(minh.locator(".incoming")).to_contain_text("13 giờ 30 có buổi học thử")
    await picture(minh, "operators-incoming")
    assert await serious_faults(minh) == []
    await minh.get_by_role("button", name="Nhận ca").click()
    await expect(minh.locator(".incoming")).to_have_count(0)
    mine = minh.locator("section", has_text="Việc còn mở của tôi")
    await expect(mine).to_contain_text("Trường Tiểu học Háng Đồng")
    await minh.set_viewport_size(ViewportSize(width=390, height=844))
    await picture(minh, "operators-duty-phone")
    assert await minh.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    await minh.set_viewport_size(WIDE)
    standing = await room.admin.get("/api/v1/duty")
    assert [each["name"] for each in standing["matters"] if each["outcome"] == "technician"] == [NAMES["minh"]]


async def test_what_is_said_to_a_desk_reaches_the_others_by_the_feed_and_is_caught_up_after_a_break(room: Room) -> None:
    lan, minh = room.pages["lan"], room.pages["minh"]
    site = next(each["id"] for each in await room.admin.get("/api/v1/sites") if each["code"] == "TH-002")
    await lan.goto(f"{room.url}/site/{site}")
    await minh.goto(f"{room.url}/console#chats/{site}")
    await say(minh, "Thầy cô nghe rõ không ạ?")
    await expect(lan.locator(".talk li")).to_have_text(re.compile("nghe rõ"), timeout=LOADED_MS)
    await lan.context.set_offline(True)
    await say(minh, "Thử tăng âm lượng giúp ạ.")
    await expect(minh.locator(".talk li")).to_have_count(2, timeout=LOADED_MS)
    await lan.context.set_offline(False)
    await expect(lan.locator(".talk li")).to_have_count(2, timeout=LOADED_MS)
    await minh.locator(".talk").scroll_into_view_if_needed()
    await picture(minh, "operators-chat")


async def say(page: Page, text: str) -> None:
    await page.get_by_label("Viết cho bàn điểm cầu").fill(text, timeout=LOADED_MS)
    await page.locator(".say button").click()
