"""What a candidate's phone calls the receipt is what the centre's portal calls it, from one day of real programs."""

from functools import partial
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from demo.day import QUESTIONS, Pace, plan_exam, slips_of
from demo.stage import Stage
from tests.doubles.browsers import chromium, page_of
from tests.doubles.exam_room import PHONE, answer, candidate_browser, expect_mark, look
from tests.doubles.school_network import school_network, standing_in
from tests.doubles.small_day import small_day, until_exam_at, until_told

pytestmark = pytest.mark.timeout(180)
PACE = Pace(15.0, 90, 0.05, 600.0, 4.0, 1.0, 30.0)


async def test_the_receipt_on_the_phone_is_the_receipt_at_the_portal(tmp_path: Path) -> None:
    with school_network() as network, standing_in(network.agent):
        async with (
            small_day(tmp_path, candidates=2, desk_bind=network.agent_ip) as stage,
            candidate_browser(network, tmp_path, PHONE) as phone,
            chromium() as browser,
        ):
            exam = await plan_exam(stage, PACE)
            await until_exam_at(stage, stage.schools[0], "ready", "sign_in", "released", "open")
            slip = next(slip for slip in await slips_of(stage, exam["id"]) if slip.voucher)
            page = await phone.new_page()
            shown = await sat(page, f"{slip.desk_url}exam/#v={slip.voucher}")
            await until_told(partial(received, stage, exam["id"]), "the upload")
            async with page_of(browser) as portal:
                await at_portal(portal, stage, exam["id"], slip.number, shown)


async def sat(page: Page, address: str) -> str:
    """Everything answered and received by the province; gives the receipt that the page shows."""
    await page.goto(address)
    assert await page.evaluate("isSecureContext") is False
    await expect(page.locator(".question")).to_have_count(QUESTIONS, timeout=60_000)
    for place in range(QUESTIONS):
        await answer(page, place, place % 4)
    for place in range(QUESTIONS):
        await expect_mark(page, place, "tỉnh đã nhận")
    await page.get_by_role("button", name="Tổng quan").click()
    await page.locator(".side").get_by_role("button", name="Nộp bài").click()
    await page.get_by_role("dialog").get_by_role("button", name="Nộp bài").click()
    await expect(page.get_by_role("heading", name="Đã nộp bài")).to_be_visible()
    return (await page.locator("#receipt").inner_text()).strip()


async def received(stage: Stage, exam: str) -> bool:
    """Whether the centre has the hand-in."""
    told = await stage.admin.get(f"/api/v1/exams/{exam}")
    return bool(sum(site["received"] for site in told["sites"]) == 1)


async def at_portal(page: Page, stage: Stage, exam: str, number: str, shown: str) -> None:
    """A wrong receipt is told calmly and names nobody; the right one shows what the centre has."""
    await page.goto(f"{stage.url}/portal/{exam}")
    await page.get_by_label("Số báo danh").fill(number)
    wrong = ("B" if shown[0] == "A" else "A") + shown[1:]
    await page.get_by_label("Mã biên nhận").fill(wrong)
    await page.get_by_role("button", name="Xem kết quả").click()
    await expect(page.get_by_role("alert")).to_contain_text("giữ phiếu cẩn thận và báo giám thị")
    await expect(page.get_by_text("Vẫn không khớp: báo trưởng điểm cầu")).to_be_visible()
    await expect(page.locator("dl")).to_have_count(0)
    await look(page, "portal-1-wrong")
    await page.get_by_label("Mã biên nhận").fill(shown.lower())
    await page.get_by_role("button", name="Xem kết quả").click()
    told = page.locator("dd.receipt")
    await expect(told).to_be_visible()
    assert (await told.inner_text()).replace(" ", "") == shown.replace(" ", "")
    await expect(page.locator("dl")).to_contain_text("Đã nộp bài")
    await expect(page.locator("dl")).to_contain_text(str(QUESTIONS))
    await look(page, "portal-2-found")
