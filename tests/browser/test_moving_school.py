"""A candidate walks to another school in the middle of the exam, voucher in hand: real programs, real browser."""

import re
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page, expect

from demo.candidates import Slip
from demo.day import QUESTIONS, Pace, Script, plan_exam, results_after_close, slips_of
from demo.stage import School, Stage
from tests.doubles.browsers import chromium, page_of
from tests.doubles.exam_room import DESKTOP, answer, candidate_browser, expect_mark, look
from tests.doubles.printed import words
from tests.doubles.school_network import school_network, standing_in
from tests.doubles.small_day import small_day, start_agent_again, until_exam_at

pytestmark = pytest.mark.timeout(240)
PACE = Pace(14.0, 75, 0.05, 600.0, 4.0, 1.0, 60.0)
HALF = QUESTIONS // 2
SLIP = re.compile(r"Số báo danh\s+(\S+).*?Mã phiếu\s+((?:[0-9A-Z]{4}-){6}[0-9A-Z]{4})", re.DOTALL)


async def test_candidates_go_on_at_another_school_with_their_answers_and_their_time(tmp_path: Path) -> None:
    """One moves while the old school has its line and types the code of the slip, for there is no camera; one while
    its computer is off."""
    with school_network() as network, standing_in(network.agent):
        async with (
            small_day(tmp_path, sites=2, candidates=4, desk_bind=network.agent_ip) as stage,
            candidate_browser(network, tmp_path, DESKTOP) as room,
            chromium() as browser,
        ):
            old, new = stage.schools
            exam = await plan_exam(stage, PACE)
            for school in stage.schools:
                await until_exam_at(stage, school, "ready", "sign_in", "released", "open")
            moving, leaving = [slip for slip in await vouchers(stage, exam["id"]) if slip.desk_url == old.desk_url][:2]
            stayed = [await sat_down(room, slip) for slip in (moving, leaving)]
            for page in stayed:
                await answers(page, range(HALF))
            receipts = {moving.number: await goes_on(room, moving, new, "online", typed=True)}
            await expect_gone(stayed[0], "online")
            await old.agent.kill()
            receipts[leaving.number] = await goes_on(room, leaving, new, "offline")
            await start_agent_again(stage, old)
            await expect_gone(stayed[1], "offline")
            results, _ = await results_after_close(stage, exam)
            by_number = {row["number"]: row for row in results["candidates"]}
            for number, shown in receipts.items():
                assert by_number[number]["receipt"] == shown
                assert by_number[number]["correct"] == QUESTIONS, "both parts count"
            assert await stage.admin.get(f"/api/v1/exams/{exam['id']}/conflicts") == []
            async with page_of(browser) as portal:
                await at_portal(portal, stage, exam["id"], moving.number, receipts[moving.number])


async def vouchers(stage: Stage, exam: str) -> list[Slip]:
    """Everybody's slip as it was printed, with the code on it."""
    printed = await stage.admin.download(f"/api/v1/exams/{exam}/print/slips.pdf")
    desks = {slip.number: slip.desk_url for slip in await slips_of(stage, exam)}
    found = SLIP.findall("\n".join(words(printed)))
    assert {number for number, _ in found} == set(desks)
    return [Slip(desks[number], exam, number, voucher=voucher) for number, voucher in found]


async def sat_down(room: BrowserContext, slip: Slip) -> Page:
    page = await room.new_page()
    await page.goto(f"{slip.desk_url}exam/#v={slip.voucher}")
    await expect(page.locator("header")).to_contain_text(slip.number, timeout=60_000)
    return page


async def answers(page: Page, places: range) -> None:
    """The right option of each, until the province has them all."""
    await expect(page.locator(".question")).to_have_count(QUESTIONS, timeout=60_000)
    key = Script().key
    for place in places:
        question = page.locator(f"#q{place}")
        options = [text.strip() for text in await question.locator(".option .option-text").all_inner_texts()]
        right = key.get((await question.locator(".question-text").inner_text()).strip())
        # A table reads otherwise on the page than in the file.
        right = right or next(text for text in key.values() if text in options)
        await answer(page, place, options.index(right))
    for place in places:
        await expect_mark(page, place, "tỉnh đã nhận")


async def goes_on(room: BrowserContext, slip: Slip, new: School, name: str, *, typed: bool = False) -> str:
    """The voucher at the other school's desk, what was answered before, the rest, the hand-in; gives the receipt."""
    page = await room.new_page()
    if typed:
        await page.goto(new.desk_url)
        await page.get_by_role("button", name="Nhập mã phiếu").click()
        await page.get_by_label("Mã phiếu").fill(slip.voucher.lower().replace("-", " "))
        await page.get_by_role("button", name="Vào bằng mã phiếu").click()
    else:
        await page.goto(f"{new.desk_url}exam/#v={slip.voucher}")
    await expect(page.get_by_role("heading", name="Đang chuyển bài thi về đây")).to_be_visible()
    await look(page, f"moving-1-{name}-asked")
    await expect(page.locator("header")).to_contain_text(slip.number, timeout=30_000)
    await expect(page.locator(".question")).to_have_count(QUESTIONS, timeout=30_000)
    for place in range(HALF):
        await expect(page.locator(f"#q{place} input:checked")).to_have_count(1)
        await expect_mark(page, place, "tỉnh đã nhận")
    await look(page, f"moving-2-{name}-goes-on")
    await answers(page, range(HALF, QUESTIONS))
    await page.locator(".side").get_by_role("button", name="Nộp bài").click()
    await page.get_by_role("dialog").get_by_role("button", name="Nộp bài").click()
    await expect(page.get_by_role("heading", name="Đã nộp bài")).to_be_visible()
    shown = (await page.locator("#receipt").inner_text()).strip()
    await page.close()
    return shown


async def expect_gone(page: Page, name: str) -> None:
    """The page at the old school says calmly that the sitting has moved, and asks for nothing."""
    await expect(page.get_by_role("heading", name="Bài thi đã chuyển sang nơi khác")).to_be_visible(timeout=60_000)
    await expect(page.get_by_role("status").last).to_contain_text("đều còn và theo thầy cô")
    await expect(page.get_by_role("button", name="Làm tiếp ở đây")).to_have_count(0)
    await look(page, f"moving-3-{name}-gone")


async def at_portal(page: Page, stage: Stage, exam: str, number: str, shown: str) -> None:
    await page.goto(f"{stage.url}/portal/{exam}")
    await page.get_by_label("Số báo danh").fill(number)
    await page.get_by_label("Mã biên nhận").fill(shown)
    await page.get_by_role("button", name="Xem kết quả").click()
    told = page.locator("dd.receipt")
    await expect(told).to_be_visible()
    assert (await told.inner_text()).replace(" ", "") == shown.replace(" ", "")
