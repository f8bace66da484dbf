"""The console in a real browser: what each role may do, imports with their faults, pairing codes."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, FilePayload, Page, ViewportSize, expect

from demo.children import Children
from demo.operator import Operator
from demo.stage import start_centre
from tests.doubles.browsers import chromium, page_of, picture, sign_in
from tests.doubles.lean import LEAN

pytestmark = pytest.mark.asyncio(loop_scope="module")

HEADING = "Mã điểm cầu,Tên điểm cầu,Cấp học,Tỉnh/Thành phố,Quận/Huyện,Xã/Phường,Số học viên,Người phụ trách,Điện thoại"
GOOD = "TH-001,Trường Tiểu học Hoa Sen,Tiểu học,Tỉnh Mẫu,Huyện Mẫu,Xã Mẫu,42,Trần Thị An,0912345678"
FAULTY = "TH-002,Trường Tiểu học Bông Lúa,Đại học,Tỉnh Mẫu,Huyện Mẫu,Xã Mẫu,nhiều,Lê Văn Bình,0912345679"
CODE = r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]"


class Centre:
    """A centre of its own, its first administrator signed in over HTTP, and a browser to look at it."""

    def __init__(self, url: str, admin: Operator, browser: Browser) -> None:
        self.url = url
        self.admin = admin
        self.browser = browser

    async def enter(self, page: Page, username: str, role: str, path: str = "/console") -> None:
        """Somebody new of this role, on the page at `path`."""
        person = await self.admin.post("/api/v1/people", {"username": username, "name": username, "role": role})
        await page.goto(self.url + path)
        await sign_in(page, username, person["password"])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def centre(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Centre]:
    folder: Path = tmp_path_factory.mktemp("centre")
    async with aiohttp.ClientSession() as http, Children(folder, {}) as children, chromium() as browser:
        _, url = await start_centre(children, folder, 0, LEAN)
        admin = Operator(http, url)
        username, one_time = (folder / "centre" / "first-password.txt").read_text(encoding="utf-8").split()
        await admin.sign_in(username, one_time)
        await admin.change_password(one_time, "mật khẩu của quản trị")
        yield Centre(url, admin, browser)


def csv(*lines: str) -> FilePayload:
    return FilePayload(name="diem-cau.csv", mimeType="text/csv", buffer="\n".join([HEADING, *lines]).encode())


async def test_a_planner_is_told_every_fault_by_row_before_anything_is_imported(centre: Centre) -> None:
    async with page_of(centre.browser) as page:
        await centre.enter(page, "kehoach1", "planner", "/console#sites")
        upload = page.locator("input[type=file]")
        await upload.set_input_files(csv(GOOD.replace("001", "101"), FAULTY))
        faults = page.locator(".card tbody tr")
        await expect(faults).to_have_count(2)
        for fault, column in ((faults.nth(0), "Cấp học"), (faults.nth(1), "Số học viên")):
            await expect(fault.locator("td.num")).to_have_text("3")
            await expect(fault).to_contain_text(column)
        await picture(page, "console-lint")
        assert [site for site in await centre.admin.get("/api/v1/sites") if site["code"] == "TH-101"] == []

        await upload.set_input_files(csv(GOOD.replace("001", "101")))
        await expect(page.get_by_text("Đã nhập: 3 địa bàn, 1 điểm cầu")).to_be_visible()
        await expect(page.locator(".sites-table")).to_contain_text("TH-101")
        await expect(faults.filter(has_text="Cấp học")).to_have_count(0)


async def test_an_administrator_gets_a_pairing_code_for_a_site(centre: Centre) -> None:
    await centre.admin.upload("/api/v1/sites/import?filename=a.csv", f"{HEADING}\n{GOOD}".encode())
    async with page_of(centre.browser) as page:
        await centre.enter(page, "quantri2", "administrator", "/console#sites")
        row = page.locator(".sites-table tr", has_text="TH-001")
        await expect(row).to_contain_text("Chưa ghép máy")
        await row.get_by_role("button", name="Mã ghép máy").click()
        dialog = page.get_by_role("dialog")
        await expect(dialog).to_contain_text("Trường Tiểu học Hoa Sen")
        await expect(dialog).to_contain_text("Hết hạn")
        shown = (await dialog.locator(".huge").inner_text()).strip()
        await expect(dialog.locator(".huge")).to_have_text(re.compile(f"^{CODE}$"))
        await picture(page, "console-pairing")
        await page.keyboard.press("Escape")
        await expect(dialog).to_have_count(0)
        # Gone from the page, too, as soon as it has been drawn again.
        await expect(page.locator("html")).not_to_contain_text(shown)


async def test_an_exam_is_planned_to_shuffle_and_the_page_says_what_that_costs(centre: Centre) -> None:
    await centre.admin.upload("/api/v1/sites/import?filename=a.csv", f"{HEADING}\n{GOOD}".encode())
    async with page_of(centre.browser, ViewportSize(width=1280, height=1100)) as page:
        await centre.enter(page, "kehoach4", "planner", "/console#exams")
        await page.get_by_role("button", name="Tạo bài thi").click()
        switch = page.get_by_label("Xáo trộn riêng cho từng thí sinh")
        await expect(switch).not_to_be_checked()
        await expect(page.get_by_text("Đang tắt: theo mã đề")).to_be_visible()
        await switch.check()
        await expect(page.get_by_text("không có bản giấy")).to_be_visible()
        await switch.scroll_into_view_if_needed()
        await picture(page, "console-shuffle")
        await page.get_by_label("Tên bài thi").fill("Bài xáo trộn")
        await page.get_by_role("button", name="Tạo", exact=True).click()
        await expect(page.get_by_text("Bài thi này xáo trộn riêng cho từng thí sinh")).to_be_visible()
        await picture(page, "console-shuffled-exam")
        await page.get_by_role("button", name="English").click()
        await expect(page.get_by_text("This exam is shuffled for each candidate")).to_be_visible()
        await picture(page, "console-shuffled-exam-en")
        await page.get_by_role("button", name="← List").click()
        await page.get_by_role("button", name="Plan an exam").click()
        await page.get_by_label("Shuffle for each candidate").check()
        await expect(page.get_by_text("there is nothing on paper")).to_be_visible()
        await picture(page, "console-shuffle-en")
    (made,) = [one for one in await centre.admin.get("/api/v1/exams") if one["title"] == "Bài xáo trộn"]
    assert made["shuffled"] is True


async def test_each_role_finds_its_own_tabs_and_no_others(centre: Centre) -> None:
    tabs = {
        "operator": ["Buổi học", "Điểm danh", "Thi", "Bồi dưỡng", "Sự cố", "Các điểm cầu", "Lệnh", "Trao đổi"],
        "planner": ["Buổi học", "Điểm danh", "Thi", "Câu hỏi", "Bồi dưỡng", "Sự cố", "Các điểm cầu", "Lệnh"],
        "marker": ["Chấm bài"],
        "administrator": [
            "Buổi học",
            "Điểm danh",
            "Thi",
            "Câu hỏi",
            "Bồi dưỡng",
            "Chấm bài",
            "Sự cố",
            "Các điểm cầu",
            "Lệnh",
            "Trao đổi",
            "Tài khoản",
            "Nhật ký",
        ],
    }
    for role, words in tabs.items():
        async with page_of(centre.browser) as page:
            await centre.enter(page, f"nguoi-{role}", role)
            await expect(page.locator(".tabs a")).to_have_text(words)


async def test_the_pages_are_in_the_language_they_say_and_every_button_has_a_name(centre: Centre) -> None:
    async with page_of(centre.browser) as page:
        await centre.enter(page, "quantri3", "administrator")
        for path in ("/console#sites", "/console#people", "/wall", "/lecturer", "/results"):
            await page.goto(centre.url + path)
            await expect(page.locator(".topbar")).to_be_visible()
            await expect(page.locator("html")).to_have_attribute("lang", "vi")
            assert await page.evaluate(NAMELESS) == [], path
        await page.goto(f"{centre.url}/console#people")
        await page.get_by_role("button", name="English").click()
        await expect(page.locator("html")).to_have_attribute("lang", "en")
        await expect(page.locator(".tabs")).to_contain_text("People")
        await page.keyboard.press("Tab")
        assert await page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


NAMELESS = """() => [...document.querySelectorAll('button, a[href], input, select, textarea')].filter(one =>
  !(one.innerText || '').trim() && !one.ariaLabel && !one.title && !one.placeholder && !(one.labels || []).length
).map(one => one.outerHTML.slice(0, 120))"""
