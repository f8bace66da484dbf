"""Slips as they are printed and shown, read as a telephone reads them, and opened: real programs, real browsers."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, expect

from demo.day import Pace, plan_exam
from demo.stage import Stage
from tests.doubles.browsers import chromium, page_of, picture, sign_in
from tests.doubles.exam_room import DESKTOP, candidate_browser, look
from tests.doubles.printed import codes, codes_of_picture, words
from tests.doubles.school_network import school_network, standing_in
from tests.doubles.small_day import small_day, until_exam_at, until_told

pytestmark = pytest.mark.timeout(300)
PACE = Pace(30.0, 900, 0.05, 900.0, 4.0, 1.0, 60.0)
KNOWN_S = 150.0


async def test_what_is_printed_on_a_slip_opens_the_exam_at_its_own_school(tmp_path: Path) -> None:
    with school_network() as network, standing_in(network.agent):
        async with (
            small_day(tmp_path, sites=2, candidates=4, desk_bind=network.agent_ip) as stage,
            candidate_browser(network, tmp_path, DESKTOP) as room,
            chromium() as browser,
        ):
            exam = await plan_exam(stage, PACE)
            for school in stage.schools:
                await until_exam_at(stage, school, "ready", "sign_in", "released", "open")
            await until_told(lambda: known(stage, exam["id"]), "the address of every site", KNOWN_S)
            printed = await stage.admin.download(f"/api/v1/exams/{exam['id']}/print/slips.pdf")
            slips: list[dict[str, Any]] = await stage.admin.get(f"/api/v1/exams/{exam['id']}/vouchers")
            desks = {school.site.code: school.desk_url for school in stage.schools}
            wanted = {f"{desks[slip['site']]}#v={slip['voucher']}": slip for slip in slips}
            found = set().union(*codes(printed))
            assert found == set(wanted)
            for code in desks:
                address, slip = next((each, slip) for each, slip in wanted.items() if slip["site"] == code)
                await sits_by(room, address, slip)
            typing = next(slip for slip in slips[::-1] if slip["site"] == slips[-1]["site"])
            assert any(typing["voucher"] in page for page in words(printed))
            await sits_by_typing(room, desks[typing["site"]], typing)
            async with page_of(browser) as console:
                await expect_on_screen(console, stage, exam, wanted)


async def known(stage: Stage, exam: str) -> bool:
    """Whether the centre knows what candidates open at each site."""
    told = await stage.admin.get(f"/api/v1/exams/{exam}/print/desks")
    return {each["address"] for each in told} == {school.desk_url for school in stage.schools}


async def sits_by(room: BrowserContext, address: str, slip: dict[str, Any]) -> None:
    """Exactly what the QR code holds."""
    page = await room.new_page()
    await page.goto(address)
    await expect(page.locator("header")).to_contain_text(slip["number"], timeout=30_000)
    await expect(page.locator("header")).to_contain_text(slip["name"])
    await expect(page.locator(".amber")).to_have_count(0)
    assert slip["voucher"] not in page.url
    await page.close()


async def sits_by_typing(room: BrowserContext, desk: str, slip: dict[str, Any]) -> None:
    """What is printed beside it, on a computer without a camera that somebody used before."""
    context = await room.browser.new_context(locale="vi-VN")  # type: ignore[union-attr]
    page = await context.new_page()
    await page.goto(desk)
    await page.get_by_role("button", name="Nhập mã phiếu").click()
    await page.get_by_label("Mã phiếu").fill(slip["voucher"].replace("-", "").lower())
    await look(page, "slips-1-typed")
    await page.get_by_role("button", name="Vào bằng mã phiếu").click()
    await expect(page.locator("header")).to_contain_text(slip["number"], timeout=30_000)
    await context.close()


async def expect_on_screen(page: Page, stage: Stage, exam: dict[str, Any], wanted: dict[str, dict[str, Any]]) -> None:
    """The slips of the first site in the console, read off its picture; the print page knows every address."""
    person = await stage.admin.post("/api/v1/people", {"username": "inphieu", "name": "In", "role": "administrator"})
    await page.goto(f"{stage.url}/console#exams")
    await sign_in(page, "inphieu", person["password"])
    await page.goto(f"{stage.url}/console#exams")
    await page.locator(".card.line", has_text=exam["title"]).click()
    await page.get_by_role("button", name="Đề và bản in").click()
    await expect(page.get_by_text("Mã QR của mỗi điểm cầu mở máy thi của điểm cầu đó")).to_be_visible()
    await expect(page.get_by_text("Chưa biết địa chỉ máy thi")).to_have_count(0)
    await picture(page, "slips-2-print")
    await page.get_by_role("button", name="Phiếu dự thi trên màn hình").click()
    await expect(page.locator(".slip-qr").first).to_be_visible(timeout=30_000)
    site = (await page.locator(".slips h2").inner_text()).split(" ")[0]
    drawn = await page.locator(".slip-sheet").screenshot(scale="device")
    await picture(page, "slips-3-on-screen")
    assert codes_of_picture(drawn) == {address for address, slip in wanted.items() if slip["site"] == site}
