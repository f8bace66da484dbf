"""Forms by which people decide what alarms and which room may go: planned work, rules, channels, waivers, rehearsals.

One centre with a room whose camera is dark and a room that is away; one administrator fills everything in.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, ViewportSize, expect

from tests.doubles.axe import serious_faults
from tests.doubles.browsers import SIGNED_MS, chromium, drawn, page_of, picture
from tests.doubles.operators import WIDE
from tests.doubles.post_offices import web_hook
from tests.doubles.ready_agents import ReadyProvince, ready_province
from wire.readiness import Check, CheckName, CheckState

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]

PHONE = ViewportSize(width=390, height=844)
SOON_MS = 20_000
QUICK = {
    "DIEMCAU_PRESENCE__LATE_S": "1.2",
    "DIEMCAU_PRESENCE__SILENT_S": "2.5",
    "DIEMCAU_PRESENCE__UNKNOWN_S": "5",
}
RULES = {
    "grace_s": 0,
    "clear_s": 0.5,
    "delays": {"away": {"together_s": 1, "alone_s": 1}, "readiness": {"together_s": 3600, "alone_s": 3600}},
}


class Office:
    """An administrator's page, and the wall beside it."""

    def __init__(self, province: ReadyProvince, page: Page, wall: Page) -> None:
        self.province, self.page, self.wall = province, page, wall
        self.here, self.away, self.quiet = province.sites
        self.dialog = page.get_by_role("dialog")

    async def alarms(self, part: str) -> None:
        """That part of the console's alarms."""
        await self.page.goto(f"{self.province.url}/healthz")
        await self.page.goto(f"{self.province.url}/console#alarms")
        await self.page.get_by_role("navigation", name="Sự cố").get_by_role("button", name=part, exact=True).click()

    async def readiness(self, part: str = "") -> None:
        """The board, or its rehearsals."""
        await self.page.goto(f"{self.province.url}/healthz")
        await self.page.goto(f"{self.province.url}/readiness{part}")

    def card(self) -> Locator:
        """The alarm of the room that is away."""
        return self.wall.locator(".alarm-card", has_text="Mất kết nối")

    async def press(self, name: str) -> None:
        """A button of the dialog."""
        await self.dialog.get_by_role("button", name=name, exact=True).click()

    async def look(self, name: str) -> None:
        """What is there is well made at a desk and on a telephone."""
        faults = await serious_faults(self.page)
        await picture(self.page, f"forms-{name}")
        await self.page.set_viewport_size(PHONE)
        await picture(self.page, f"forms-{name}-phone")
        if sideways := await self.page.evaluate("document.documentElement.scrollWidth - innerWidth"):
            faults.append(f"scrolls sideways by {sideways} px")
        await self.page.set_viewport_size(WIDE)
        assert "\n".join(faults) == ""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    folder: Path = tmp_path_factory.mktemp("province")
    async with (
        ready_province(folder, sites=3, configured=QUICK, heartbeat_s=0.4) as province,
        chromium() as browser,
        page_of(browser, WIDE) as page,
        asyncio.TaskGroup() as tasks,
        AsyncExitStack() as stack,
    ):
        told = await province.admin.get("/api/v1/alarms/rules")
        changed = {"version": told["version"], "rules": {**told["rules"], **RULES}}
        await province.admin.put("/api/v1/alarms/rules", changed)
        # A room that no session waits for may be away without an alarm.
        now_ms = round(time.time() * 1000)
        plan = {"topic": "Tập huấn", "starts_ms": now_ms, "ends_ms": now_ms + 3_600_000}
        session = await province.admin.post("/api/v1/sessions", plan)
        await province.admin.post(f"/api/v1/sessions/{session['id']}/orders", {"order": "open_lobby"})
        agent = await province.join(stack, tasks, province.sites[0])
        await agent.certify(Check(name=CheckName.CAMERA, state=CheckState.BAD, reason="dark"))
        async with AsyncExitStack() as soon_gone:
            await province.join(soon_gone, tasks, province.sites[1])
        await page.goto(f"{province.url}/wall")
        await page.get_by_label("Tên đăng nhập").fill("admin")
        await page.get_by_label("Mật khẩu", exact=True).fill(province.accounts["admin"])
        await page.get_by_role("button", name="Đăng nhập").click()
        await expect(page.locator(".tile")).to_have_count(3, timeout=SIGNED_MS)
        made = Office(province, await page.context.new_page(), page)
        await expect(made.card()).to_have_count(1, timeout=SOON_MS)
        yield made


def field_time(in_s: float) -> str:
    """What a field of date and time takes, so many seconds from now."""
    return datetime.fromtimestamp(time.time() + in_s).astimezone().strftime("%Y-%m-%dT%H:%M")


async def test_planned_work_holds_the_alarm_back_but_not_what_is_seen_until_it_is_ended(office: Office) -> None:
    page, wall, dialog = office.page, office.wall, office.dialog
    await expect(office.card()).to_have_count(1, timeout=SOON_MS)
    await office.alarms("Công việc có kế hoạch")
    await expect(page.get_by_text("Không có công việc nào đang hoặc sắp diễn ra.")).to_be_visible()
    await page.get_by_role("button", name="Báo trước công việc").click()
    await dialog.get_by_label("Ở đâu").select_option(label="Điểm cầu")
    await dialog.get_by_role("combobox").nth(1).select_option(office.away["id"])
    await dialog.get_by_label("Lý do").fill("Điện lực cắt điện cả xã")
    ends = dialog.get_by_label("Kết thúc")
    right = await ends.input_value()
    await ends.fill(field_time(-86_400))
    await office.press("Báo trước công việc")
    await expect(dialog.get_by_role("alert")).to_have_text("Giờ kết thúc phải sau giờ bắt đầu.")
    await office.look("work")
    await ends.fill(right)
    await office.press("Báo trước công việc")
    await expect(dialog).to_have_count(0)
    work = page.locator("section.card", has_text="Điện lực cắt điện cả xã")
    await expect(work).to_contain_text(office.away["code"])
    await expect(work).to_contain_text("giữ lại báo động của 1 điểm cầu", timeout=SOON_MS)
    await office.look("works")
    await expect(office.card()).to_have_count(0, timeout=SOON_MS)
    await expect(wall.locator(".works")).to_contain_text("Điện lực cắt điện cả xã")
    await expect(wall.locator(f".tile[data-site='{office.away['id']}']")).not_to_contain_text("Trực tuyến")

    await work.get_by_role("button", name="Kết thúc sớm").click()
    await expect(dialog).to_contain_text("Điểm cầu nào còn sự cố sẽ báo động trở lại.")
    await office.press("Kết thúc sớm")
    await expect(work).to_have_count(0)
    await expect(office.card()).to_have_count(1, timeout=SOON_MS)
    await office.alarms("Nhật ký")
    for line in ("Báo trước công việc tại", "thuộc công việc có kế hoạch", "Kết thúc sớm công việc tại"):
        await expect(page.locator("tbody tr", has_text=line)).not_to_have_count(0)


async def test_a_rule_that_cannot_be_is_refused_in_a_sentence_and_one_that_can_is_kept(office: Office) -> None:
    page = office.page
    await office.alarms("Quy tắc")
    together, kept = page.get_by_label("Gộp khi ít nhất … %"), page.get_by_label("Giữ gộp đến khi dưới … %")
    alone = page.get_by_label("Mất kết nối: một điểm cầu")
    save, fault = page.get_by_role("button", name="Lưu", exact=True), page.get_by_role("alert")
    await expect(alone).to_have_value("1")
    await together.fill("150")
    await save.click()
    await expect(fault).to_have_text("«Gộp khi ít nhất … % điểm cầu cùng sự cố» phải từ 1 đến 100.")
    await expect(together).to_be_focused()
    await together.fill("30")
    await kept.fill("60")
    await save.click()
    await expect(fault).to_contain_text("«Giữ gộp đến khi dưới … %» không được cao hơn")
    await office.look("rules")
    await together.fill("70")
    await kept.fill("40")
    await page.get_by_label("Và ít nhất … điểm cầu").fill("2.5")
    await save.click()
    await expect(fault).to_have_text("«Và ít nhất … điểm cầu» phải là số nguyên từ 2 đến 100.")
    await page.get_by_label("Và ít nhất … điểm cầu").fill("3")
    await alone.fill("2")
    before = (await rules(office))["version"]
    async with page.expect_response(lambda each: is_rules(each.url, each.request.method)) as read_anew:
        await save.click()
    await (await read_anew.value).finished()
    await drawn(page)
    await expect(page.get_by_role("status")).to_have_text("Đã lưu.")
    now = await rules(office)
    assert (now["version"], now["rules"]["delays"]["away"]["alone_s"]) == (before + 1, 2)
    await alone.fill("1")
    await expect(page.get_by_role("status")).to_have_count(0)
    await save.click()
    await expect(page.get_by_role("status")).to_have_text("Đã lưu.")


async def rules(office: Office) -> dict[str, Any]:
    told: dict[str, Any] = await office.province.admin.get("/api/v1/alarms/rules")
    return told


def is_rules(url: str, method: str) -> bool:
    return url.endswith("/api/v1/alarms/rules") and method == "GET"


async def test_a_web_hook_is_tried_from_its_row_and_says_why_it_fails(office: Office) -> None:
    page, dialog = office.page, office.dialog
    async with web_hook() as hook:
        await office.alarms("Kênh tin báo")
        await page.get_by_role("button", name="Thêm kênh").click()
        await dialog.get_by_label("Tên", exact=True).fill("Phòng trực")
        await dialog.get_by_label("Cách gửi").select_option(label="Web hook")
        await dialog.get_by_label("Địa chỉ web hook").fill("nhom-truc")
        # Where nothing is wrong: whatever is told there is tried here.
        await dialog.get_by_label("Chỉ các địa bàn").select_option(office.quiet["path"][1])
        await office.press("Lưu")
        await expect(dialog.get_by_role("alert")).to_contain_text("phải bắt đầu bằng http:// hoặc https://")
        await office.look("channel")
        await dialog.get_by_label("Địa chỉ web hook").fill(f"{hook.url}/bi-mat")
        await office.press("Lưu")
        await expect(dialog).to_have_count(0)
        row = page.locator("section.card", has_text="Phòng trực")
        await expect(row).to_contain_text(f"Web hook · {hook.url}")
        await expect(row).to_contain_text(f"vừa · {office.quiet['path'][1]}")
        tried = row.get_by_role("button", name="Gửi tin thử")
        await tried.click()
        await expect(row.get_by_role("status")).to_have_text("Đã gửi.")
        assert [told["title"] for told in hook.got] == ["Tin thử từ Điểm cầu"]
        for status, why in ((503, "trả lời lỗi 503."), (404, "trả lời lỗi 404: sai địa chỉ.")):
            hook.status = status
            await tried.click()
            await expect(row.get_by_role("alert")).to_have_text(f"Máy chủ nhận tin {why}")
        await row.get_by_role("button", name="Sửa").click()
        await expect(dialog.get_by_label("Địa chỉ web hook")).to_have_value("")
        await expect(dialog).to_contain_text("Để trống: giữ như cũ")
        await dialog.get_by_label("Tên", exact=True).fill("Phòng trực tỉnh")
        await office.press("Lưu")
    row = page.locator("section.card", has_text="Phòng trực tỉnh")
    await row.get_by_role("button", name="Gửi tin thử").click()
    await expect(row.get_by_role("alert")).to_contain_text("Không nối được tới máy chủ nhận tin", timeout=SOON_MS)
    await office.look("channels")
    await row.get_by_role("button", name="Xoá").click()
    await expect(dialog).to_contain_text("Sẽ không gửi gì qua kênh này nữa.")
    await office.press("Xoá")
    await expect(page.get_by_text("Chưa có kênh nào")).to_be_visible()
    assert "bi-mat" not in await page.content()


async def test_a_finding_is_waived_with_a_reason_and_an_end_and_the_waiver_is_taken_back(office: Office) -> None:
    page, dialog = office.page, office.dialog
    await office.readiness()
    row = page.locator(".ready-row", has_text=office.here["code"])
    await expect(row.locator(".verdict")).to_have_text("Chưa được", timeout=SOON_MS)
    await row.get_by_role("button", name="Miễn").click()
    done, until = dialog.get_by_role("button", name="Miễn và ghi nhật ký"), dialog.get_by_label("Tới lúc")
    await expect(done).to_be_disabled()
    await dialog.get_by_label("Lý do").fill("ok")
    await done.click()
    await expect(dialog.get_by_role("alert")).to_contain_text("Hãy ghi lý do, 3 đến")
    await dialog.get_by_label("Lý do").fill("Đã mượn camera của trường bên, mang tới lúc 7 giờ")
    await until.fill("")
    await expect(done).to_be_disabled()
    await until.fill(field_time(40 * 86_400))
    await done.click()
    await expect(dialog.get_by_role("alert")).to_contain_text("Hạn miễn phải trong 31 ngày tới.")
    await office.look("waive")
    await until.fill(field_time(3600))
    await done.click()
    await expect(dialog).to_have_count(0)
    await expect(row.locator(".verdict")).to_have_text("Thận trọng")
    await expect(row.locator(".lack")).to_contain_text("Được miễn")
    await expect(row.get_by_role("button", name="Miễn")).to_have_count(0)
    await row.get_by_role("button", name="Lịch sử").click()
    await expect(dialog).to_contain_text("Đã mượn camera của trường bên, mang tới lúc 7 giờ (do admin")
    await office.look("waived")
    await office.press("Rút lại việc miễn")
    await expect(dialog).to_contain_text("admin rút lại lúc")
    await office.press("Đóng")
    await expect(row.locator(".verdict")).to_have_text("Chưa được")


async def test_a_rehearsal_of_a_district_is_planned_followed_moved_and_called_off(office: Office) -> None:
    page, dialog = office.page, office.dialog
    district = office.here["path"][1]
    await office.readiness("#rehearsals")
    await page.get_by_role("button", name="Lên lịch tổng duyệt").click()
    go, at = dialog.get_by_role("button", name="Lên lịch", exact=True), dialog.get_by_label("Giờ mở thử")
    await dialog.get_by_label("Tên", exact=True).fill("")
    await expect(go).to_be_disabled()
    await dialog.get_by_label("Tên", exact=True).fill("Tổng duyệt trước ngày 5")
    right = await at.input_value()
    await at.fill("")
    await expect(go).to_be_disabled()
    await at.fill(field_time(-3600))
    await dialog.get_by_label(district).check()
    await expect(dialog).to_contain_text("1 điểm cầu")
    await go.click()
    await expect(dialog.get_by_role("alert")).to_contain_text("Giờ mở thử phải từ 5 giây đến 92 ngày nữa.")
    await office.look("rehearsal")
    await at.fill(right)
    await go.click()
    await expect(dialog).to_have_count(0)
    live = page.locator(".ready-live")
    await expect(live).to_contain_text("Tổng duyệt trước ngày 5")
    await expect(live.locator(".ready-steps li")).to_have_count(1)
    await expect(live.locator(".ready-steps")).to_contain_text("Đã kiểm tra", timeout=SOON_MS)
    await office.look("rehearsing")

    await live.get_by_role("button", name="Dời giờ").click()
    await dialog.get_by_label("Giờ mở thử mới").fill(field_time(2 * 86_400))
    await office.press("Dời giờ")
    await expect(dialog).to_have_count(0)
    await expect(live).to_contain_text("Đã lên lịch")
    await expect(page.locator(".ready-list li", has_text="Tổng duyệt trước ngày 5")).to_have_count(1)
    await live.get_by_role("button", name="Huỷ").click()
    await expect(dialog).to_contain_text("Các điểm cầu được báo ngay.")
    await office.press("Huỷ")
    await expect(live).to_contain_text("Đã huỷ")
