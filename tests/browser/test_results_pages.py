"""What people do after the close, in a real browser: sites, a revised key and two persons, places, the portal."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from orchestrator.exams.model import UNDO_S, Action, Exam, Stage
from tests.doubles.axe import serious_faults
from tests.doubles.browsers import SIZE, chromium, picture
from tests.doubles.exam_conductor import SITES, T0, Centre, S, conducting
from tests.doubles.results_door import results_door

pytestmark = pytest.mark.timeout(120)

PHONE = ViewportSize(width=390, height=844)
HOTLINE = "1900 0000"
END = T0 + 300 * S


async def sat(centre: Centre) -> tuple[Exam, dict[str, str]]:
    """An exam that two of three sites have sat, and the receipts."""
    centre.register.crowd = 30
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(T0)
    receipts = await centre.sit(exam, SITES[0], {"0001": 8, "0002": 5}, END)
    crowd = {f"1{place:05}": (place * 5 + place // 7) % 9 for place in range(30)}
    receipts |= await centre.sit(exam, SITES[1], {"0003": 7, "0004": 0, **crowd}, END)
    await centre.at(END)
    await centre.waited_out(exam)
    assert await centre.stage(exam) is Stage.MARKED
    return exam, receipts


@asynccontextmanager
async def page_as(browser: Browser, base: str, who: str, size: ViewportSize = SIZE) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport=size, locale="vi-VN", base_url=base)
    await context.add_cookies([{"name": "who", "value": who, "url": base}])
    yield await context.new_page()
    await context.close()


FITS_MS = 20_000


async def looked_at(page: Page, name: str) -> None:
    """A picture, nothing that axe calls serious, and nothing wider than the screen."""
    # A network that changes beside this test may have taken a page its style for a moment.
    await page.wait_for_function("document.documentElement.scrollWidth <= innerWidth", timeout=FITS_MS)
    await picture(page, f"results-{name}")
    assert await serious_faults(page) == []


async def closed_by_protocol(page: Page, path: str) -> None:
    """The silent school stands first; a person closes it."""
    await page.goto(f"{path}#reach")
    first = page.locator("table.reach tbody tr").first
    await expect(first).to_contain_text("DC03")
    await expect(first).to_contain_text("Chưa có tin")
    await looked_at(page, "reach")
    await first.get_by_role("button", name="Kết thúc theo biên bản").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Lý do").fill("Biên bản 12: mất điện cả ngày")
    await looked_at(page, "protocol")
    await dialog.get_by_role("button", name="Kết thúc theo biên bản").click()
    await expect(page.get_by_text("Mọi điểm cầu đã đủ bài hoặc đã kết thúc theo biên bản.")).to_be_visible()
    await expect(first).to_contain_text("Biên bản 12")


async def proposed(page: Page, path: str) -> None:
    """Another option is to be accepted too: the difference is shown, and whoever asked cannot approve."""
    await page.goto(f"{path}#revise")
    await page.get_by_label("Câu hỏi").select_option(index=1)
    key = re.compile("đáp án", re.IGNORECASE)
    options = page.locator("fieldset label")
    lost = page.get_by_text("ai chọn đáp án đó sẽ mất điểm")
    await options.filter(has_not_text=key).first.get_by_role("checkbox").check()
    await expect(lost).to_be_visible()
    await options.filter(has_text=key).get_by_role("checkbox").check()
    await expect(lost).to_have_count(0)
    await page.get_by_label("Lý do").fill("Câu 1 có hai đáp án đúng")
    await looked_at(page, "wish")
    await page.get_by_role("button", name="Xem trước thay đổi").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Được thêm điểm")
    await expect(dialog).to_contain_text("Chờ một người khác duyệt.")
    await expect(dialog.get_by_role("button", name="Duyệt và chấm lại")).to_have_count(0)
    await looked_at(page, "difference")


async def approved(page: Page, path: str) -> None:
    """Another person looks at the same difference and applies it."""
    await page.goto(f"{path}#revise")
    await page.get_by_role("button", name="Xem", exact=True).click()
    await page.get_by_role("dialog").get_by_role("button", name="Duyệt và chấm lại").click()
    asked = page.get_by_role("dialog", name="Duyệt và chấm lại", exact=True)
    await asked.get_by_role("button", name="Duyệt và chấm lại").click()
    await expect(page.get_by_text("Đã áp dụng")).to_be_visible()
    await looked_at(page, "applied")


async def test_results_are_settled_revised_by_two_and_looked_at_place_by_place(tmp_path: Path) -> None:
    async with conducting(tmp_path) as centre, chromium() as browser:
        exam, _ = await sat(centre)
        path = f"/results/{exam.id}"
        async with results_door(centre, HOTLINE) as base:
            async with page_as(browser, base, "ann", ViewportSize(width=1366, height=900)) as page:
                await page.goto(path)
                await expect(page.get_by_role("heading", name="Cuối khóa")).to_be_visible()
                await looked_at(page, "overview")
                before = (await centre.reading.results(exam.id)).overall.mean or 0
                await closed_by_protocol(page, path)
                await page.goto(f"{path}#analysis")
                await expect(page.get_by_text("KR-20").first).to_be_visible()
                await looked_at(page, "analysis")
                await proposed(page, path)
            async with page_as(browser, base, "bình") as page:
                await approved(page, path)
            told = await centre.reading.results(exam.id)
            assert (told.key_version, told.provisional) == (2, False)
            assert (told.overall.mean or 0) > before
            async with page_as(browser, base, "ann", PHONE) as page:
                await page.goto(f"{path}/places/{told.places[0].id}")
                await expect(page.get_by_role("heading", name="Bắc Hà")).to_be_visible()
                await looked_at(page, "district-phone")


async def test_a_candidate_finds_the_own_result_on_a_phone_and_whom_to_call(tmp_path: Path) -> None:
    async with conducting(tmp_path) as centre, chromium() as browser:
        exam, receipts = await sat(centre)
        async with results_door(centre, HOTLINE) as base:
            await centre.ordered(exam, Action.PUBLISH)
            for size, name in ((PHONE, "phone"), (SIZE, "desktop")):
                async with page_as(browser, base, "nobody", size) as page:
                    await page.goto("/portal")
                    await page.get_by_label("Số báo danh").fill("0001")
                    await page.get_by_label("Mã biên nhận").fill(receipts["0002"])
                    await looked_at(page, f"portal-form-{name}")
                    await page.get_by_role("button", name="Xem kết quả").click()
                    await expect(page.get_by_role("alert")).to_contain_text("không khớp")
                    call = page.get_by_role("link", name=HOTLINE)
                    await expect(call).to_have_attribute("href", "tel:19000000")
                    await looked_at(page, f"portal-wrong-{name}")
                    await page.get_by_label("Mã biên nhận").fill(receipts["0001"].lower())
                    await page.get_by_role("button", name="Xem kết quả").click()
                    await expect(page.get_by_role("heading", name="Thí sinh 0001")).to_be_visible()
                    await expect(page.locator(".mark")).to_contain_text("10,00")
                    await expect(page.get_by_text("Kết quả tạm thời")).to_be_visible()
                    await looked_at(page, f"portal-found-{name}")


async def test_whoever_conducts_sees_whom_the_results_wait_for_and_ends_the_wait(tmp_path: Path) -> None:
    async with conducting(tmp_path) as centre, chromium() as browser:
        exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
        await centre.at(T0)
        await centre.sit(exam, SITES[0], {"0001": 8, "0002": 5}, END)
        await centre.at(END + 60 * S)
        async with results_door(centre, HOTLINE) as base:
            async with page_as(browser, base, "ann", PHONE) as page:
                await page.goto("/console#exams")
                await page.get_by_role("button", name="Cuối khóa").click()
                awaited = page.get_by_role("region", name="Kết quả còn chờ")
                await expect(awaited).to_contain_text("Kết quả chờ 2 điểm cầu chưa báo kết thúc, muộn nhất đến")
                await looked_at(page, "awaited-console-phone")
            async with page_as(browser, base, "ann", PHONE) as page:
                await page.goto(f"/board/{exam.id}")
                await expect(page.get_by_role("region", name="Kết quả còn chờ")).to_contain_text("DC03")
                await looked_at(page, "awaited-board-phone")
            async with page_as(browser, base, "ann", ViewportSize(width=1920, height=1080)) as page:
                await page.goto(f"/board/{exam.id}")
                awaited = page.get_by_role("region", name="Kết quả còn chờ")
                await looked_at(page, "awaited-board")
                for code, left in (("DC02", "chờ 1 điểm cầu"), ("DC03", "Không còn chờ điểm cầu nào")):
                    line = awaited.get_by_role("listitem").filter(has_text=code)
                    await line.get_by_role("button", name="Kết thúc theo biên bản").click()
                    dialog = page.get_by_role("dialog")
                    await dialog.get_by_label("Lý do").fill("Hiệu trưởng báo: mất điện, đã về hết")
                    await looked_at(page, f"awaited-protocol-{code}")
                    await dialog.get_by_role("button", name="Kết thúc theo biên bản").click()
                    await expect(awaited).to_contain_text(left)
                await expect(awaited).to_contain_text("giây nữa bắt đầu chấm và dùng đáp án")
                await looked_at(page, "awaited-given-up")
                await centre.at(centre.clock.ns + UNDO_S * S)
                assert await centre.stage(exam) is Stage.MARKED
                await expect(awaited).to_have_count(0)
