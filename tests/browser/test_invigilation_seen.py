"""The invigilator's page in the browser that the projector shows: what the whole room can read on it."""

import time
from pathlib import Path

from playwright.async_api import Page, expect

from site_agent.exam.window import Phase
from site_agent.local_server import pages_folder
from tests.doubles.axe import serious_faults
from tests.doubles.browsers import SIGNED_MS, chromium, page_of, picture
from tests.doubles.eventually import eventually
from tests.doubles.exam_centre import NAMES, ExamCentre
from tests.doubles.invigilator import PIN, WHO, Room, invigilated
from wire.exam_fairness import Cause, IncidentKind

NOTED = "Xem bài của bạn bên cạnh"
SECRETS = (*NAMES, "+10 phút", "+2 phút", NOTED)
KEY = "Control+Alt+KeyG"
MINUTE_MS = 61_000
READABLE = """() => [
  document.body.innerText,
  ...[...document.querySelectorAll('option')].map(each => each.textContent),
  ...[...document.querySelectorAll('textarea, input:not([type=password])')].map(each => each.value),
].join('\\n')"""
"""What eyes can read: words, closed lists, and what was typed where it is not masked."""


async def read(page: Page) -> str:
    return str(await page.evaluate(READABLE))


async def seen(page: Page, secrets: tuple[str, ...] = SECRETS) -> list[str]:
    """Which of these the room can read."""
    text = await read(page)
    return [each for each in secrets if each in text]


async def from_the_big_screen(page: Page, room: Room) -> None:
    """As in a school: the screen is up, somebody presses the key and enters the PIN."""
    await page.goto(f"{room.here}/screen")
    await expect(page.locator("[data-middle=waiting]")).to_be_visible()
    await page.keyboard.press(KEY)
    await page.get_by_label("Họ và tên giám thị").fill(WHO)
    await page.locator("input[name=pin]").fill(PIN)
    await page.get_by_role("button", name="Vào", exact=True).click()
    await expect(page.get_by_role("timer")).to_be_visible(timeout=SIGNED_MS)


async def tab(page: Page, name: str) -> None:
    await page.get_by_role("navigation").get_by_role("button", name=name, exact=True).click()


async def test_a_code_typed_on_the_room_s_computer_is_read_by_nobody(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns(), duration_s=7200, candidates=6)
    async with invigilated(tmp_path, centre, pages=pages_folder()) as room, chromium() as browser:
        await room.exams.on_plan(centre.exam_plan())
        hall = room.exams.halls[centre.exam]
        async with page_of(browser) as page:
            await from_the_big_screen(page, room)
            code = centre.release_code()
            groups = tuple(code.split("-"))
            await tab(page, "Mã mở đề")
            await page.get_by_label("Mã mở đề").press_sequentially(code[:12])
            await expect(page.get_by_text("Còn 18 ký tự")).to_be_visible()
            assert await seen(page, groups) == []
            await page.get_by_label("Mã mở đề").press_sequentially(code[12:])
            await expect(page.get_by_text("Mã viết đúng")).to_be_visible()
            assert await seen(page, groups) == []
            assert await serious_faults(page) == []
            await picture(page, "invigilate-computer-code")

            await page.get_by_role("button", name="Hiện mã").click()
            assert await seen(page, groups) == list(groups)
            await page.get_by_role("button", name="Che mã").click()
            assert await seen(page, groups) == []
            await page.get_by_role("button", name="Hiện mã").click()
            await page.get_by_role("button", name="Dùng mã này").click()
            await expect(page.get_by_text("Đã nhận mã")).to_be_visible()
            await eventually(lambda: hall.window.phase is Phase.OPEN)
            await page.get_by_label("Mã mở đề").press_sequentially(code)
            assert await seen(page, groups) == []


async def test_names_and_extra_time_stand_before_the_room_only_when_asked_for(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns(), duration_s=7200, candidates=6)
    async with invigilated(tmp_path, centre, pages=pages_folder()) as room, chromium() as browser:
        await room.exams.on_plan(centre.exam_plan())
        await room.exams.on_release(centre.release())
        hall = room.exams.halls[centre.exam]
        await eventually(lambda: hall.window.phase is Phase.OPEN)
        await room.invigilation.give(WHO, centre.exam, "SBD003", 10, Cause.ILLNESS, "")
        await room.invigilation.give(WHO, centre.exam, None, 2, Cause.POWER, "")
        await room.invigilation.write_down(WHO, centre.exam, IncidentKind.CHEATING, NOTED, "SBD004")
        async with page_of(browser) as page:
            await page.clock.install()
            await from_the_big_screen(page, room)
            for name in ("Thí sinh", "Cộng giờ", "Ghi chép", "Mã mở đề"):
                await tab(page, name)
                await expect(page.get_by_text("Cả phòng có thể nhìn thấy màn hình này")).to_be_visible()
                await expect(page.get_by_alt_text("Mở trên điện thoại")).to_be_visible()
                assert await seen(page) == []
                assert await serious_faults(page) == []
            await works_covered(page)
            assert hall.allowance.stop is None
            assert [each.text for each in hall.allowance.incidents] == [NOTED, "Mất điện 1 phút"]

            await tab(page, "Cộng giờ")
            await picture(page, "invigilate-computer-covered")
            await page.get_by_role("button", name="Hiện tên, giờ cộng ở đây").click()
            await expect(page.get_by_text("đang có hiệu lực")).to_have_count(2)
            assert set(await seen(page)) == {*NAMES, "+10 phút", "+2 phút"}
            assert await serious_faults(page) == []
            await picture(page, "invigilate-computer-uncovered")
            await page.get_by_role("button", name="Che lại").click()
            assert await seen(page) == []

            await tab(page, "Thí sinh")
            await page.get_by_role("button", name="Hiện tên, giờ cộng ở đây").click()
            await expect(page.locator(".person")).to_have_count(6)
            await page.clock.fast_forward(MINUTE_MS)
            await expect(page.locator(".person")).to_have_count(0)
            assert await seen(page) == []

            await page.get_by_role("button", name="Hiện tên, giờ cộng ở đây").click()
            await page.keyboard.press(KEY)
            await expect(page.locator("[data-middle=waiting]")).to_be_visible()
            await page.keyboard.press(KEY)
            await expect(page.get_by_role("timer")).to_be_visible(timeout=SIGNED_MS)
            assert await seen(page) == []


async def works_covered(page: Page) -> None:
    """The fire button and a note need nothing uncovered."""
    await page.get_by_role("button", name="Dừng khẩn cấp").click()
    await page.get_by_role("button", name="DỪNG NGAY").click()
    await expect(page.get_by_text("ĐỒNG HỒ ĐANG DỪNG")).to_be_visible()
    await page.get_by_role("button", name="Cho làm bài tiếp").click()
    await expect(page.get_by_text("ĐỒNG HỒ ĐANG DỪNG")).to_be_hidden()
    await tab(page, "Ghi chép")
    await page.get_by_label("Nội dung").fill("Mất điện 1 phút")
    await page.get_by_role("button", name="Ghi và gửi về tỉnh").click()
    await expect(page.get_by_text("Đã có 2 ghi chép (đang che)")).to_be_visible()
    assert await seen(page) == []
