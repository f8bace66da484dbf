"""The room at the site desk, in a real browser on a real agent: seats drawn, counted on trial, the number signed."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from playwright.async_api import Page, ViewportSize, expect

from demo.room import write_room
from orchestrator.storage.engine import Connection
from site_agent.camera.keeper import RoomKeeper
from tests.doubles.axe import serious_faults
from tests.doubles.browsers import chromium, page_of, picture
from tests.doubles.eventually import eventually
from tests.doubles.link_centre import LinkCentre, link_centre
from tests.doubles.servers import free_port
from tests.doubles.whole_agent import whole_agent
from wire.ids import EnrolmentId, PicturePolicy, RollCallId, SessionId, SiteId
from wire.messages import DeclaredCount, Down, Heartbeat, RollCallCount, RollCallOrder
from wire.rooms import CountQuestion, CountQuestionWithdrawn, RoomRules

pytestmark = pytest.mark.timeout(120)

PEOPLE = 9
PIN = "482915"
WIDE, PHONE = ViewportSize(width=1920, height=1080), ViewportSize(width=390, height=844)


class Site:
    """A centre, and an agent before a room of nine people."""

    def __init__(self, centre: LinkCentre, home: Path) -> None:
        self.centre = centre
        self.home = home
        self.identity = centre.enrol()
        self.port = free_port()
        self.declared: list[DeclaredCount] = []
        self.counts: list[RollCallCount] = []
        self.asked: list[RollCallId] = []
        centre.links.on(Heartbeat, self._hear)
        centre.intake.on_record(DeclaredCount, self._declare)
        centre.intake.on_record(RollCallCount, self._count)

    async def _hear(self, _site: SiteId, _enrolment: EnrolmentId, beat: Heartbeat) -> None:
        self.asked = beat.asked

    def _declare(
        self, _conn: Connection, _site: SiteId, _enrolment: EnrolmentId, _sequence: int, record: DeclaredCount
    ) -> None:
        self.declared.append(record)

    def _count(
        self, _conn: Connection, _site: SiteId, _enrolment: EnrolmentId, _sequence: int, record: RollCallCount
    ) -> None:
        self.counts.append(record)

    def say(self, message: Down) -> None:
        assert self.centre.links.send(self.identity.site, message)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@asynccontextmanager
async def site(folder: Path) -> AsyncIterator[Site]:
    write_room(folder / "room", PEOPLE, frames=6)
    (folder / "room" / "drawn.json").unlink()
    async with link_centre(folder) as centre:
        one = Site(centre, folder / "home")
        async with whole_agent(one.identity, one.home, camera=str(folder / "room"), screen_port=one.port):
            await eventually(lambda: one.identity.site in centre.links.linked(), 10)
            one.say(RoomRules(policy=PicturePolicy.BLURRED, keep_days=30, seen_by="Trực ban Sở", tolerance=1))
            yield one


async def in_both_languages(page: Page, name: str) -> list[str]:
    faults = []
    for language, button in (("vi", "English"), ("en", "Tiếng Việt")):
        await picture(page, f"{name}-{language}")
        faults += [f"{name} {language}: {fault}" for fault in await serious_faults(page)]
        await page.get_by_role("button", name=button).click()
    return faults


async def test_the_seats_are_drawn_by_mouse_and_keyboard_and_hold_at_once(tmp_path: Path) -> None:
    async with site(tmp_path) as room, chromium() as browser, page_of(browser, WIDE) as page:
        await page.goto(f"{room.url}/desk")
        await page.get_by_role("button", name="Mở hình và thiết lập").click()
        live = page.get_by_alt_text("Hình trực tiếp của phòng")
        await expect(live).to_have_js_property("complete", value=True)
        await eventually_true(page, "document.querySelector('.room-picture img').naturalWidth > 0")
        await page.get_by_role("button", name="Bắt đầu từ khung có sẵn").click()

        first = page.get_by_role("button", name=re.compile("^Góc 1:"))
        await first.focus()
        for key in ("Shift+ArrowRight", "ArrowDown", "ArrowLeft"):
            await page.keyboard.press(key)
        await expect(first).to_have_attribute("aria-label", "Góc 1: ngang 14 %, dọc 31 %")
        await page.keyboard.press("Enter")
        await expect(page.locator(".corner")).to_have_count(5)
        await page.keyboard.press("Delete")
        await expect(page.locator(".corner")).to_have_count(4)

        # A mouse reaches only what is in sight, and the desk has more cards below.
        await page.locator(".room-picture").evaluate("picture => picture.scrollIntoView({ block: 'end' })")
        box = await page.locator(".room-picture").bounding_box()
        assert box is not None
        await page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 0.3 * box["height"])
        await page.mouse.down()
        await page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + 0.2 * box["height"], steps=4)
        await page.mouse.up()
        await page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + 0.93 * box["height"])
        await expect(page.locator(".corner")).to_have_count(5)
        await page.get_by_role("button", name="Lưu vùng ghế").click()
        await expect(page.get_by_text("Đã vẽ 5 góc")).to_be_visible()
        corners = RoomKeeper(room.home).told.polygon
        assert corners[0] == (0.14, 0.31)
        assert corners[1] == pytest.approx((0.8, 0.2), abs=0.01)
        assert corners[3] == pytest.approx((0.5, 0.93), abs=0.01)

        await page.get_by_role("button", name="Bỏ vùng, đếm cả hình").click()
        # With the first seats the reference was taken too.
        await page.get_by_role("button", name="Chụp lại ảnh chuẩn").click()
        await expect(page.get_by_text("Đã chụp")).to_be_visible()
        await page.get_by_label("Số người đếm bằng mắt").fill(str(PEOPLE + 1))
        await page.get_by_role("button", name="So với camera").click()
        await expect(page.get_by_text(f"Thấy ít nhất {PEOPLE} người")).to_be_visible(timeout=30_000)
        await expect(page.get_by_text("tỉ lệ 1,11")).to_be_visible()
        await expect(page.locator("rect.place")).to_have_count(PEOPLE)
        assert RoomKeeper(room.home).room().reference is not None
        faults = await in_both_languages(page, "desk-room")
        await page.set_viewport_size(PHONE)
        assert await page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        assert faults + await in_both_languages(page, "desk-room-phone") == []


async def eventually_true(page: Page, expression: str) -> None:
    await page.wait_for_function(expression, timeout=15_000)


async def test_the_number_is_signed_when_the_centre_asks_and_the_big_screen_tells_the_room(tmp_path: Path) -> None:
    async with site(tmp_path) as room, chromium() as browser, page_of(browser, WIDE) as page:
        await page.goto(f"{room.url}/screen")
        await expect(page.get_by_text("giữ 30 ngày rồi xóa")).to_be_visible()
        ordered = RollCallOrder(
            roll_call=RollCallId("roll-1"),
            session=SessionId("s"),
            nonce=bytes(16),
            at_ns=time.time_ns() + 3_000_000_000,
            frames=4,
            span_ms=1_500,
            policy=PicturePolicy.BLURRED,
        )
        room.say(ordered)
        await expect(page.locator("[data-banner=roll_call]")).to_be_visible()
        told = page.locator("[data-banner=told]")
        await expect(told).to_contain_text("không nhận diện ai")
        await expect(told).to_contain_text("Người được xem: Trực ban Sở.")
        await picture(page, "screen-told")
        await eventually(lambda: len(room.counts) == 1, 20)

        ask = CountQuestion(
            roll_call=RollCallId("roll-1"), session=SessionId("s"), at_ns=ordered.at_ns, expected=12, camera=PEOPLE
        )
        room.say(ask)
        await page.goto(f"{room.url}/desk")
        form = page.locator("form.asked")
        await expect(form).to_be_visible()
        await expect(page.get_by_text(f"camera thấy ít nhất {PEOPLE} người")).to_be_visible()
        assert await in_both_languages(page, "desk-asked") == []
        await form.get_by_label("Số người có mặt").fill("10")
        await form.get_by_label("Lý do").fill("2 người đi họp ở xã")
        await form.get_by_label("Họ tên người phụ trách").fill("Nguyễn Thị Hoa")
        await form.get_by_label("Mã PIN của trường").fill("1111")
        await form.get_by_role("button", name="Ký và trả lời").click()
        await expect(form.get_by_role("alert")).to_contain_text("6 đến 12 chữ số")
        await form.get_by_label("Mã PIN của trường").fill(PIN)
        await form.get_by_role("button", name="Ký và trả lời").click()
        await expect(form).to_have_count(0)
        await expect(page.get_by_text("Nguyễn Thị Hoa đã ký.")).to_be_visible()
        await eventually(lambda: len(room.declared) == 1, 10)
        given = msgspec.structs.replace(room.declared[0], at_ns=0)
        assert given == DeclaredCount(
            roll_call=RollCallId("roll-1"),
            number=10,
            at_ns=0,
            signed_by="Nguyễn Thị Hoa",
            word="2 người đi họp ở xã",
        )
        await page.locator("#count").fill("11")
        await page.get_by_label("Mã PIN của trường").fill("999998")
        await page.get_by_role("button", name="Ký và gửi").click()
        await expect(page.get_by_text("Mã PIN không đúng")).to_be_visible()
        await page.goto(f"{room.url}/screen")
        await expect(page.get_by_text("giữ 30 ngày rồi xóa")).to_be_visible()
        assert "PIN" not in await page.locator("body").inner_text()
        assert PIN not in (await (await page.request.get(f"{room.url}/local/state")).text())


async def test_a_question_of_yesterday_names_its_day_and_goes_when_the_centre_takes_it_back(tmp_path: Path) -> None:
    async with site(tmp_path) as room, chromium() as browser, page_of(browser, WIDE) as page:
        call, session = RollCallId("roll-0"), SessionId("s")
        yesterday = datetime.now() - timedelta(days=1)  # noqa: DTZ005  # the page shows the computer's own days
        at_ns = int(yesterday.timestamp() * 1e9)
        room.say(CountQuestion(roll_call=call, session=session, at_ns=at_ns, expected=12, camera=PEOPLE))
        await page.goto(f"{room.url}/desk")
        form = page.locator("form.asked")
        await expect(form.get_by_role("heading")).to_contain_text(yesterday.strftime("lúc %d/%m/%Y %H:%M"))
        await eventually(lambda: room.asked == [call], 15)
        room.say(CountQuestionWithdrawn(roll_call=call))
        await expect(form).to_have_count(0)
        await eventually(lambda: room.asked == [], 15)
