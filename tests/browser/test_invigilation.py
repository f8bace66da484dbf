"""The invigilator's page on a phone and the province's board on a wall, in a real browser."""

import time
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.async_api import Page, ViewportSize, expect

from site_agent.exam.conversation import Conversation
from site_agent.exam.limits import Failures
from site_agent.exam.window import Phase
from site_agent.local_server import pages_folder
from tests.doubles.axe import serious_faults
from tests.doubles.browsers import SIGNED_MS, chromium, page_of, picture
from tests.doubles.eventually import eventually
from tests.doubles.exam_centre import ExamCentre
from tests.doubles.invigilator import PIN, WHO, Room, invigilated
from tests.doubles.province_board import province_board
from wire.voucher import message_mark

PHONE = ViewportSize(width=390, height=844)
WALL = ViewportSize(width=1920, height=1080)
LAN = "127.0.0.2"
"""Another address than the computer's own pages have: a phone is never on loopback."""


class Sitting:
    """A candidate's page without a browser."""

    def __init__(self, room: Room, peer: str = "10.0.0.9") -> None:
        self.heard: list[dict[str, Any]] = []
        self._talk = Conversation(room.exams, self, peer, Failures(10, 1.0))

    def send(self, text: str) -> None:
        self.heard.append(msgspec.json.decode(text))

    async def say(self, **message: object) -> None:
        await self._talk.hear(msgspec.json.encode(message).decode())

    async def sit(self, centre: ExamCentre, number: str, answers: int) -> None:
        await self.say(type="hello")
        await self.say(type="sign_in", exam=centre.exam, number=number, pin=centre.slips[number][0])
        seat = next(each for each in self.heard if each["type"] == "signed_in")
        paper = centre.papers[seat["candidate"]["code"]]
        for seq, item in enumerate(paper.items[:answers], 1):
            option = item.options[0].id
            mac = message_mark(seat["key"], "answer", seat["session"], seq, item.id, option)
            said = {"session": seat["session"], "client_seq": seq, "item": item.id, "option": option, "mac": mac}
            await self.say(type="answer", **said)


async def come_in(page: Page, base: str) -> None:
    await page.goto(f"{base}/invigilate")
    await page.get_by_label("Họ và tên giám thị").fill(WHO)
    await page.locator("input[name=pin]").fill(PIN)
    await page.get_by_role("button", name="Vào", exact=True).click()
    await expect(page.get_by_role("timer")).to_be_visible(timeout=SIGNED_MS)


async def test_an_invigilator_looks_after_the_room_on_a_phone(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns(), duration_s=7200, questions=50, candidates=24)
    async with invigilated(tmp_path, centre, pages=pages_folder(), host=LAN) as room, chromium() as browser:
        await room.exams.on_plan(centre.exam_plan())
        await room.exams.on_release(centre.release())
        hall = room.exams.halls[centre.exam]
        await eventually(lambda: hall.window.phase is Phase.OPEN)
        for place in range(1, 18):
            await Sitting(room).sit(centre, f"SBD{place:03}", place * 2)
        await Sitting(room, "10.0.0.10").sit(centre, "SBD009", 0)

        async with page_of(browser) as here:
            await here.goto(f"{room.here}/desk")
            await here.keyboard.press("Control+Alt+KeyG")
            await expect(here.get_by_text("Chưa có mã PIN")).to_be_visible()
            await expect(here.get_by_alt_text("Mở trên điện thoại")).to_be_visible()
            await picture(here, "invigilate-computer-door")
            await come_in(here, room.here)
        async with page_of(browser, PHONE) as page, page_of(browser, PHONE) as candidate:
            await candidate.goto(f"{room.phone}/exam/")
            await candidate.locator("input[name=number]").fill("SBD018")
            await candidate.locator("input[name=pin]").fill(centre.slips["SBD018"][0])
            await candidate.keyboard.press("Enter")
            asked = candidate.get_by_text("theo thầy cô, cách làm nào").first
            await expect(asked).to_be_visible()
            await come_in(page, room.phone)
            await expect(page.locator(".counts").get_by_text("18/24")).to_be_visible()
            await expect(page.locator(".person").first).to_contain_text("SBD009")
            await expect(page.locator(".person").first).to_contain_text("vừa đổi thiết bị")
            await picture(page, "invigilate-phone-people")
            assert await serious_faults(page) == []

            await page.get_by_role("button", name="Cộng giờ").first.click()
            await page.get_by_label("Cho ai").select_option("SBD003")
            await page.get_by_role("button", name="10", exact=True).click()
            await page.get_by_role("button", name="Cộng giờ ngay").click()
            await expect(page.get_by_text("đang có hiệu lực")).to_be_visible()
            await picture(page, "invigilate-phone-time")
            assert hall.allowance.granted_s("SBD003") == 600
            assert hall.allowance.granted_s("SBD004") == 0

            await page.get_by_role("button", name="Ghi chép").click()
            await page.get_by_label("Nội dung").fill("Máy số 4 treo, đã đổi máy")
            await page.get_by_role("button", name="Ghi và gửi về tỉnh").click()
            await expect(page.locator(".person").get_by_text("Máy số 4 treo")).to_be_visible()

            await page.get_by_role("button", name="Mã mở đề").click()
            field = page.get_by_label("Mã mở đề")
            await field.fill("abcd efgu")
            await expect(page.get_by_text("Nhóm 2 có ký tự")).to_be_visible()
            await field.fill(centre.mistyped_code())
            await expect(page.get_by_text("Mã viết đúng")).to_have_count(0)
            await picture(page, "invigilate-phone-code")
            await field.fill(centre.release_code().lower())
            await expect(page.get_by_text("Mã viết đúng")).to_be_visible()

            await page.get_by_role("button", name="Dừng khẩn cấp").click()
            await page.get_by_role("button", name="DỪNG NGAY").click()
            await expect(page.get_by_text("ĐỒNG HỒ ĐANG DỪNG")).to_be_visible()
            await picture(page, "invigilate-phone-stopped")
            assert hall.card(room.exams.read(), "SBD001").stopped
            await expect(candidate.get_by_role("heading", name="Bài của thầy cô đã được lưu")).to_be_visible()
            await expect(asked).to_be_hidden()
            await picture(candidate, "exam-stopped")
            assert await serious_faults(candidate) == []
            await page.get_by_role("button", name="Cho làm bài tiếp").click()
            await expect(page.get_by_text("ĐỒNG HỒ ĐANG DỪNG")).to_be_hidden()
            assert not hall.card(room.exams.read(), "SBD001").stopped
            await expect(asked).to_be_visible()


@pytest.mark.parametrize("sites", [164, 1000])
async def test_the_board_shows_every_site_and_the_urgent_ones_first(sites: int) -> None:
    async with province_board(sites) as address, chromium() as browser, page_of(browser, WALL) as page:
        await page.goto(address)
        await expect(page.locator(".board-tile").first).to_contain_text("DỪNG KHẨN CẤP")
        await expect(page.locator(".board-words .button").first).to_contain_text(str(sites))
        assert await page.locator(".board-tile").count() < 120
        await expect(page.locator(".board-incidents")).to_contain_text("Báo cháy tầng hai")
        await expect(page.get_by_text("Chưa chép được tệp mở đề.", exact=True)).to_be_visible()
        await picture(page, f"board-{sites}")
        assert await serious_faults(page) == []
        await page.get_by_role("button", name="Sổ bù giờ").click()
        await expect(page.get_by_text("đo được 5:40")).to_be_visible()
        await picture(page, f"board-ledger-{sites}")
        await page.get_by_role("button", name="Đóng").click()
        await page.get_by_label("Tìm trường, mã, huyện").fill("khong co truong nay")
        await expect(page.locator(".board-tile")).to_have_count(0)
